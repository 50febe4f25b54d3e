"""Edits and deletions of alerts whose entry works, and those that change nothing."""

import pytest

from bot.terms import WhenEdited
from domain.trade import TradeState
from tests.bot.conftest import ALERT, Room
from tests.fakes.discord import Json


async def traded(room: Room, text: str = ALERT) -> tuple[Json, str]:
    said = await room.discord.people.say(room.alerts, room.author, text)
    workflow_id = f"alert-{room.alerts['id']}-{said['id']}"
    await room.until(lambda: workflow_id in room.trades.requests)
    return said, workflow_id


async def test_an_edit_that_changes_the_alert_takes_its_entry_off_and_says_so(room: Room) -> None:
    async with room.bot() as bot:
        said, workflow_id = await traded(room)
        await room.discord.people.edit(said, "BTO 2 UBER 78p 12/18 @ 0.95")
        await room.until(lambda: room.trades.withdrawn)
        await bot.background.finish(5)
    assert room.trades.withdrawn == {workflow_id: "the alert was edited"}
    assert "🚫" in room.signs(said)
    assert "entry comes off the market" in room.letters(room.author)[0]
    assert len(room.trades.requests) == 1


async def test_a_deletion_takes_its_entry_off(room: Room) -> None:
    async with room.bot():
        said, workflow_id = await traded(room)
        await room.discord.people.delete(said)
        await room.until(lambda: room.trades.withdrawn)
    assert room.trades.withdrawn == {workflow_id: "the alert was deleted"}


async def test_each_alert_of_a_message_that_is_deleted_is_told(room: Room) -> None:
    async with room.bot():
        said, workflow_id = await traded(room, f"{ALERT}\nBTO 1 AMD 200c 12/18 @ 2.00")
        await room.discord.people.delete(said)
        await room.until(lambda: len(room.trades.withdrawn) == 2)
    assert list(room.trades.withdrawn) == [workflow_id, f"{workflow_id}-1"]


async def test_many_messages_deleted_in_one_go_are_each_told(room: Room) -> None:
    async with room.bot():
        first, _ = await traded(room)
        second, _ = await traded(room, "BTO 1 AMD 200c 12/18 @ 2.00")
        await room.discord.people.delete(first, second)
        await room.until(lambda: len(room.trades.withdrawn) == 2)


@pytest.mark.parametrize("text", [f"{ALERT} gl all", "**BTO** 2 UBER 78p 12/18 @ .75"])
async def test_an_edit_that_reads_the_same_changes_nothing(room: Room, text: str) -> None:
    async with room.bot() as bot:
        said, _ = await traded(room)
        await room.discord.people.edit(said, text)
        await room.settled(bot)
    assert room.trades.withdrawn == {}


async def test_a_links_preview_is_no_edit(room: Room) -> None:
    async with room.bot() as bot:
        said, _ = await traded(room)
        await room.discord.people.unfurl(said, {"title": "BTO 9 UBER 78p 12/18 @ 9.00"})
        await room.settled(bot)
    assert room.trades.withdrawn == {}


async def test_a_trade_that_holds_is_left_alone(room: Room) -> None:
    async with room.bot() as bot:
        said, workflow_id = await traded(room)
        room.trades.states[workflow_id] = TradeState.HOLDING
        await room.discord.people.delete(said)
        await room.settled(bot)
    assert room.trades.withdrawn == {}


async def test_edits_are_ignored_where_the_setting_says_so(room: Room) -> None:
    room.terms = room.terms.model_copy(update={"when_edited": WhenEdited.IGNORE})
    async with room.bot() as bot:
        said, _ = await traded(room)
        await room.discord.people.edit(said, "never mind")
        await room.settled(bot)
    assert room.trades.withdrawn == {}


async def test_an_edit_while_the_bot_was_away_is_found_by_its_sweep(room: Room) -> None:
    async with room.bot():
        said, _ = await traded(room)
    await room.discord.people.edit(said, "never mind")
    async with room.bot():
        await room.until(lambda: room.trades.withdrawn)


async def test_an_edit_right_behind_its_message_is_not_lost(room: Room) -> None:
    async with room.bot():
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.discord.people.edit(said, "never mind")
        await room.until(lambda: room.trades.withdrawn)
