"""A trade's card: kept up to date beside the trade, and nothing of the trade depends on it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from temporalio.api.enums.v1 import EventType

from domain.card import CardButton, CardFate
from domain.refusals import RefusalCode
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import decline
from tests.fakes.cards import MESSAGE_ID
from tests.workflows.conftest import Chat, Floor
from tests.workflows.test_temporal_world import SCHEDULED, scheduled
from workflows import card_poster


async def test_shows_the_ladder_the_fills_and_the_end_in_one_message(floor: Floor, chat: Chat) -> None:
    view = await chat.deal()

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
    await chat.deal(card=False)
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
    await chat.deal()
    asked = [
        event.event_time.ToDatetime()
        for event in (await floor.history()).events
        if event.event_type == SCHEDULED
        and event.activity_task_scheduled_event_attributes.activity_type.name == "show_card"
    ]
    pauses = [later - earlier for earlier, later in pairwise(asked)]
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


async def test_a_card_that_somebody_deleted_is_not_posted_again(floor: Floor, chat: Chat) -> None:
    chat.fate = CardFate.GONE
    await chat.deal()
    assert len(chat.tries) == 1


async def test_a_channel_in_which_the_bot_may_not_write_is_told_of_once(floor: Floor, chat: Chat) -> None:
    chat.fate = CardFate.FORBIDDEN
    await chat.deal()
    assert len(chat.tries) == 1
    signals = [
        event.signal_external_workflow_execution_initiated_event_attributes
        for event in (await floor.history()).events
        if event.event_type == EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED
    ]
    told = [signal.input.payloads[0].data.decode() for signal in signals if signal.signal_name == "trouble"]
    assert len(told) == 1
    assert f"{TroubleKind.CARD_FORBIDDEN}:1" in told[0]


async def test_a_trade_that_changes_again_and_again_stops_being_posted_until_its_end(
    monkeypatch: pytest.MonkeyPatch, floor: Floor, chat: Chat
) -> None:
    """Each post costs events in the trade's history."""
    monkeypatch.setattr(card_poster, "_MOST_POSTS", 3)
    await chat.deal()
    assert [card.final for card in chat.cards] == [False, False, False, True]
