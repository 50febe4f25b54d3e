"""On the real dev server: a worker is killed, something happens, somebody asks, and a new worker comes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.testing import WorkflowEnvironment

from tests.workers.waits import PATIENCE, QUEUE, READY, Waits
from workers.timely import AsksAgain

AWAY = 1.6 * PATIENCE.total_seconds()
A_MOMENT = timedelta(milliseconds=1)
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


async def start(client: Client, how: str) -> Handle:
    """A workflow that waits, and whose worker was killed."""
    async with worker(client, how):
        handle = await client.start_workflow(Waits.run, 2, id="waits", task_queue=QUEUE)
        await handle.query(Waits.waited)
    return handle


async def asked_while_away(handle: Handle, client: Client, how: str) -> int | BaseException:
    """What it said, or did not say, to whom asked it between two workers; it has ended then."""
    asked = asyncio.ensure_future(handle.query(Waits.waited))
    await asyncio.sleep(AWAY)
    async with worker(client, how):
        (answer,) = await asyncio.gather(asked, return_exceptions=True)
        await handle.result()
    return answer


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
    handle = await start(client, "timely")
    answer = await asked_while_away(handle, client, "timely")
    assert isinstance(answer, WorkflowQueryFailedError)
    assert "ask again" in answer.message
    assert max(await staleness(client, handle)) < A_MOMENT
    kinds = {event.event_type async for event in handle.fetch_history_events()}
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds  # it costs a question, never a task


async def test_our_clients_ask_again_by_themselves(client: Client) -> None:
    await start(client, "timely")
    again = Client(client.service_client, interceptors=[AsksAgain()])
    handle = again.get_workflow_handle_for(Waits.run, "waits")
    assert await asked_while_away(handle, client, "timely") == 1
    assert max(await staleness(client, handle)) < A_MOMENT


async def test_the_sdk_by_itself_lets_the_clock_stand_still(client: Client) -> None:
    """When this fails, the SDK has been mended, and workers/timely.py can go."""
    handle = await start(client, "plain")
    assert await asked_while_away(handle, client, "plain") == 1
    assert max(await staleness(client, handle)) > PATIENCE
