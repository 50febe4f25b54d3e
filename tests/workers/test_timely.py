"""On the real dev server: a worker is killed, something happens, somebody asks, and a new worker comes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    OutboundInterceptor,
    QueryWorkflowInput,
    WorkflowHandle,
    WorkflowQueryFailedError,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from tests.workers.waits import PATIENCE, QUEUE, READY, Waits
from workers.timely import AsksAgain

AWAY = 1.6 * PATIENCE.total_seconds()
A_MOMENT = timedelta(milliseconds=1)
_ATTEMPTS = 5
Handle = WorkflowHandle[Waits, int]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server), dev_server_log_level="error"
    ) as env:
        yield env.client
        await asyncio.sleep(0.1)  # a Temporal client whose loop closes at once may take the interpreter with it


@asynccontextmanager
async def worker(client: Client, how: str) -> AsyncIterator[None]:
    """A process that serves, and is killed at the end."""
    address = client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workers.waits", address, how, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert (await process.stdout.readline()).decode().strip() == READY
        yield
    finally:
        process.kill()
        await process.wait()


async def asked_between(client: Client, how: str) -> tuple[Handle, int | BaseException]:
    """A workflow that has ended, and what it said to whom asked it between two workers."""
    for attempt in range(_ATTEMPTS):
        async with worker(client, how):
            handle = await client.start_workflow(Waits.run, 2, id=f"waits-{attempt}", task_queue=QUEUE)
            await handle.query(Waits.waited)
        asked = asyncio.ensure_future(handle.query(Waits.waited))
        await asyncio.sleep(AWAY)
        async with worker(client, how):
            (answer,) = await asyncio.gather(asked, return_exceptions=True)
            await handle.result()
        if not isinstance(answer, RPCError):  # that one was lost with the killed worker's poll
            return handle, answer
    pytest.fail("each question was lost")


async def staleness(client: Client, handle: Handle) -> list[timedelta]:
    """How long before its task's start each request was made, by the workflow's clock."""
    found: list[timedelta] = []
    begun = datetime.min
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            begun = event.event_time.ToDatetime()
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            (told,) = await client.data_converter.decode(
                event.activity_task_scheduled_event_attributes.input.payloads, [str]
            )
            found.append(begun - datetime.fromisoformat(told).replace(tzinfo=None))
    return found


async def test_the_clock_of_a_workflow_that_is_asked_between_two_workers_keeps_up(client: Client) -> None:
    handle, answer = await asked_between(client, "timely")
    assert isinstance(answer, WorkflowQueryFailedError)
    assert "ask again" in answer.message
    assert max(await staleness(client, handle)) < A_MOMENT
    kinds = {event.event_type async for event in handle.fetch_history_events()}
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds  # it costs a question, never a task


async def test_our_clients_ask_again_by_themselves(client: Client) -> None:
    again = Client(client.service_client, interceptors=[AsksAgain()])
    handle, answer = await asked_between(again, "timely")
    assert answer == 1
    assert max(await staleness(client, handle)) < A_MOMENT


async def test_the_sdk_by_itself_lets_the_clock_stand_still(client: Client) -> None:
    """When this fails, the SDK has been mended, and workers/timely.py can go."""
    handle, answer = await asked_between(client, "plain")
    assert answer == 1
    assert max(await staleness(client, handle)) > PATIENCE


class Deaf(OutboundInterceptor):
    """Fails to answer as told, one failure for each question, and answers then."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.waited: list[timedelta | None] = []

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        self.waited.append(input.rpc_timeout)
        if self.failures:
            raise self.failures.pop(0)
        return "an answer"


def rpc_error(status: RPCStatusCode) -> RPCError:
    return RPCError("said so", status, b"")


async def ask(deaf: Deaf, patience: timedelta | None = None) -> Any:
    question = QueryWorkflowInput("id", None, "view", [], None, {}, None, {}, patience)
    return await AsksAgain().intercept_client(deaf).query_workflow(question)


@pytest.mark.parametrize("status", [RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED])
async def test_a_question_that_a_dead_worker_took_along_is_asked_again(status: RPCStatusCode) -> None:
    deaf = Deaf(rpc_error(status), rpc_error(status))
    assert await ask(deaf) == "an answer"
    assert all(waited is not None and waited <= timedelta(seconds=3) for waited in deaf.waited)


@pytest.mark.parametrize(
    "failure", [rpc_error(RPCStatusCode.NOT_FOUND), WorkflowQueryFailedError("no such question")], ids=repr
)
async def test_what_will_not_pass_is_told_at_once(failure: Exception) -> None:
    deaf = Deaf(failure)
    with pytest.raises(type(failure)):
        await ask(deaf)
    assert len(deaf.waited) == 1


async def test_nobody_waits_longer_than_asked_for() -> None:
    deaf = Deaf(*[rpc_error(RPCStatusCode.CANCELLED)] * 100)
    with pytest.raises(RPCError):
        await ask(deaf, timedelta(seconds=0.25))
    assert len(deaf.waited) <= 3
    assert all(waited is not None and waited <= timedelta(seconds=0.25) for waited in deaf.waited)
