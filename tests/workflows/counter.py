"""The desk of one account as trades and people see it, on a broker in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest_asyncio
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.audit import AuditEvent, AuditKind
from domain.command import (
    Halt,
    HaltReceipt,
    Person,
    Resume,
    ResumeAnswer,
    Trading,
)
from domain.desk import AdmissionRequest, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id, snowflake_at
from domain.settings import Allowlist, DeskLimits, DeskPolicy
from domain.trade import TradeRequest
from domain.trouble import Trouble, TroubleKind
from tests.fakes.broker import FakeBroker
from workflows.desk import Desk
from workflows.desk_door import DeskDoor

ACCOUNT = "5WX00042"
ALLOWED = Allowlist(users=frozenset({2}), channels=frozenset({1}))
POLICY = DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(max_trades_per_underlying=100))
BUSY = POLICY.model_copy(
    update={
        "limits": DeskLimits(
            max_open_trades=200,
            max_entries_a_day=1000,
            max_trades_per_underlying=1000,
            max_order_calls_a_minute=100_000,
        )
    }
)
ANN = Person(person_id=5, name="ann", via="api")
CLIMBERS = "climbers"
Handle = WorkflowHandle[Desk, None]


@workflow.defn
class Climber:
    """A trade with an entry order in the market, as the desk sees it."""

    def __init__(self) -> None:
        self._why = ""

    @workflow.run
    async def run(self, obeys: bool) -> None:
        await workflow.wait_condition(lambda: obeys and bool(self._why))
        own_id = workflow.info().workflow_id
        report = TradeReport(workflow_id=own_id, reserved=Decimal(0), over=False, at=workflow.now())
        await workflow.get_external_workflow_handle(desk_workflow_id(ACCOUNT)).signal("trade_report", report)
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def stop_entry(self, why: str) -> None:
        self._why = why

    @workflow.query
    def why(self) -> str:
        return self._why


class Counter:
    """The desk of one account as trades see it."""

    def __init__(self, client: Client, handle: Handle, broker: FakeBroker) -> None:
        self.client = client
        self.handle = handle
        self.broker = broker
        self._asked = 0
        self._ahead = timedelta(0)  # the server's time, beside ours

    async def synchronise(self, env: WorkflowEnvironment) -> None:
        self._ahead = await env.get_current_time() - datetime.now(UTC)

    async def after(self, env: WorkflowEnvironment, seconds: float) -> None:
        """Let the server's time pass."""
        await env.sleep(timedelta(seconds=seconds))
        await self.synchronise(env)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def alert(self, **changes: Any) -> TradeRequest:
        """A new message each time; another strike each time unless one is given."""
        self._asked += 1
        changes.setdefault("strike", Decimal(self._asked))
        from tests.workflows.conftest import request

        asked = request(self.now(), **changes)
        own_id = snowflake_at(asked.message.posted_at, self._asked)
        return asked.model_copy(update={"message": asked.message.model_copy(update={"message_id": own_id})})

    async def admit(self, asked: TradeRequest) -> Any:
        workflow_id = asked.trade_id.workflow_id
        return await self.handle.execute_update(
            Desk.admit, AdmissionRequest(workflow_id=workflow_id, request=asked), id=f"{workflow_id}/admit"
        )

    async def reserve(self, asked: TradeRequest, dollars: str = "76.12") -> Any:
        workflow_id = asked.trade_id.workflow_id
        cost = ReservationRequest(
            workflow_id=workflow_id, contract_symbol="X", unit_cost=Decimal(dollars), worst_unit_cost=Decimal(dollars)
        )
        return await self.handle.execute_update(Desk.reserve, cost, id=f"{workflow_id}/reserve")

    async def report(self, asked: TradeRequest, **changes: Any) -> None:
        """What a trade tells: unless said otherwise, that its entry is over."""
        told = TradeReport(
            workflow_id=asked.trade_id.workflow_id, reserved=Decimal(0), over=False, at=datetime.now(UTC)
        )
        await self.handle.signal(Desk.trade_report, told.model_copy(update=changes))

    async def climbs(self, obeys: bool = True) -> TradeRequest:
        """A trade that is admitted, and runs with its entry order in the market."""
        asked = self.alert()
        assert (await self.admit(asked)).terms is not None
        await self.client.start_workflow(Climber.run, obeys, id=asked.trade_id.workflow_id, task_queue=CLIMBERS)
        return asked

    async def why_stopped(self, asked: TradeRequest) -> str:
        """What the trade was told, once it was."""
        climber = self.client.get_workflow_handle_for(Climber.run, asked.trade_id.workflow_id)
        async with asyncio.timeout(20):
            while not (why := await climber.query(Climber.why)):  # noqa: ASYNC110  another workflow's state
                await asyncio.sleep(0.02)
        return why

    async def halt(self, reason: str = "FOMC", trading: Trading = Trading.HALTED) -> HaltReceipt:
        return await DeskDoor(self.client, ACCOUNT).halt(Halt(by=ANN, reason=reason, trading=trading))

    async def resume(self, code: str | None = None) -> ResumeAnswer:
        return await DeskDoor(self.client, ACCOUNT).resume(Resume(by=ANN, code=code))

    async def trouble(self, kind: TroubleKind, key: str = "one") -> None:
        told = Trouble(kind=kind, key=key, detail="as told", at=self.now())
        await self.handle.signal(Desk.trouble, told)

    async def is_quiet(self) -> None:
        """Wait for its activities: this server's clock waits for ever for those of a workflow that is terminated."""
        async with asyncio.timeout(20):
            quiet = 0
            while quiet < 5:  # one activity's end may begin another
                told = await self.handle.describe()
                quiet = 0 if told.raw_description.pending_activities else quiet + 1
                await asyncio.sleep(0.02)

    async def book(self) -> DeskBook:
        return await self.handle.query(Desk.book)

    def rows(self, kind: AuditKind) -> list[AuditEvent]:
        return [event for event in self.broker.book.audit if event.kind is kind]


async def at_the_desk(client: Client, broker: FakeBroker, policy: DeskPolicy = POLICY) -> Counter:
    handle = await client.start_workflow(
        Desk.run, DeskBook(policy=policy), id=desk_workflow_id(ACCOUNT), task_queue=TRADES_QUEUE
    )
    return Counter(client, handle, broker)


@asynccontextmanager
async def workers(client: Client, broker: FakeBroker) -> AsyncIterator[None]:
    async with (
        Worker(client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit]),
        Worker(
            client, task_queue=TRADES_QUEUE, workflows=[Desk], activities=[broker.read_account, broker.page_operator]
        ),
    ):
        yield


@pytest_asyncio.fixture(loop_scope="module")
async def climbers(env: WorkflowEnvironment) -> AsyncIterator[None]:
    """Somebody runs the trades that stand in the market."""
    async with Worker(
        env.client, task_queue=CLIMBERS, workflows=[Climber], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        yield


@pytest_asyncio.fixture(loop_scope="module")
async def counter(env: WorkflowEnvironment, broker: FakeBroker) -> AsyncIterator[Counter]:
    async with workers(env.client, broker):
        counter = await at_the_desk(env.client, broker)
        await counter.synchronise(env)
        yield counter
        await counter.is_quiet()
        replayer = Replayer(workflows=[Desk], data_converter=pydantic_data_converter)
        await replayer.replay_workflow(await counter.handle.fetch_history())
        await counter.handle.terminate()
