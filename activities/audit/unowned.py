"""Reading the audit file while nobody owns it: the owner's lock is held meanwhile, and nothing is changed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from activities.audit import reading
from activities.audit.log_file import LogFile, Snapshot
from activities.audit.ownership import Ownership
from activities.audit_queries import AuditQueries
from domain.audit_queries import (
    AuditPage,
    AuditQuery,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import Verdict
from domain.errors import InvariantError, RefusedError


class UnownedAudit(AuditQueries):
    """The questions, answered from the file in this process."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def audit_recent(self, query: AuditQuery) -> AuditPage:
        """The newest rows, newest first."""
        return reading.recent(self._snapshot, query)

    async def audit_trade(self, query: TradeAuditQuery) -> AuditPage:
        """One trade's rows, oldest first."""
        return reading.trade(self._snapshot, query)

    async def audit_span(self, query: SpanAuditQuery) -> AuditPage:
        """What happened in a span of time, in the log's order."""
        return reading.span(self._snapshot, query)

    async def audit_verify(self) -> Verdict:
        """Walk the whole chain and compare its end with the anchor."""
        return reading.prove(self._snapshot)

    async def audit_export(self, request: ExportRequest) -> ExportReceipt:
        """Write the log as Parquet or CSV into the exports folder."""
        return reading.export(self._snapshot, request)


@contextlib.contextmanager
def unowned_audit(path: Path) -> Iterator[UnownedAudit]:
    """Read the file at `path` for the duration. AuditFileInUse when it has an owner: ask that one.

    RefusedError when there is no file, InvariantError when DuckDB can't read it.
    """
    if not path.exists():
        raise RefusedError("no_audit_log", f"there is no audit log at {path}")
    exports = path.parent / "exports"
    exports.mkdir(mode=0o700, exist_ok=True)
    ownership = Ownership.take(path)
    try:
        log_file = LogFile(path, exports, read_only=True)
        with contextlib.closing(log_file):
            snapshot = log_file.snapshot()
            with contextlib.closing(snapshot.cursor):
                yield UnownedAudit(snapshot)
    except duckdb.Error as error:
        raise InvariantError(f"{path} can't be read: {error}") from error
    finally:
        ownership.release()
