"""The account watch on a real Temporal server: what trades are told, whatever the stream does."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.broker import BrokerCredentials, TastytradeBroker, stream, watch
from activities.broker import signals as signal_lanes
from activities.interfaces import WatchActivities
from domain.broker import WatchAccount
from domain.contract import Contract
from domain.orders import BrokerOrder, OrderRequest
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import (
    ACCOUNT,
    PATIENCE,
    TRADE,
    cancelling,
    endpoint,
    eventually,
    order,
    placing,
)

QUEUE = "watched"
REQUEST = WatchAccount(account_number=ACCOUNT)
Start = Callable[..., Awaitable[str]]


@workflow.defn
class Listener:
    """A trade that only listens."""

    def __init__(self) -> None:
        self.heard: list[BrokerOrder] = []

    @workflow.run
    async def run(self, enough: int) -> list[BrokerOrder]:
        await workflow.wait_condition(lambda: len(self.heard) >= enough)
        return self.heard

    @workflow.signal
    def order_update(self, record: BrokerOrder) -> None:
        self.heard.append(record)


@workflow.defn
class Watcher:
    """Runs the watch as the account's watch does."""

    @workflow.run
    async def run(self, request: WatchAccount) -> None:
        await workflow.execute_activity_method(
            WatchActivities.watch_account,
            request,
            start_to_close_timeout=timedelta(hours=1),
            heartbeat_timeout=timedelta(seconds=1),
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server), data_converter=pydantic_data_converter, dev_server_log_level="error"
    ) as environment:
        yield environment.client
        await asyncio.sleep(0.05)  # the SDK may crash the interpreter when a client's loop closes at once


@asynccontextmanager
async def watching(client: Client, broker: TastytradeBroker) -> AsyncIterator[WorkflowHandle[Watcher, None]]:
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Listener, Watcher],
        activities=[broker.watch(client).watch_account],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        running = await client.start_workflow(Watcher.run, REQUEST, id="watch", task_queue=QUEUE)
        yield running
        await running.cancel()
        with pytest.raises(WorkflowFailureError):
            await running.result()


async def listener(client: Client, enough: int) -> WorkflowHandle[Listener, list[BrokerOrder]]:
    return await client.start_workflow(Listener.run, enough, id=TRADE.workflow_id, task_queue=QUEUE)


async def told(trade: WorkflowHandle[Listener, list[BrokerOrder]]) -> list[BrokerOrder]:
    async with asyncio.timeout(PATIENCE * 2):
        return await trade.result()


class Signals:
    """A client that keeps what it is told to signal, by workflow; each of `failures` fails one signal."""

    def __init__(self) -> None:
        self.sent: dict[str, list[BrokerOrder]] = {}
        self.failures: list[Exception] = []

    def get_workflow_handle(self, workflow_id: str, **_: Any) -> "SignalHandle":
        return SignalHandle(self, workflow_id)

    @property
    def to_trade(self) -> list[BrokerOrder]:
        return self.sent.get(TRADE.workflow_id, [])

    @property
    def states(self) -> list[str]:
        return [record.status.value for record in self.to_trade]


class SignalHandle:
    """What the watch does with a workflow: signal it, and ask whether it runs."""

    def __init__(self, signals: Signals, workflow_id: str) -> None:
        self._signals = signals
        self._workflow_id = workflow_id

    async def describe(self, **_: Any) -> Any:
        return SimpleNamespace(id=self._workflow_id, run_id="1", status=WorkflowExecutionStatus.RUNNING)

    async def query(self, name: str, **_: Any) -> Any:
        raise RPCError("no worker", RPCStatusCode.DEADLINE_EXCEEDED, b"")

    async def signal(self, name: str, record: BrokerOrder) -> None:
        assert name == "order_update"
        if self._signals.failures:
            raise self._signals.failures.pop(0)
        self._signals.sent.setdefault(self._workflow_id, []).append(record)


class Watch:
    """A watch that runs as an activity would; `progress` is its last heartbeat."""

    def __init__(self, broker: TastytradeBroker, signals: Signals, before: dict[str, Any] | None = None) -> None:
        self.environment = ActivityEnvironment()
        if before is not None:  # the last heartbeat of a watch whose worker died
            self.environment.info = replace(self.environment.info, heartbeat_details=[before])
        self.environment.on_heartbeat = self._beat
        self.progress: dict[str, Any] = {}
        activity = broker.watch(cast("Client", signals)).watch_account
        self.task = asyncio.create_task(self.environment.run(activity, REQUEST))

    @property
    def sees(self) -> bool:
        return bool(self.progress) and self.progress["blind_since"] is None

    def _beat(self, progress: dict[str, Any]) -> None:
        self.progress = progress


@pytest.fixture
def signals() -> Signals:
    return Signals()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_HEARTBEAT", 0.01)
    monkeypatch.setattr(watch, "_SWEEP_GAP", 0.01)
    monkeypatch.setattr(signal_lanes, "_PAUSES", (0.01, 0.01))


@pytest.fixture
async def watched(broker: TastytradeBroker, signals: Signals) -> AsyncIterator[Watch]:
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)
    yield running
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def placed(broker: TastytradeBroker, request: OrderRequest) -> BrokerOrder:
    answer = await broker.place_order(placing(request))
    assert answer.order is not None
    return answer.order


async def test_a_trade_hears_of_its_orders_over_temporal_until_the_watch_is_cancelled(
    temporal: Client, broker: TastytradeBroker, option: Contract
) -> None:
    async with watching(temporal, broker):
        trade = await listener(temporal, 1)
        sent = await placed(broker, order(option))

        records = await told(trade)

    assert [(record.order_id, record.identifier) for record in records] == [(sent.order_id, sent.identifier)]


async def test_a_trade_that_is_over_does_not_stop_the_watch(
    temporal: Client, broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    async with watching(temporal, broker):
        await broker.place_order(placing(order(option).model_copy(update={"identifier": "al-9-9-0e00"})))
        trade = await listener(temporal, 1)
        await placed(broker, order(option))

        assert len(await told(trade)) == 1


async def test_hears_of_the_start_the_fills_and_the_end_and_not_of_the_hops(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract, control: Control
) -> None:
    await placed(broker, order(option, quantity=3))
    await eventually(lambda: "Live" in signals.states)

    await control.quote(option.symbol, "0.90", "1.00", 10, 2)
    await eventually(lambda: signals.to_trade[-1].filled == 2)
    await broker.cancel_order(cancelling(signals.to_trade[-1]))
    await eventually(lambda: signals.states[-1] == "Cancelled")

    assert set(signals.states[1:]) == {"Live", "Cancelled"}
    assert signals.to_trade[-1].filled == 2


async def test_what_is_repeated_is_told_once(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract, control: Control
) -> None:
    await control.fault("repeat_stream", copies=5, times=9)
    sent = await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)
    await broker.cancel_order(cancelling(sent))
    await eventually(lambda: "Cancelled" in signals.states)

    assert len({record.model_dump_json() for record in signals.to_trade}) == len(signals.to_trade)


async def test_what_happened_while_the_stream_was_cut_is_read_after_the_reconnect(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract, control: Control
) -> None:
    await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)

    await control.fault("stream_drop", on="account")
    await control.quote(option.symbol, "0.90", "0.95")

    filled = await eventually(lambda: [record for record in signals.to_trade if record.is_settled])
    assert filled[0].filled == 2
    await eventually(lambda: watched.progress["connections"] == 2)


async def test_a_stream_that_went_silent_is_found_out_by_its_heartbeat(
    broker: TastytradeBroker, signals: Signals, option: Contract, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_BEAT_EVERY", 0.05)
    monkeypatch.setattr(stream, "_ANSWER_WITHIN", 0.2)
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)

    await control.fault("stream_silence", on="account", seconds=60)
    await placed(broker, order(option))

    await eventually(lambda: "Live" in signals.states)
    await eventually(lambda: running.progress["connections"] == 2)
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_what_the_stream_lost_unnoticed_is_found_by_the_sweep(
    broker: TastytradeBroker, signals: Signals, option: Contract, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_SWEEP_EVERY", 0.1)
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)
    await control.fault("stream_silence", on="account", seconds=60)

    await placed(broker, order(option))

    await eventually(lambda: "Live" in signals.states)
    assert running.progress["connections"] == 1
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_a_watch_that_takes_over_tells_what_is_new_since_and_not_all_again(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract
) -> None:
    sent = await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)
    later = datetime.now(UTC) + timedelta(minutes=5)  # as if all this were long ago
    again = Signals()

    running = Watch(broker, again, before={"told_until": later.isoformat()})
    await eventually(lambda: running.sees)
    assert again.to_trade == []

    await broker.cancel_order(cancelling(sent))
    await eventually(lambda: "Cancelled" in again.states)
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_what_a_dying_watch_had_not_told_is_told_by_the_next(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract
) -> None:
    """It says itself until when all was told: not, as long as a signal waits or was given up."""
    signals.failures = [RPCError("away", RPCStatusCode.UNAVAILABLE, b"")] * 3
    await placed(broker, order(option))
    await eventually(lambda: not signals.failures)
    told_until = watched.progress["told_until"]
    again = Signals()

    running = Watch(broker, again, before={"told_until": told_until})
    await eventually(lambda: "Live" in again.states)
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_orders_of_others_are_left_alone(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract
) -> None:
    for identifier in ("somebody-else", "al-nonsense", "al-1-2-0e00x"):
        await placed(broker, order(option).model_copy(update={"identifier": identifier}))

    await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)

    assert list(signals.sent) == [TRADE.workflow_id]


async def test_a_signal_that_fails_is_sent_again_before_the_next_one(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract
) -> None:
    signals.failures = [RPCError("away", RPCStatusCode.UNAVAILABLE, b"")] * 2

    await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)

    assert len(set(signals.states)) == len(signals.states)
    assert signals.failures == []


async def test_a_signal_that_can_never_be_sent_is_left_to_the_next_sweep(
    broker: TastytradeBroker, signals: Signals, option: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_SWEEP_EVERY", 0.1)
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)
    sent = await placed(broker, order(option))
    await eventually(lambda: "Live" in signals.states)

    signals.failures = [RPCError("away", RPCStatusCode.UNAVAILABLE, b"")] * 3
    await broker.cancel_order(cancelling(sent))

    await eventually(lambda: "Cancelled" in signals.states)
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)


async def test_a_trade_that_is_over_is_counted(
    broker: TastytradeBroker, watched: Watch, signals: Signals, option: Contract
) -> None:
    signals.failures = [RPCError("gone", RPCStatusCode.NOT_FOUND, b"")]

    await placed(broker, order(option))

    await eventually(lambda: watched.progress["trades_over"] == 1)


async def test_a_record_that_cannot_be_read_is_read_by_rest(
    paper: RunningPaper, hostile: Start, broker: TastytradeBroker, signals: Signals, option: Contract
) -> None:
    """The exchange's own stream is exchanged for one that stammers."""
    stammers = asyncio.Queue[str]()
    closed = asyncio.Event()

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        asked = json.loads(await socket.receive_str())
        await socket.send_json({"status": "ok", "action": "connect", "request-id": asked["request-id"]})
        said = asyncio.create_task(say(socket))
        async for _ in socket:
            pass
        said.cancel()
        closed.set()
        return socket

    async def say(socket: web.WebSocketResponse) -> None:
        while True:
            await socket.send_str(await stammers.get())

    url = await hostile(**{"GET /streamer": handler})
    stammering = TastytradeBroker(
        endpoint(paper.url, f"{url}/streamer".replace("http", "ws")), BrokerCredentials.for_paper()
    )
    running = Watch(stammering, signals)
    await eventually(lambda: running.sees)

    sent = await placed(broker, order(option))
    stammers.put_nowait(
        json.dumps({"type": "Order", "data": {"id": sent.order_id, "external-identifier": sent.identifier}})
    )
    await eventually(lambda: signals.states)
    await broker.cancel_order(cancelling(sent))
    await eventually(lambda: paper.exchange.book.orders[sent.order_id].status.value == "Cancelled")
    stammers.put_nowait("{cut")
    await eventually(lambda: "Cancelled" in signals.states)

    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)
    await asyncio.wait_for(closed.wait(), PATIENCE)
    await stammering.close()


async def test_a_watch_for_another_account_is_refused_for_good(broker: TastytradeBroker, signals: Signals) -> None:
    activity = broker.watch(cast("Client", signals)).watch_account

    with pytest.raises(ApplicationError) as refused:
        await ActivityEnvironment().run(activity, WatchAccount(account_number="5WX99999"))

    assert refused.value.non_retryable


async def test_a_worker_that_stops_hands_the_watch_on(broker: TastytradeBroker, signals: Signals) -> None:
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)

    running.environment.worker_shutdown()

    with pytest.raises(ApplicationError) as ended:
        await asyncio.wait_for(running.task, PATIENCE)
    assert not ended.value.non_retryable


async def test_a_cancel_ends_everything_that_the_watch_began(broker: TastytradeBroker, signals: Signals) -> None:
    before = asyncio.all_tasks()
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)

    running.environment.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running.task

    ours = [task for task in asyncio.all_tasks() - before if "activities/broker" in repr(task)]
    assert ours == []


async def test_a_cancel_does_not_wait_for_signals_that_cannot_be_sent(
    broker: TastytradeBroker, signals: Signals, option: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_lanes, "_PAUSES", (3600.0,))
    before = asyncio.all_tasks()
    running = Watch(broker, signals)
    await eventually(lambda: running.sees)
    signals.failures = [RPCError("away", RPCStatusCode.UNAVAILABLE, b"")]
    await placed(broker, order(option))
    await eventually(lambda: not signals.failures)

    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)

    assert [task for task in asyncio.all_tasks() - before if "TradeSignals" in repr(task)] == []


async def test_it_says_since_when_it_is_blind(signals: Signals) -> None:
    away = TastytradeBroker(endpoint("http://127.0.0.1:9"), BrokerCredentials.for_paper())
    running = Watch(away, signals)

    await eventually(lambda: running.progress)

    assert running.progress["blind_since"] is not None
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)
    await away.close()
