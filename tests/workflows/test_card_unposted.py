"""A trade that ends while its card can't be shown: the card follows when it can."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.identifiers import card_workflow_id
from domain.refusals import RefusalCode
from domain.trade import TradeState
from tests.fakes.broker import decline
from tests.workflows.conftest import Chat, Floor, clockwork
from tests.workflows.test_temporal_world import SCHEDULED


@pytest_asyncio.fixture(loop_scope="module")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    """One for each test: its clock stands still for ever once a workflow has outlived the one that started it."""
    async with clockwork() as env:
        yield env


def sent(floor: Floor) -> list[tuple[str, int, str]]:
    """What reached the broker, less what tells two trades apart."""
    return [(order.identifier[-4:], order.quantity, str(order.price)) for order in floor.book.placed]


@pytest.mark.parametrize("how", ["down", "broken"])
async def test_a_trade_is_the_same_when_no_card_can_be_shown(floor: Floor, chat: Chat, how: str) -> None:
    chat.is_down, chat.is_broken = how == "down", how == "broken"
    await chat.climb()
    view = await floor.view()

    assert (view.state, view.filled, view.exited) == (TradeState.HOLDING, 2, 1)
    assert sent(floor) == [
        ("0e00", 4, "0.75"),
        ("0e01", 4, "0.76"),
        ("0x00", 1, "1.52"),
        ("0e02", 2, "0.77"),
        ("0e03", 2, "0.78"),
    ]
    assert not chat.shown
    assert len(chat.tries) < 60
    chat.is_down = chat.is_broken = False
    await floor.trade.cancel()
    await floor.cancelled()
    assert not await chat.was_handed_the_final_card() or await chat.final()
    assert chat.cards[-1].final


async def test_a_trade_ends_without_its_card_and_the_card_is_posted_when_the_chat_is_back(
    floor: Floor, chat: Chat
) -> None:
    chat.is_down = True
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert(card=True)
    await floor.end()
    described = await floor.trade.describe()
    assert described.close_time is not None
    assert described.close_time - described.start_time < timedelta(seconds=5)

    await floor.after(300)  # each try takes real time, and the server gives a sleep ten seconds of it
    assert not chat.shown
    chat.is_down = False
    await chat.final()
    (shown,) = chat.shown
    assert shown.card.final
    assert shown.in_doubt  # nobody knows whether an earlier attempt has posted it
    assert [asked.revision for asked in chat.tries] == sorted(asked.revision for asked in chat.tries)


async def test_a_final_card_is_tried_for_a_day(floor: Floor, chat: Chat) -> None:
    chat.is_down = True
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert(card=True)
    await floor.end()
    await chat.shows(lambda: chat.tries[-1].revision > chat.tries[0].revision)
    history = await floor.env.client.get_workflow_handle(card_workflow_id(floor.trade.id)).fetch_history()
    (posting,) = [event for event in history.events if event.event_type == SCHEDULED]
    patience = posting.activity_task_scheduled_event_attributes.schedule_to_close_timeout
    assert patience.ToTimedelta() == timedelta(days=1)


async def test_nobody_waits_for_a_poster_that_is_not_there(floor: Floor, chat: Chat) -> None:
    """In real time: the test server's clock stands still once nobody takes a post."""
    await chat.goes()
    floor.market("0.75", "0.75")
    await floor.alert(card=True)
    await floor.sees(lambda: len(floor.book.working_sells()) == 1)
    began = asyncio.get_running_loop().time()
    await floor.trade.cancel()
    view = await floor.cancelled()

    assert (view.state, view.filled) == (TradeState.CANCELLED, 4)
    assert asyncio.get_running_loop().time() - began < 15
    assert await chat.was_handed_the_final_card()
    await chat.comes()
    await chat.shows(lambda: bool(chat.shown))
    assert [card.final for card in chat.cards] == [True]
