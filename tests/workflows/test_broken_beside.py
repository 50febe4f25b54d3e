"""A bug in what runs beside the story stops the workflow's task, and the trade goes on once the code is mended."""

import asyncio

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause

from domain.trade import TradeState
from tests.workflows.conftest import Floor
from workflows.closer import Closer

_BY_A_BUG = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE


async def test_a_bug_beside_the_story_is_seen_and_the_trade_goes_on_with_the_next_code(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Closer) -> None:
        raise LookupError("a bug")

    floor.market("0.75", "0.75")
    with monkeypatch.context() as patch:
        patch.setattr(Closer, "run", broken)
        await floor.alert()
        async with asyncio.timeout(30):
            while _BY_A_BUG not in [
                event.workflow_task_failed_event_attributes.cause for event in (await floor.history()).events
            ]:
                await floor.tells()
                await asyncio.sleep(0.1)
        await floor.deploy(cached=0)
    await floor.deploy()
    await floor.after(5)
    await floor.tells()
    await floor.after(5)
    assert (await floor.view()).state is TradeState.HOLDING
    floor.handle = None  # its history holds the failed task, which every other trade's is checked not to have
