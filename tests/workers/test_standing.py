"""What a trades worker makes sure of when it starts, on a real Temporal server."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client, ScheduleHandle, ScheduleOverlapPolicy, WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.interfaces import TRADES_QUEUE
from domain.broker import WatchAccount
from domain.identifiers import reconciliation_id
from domain.settings import DeskPolicy, LadderSettings
from workers.standing import ensure_reconciliation, ensure_standing, take_over
from workflows.account_watch import AccountWatch
from workflows.desk import Desk

ACCOUNT = "5WX00042"
TEN_MINUTES, ONE_HOUR = timedelta(minutes=10), timedelta(hours=1)


@workflow.defn(name="Reconciliation")
class Pass:
    """A pass that ends when it is told to."""

    def __init__(self) -> None:
        self._is_over = False

    @workflow.run
    async def run(self, request: WatchAccount) -> str:
        await workflow.wait_condition(lambda: self._is_over)
        return request.account_number

    @workflow.signal
    def end(self) -> None:
        self._is_over = True


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server), data_converter=pydantic_data_converter, dev_server_log_level="error"
    ) as environment:
        async with Worker(environment.client, task_queue=TRADES_QUEUE, workflows=[Pass, Desk]):
            yield environment.client
        await asyncio.sleep(0.05)  # the SDK may crash the interpreter when a client's loop closes at once


def schedule(client: Client) -> ScheduleHandle:
    return client.get_schedule_handle(reconciliation_id(ACCOUNT))


async def begun(client: Client, count: int) -> list[str]:
    """Ids of the passes, in their order, once so many have begun."""
    async with asyncio.timeout(30):
        while True:
            found = (await schedule(client).describe()).info.recent_actions
            if len(found) >= count:
                return [action.action.workflow_id for action in found]  # type: ignore[union-attr]
            await asyncio.sleep(0.05)  # the server tells of its schedules to whoever looks


async def end(client: Client, workflow_id: str) -> None:
    handle = client.get_workflow_handle(workflow_id)
    await handle.signal(Pass.end)
    assert await handle.result() == ACCOUNT


async def test_the_first_pass_is_made_at_once(client: Client) -> None:
    await ensure_reconciliation(client, ACCOUNT, TEN_MINUTES)
    (first,) = await begun(client, 1)
    assert first.startswith(f"reconcile-{ACCOUNT}")
    await end(client, first)


async def test_a_pass_that_is_asked_for_while_one_runs_comes_after_it(client: Client) -> None:
    """Many are asked for, by every worker that starts: one is enough."""
    await ensure_reconciliation(client, ACCOUNT, TEN_MINUTES)
    (first,) = await begun(client, 1)
    for _ in range(3):
        await ensure_reconciliation(client, ACCOUNT, TEN_MINUTES)
    assert len((await schedule(client).describe()).info.recent_actions) == 1

    await end(client, first)
    _, second = await begun(client, 2)
    await end(client, second)

    found = await schedule(client).describe()
    assert (found.info.num_actions, found.info.running_actions) == (2, [])


async def test_workers_that_start_together_make_one_schedule(client: Client) -> None:
    await asyncio.gather(*(ensure_reconciliation(client, ACCOUNT, TEN_MINUTES) for _ in range(4)))
    (first,) = await begun(client, 1)
    assert [listed.id async for listed in await client.list_schedules()] in ([reconciliation_id(ACCOUNT)], [])
    await end(client, first)


async def test_the_interval_is_the_settings_newest(client: Client) -> None:
    await ensure_reconciliation(client, ACCOUNT, TEN_MINUTES)
    await ensure_reconciliation(client, ACCOUNT, ONE_HOUR)
    found = (await schedule(client).describe()).schedule
    assert [interval.every for interval in found.spec.intervals] == [ONE_HOUR]
    assert found.policy.overlap is ScheduleOverlapPolicy.BUFFER_ONE


async def test_a_schedule_that_a_person_paused_stays_paused_and_makes_no_pass(client: Client) -> None:
    await ensure_reconciliation(client, ACCOUNT, TEN_MINUTES)
    (first,) = await begun(client, 1)
    await end(client, first)
    await schedule(client).pause(note="somebody looks at it")

    await ensure_reconciliation(client, ACCOUNT, ONE_HOUR)

    found = await schedule(client).describe()
    assert (found.schedule.state.paused, found.schedule.state.note) == (True, "somebody looks at it")
    assert found.info.num_actions == 1


async def test_a_desk_that_runs_is_told_the_new_settings_and_keeps_its_book(client: Client) -> None:
    await ensure_standing(client, ACCOUNT, DeskPolicy())
    handle = client.get_workflow_handle_for(Desk.run, f"desk-{ACCOUNT}")
    run_id = (await handle.describe()).run_id

    await ensure_standing(client, ACCOUNT, DeskPolicy(ladder=LadderSettings(max_steps=2)))

    assert (await handle.query(Desk.book)).policy.ladder.max_steps == 2
    assert (await handle.describe()).run_id == run_id
    watch = await client.get_workflow_handle_for(AccountWatch.run, f"watch-{ACCOUNT}").describe()
    assert watch.status is WorkflowExecutionStatus.RUNNING


async def test_open_trades_that_a_dead_worker_held_go_to_whoever_is_there(client: Client) -> None:
    for number in range(2):
        await client.start_workflow("AlertTrade", id=f"alert-1-{number}", task_queue="nobody's")
    async with asyncio.timeout(10):
        while await take_over(client) < 2:  # noqa: ASYNC110  the server's list may lag by a second
            await asyncio.sleep(0.05)
