"""The audit outbox: what a workflow writes down waits in its history until the audit worker has stored it."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import AUDIT_QUEUE, AuditActivities
    from domain.audit import AuditBatch, AuditEvent, AuditKind, AuditReceipt

# Trading never waits for the audit store: its rows queue in the history until its worker takes them.
_AUDIT_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10))
_AUDIT_TIME = timedelta(seconds=8)  # appends are idempotent: one lost with its worker is tried again soon


class _Write(NamedTuple):
    began: datetime
    events: tuple[AuditEvent, ...]


class Outbox:
    """One workflow's way to the audit store."""

    def __init__(self) -> None:
        self._waiting: list[AuditEvent] = []
        self._under_way: list[_Write] = []
        self._writers: set[asyncio.Task[None]] = set()

    def put(self, event: AuditEvent) -> None:
        """Write an event.

        An order's intent is scheduled at once: in the same workflow task as the order, and before it (invariant 22).
        Whatever else happens while a write is under way is written together after it: it stands in the history already.
        """
        self._waiting.append(event)
        if event.kind is AuditKind.INTENT:
            self._flush()
        elif not self._under_way:
            asyncio.get_running_loop().call_soon(self._flush)

    @property
    def is_empty(self) -> bool:
        """The audit store has everything."""
        return not self._under_way and not self._waiting

    @property
    def waits_since(self) -> datetime | None:
        """Since when the oldest of what is not stored yet has waited."""
        return min((write.began for write in self._under_way), default=None)

    @property
    def unwritten(self) -> list[AuditEvent]:
        """What the audit store has not confirmed. It may have it: an event written twice is one row."""
        return [event for write in self._under_way for event in write.events] + self._waiting

    async def emptied(self) -> None:
        """Wait until the audit store has everything: a closed workflow can't write any more."""
        await workflow.wait_condition(lambda: self.is_empty)

    def _flush(self) -> None:
        if not self._waiting:
            return
        events, self._waiting = tuple(self._waiting), []
        under_way = _Write(workflow.now(), events)
        self._under_way.append(under_way)
        write = workflow.start_activity_method(
            AuditActivities.append_audit,
            AuditBatch(events=events),
            task_queue=AUDIT_QUEUE,
            start_to_close_timeout=_AUDIT_TIME,
            retry_policy=_AUDIT_RETRIES,
            summary=f"Audit: {', '.join(event.kind for event in events)}",
        )
        task = asyncio.create_task(self._follow(write, under_way))
        self._writers.add(task)
        task.add_done_callback(self._writers.discard)

    async def _follow(self, write: Awaitable[AuditReceipt], under_way: "_Write") -> None:
        try:
            await write
        except ActivityError as error:  # an event that can never be stored; it stays in this history
            workflow.logger.error("audit refused %s: %s", [event.event_id for event in under_way.events], error.cause)
        finally:
            self._under_way.remove(under_way)
        self._flush()
