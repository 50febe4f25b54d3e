"""The audit queue, served by a real worker on a real Temporal server and asked as people and workflows ask it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import ActivityFailureError, Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.audit.activities import DuckDbAudit
from activities.audit.remote import RemoteAudit
from activities.audit.store import AuditStore
from activities.interfaces import AUDIT_QUEUE, AuditActivities
from domain.audit import AuditBatch, AuditEvent, AuditReceipt
from domain.audit_queries import AuditQuery, ExportFormat, ExportRequest, TradeAuditQuery
from domain.errors import InvariantError, RetryableError
from tests.activities.audit.events import TRADE, event, events, meddling

TEMPORAL = Path(sys.executable).with_name("temporal")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(TEMPORAL), data_converter=pydantic_data_converter
    ) as environment:
        yield environment.client


@asynccontextmanager
async def serving(client: Client, store: AuditStore) -> AsyncIterator[RemoteAudit]:
    async with Worker(client, task_queue=AUDIT_QUEUE, activities=DuckDbAudit(store).served):
        yield RemoteAudit(client)


async def append(client: Client, *written: AuditEvent) -> AuditReceipt:
    return await client.execute_activity_method(
        AuditActivities.append_audit,
        AuditBatch(events=written),
        id=f"append-{uuid4()}",
        task_queue=AUDIT_QUEUE,
        schedule_to_close_timeout=timedelta(seconds=20),
    )


async def test_what_is_appended_over_temporal_can_be_asked_for_over_temporal(client: Client, store: AuditStore) -> None:
    async with serving(client, store) as audit:
        await asyncio.gather(*(append(client, event(1, workflow_id=f"alert-7-{n}")) for n in range(20)))
        receipt = await append(client, *events(1, 3))
        assert await append(client, *events(1, 3)) == receipt
        assert receipt.head_seq == 23

        page = await audit.audit_recent(AuditQuery(limit=2))
        assert ([row.seq for row in page.rows], page.next_seq) == ([23, 22], 22)
        trade = await audit.audit_trade(TradeAuditQuery(workflow_id=TRADE))
        assert [row.event for row in trade.rows] == events(1, 3)
        verdict = await audit.audit_verify()
        assert (verdict.rows, verdict.head.hash, verdict.fault) == (23, receipt.head_hash, None)
        exported = await audit.audit_export(ExportRequest(format=ExportFormat.CSV))
        assert (exported.rows, exported.head) == (23, verdict.head)

        with pytest.raises(ActivityFailureError) as refused:
            await append(client, event(1, workflow_id="w", author_id=2**63))
        assert isinstance(refused.value.cause, ApplicationError)
        assert (refused.value.cause.type, refused.value.cause.non_retryable) == ("RefusedError", True)


async def test_an_audit_queue_that_nobody_serves_is_reported_after_a_while(client: Client) -> None:
    audit = RemoteAudit(client, patience=timedelta(seconds=1))
    with pytest.raises(RetryableError, match="did not answer in time"):
        await audit.audit_recent(AuditQuery())


async def test_a_log_at_fault_is_reported_as_such(client: Client, path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 3)).result()
    with meddling(path) as connection:
        connection.execute("UPDATE audit SET kind = 'nonsense' WHERE seq = 2")
    with AuditStore(path) as store:
        async with serving(client, store) as audit:
            with pytest.raises(InvariantError, match="row 2 holds no event"):
                await audit.audit_recent(AuditQuery())
            fault = (await audit.audit_verify()).fault
    assert fault is not None
    assert fault.seq == 2
