"""The audit queue's activities, served by the store. Waiting for the writer never blocks the worker's loop."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.audit import reading
from activities.audit.log_file import Snapshot
from activities.audit.store import AuditStore
from activities.audit_queries import AuditQueries
from activities.interfaces import AuditActivities
from domain.audit import AuditBatch, AuditReceipt
from domain.audit_queries import (
    AuditPage,
    AuditQuery,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import Verdict
from domain.errors import AlertladderError, InvariantError, RefusedError

Answer = TypeVar("Answer")


class DuckDbAudit(AuditActivities, AuditQueries):
    """Both sides of the audit queue.

    An append is tried again for ever, unless the event itself can't be stored: a log that was tampered with is put
    right by a person, and no record may be lost meanwhile. A question fails at once when the log is at fault.
    """

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    @property
    def served(self) -> list[Callable[..., Any]]:
        """What the worker of the audit queue registers."""
        return [
            self.append_audit,
            self.audit_recent,
            self.audit_trade,
            self.audit_span,
            self.audit_verify,
            self.audit_export,
        ]

    @activity.defn(name="append_audit")
    async def append_audit(self, batch: AuditBatch) -> AuditReceipt:
        """Append events, durable on return. The receipt in Temporal's history is one more anchor of the chain."""
        with _final(RefusedError):
            head = await asyncio.wrap_future(self._store.append(batch.events))
        return AuditReceipt(head_seq=head.seq, head_hash=head.hash)

    @activity.defn(name="audit_recent")
    async def audit_recent(self, query: AuditQuery) -> AuditPage:
        """The newest rows, newest first."""
        return await self._ask(partial(reading.recent, query=query))

    @activity.defn(name="audit_trade")
    async def audit_trade(self, query: TradeAuditQuery) -> AuditPage:
        """One trade's rows, oldest first."""
        return await self._ask(partial(reading.trade, query=query))

    @activity.defn(name="audit_span")
    async def audit_span(self, query: SpanAuditQuery) -> AuditPage:
        """What happened in a span of time, in the log's order."""
        return await self._ask(partial(reading.span, query=query))

    @activity.defn(name="audit_verify")
    async def audit_verify(self) -> Verdict:
        """Walk the whole chain and compare its end with the anchor."""
        return await self._ask(reading.prove)

    @activity.defn(name="audit_export")
    async def audit_export(self, request: ExportRequest) -> ExportReceipt:
        """Write the log as Parquet or CSV into the exports folder."""
        return await self._ask(partial(reading.export, request=request))

    async def _ask(self, question: Callable[[Snapshot], Answer]) -> Answer:
        with _final(RefusedError, InvariantError):
            return await asyncio.to_thread(self._store.read, question)


@contextmanager
def _final(*errors: type[AlertladderError]) -> Iterator[None]:
    """Tell Temporal that trying again can't help against these."""
    try:
        yield
    except errors as error:
        raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
