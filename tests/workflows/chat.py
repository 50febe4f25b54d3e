"""A chat beside the trades under test: its poster may come and go."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Worker

from activities.interfaces import DISCORD_QUEUE
from domain.identifiers import card_workflow_id
from domain.trade import TradeView
from tests.fakes.cards import FakeCards

if TYPE_CHECKING:
    from tests.workflows.conftest import Floor

_MOST_LOOKS = 40


class Chat(FakeCards):
    """The chat, and its poster, which may not be there."""

    def __init__(self, floor: "Floor") -> None:
        super().__init__()
        self._floor = floor
        self._stack = AsyncExitStack()

    async def deal(self, *, card: bool = True) -> TradeView:
        """All that a trade does, and its end by a cancel."""
        await self.climb(card=card)
        await self._floor.trade.cancel()
        return await self._floor.cancelled()

    async def climb(self, *, card: bool = True) -> None:
        """Three steps, a part fill on the way, the rest given up, and half of what was bought sold again."""
        floor = self._floor
        floor.market("0.70", "0.90")
        await floor.alert(card=card)
        await floor.after(30)
        floor.book.fill(floor.book.newest().order_id, 2)
        await floor.tells()
        await floor.after(80)
        floor.book.fill(floor.book.working()[0].order_id, 1)
        await floor.tells()
        await floor.after(20)

    async def comes(self) -> None:
        await self._stack.enter_async_context(
            Worker(self._floor.env.client, task_queue=DISCORD_QUEUE, activities=[self.show_card])
        )

    async def goes(self) -> None:
        await self._stack.aclose()

    async def final(self) -> bool:
        """Let time pass until the workflow has ended that posts the final card of a trade that is over."""
        posting = self._floor.env.client.get_workflow_handle(card_workflow_id(self._floor.trade.id))
        for _ in range(_MOST_LOOKS):
            if (await posting.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return True
            await self._floor.after(30)
        return False

    async def was_handed_the_final_card(self) -> bool:
        started = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
        return started in [event.event_type for event in (await self._floor.history()).events]


@pytest_asyncio.fixture(loop_scope="module")
async def chat(floor: "Floor") -> AsyncIterator[Chat]:
    chat = Chat(floor)
    await chat.comes()
    yield chat
    chat.is_down = False
    chat.opened.set()
    await chat.goes()
