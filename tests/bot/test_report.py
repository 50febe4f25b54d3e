"""The report by a command: both files, for whoever asks alone."""

import sys
from datetime import UTC, datetime

import pytest

from bot.commands import commands
from domain.errors import RetryableError
from tests.bot.conftest import Room
from tests.bot.test_commands import asked
from tests.domain.reporting.rows import Told, a_days_trades, rows_of
from tests.report.test_page import HOSTILE

EXTENSIONS = (commands,)


async def shown(room: Room) -> None:
    await room.until(lambda: room.discord.interactions.commands[room.guild["id"]])
    room.discord.interactions.shown_to.add(room.guild["id"])


async def test_a_viewer_is_shown_the_picture_and_given_the_page(room: Room) -> None:
    room.audit.events = rows_of(*a_days_trades())
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        used = await asked(room, room.viewer, "report", day="2026-11-25")
        message = await used.message()
    assert used.is_ephemeral
    assert [file["filename"] for file in message["attachments"]] == ["report.png", "report.html"]
    (embed,) = message["embeds"]
    assert embed["image"]["url"].startswith("attachment://report.png") or "report.png" in embed["image"]["url"]
    assert "PAPER" in used.text
    assert "+$266.00" in used.text
    assert "5 traded, 4 refused" in used.text


async def test_the_answer_comes_though_discord_fails_at_first(room: Room) -> None:
    room.audit.events = rows_of(*a_days_trades())
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        room.discord.faults.plan("PATCH", "/webhooks/*/*/messages/@original", status=503)
        used = await asked(room, room.operator, "report", day="2026-11-25")
        message = await used.message()
    assert all(file["size"] > 1000 for file in message["attachments"])


async def test_no_word_of_a_stranger_comes_into_the_answer(room: Room) -> None:
    now = datetime.now(UTC)
    told = Told(now, author=HOSTILE, said=HOSTILE, symbol=HOSTILE).admitted(1, HOSTILE)
    room.audit.events = rows_of(told, Told(now, author=HOSTILE, said=HOSTILE).refused("halted", HOSTILE))
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        used = await asked(room, room.operator, "report")
        message = await used.message()
    assert message["mentions"] == []
    assert "alert(1)" not in used.text
    assert "@everyone" not in used.text


async def test_what_can_not_be_made_is_said(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        for wrong in ({"day": "soon"}, {"day": "today", "since": "yesterday"}, {"since": "2001-01-01"}):
            assert (await asked(room, room.operator, "report", **wrong)).text.startswith("Not done: ")
        room.audit.broken = RetryableError("the audit worker did not answer in time")
        assert "can't be made now" in (await asked(room, room.operator, "report")).text


async def test_days_are_offered_while_typing(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        offered = await room.discord.interactions.complete(room.talk, room.viewer, "report", "day", "to")
        assert [each["value"] for each in offered] == ["today"]


async def test_what_is_too_large_for_discord_is_not_sent(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["bot.commands.reporting"], "_LARGEST", 1000)
    async with room.bot(extensions=EXTENSIONS):
        await shown(room)
        assert "too large for Discord" in (await asked(room, room.operator, "report")).text
