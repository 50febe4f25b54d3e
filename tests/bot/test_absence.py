"""Deletions and edits while the bot was away: heard of when it is back, and only where Discord says that it was one."""

from datetime import UTC, datetime

import pytest

from bot.terms import WhenEdited
from domain.desk_book import OpenTrade
from tests.bot.conftest import ALERT, Room
from tests.fakes.discord import Json, Permission

DELETED, EDITED = "the alert was deleted", "the alert was edited"


async def entering(room: Room, channel: Json | None = None, text: str = ALERT) -> tuple[Json, str]:
    """An alert whose entry works when the bot goes away."""
    async with room.bot():
        said = await room.discord.people.say(channel or room.alerts, room.author, text)
        workflow_id = f"alert-{room.alerts['id']}-{said['id']}"
        await room.until(lambda: workflow_id in room.trades.requests)
    for name, request in room.trades.requests.items():
        room.desk.kept.trades[name] = OpenTrade(
            admitted_at=datetime.now(UTC), alert=request.alert, channel_id=request.message.channel_id
        )
    return said, workflow_id


def looks(room: Room, message: Json) -> int:
    """How often that message was asked for by itself."""
    return len(room.discord.rest.asked("GET", f"/channels/{message['channel_id']}/messages/{message['id']}"))


async def back(room: Room) -> None:
    """The bot comes back, sweeps, and has looked at what it had to."""
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed and not bot.absence._is_looking)
        await room.settled(bot)
        await room.until(lambda: not bot.absence._is_looking)


async def test_an_alert_that_was_deleted_while_the_bot_was_away_is_taken_off(room: Room) -> None:
    said, workflow_id = await entering(room)
    await room.discord.people.delete(said)
    async with room.bot():
        await room.until(lambda: room.trades.withdrawn)
        await room.until(lambda: room.letters(room.author))
    assert room.trades.withdrawn == {workflow_id: DELETED}
    assert "deleted" in room.letters(room.author)[0]


async def test_a_deletion_that_a_lost_session_swallowed_is_found_when_it_is_back(room: Room) -> None:
    said, workflow_id = await entering(room)
    async with room.bot() as bot:
        await room.until(lambda: looks(room, said) and not bot.absence._is_looking)
        assert room.trades.withdrawn == {}
        room.discord.gateway.expires_next_resume = True
        await room.discord.gateway.drop()
        await room.discord.people.delete(said)
        await room.until(lambda: room.trades.withdrawn)
    assert room.trades.withdrawn == {workflow_id: DELETED}


async def test_each_alert_of_the_message_is_told_and_the_message_looked_at_once(room: Room) -> None:
    said, workflow_id = await entering(room, text=f"{ALERT}\nBTO 1 AMD 200c 12/18 @ 2.00")
    await room.discord.people.delete(said)
    async with room.bot() as bot:
        await room.until(lambda: len(room.trades.withdrawn) == 2)
        await bot.background.finish(5)
    assert list(room.trades.withdrawn) == [workflow_id, f"{workflow_id}-1"]
    assert looks(room, said) == 1


async def test_a_message_in_a_thread_is_looked_for_in_it(room: Room) -> None:
    thread = await room.discord.people.thread(room.alerts, room.author)
    said, workflow_id = await entering(room, thread)
    await room.discord.people.delete(said)
    async with room.bot():
        await room.until(lambda: room.trades.withdrawn)
    assert room.trades.withdrawn == {workflow_id: DELETED}


async def test_an_old_alert_that_was_edited_meanwhile_is_heard_too(room: Room) -> None:
    """The sweep reads back as far as alerts are young; an entry works longer than that."""
    said, workflow_id = await entering(room)
    said["timestamp"] = "2026-01-01T00:00:00+00:00"
    await room.discord.people.edit(said, "never mind")
    async with room.bot():
        await room.until(lambda: room.trades.withdrawn)
    assert room.trades.withdrawn == {workflow_id: EDITED}


async def test_an_alert_that_stands_as_it_was_or_reads_the_same_is_let_be(room: Room) -> None:
    said, _ = await entering(room)
    await back(room)
    assert looks(room, said) == 1
    await room.discord.people.edit(said, f"{ALERT} gl all")
    await back(room)
    assert room.trades.withdrawn == {}


@pytest.mark.parametrize("state", ["holding", "a dry run", "over"])
async def test_only_trades_whose_entry_works_are_looked_at(room: Room, state: str) -> None:
    said, workflow_id = await entering(room)
    trade = room.desk.kept.trades.pop(workflow_id)
    if state == "holding":
        room.desk.kept.trades[workflow_id] = trade.model_copy(update={"is_entering": False})
    if state == "a dry run":
        room.desk.kept.rehearsals[workflow_id] = trade
    await room.discord.people.delete(said)
    await back(room)
    assert looks(room, said) == 0
    assert room.trades.withdrawn == {}


@pytest.mark.parametrize(
    "lack", [Permission.VIEW_CHANNEL, Permission.READ_HISTORY, Permission.VIEW_CHANNEL | Permission.READ_HISTORY]
)
async def test_where_the_bot_may_not_look_nothing_is_a_deletion(room: Room, lack: int) -> None:
    said, _ = await entering(room)
    await room.discord.people.delete(said)
    room.discord.world.deny(room.alerts, lack)
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
        await bot.background.finish(5)
    assert room.trades.withdrawn == {}


async def test_a_channel_that_is_gone_is_no_deletion(room: Room) -> None:
    said, _ = await entering(room)
    del room.discord.world.channels[said["channel_id"]]
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
        await bot.background.finish(5)
    assert room.trades.withdrawn == {}


@pytest.mark.parametrize("code", [0, 10003, 10004])
async def test_another_404_is_no_deletion(room: Room, code: int) -> None:
    said, _ = await entering(room)
    path = f"/channels/{said['channel_id']}/messages/{said['id']}"
    room.discord.faults.plan("GET", path, status=404, code=code)
    await back(room)
    assert room.trades.withdrawn == {}


async def test_where_discord_fails_it_is_looked_at_again_after_the_next_sweep(room: Room) -> None:
    said, workflow_id = await entering(room)
    await room.discord.people.delete(said)
    path = f"/channels/{said['channel_id']}/messages/{said['id']}"
    room.discord.faults.plan("GET", path, status=503)
    async with room.bot() as bot:
        await room.until(lambda: looks(room, said) and not bot.absence._is_looking)
        assert room.trades.withdrawn == {}
        bot.sweeper.ask()
        await room.until(lambda: room.trades.withdrawn)
    assert room.trades.withdrawn == {workflow_id: DELETED}


async def test_what_another_front_door_took_is_no_message_of_discords(room: Room) -> None:
    said, workflow_id = await entering(room)
    request = room.trades.requests[workflow_id]
    by_hand = request.message.model_copy(update={"guild_id": None})
    room.trades.requests[workflow_id] = request.model_copy(update={"message": by_hand})
    await room.discord.people.delete(said)
    await back(room)
    assert looks(room, said) == 0
    assert room.trades.withdrawn == {}


async def test_nothing_is_looked_at_where_edits_are_ignored(room: Room) -> None:
    said, _ = await entering(room)
    room.terms = room.terms.model_copy(update={"when_edited": WhenEdited.IGNORE})
    await room.discord.people.delete(said)
    await back(room)
    assert looks(room, said) == 0
    assert room.trades.withdrawn == {}
