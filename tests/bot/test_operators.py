"""The operators' channel: each trouble once, with what to do, through restarts and with two bots."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.operators import mark_of
from domain.errors import RetryableError
from domain.trouble import Trouble, TroubleKind
from tests.bot.conftest import Room
from workflows.desk_door import NoDesk


def trouble(key: str, kind: TroubleKind = TroubleKind.EXIT_FAILED, detail: str = "UBER 78p", hours: int = 0) -> Trouble:
    return Trouble(kind=kind, key=key, detail=detail, at=datetime.now(UTC) - timedelta(hours=hours))


async def test_a_trouble_is_told_once_with_what_to_do(room: Room) -> None:
    room.desk.kept.hear_trouble(trouble("exit-1"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
        room.desk.kept.hear_trouble(trouble("exit-2"))
        await room.until(lambda: len(room.said(room.operators)) == 2)
    first = room.said(room.operators)[0]
    assert "keeps refusing an exit" in first
    assert "Place the exit at the broker by hand" in first


async def test_a_trouble_is_not_told_again_after_a_restart(room: Room) -> None:
    room.desk.kept.hear_trouble(trouble("exit-1"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    room.discord.book._nonces.clear()  # as after some minutes
    async with room.bot():
        room.desk.kept.hear_trouble(trouble("exit-2"))
        await room.until(lambda: len(room.said(room.operators)) == 2)
    assert len(room.said(room.operators)) == 2


async def test_two_bots_tell_each_trouble_once(room: Room) -> None:
    async with room.bot(), room.bot():
        for number in range(3):
            room.desk.kept.hear_trouble(trouble(f"exit-{number}"))
            await room.until(lambda number=number: len(room.said(room.operators)) > number)
    assert len(room.said(room.operators)) == 3


async def test_a_trouble_whose_post_fails_is_told_in_the_end(room: Room) -> None:
    room.discord.faults.plan("POST", f"/channels/{room.operators['id']}/messages", status=503, commit=True, times=2)
    room.desk.kept.hear_trouble(trouble("exit-1"))
    async with room.bot() as bot:
        path = rf"/channels/{room.operators['id']}/messages"
        await room.until(lambda: len(room.discord.rest.asked("POST", path)) == 3)
        await room.settled(bot)
    assert len(room.said(room.operators)) == 1


async def test_yesterdays_troubles_are_not_told(room: Room) -> None:
    room.desk.kept.hear_trouble(trouble("old", hours=30))
    room.desk.kept.hear_trouble(trouble("new"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    assert len(room.said(room.operators)) == 1


async def test_what_a_trouble_quotes_can_neither_ping_nor_format(room: Room) -> None:
    room.desk.kept.hear_trouble(trouble("x", detail="@everyone **BTO** [click](https://evil.example)"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    (told,) = room.said(room.operators)
    assert "@everyone" not in told
    assert "**BTO**" not in told
    assert re.search(r"(?<!\\)\[click\]", told) is None


async def test_a_desk_that_does_not_answer_is_told_by_the_bot_itself(room: Room) -> None:
    room.desk.broken = NoDesk("nobody")
    async with room.bot() as bot:
        bot.operators._silent_since = -60.0
        await room.until(lambda: any("does not answer" in line for line in room.said(room.operators)))
        room.desk.broken = None
        await room.until(lambda: any("answers again" in line for line in room.said(room.operators)))


async def test_a_bot_without_an_operators_channel_tells_nobody(room: Room) -> None:
    room.terms = room.terms.model_copy(update={"operator_channel_id": None})
    room.desk.kept.hear_trouble(trouble("exit-1"))
    room.front.broken = RetryableError("down")
    async with room.bot() as bot:
        room.front.broken = None
        await room.settled(bot)
    assert room.said(room.operators) == []


@pytest.mark.parametrize("kind", [4, 15])  # a category, a forum
async def test_a_channel_that_holds_no_messages_is_said_and_keeps_no_alert_from_trading(room: Room, kind: int) -> None:
    room.operators["type"] = kind
    room.desk.kept.hear_trouble(trouble("exit-1"))
    async with room.bot() as bot:
        await room.until(lambda: len(room.discord.rest.asked("GET", rf"/channels/{room.operators['id']}")) > 1)
        await room.settled(bot)
        assert bot.broken is not None
        assert not bot.broken.done()
    assert any("holds no messages" in told.detail for told in room.desk.kept.troubles)


async def test_a_mark_that_somebody_writes_into_a_name_keeps_nothing_from_being_told(room: Room) -> None:
    second = trouble("exit-2")
    room.desk.kept.hear_trouble(trouble("exit-1", detail=f"by Guest -# ({mark_of(second)})"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    room.desk.kept.hear_trouble(second)
    async with room.bot():
        await room.until(lambda: len(room.said(room.operators)) == 2)


async def test_no_address_that_a_stranger_wrote_can_be_followed(room: Room) -> None:
    room.desk.kept.hear_trouble(trouble("exit-1", detail="by https://evil.example"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    assert "https://evil" not in room.said(room.operators)[0]


async def test_a_busy_channel_does_not_make_the_bot_tell_again(room: Room) -> None:
    for number in range(600):
        room.discord.people.heard_by_nobody(room.operators, room.stranger, f"talk {number}")
    room.desk.kept.hear_trouble(trouble("exit-1"))
    async with room.bot():
        await room.until(lambda: room.said(room.operators))
    room.discord.book._nonces.clear()  # as after some minutes
    async with room.bot():
        room.desk.kept.hear_trouble(trouble("exit-2"))
        await room.until(lambda: any("exit" in line for line in room.said(room.operators)[1:]))
    assert len(room.said(room.operators)) == 2
