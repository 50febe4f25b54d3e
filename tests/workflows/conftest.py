"""A time-skipping Temporal server with a worker for trades, on a broker in memory, and the checks after each trade."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import IndexedValueType, WorkflowTaskFailedCause
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import CancelledError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.audit import AuditEvent, AuditKind
from domain.trade import TradeState, TradeView
from tests.fakes.book import Book
from tests.fakes.broker import FakeBroker, Gate
from tests.fakes.operator import FakeOperator
from tests.replay.kept import KEPT, keep
from tests.workflows import invariants
from tests.workflows.asking import request
from tests.workflows.chat import Chat, chat
from tests.workflows.counter import climbers, counter
from workflows.alert_trade import AlertTrade
from workflows.card_poster import PostCard
from workflows.search_attributes import SEARCH_ATTRIBUTES

CEILING = Decimal("0.82")  # 10 % over the alert's 0.75, on tick
FLOOR = Decimal("0.68")  # 10 % under it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-histories", type=Path, help="a folder: record there what tests/replay/kept.py lists")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop, and so one server, for each module: a server takes longer to start than a trade to make."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@asynccontextmanager
async def clockwork() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose time flies while nothing happens."""
    server = Path(sys.executable).with_name("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server), data_converter=pydantic_data_converter
    ) as env:
        types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace="default", search_attributes=types)
        )
        yield env
        await asyncio.sleep(0.05)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with clockwork() as env:
        yield env


class Floor:
    """Where one trade is made: starts it, lets time pass, and looks at what became of it."""

    def __init__(self, env: WorkflowEnvironment, broker: FakeBroker) -> None:
        self.env = env
        self.broker = broker
        self.operator = FakeOperator()
        self.tick = Decimal("0.01")
        self.may_break: set[invariants.Promise] = set()
        self.handle: WorkflowHandle[AlertTrade, TradeView] | None = None
        self.keeps: WorkflowHandle[AlertTrade, TradeView] | None = None  # whose history is kept; else the trade's
        self._order_takers: Worker | None = None
        self._tellers: Worker | None = None
        self._deployed: list[asyncio.Task[None]] = []

    @property
    def book(self) -> Book:
        return self.broker.book

    @property
    def trade(self) -> WorkflowHandle[AlertTrade, TradeView]:
        assert self.handle is not None
        return self.handle

    def market(self, bid: str, ask: str, size: int = 1000) -> None:
        """What the market shows from now on."""
        self.book.bid, self.book.ask, self.book.size = Decimal(bid), Decimal(ask), size

    async def alert(self, *, age: float = 0, dry_run: bool = False, card: bool = False, **alert: object) -> None:
        """Start the trade of an alert that was posted `age` seconds ago."""
        posted_at = await self.env.get_current_time() - timedelta(seconds=age)
        asked = request(posted_at, dry_run=dry_run, card=card, **alert)
        self.handle = await self.env.client.start_workflow(
            AlertTrade.run, asked, id=asked.trade_id.workflow_id, task_queue=TRADES_QUEUE
        )

    async def after(self, seconds: float) -> None:
        """Let the trade's time pass."""
        await self.env.sleep(timedelta(seconds=seconds))

    async def until(self, gate: Gate) -> None:
        """Let time pass until an activity stands at the gate."""
        while not gate.reached.is_set():
            await self.after(0.25)

    async def view(self) -> TradeView:
        return await self.trade.query(AlertTrade.view)

    async def end(self) -> TradeView:
        """Wait for the trade's own end, time flying."""
        return await self.trade.result()

    async def cancelled(self) -> TradeView:
        """Wait for its end as cancelled, and take a last look."""
        with pytest.raises(WorkflowFailureError) as failure:
            await self.trade.result()
        assert isinstance(failure.value.cause, CancelledError)
        return await self.view()

    async def sees(self, condition: Callable[[], bool]) -> None:
        """Wait, in real time, until the broker in memory has come that far."""
        async with asyncio.timeout(10):
            await self.broker.shows(condition)

    async def tells(self) -> None:
        """The stream tells what changed in the book."""
        await self.broker.tell()

    async def watches(self, seconds: int) -> None:
        """Time passes, and each second the stream tells what changed."""
        for _ in range(seconds):
            await self.after(1)
            await self.tells()

    async def history(self) -> WorkflowHistory:
        return await self.trade.fetch_history()

    async def is_running(self) -> bool:
        return (await self.trade.describe()).status is WorkflowExecutionStatus.RUNNING

    def rows(self, *kinds: AuditKind) -> list[AuditEvent]:
        return [event for event in invariants.in_order(self.book.audit) if event.kind in kinds]

    async def deploy(self, cached: int = 1000) -> None:
        """Stop the worker that runs the workflows, and start one with the code as it is now.

        Between two workers a trade must not be cached: this test server waits for ever for the one that is gone.
        """
        if self._tellers is not None:
            await self._tellers.shutdown()
        self._tellers = Worker(
            self.env.client, task_queue=TRADES_QUEUE, workflows=[AlertTrade, PostCard], max_cached_workflows=cached
        )
        self._deployed.append(asyncio.create_task(self._tellers.run()))

    async def close(self) -> None:
        """Stop the workers."""
        for worker in (self._tellers, self._order_takers):
            if worker is not None:
                await worker.shutdown()
        await asyncio.gather(*self._deployed)

    async def no_more_order_takers(self) -> None:
        """Nobody takes activities off the trades' queue any more."""
        assert self._order_takers is not None
        await self._order_takers.shutdown()

    async def check(self) -> None:
        """What must be true after every test. A trade that still runs is looked at as it stands."""
        if self.handle is None:
            return
        view, sized = await self.view(), self.broker.quantity
        broken = invariants.broken_promises(self.book, sized)
        assert broken <= self.may_break, self.book.history
        if not self.may_break:
            invariants.assert_next_quantity_is_the_rest(self.book, sized)
        invariants.assert_ladder_climbs(self.book, CEILING, FLOOR, self.tick)
        invariants.assert_overfill_is_not_clamped(view, sized)
        await self._check_what_is_written(view)
        await self._check_replay()

    async def clear(self) -> None:
        """Leave no trade behind for the next test's clock."""
        if self.handle is not None and await self.is_running():
            await self.handle.terminate()

    async def _check_what_is_written(self, view: TradeView) -> None:
        own = [row for row in self.book.audit if row.workflow_id == self.trade.id]
        audit, is_over = invariants.in_order(own), not await self.is_running()
        invariants.assert_written_once(audit, self.trade.id, is_over=is_over)
        if is_over:
            assert [event.state for event in audit if event.kind is AuditKind.STATE][-1] == view.state
            if not view.dry_run and invariants.Promise.FILLS_TOLD not in self.may_break:
                invariants.assert_told_once(view, self.book, audit)

    async def _check_replay(self) -> None:
        replayer = Replayer(
            workflows=[AlertTrade],
            data_converter=pydantic_data_converter,
            workflow_runner=UnsandboxedWorkflowRunner(),  # the trade itself ran in the sandbox
        )
        history = await self.history()
        failed = [event.workflow_task_failed_event_attributes.cause for event in history.events]
        assert WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE not in failed
        await replayer.replay_workflow(history)


@pytest_asyncio.fixture(loop_scope="module")
async def broker(env: WorkflowEnvironment) -> FakeBroker:
    return FakeBroker(env.client)


@pytest_asyncio.fixture(loop_scope="module")
async def floor(env: WorkflowEnvironment, broker: FakeBroker, request: pytest.FixtureRequest) -> AsyncIterator[Floor]:
    """The workers are two, so that a test can take the one for activities away."""
    floor = Floor(env, broker)
    activities = [
        broker.find_contract,
        broker.take_quote,
        broker.place_order,
        broker.replace_order,
        broker.cancel_order,
        broker.read_order,
        broker.find_order,
        broker.read_call_cover,
        broker.read_position,
        broker.watch_price,
        broker.admit,
        broker.reserve,
        floor.operator.page_operator,
    ]
    audit = Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit])
    async with audit:
        floor._order_takers = Worker(env.client, task_queue=TRADES_QUEUE, activities=activities)
        floor._deployed.append(asyncio.create_task(floor._order_takers.run()))
        await floor.deploy()
        yield floor
        await floor.check()
        await _keep_history(floor, request)
        await floor.clear()
        await floor.close()


async def _keep_history(floor: Floor, test: pytest.FixtureRequest) -> None:
    folder = test.config.getoption("--keep-histories")
    name = KEPT.get(getattr(test.node, "originalname", ""))
    if folder is not None and name is not None:
        kept = floor.keeps or floor.trade
        keep(folder, name, await kept.fetch_history())


def cents(*prices: str) -> list[Decimal]:
    """Prices as decimals."""
    return [Decimal(price) for price in prices]


__all__ = ["CEILING", "Chat", "Floor", "TradeState", "cents", "chat", "climbers", "counter", "request"]
