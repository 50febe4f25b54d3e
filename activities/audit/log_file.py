"""The audit file itself: opening it, adding rows to its chain, and a still picture of it for readers.

Not thread-safe, and it trusts its caller to hold the Ownership; AuditStore sees to both.
"""

import logging
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import duckdb
from duckdb import DuckDBPyConnection

from activities.audit import table
from activities.audit.anchor import AnchorFile
from domain.audit import AuditEvent
from domain.chain import GENESIS, Anchor, Link, Mark, end_fault, event_fields, link_after
from domain.errors import InvariantError

CHECKPOINT_AT = "16MB"  # DuckDB's own default for the size of its write-ahead log

logger = logging.getLogger(__name__)


class Snapshot(NamedTuple):
    """One moment of the log: a cursor inside a read transaction, the last row then, and the anchor then."""

    cursor: DuckDBPyConnection
    head: Mark
    anchor: Anchor | None
    exports: Path


class LogFile:
    """An open audit file. `head` is its last row."""

    def __init__(
        self, path: Path, exports: Path, *, read_only: bool = False, checkpoint_at: str = CHECKPOINT_AT
    ) -> None:
        """Open, or make, the file. InvariantError when its end isn't where the anchor says; duckdb.Error otherwise."""
        self._exports = exports
        self._anchor_file = AnchorFile(path)
        with ExitStack() as undo:
            self._connection = undo.enter_context(_connect(path, exports, read_only, checkpoint_at))
            if not read_only:
                table.migrate(self._connection)
                path.chmod(0o600)
            self.head = table.last_mark(self._connection)
            self._anchor = self._anchor_file.read()
            if not read_only:
                self._check_anchor()
                self._confirm()
            undo.pop_all()

    def append(self, events: Sequence[AuditEvent]) -> Mark:
        """Add the events that are not there yet, durable on return; the head after it.

        duckdb.FatalException means that the file must be closed and opened again to know what is in it. After any
        other exception the events may be there or not, and appending them again is safe.
        """
        links = self._links_for(events)
        if links:
            announced = links[-1].mark
            self._write_anchor(Anchor(committed=self.head, pending=announced))
            self._insert(links)
            self.head = announced
        self._confirm()
        return self.head

    def snapshot(self) -> Snapshot:
        """A still picture of the log; the caller closes its cursor."""
        cursor = self._connection.cursor()
        cursor.execute("BEGIN")
        return Snapshot(cursor, table.last_mark(cursor), self._anchor_file.read(), self._exports)

    def close(self) -> None:
        """Fold the write-ahead log into the file, when that is possible, and let go of it."""
        with suppress(duckdb.Error):
            self._connection.execute("CHECKPOINT")
        with suppress(duckdb.Error):
            self._connection.close()

    def _links_for(self, events: Sequence[AuditEvent]) -> list[Link]:
        fresh: dict[str, AuditEvent] = {}
        for event in events:
            fresh.setdefault(event.event_id, event)
        for known in table.links_with_ids(self._connection, list(fresh)):
            repeated = fresh.pop(str(known.fields[0]))
            if event_fields(repeated) != known.fields:
                logger.error("event %s came again with other content; row %d stands", repeated.event_id, known.seq)
        links: list[Link] = []
        for event in fresh.values():
            links.append(link_after(links[-1].mark if links else self.head, event))
        return links

    def _insert(self, links: list[Link]) -> None:
        try:
            self._connection.execute("BEGIN")
            table.insert(self._connection, links)
            self._connection.execute("COMMIT")
        except duckdb.FatalException:
            raise
        except duckdb.Error:
            self._step_back()
            raise

    def _step_back(self) -> None:
        """A failed commit is believed only when the file says so: the next row must follow what is really there."""
        with suppress(duckdb.Error):
            self._connection.execute("ROLLBACK")
        try:
            self.head = table.last_mark(self._connection)
        except duckdb.Error as error:
            raise duckdb.FatalException(f"the head can't be read back: {error}") from error

    def _check_anchor(self) -> None:
        if self._anchor is None and self.head == GENESIS:
            return
        if self._anchor is None:
            raise InvariantError(f"{self._anchor_file.path} is missing: {self.head.seq} audit rows have no anchor")
        if fault := end_fault(self.head, self._anchor):
            # Beginning anew by itself would hide it: a person looks, keeps the evidence, and moves both files away.
            raise InvariantError(f"the audit log is not as it was left: {fault}")

    def _confirm(self) -> None:
        """Anchor the head, unless it is: after a failure to do so, the next caller's turn does it."""
        settled = Anchor(committed=self.head)
        if self._anchor != settled:
            self._write_anchor(settled)

    def _write_anchor(self, anchor: Anchor) -> None:
        self._anchor_file.write(anchor)
        self._anchor = anchor


def _connect(path: Path, exports: Path, read_only: bool, checkpoint_at: str) -> DuckDBPyConnection:
    """A connection that can write nowhere but to its own file and the exports folder, and whose settings are shut."""
    connection = duckdb.connect(
        str(path),
        read_only=read_only,
        config={
            "threads": 2,
            "memory_limit": "512MB",
            "checkpoint_threshold": checkpoint_at,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    with ExitStack() as undo:
        undo.enter_context(connection)
        folder = str(exports.resolve()).replace("'", "''")
        connection.execute("SET GLOBAL timezone='UTC'")  # before the lock: cursors inherit it and can't set it
        connection.execute(f"SET allowed_directories=['{folder}/']")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        undo.pop_all()
    return connection
