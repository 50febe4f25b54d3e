"""Asking the owner of the audit file, from any process that reaches Temporal.

The questions run as standalone activities on the audit queue: no workflow is needed for what one activity answers, and
the owner's worker serves them beside the appends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypedDict
from uuid import uuid4

from temporalio.client import ActivityFailureError, Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, TimeoutError
from temporalio.service import RPCError

from activities.audit_queries import AuditQueries
from activities.interfaces import AUDIT_QUEUE
from domain.audit_queries import (
    AuditPage,
    AuditQuery,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import Verdict
from domain.errors import AlertladderError, InvariantError, RetryableError

_PATIENCE = timedelta(seconds=15)
_LONG_PATIENCE = timedelta(minutes=2)  # a walk over, or a copy of, millions of rows


class _Options(TypedDict):
    id: str
    task_queue: str
    schedule_to_start_timeout: timedelta
    schedule_to_close_timeout: timedelta
    retry_policy: RetryPolicy


class RemoteAudit(AuditQueries):
    """The questions, put to the owner. RetryableError: it doesn't answer. InvariantError: the log is at fault."""

    def __init__(self, client: Client, patience: timedelta = _PATIENCE) -> None:
        """`patience` is for the worker to take a question, and for the quick ones to be answered."""
        self._client = client
        self._patience = patience

    async def audit_recent(self, query: AuditQuery) -> AuditPage:
        """The newest rows, newest first."""
        with _our_errors():
            return await self._client.execute_activity_method(
                AuditQueries.audit_recent, query, **self._options("recent", self._patience)
            )

    async def audit_trade(self, query: TradeAuditQuery) -> AuditPage:
        """One trade's rows, oldest first."""
        with _our_errors():
            return await self._client.execute_activity_method(
                AuditQueries.audit_trade, query, **self._options("trade", self._patience)
            )

    async def audit_span(self, query: SpanAuditQuery) -> AuditPage:
        """What happened in a span of time, in the log's order."""
        with _our_errors():
            return await self._client.execute_activity_method(
                AuditQueries.audit_span, query, **self._options("span", self._patience)
            )

    async def audit_verify(self) -> Verdict:
        """Walk the whole chain and compare its end with the anchor."""
        with _our_errors():
            return await self._client.execute_activity_method(
                AuditQueries.audit_verify, **self._options("verify", _LONG_PATIENCE)
            )

    async def audit_export(self, request: ExportRequest) -> ExportReceipt:
        """Write the log as Parquet or CSV into the exports folder."""
        with _our_errors():
            return await self._client.execute_activity_method(
                AuditQueries.audit_export, request, **self._options("export", _LONG_PATIENCE)
            )

    def _options(self, question: str, patience: timedelta) -> _Options:
        return _Options(
            id=f"audit-{question}-{uuid4()}",
            task_queue=AUDIT_QUEUE,
            schedule_to_start_timeout=self._patience,
            schedule_to_close_timeout=patience,
            retry_policy=RetryPolicy(maximum_attempts=3),
        )


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except ActivityFailureError as error:
        raise _in_our_words(error.cause) from error
    except RPCError as error:
        raise RetryableError(f"Temporal could not be asked: {error.message}") from error


def _in_our_words(cause: BaseException) -> AlertladderError:
    if isinstance(cause, TimeoutError):
        return RetryableError("the audit worker did not answer in time")
    if isinstance(cause, ApplicationError) and cause.type == InvariantError.__name__:
        return InvariantError(cause.message)
    return RetryableError(f"the audit worker could not answer: {cause}")
