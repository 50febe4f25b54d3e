"""The audit store: one owner, one writer thread, and every caller's events committed together.

A commit costs the same for one row as for a thousand, so the thread takes all that is waiting at once. Readers get a
still picture of the log and never wait for more than one commit.
"""

import contextlib
import logging
import queue
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import duckdb

from activities.audit.log_file import CHECKPOINT_AT, LogFile, Snapshot
from activities.audit.ownership import Ownership
from activities.audit.table import fitted
from domain.audit import AuditEvent
from domain.chain import Mark
from domain.errors import InvariantError, RefusedError, RetryableError
from domain.redaction import redact_event

Answer = TypeVar("Answer")

MAX_GROUP_ROWS = 2_000
MAX_WAITING = 10_000  # requests
# A checkpoint may write this file's log (16 MB) anew; running out of disk in the middle of one is DuckDB's worst case.
MIN_FREE_BYTES = 64 * 1024 * 1024
_UNSTORABLE = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)

logger = logging.getLogger(__name__)


class _Request(NamedTuple):
    events: tuple[AuditEvent, ...]
    done: "Future[Mark]"


class AuditStore:
    """The owner of one audit file. `closed` is done when it serves no more, with an exception if it had to stop.

    Raises, and fails appends with: RetryableError when the same append may succeed later (disk full, busy, reopened);
    RefusedError when an event can never be stored; InvariantError when the log isn't as it was left.
    """

    def __init__(
        self,
        path: Path,
        *,
        secrets: Collection[str] = (),
        patience: timedelta = timedelta(seconds=5),
        min_free_bytes: int = MIN_FREE_BYTES,
        checkpoint_at: str = CHECKPOINT_AT,
    ) -> None:
        """Own the file at `path` (made, with its folder, if missing), after `patience` at most.

        `secrets` are texts that must never be written. Raises AuditFileInUse when another process owns the file, and
        InvariantError when it can't be opened or isn't as it was left.
        """
        self.path = path
        self.exports = path.parent / "exports"
        self.closed: Future[None] = Future()
        self._secrets = tuple(secrets)
        self._min_free_bytes = min_free_bytes
        self._checkpoint_at = checkpoint_at
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._door = threading.Lock()  # over: is_shut, and what is put in the queue before it is
        self._is_shut = False
        self._file_turn = threading.Lock()  # over: the log file
        self._log_file: LogFile | None = None
        self._ownership = self._take(patience)
        self._writer = threading.Thread(target=self._write_until_closed, name="audit-writer", daemon=True)
        self._writer.start()

    def append(self, events: Sequence[AuditEvent]) -> "Future[Mark]":
        """Hand events to the writer, in order. The future holds the chain's head once they are durable."""
        clean = tuple(fitted(redact_event(event, self._secrets)) for event in events)
        request = _Request(clean, Future())
        with self._door:
            if self._is_shut:
                raise RetryableError("the audit store is closed")
            if self._requests.qsize() >= MAX_WAITING:
                raise RetryableError(f"{MAX_WAITING} appends are waiting already")
            self._requests.put(request)
        return request.done

    def read(self, question: Callable[[Snapshot], Answer]) -> Answer:
        """Answer a question from one moment of the log. Blocks; call it in a thread."""
        try:
            with self._file_turn:
                snapshot = self._open_log_file().snapshot()
            with contextlib.closing(snapshot.cursor):
                return question(snapshot)
        except duckdb.Error as error:
            raise RetryableError(f"the audit log could not be read: {error}") from error

    def close(self) -> None:
        """Write what is waiting, then give the file up."""
        self._shut()
        if self._writer.is_alive():
            self._writer.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _take(self, patience: timedelta) -> Ownership:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.exports.mkdir(mode=0o700, exist_ok=True)
        with contextlib.ExitStack() as undo:
            ownership = Ownership.take(self.path, patience)
            undo.callback(ownership.release)
            try:
                self._open_log_file()
            except duckdb.Error as error:
                raise InvariantError(f"{self.path} can't be opened: {error}") from error
            undo.pop_all()
        return ownership

    def _shut(self) -> None:
        with self._door:
            if not self._is_shut:
                self._is_shut = True
                self._requests.put(None)

    def _write_until_closed(self) -> None:
        failure: BaseException | None = None
        try:
            for group in self._groups():
                self._serve(group)
        except BaseException as error:  # noqa: BLE001  the thread's edge: reported through `closed`
            logger.critical("the audit store stops: %s", error)
            failure = error
        self._shut()
        self._refuse_waiting()
        self._let_go()
        if failure is None:
            self.closed.set_result(None)
        else:
            self.closed.set_exception(failure)

    def _groups(self) -> Iterator[list[_Request]]:
        """What is waiting, in order, in groups of a bounded number of rows, until the store is shut."""
        while (first := self._requests.get()) is not None:
            group, rows = [first], len(first.events)
            while rows < MAX_GROUP_ROWS and not self._requests.empty():
                following = self._requests.get()
                if following is None:
                    self._requests.put(None)
                    break
                group.append(following)
                rows += len(following.events)
            yield [request for request in group if request.done.set_running_or_notify_cancel()]

    def _serve(self, group: list[_Request]) -> None:
        try:
            head = self._append_to_file([event for request in group for event in request.events])
        except InvariantError as error:
            _fail(group, error)
            raise
        except _UNSTORABLE as error:
            self._serve_one_by_one(group, error)
        except (duckdb.Error, OSError, RetryableError) as error:
            logger.warning("the audit log could not be written: %s", error)
            _fail(group, RetryableError(f"the audit log could not be written: {error}"))
        else:
            for request in group:
                request.done.set_result(head)

    def _serve_one_by_one(self, group: list[_Request], error: duckdb.Error) -> None:
        """One event that DuckDB can't take must not fail its neighbours, now and at every retry."""
        if len(group) == 1:
            _fail(group, RefusedError("unstorable", str(error)))
            return
        for request in group:
            self._serve([request])

    def _append_to_file(self, events: list[AuditEvent]) -> Mark:
        with self._file_turn:
            if shutil.disk_usage(self.path.parent).free < self._min_free_bytes:
                raise RetryableError("the disk is almost full")
            log_file = self._open_log_file()
            try:
                return log_file.append(events)
            except duckdb.FatalException:
                # The instance is dead until every handle is closed, the data is intact: begin anew at the next turn.
                log_file.close()
                self._log_file = None
                raise

    def _open_log_file(self) -> LogFile:
        if self._log_file is None:
            if self._is_shut:
                raise RetryableError("the audit store is closed")
            self._log_file = LogFile(self.path, self.exports, checkpoint_at=self._checkpoint_at)
        return self._log_file

    def _refuse_waiting(self) -> None:
        while not self._requests.empty():
            request = self._requests.get()
            if request is not None and request.done.set_running_or_notify_cancel():
                _fail([request], RetryableError("the audit store is closed"))

    def _let_go(self) -> None:
        with self._file_turn:
            if self._log_file is not None:
                self._log_file.close()
                self._log_file = None
        self._ownership.release()


def _fail(group: list[_Request], error: Exception) -> None:
    for request in group:
        request.done.set_exception(error)
