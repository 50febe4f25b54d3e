"""A trade's card: kept up to date beside the trade, and nothing of the trade depends on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import Worker

from activities.interfaces import DISCORD_QUEUE
from domain.card import CardButton, CardFate
from domain.identifiers import card_workflow_id
from domain.refusals import RefusalCode
from domain.trade import TradeState, TradeView
from domain.trouble import TroubleKind
from tests.fakes.broker import decline
from tests.fakes.cards import MESSAGE_ID, FakeCards
from tests.workflows.conftest import Floor
from tests.workflows.test_temporal_world import SCHEDULED, scheduled


class Chat(FakeCards):
    """The chat, and its poster, which may not be there."""

    def __init__(self, floor: Floor) -> None:
        super().__init__()
        self._floor = floor
        self._stack = AsyncExitStack()

    async def comes(self) -> None:
        await self._stack.enter_async_context(
            Worker(self._floor.env.client, task_queue=DISCORD_QUEUE, activities=[self.show_card])
        )

    async def goes(self) -> None:
        await self._stack.aclose()

    async def final(self) -> None:
        """Wait for the workflow that posts the final card of a trade that is over."""
        await self._floor.env.client.get_workflow_handle(card_workflow_id(self._floor.trade.id)).result()

    async def was_handed_the_final_card(self) -> bool:
        started = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
        return started in [event.event_type for event in (await self._floor.history()).events]


@pytest_asyncio.fixture(loop_scope="module")
async def chat(floor: Floor) -> AsyncIterator[Chat]:
    chat = Chat(floor)
    await chat.comes()
    yield chat
    chat.opened.set()
    await chat.goes()


async def deal(floor: Floor, *, card: bool) -> TradeView:
    """Three steps, a part fill on the way, and given up: everything that a ladder does."""
    floor.market("0.70", "0.90")
    await floor.alert(card=card)
    await floor.after(30)
    floor.book.fill(floor.book.newest().order_id, 2)
    await floor.tells()
    await floor.after(80)
    floor.book.fill(floor.book.working()[0].order_id, 1)
    await floor.tells()
    await floor.after(20)
    await floor.trade.cancel()
    return await floor.cancelled()


async def test_shows_the_ladder_the_fills_and_the_end_in_one_message(floor: Floor, chat: Chat) -> None:
    view = await deal(floor, card=True)

    assert view.state is TradeState.CANCELLED
    assert {asked.message_id for asked in chat.shown[1:]} == {MESSAGE_ID}
    assert chat.shown[0].message_id is None
    assert {asked.channel_id for asked in chat.shown} == {1}
    told = " ".join(chat.words)
    assert told.index("step 0 of 3") < told.index("step 1 of 3") < told.index("Holding") < told.index("Cancelled")
    assert chat.cards[-1].final
    assert not chat.cards[-1].buttons
    assert not await chat.was_handed_the_final_card()


async def test_a_trade_that_was_not_started_from_the_chat_has_no_card(floor: Floor, chat: Chat) -> None:
    await deal(floor, card=False)
    assert not chat.tries


async def test_a_refused_trade_shows_its_reason_once(floor: Floor, chat: Chat) -> None:
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert(card=True)
    await floor.end()

    (shown,) = chat.cards
    assert shown.final
    assert RefusalCode.HALTED.sentence.rstrip(".") in shown.text


async def test_a_dry_run_has_a_card_too(floor: Floor, chat: Chat) -> None:
    floor.market("0.75", "0.75")
    await floor.alert(card=True, dry_run=True)
    await floor.end()
    assert "DRY RUN" in chat.cards[-1].title
    assert chat.cards[-1].final


async def test_nothing_is_posted_before_the_first_order_goes(floor: Floor, chat: Chat) -> None:
    floor.market("0.75", "0.75")
    await floor.alert(card=True)
    await floor.after(8)
    names = [name for name, _, _ in scheduled(await floor.history())]
    assert names.index("place_order") < names.index("show_card")


async def test_at_most_one_post_is_under_way_and_the_next_shows_all_that_changed(floor: Floor, chat: Chat) -> None:
    chat.opened.clear()
    floor.market("0.70", "0.90")
    await floor.alert(card=True)
    await floor.sees(lambda: bool(floor.book.orders) and bool(chat.tries))
    for _ in range(3):
        floor.book.fill(1000, 1)
        await floor.tells()
    chat.opened.set()
    await floor.after(10)

    assert chat.most_under_way == 1
    assert [card.fields[0].value.partition(" @")[0] for card in chat.cards] == ["0 of 4", "3 of 4"]


async def test_keeps_its_pace(floor: Floor, chat: Chat) -> None:
    """Whatever changes, two edits are a second and a half apart."""
    await deal(floor, card=True)
    asked = [
        event.event_time.ToDatetime()
        for event in (await floor.history()).events
        if event.event_type == SCHEDULED
        and event.activity_task_scheduled_event_attributes.activity_type.name == "show_card"
    ]
    pauses = [later - earlier for earlier, later in zip(asked, asked[1:], strict=False)]
    assert len(asked) > 5
    assert min(pauses[:-1]) >= timedelta(seconds=1.5)  # the final one need not wait


async def test_what_looks_the_same_is_not_posted_again(floor: Floor, chat: Chat) -> None:
    floor.market("0.75", "0.75")
    await floor.alert(card=True)
    await floor.after(8)
    before = len(chat.cards)
    for _ in range(3):
        await floor.broker.tell_of(floor.book.newest())
    await floor.after(8)
    assert len(chat.cards) == before
    assert chat.cards[-1].buttons == (CardButton.CLOSE_NOW,)


def sent(floor: Floor) -> list[tuple[str, int, str]]:
    """What reached the broker, less what tells two trades apart."""
    return [(order.identifier[-4:], order.quantity, str(order.price)) for order in floor.book.placed]


@pytest.mark.parametrize("how", ["nobody polls", "down", "broken"])
async def test_a_trade_is_the_same_when_no_card_can_be_shown(floor: Floor, chat: Chat, how: str) -> None:
    if how == "nobody polls":
        await chat.goes()
    chat.is_down, chat.is_broken = how == "down", how == "broken"
    view = await deal(floor, card=True)

    assert (view.state, view.filled) == (TradeState.CANCELLED, 3)
    assert sent(floor) == [
        ("0e00", 4, "0.75"),
        ("0e01", 4, "0.76"),
        ("0x00", 1, "1.52"),
        ("0e02", 2, "0.77"),
    ]
    assert not chat.shown


async def test_a_trade_ends_without_its_card_and_the_card_is_posted_when_the_chat_is_back(
    floor: Floor, chat: Chat
) -> None:
    chat.is_down = True
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert(card=True)
    before = await floor.env.get_current_time()
    await floor.end()
    assert await floor.env.get_current_time() - before < timedelta(seconds=5)

    await floor.after(3600)
    assert not chat.shown
    chat.is_down = False
    await chat.final()
    (shown,) = chat.shown
    assert shown.card.final
    assert shown.in_doubt  # nobody knows whether an earlier attempt has posted it
    assert [asked.revision for asked in chat.tries] == sorted(asked.revision for asked in chat.tries)


async def test_a_final_card_that_nobody_can_post_is_given_up_after_a_day(floor: Floor, chat: Chat) -> None:
    chat.is_down = True
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert(card=True)
    await floor.end()
    handle = floor.env.client.get_workflow_handle(card_workflow_id(floor.trade.id))
    await handle.result()
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.COMPLETED
    assert described.close_time is not None
    assert described.close_time - described.start_time <= timedelta(days=1, minutes=1)


async def test_a_card_that_somebody_deleted_is_not_posted_again(floor: Floor, chat: Chat) -> None:
    chat.fate = CardFate.GONE
    await deal(floor, card=True)
    assert len(chat.tries) == 1


async def test_a_channel_in_which_the_bot_may_not_write_is_told_of_once(floor: Floor, chat: Chat) -> None:
    chat.fate = CardFate.FORBIDDEN
    await deal(floor, card=True)
    assert len(chat.tries) == 1
    signals = [
        event.signal_external_workflow_execution_initiated_event_attributes
        for event in (await floor.history()).events
        if event.event_type == EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED
    ]
    told = [signal.input.payloads[0].data.decode() for signal in signals if signal.signal_name == "trouble"]
    assert len(told) == 1
    assert f"{TroubleKind.CARD_FORBIDDEN}:1" in told[0]


async def test_a_trade_that_changes_without_end_stops_being_posted(floor: Floor, chat: Chat) -> None:
    """Each post costs events in the trade's history: a hundred are enough for any trade, and the end is shown."""
    floor.broker.quantity = 250
    floor.market("0.70", "0.90")
    floor.broker.always("reserve", None)  # type: ignore[arg-type]
    await floor.alert(card=True)
    await floor.after(1)
    for _ in range(120):
        floor.book.fill(floor.book.working()[0].order_id, 1)
        await floor.tells()
        await floor.after(2)
    assert len(chat.shown) <= 100
