"""Temporal is down: said once, tried again while an alert is young, and told when it was too old."""

from datetime import timedelta

from domain.alert import AlertMessage
from domain.errors import RetryableError
from tests.bot.conftest import ALERT, Room
from workflows.front_door import Submission

OTHER = "BTO 1 AMD 200c 12/18 @ 2.00"


async def test_an_alert_is_taken_when_temporal_is_back_while_it_is_young(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.front.broken = RetryableError("down")
        room.account.is_reached = False
        first = await room.discord.people.say(room.alerts, room.author, ALERT)
        second = await room.discord.people.say(room.alerts, room.author, OTHER)
        await room.until(lambda: room.said(room.alerts) and "⏳" in room.signs(first))
        await room.until(lambda: any("Temporal does not answer" in line for line in room.said(room.operators)))
        room.front.broken, room.account.is_reached = None, True
        await room.until(lambda: "👀" in room.signs(second))
        await bot.background.finish(5)
    assert room.texts[1:] == [ALERT, OTHER]
    assert "👀" in room.signs(first)
    assert len([line for line in room.said(room.alerts) if line.startswith("⏳")]) == 1
    assert len([line for line in room.said(room.operators) if "answers again" in line]) == 1


async def test_an_alert_that_grew_too_old_is_not_traded_and_is_told_as_missed(room: Room) -> None:
    guard = room.desk.kept.policy.guard.model_copy(update={"max_alert_age": timedelta(seconds=1)})
    room.desk.kept.policy = room.desk.kept.policy.model_copy(update={"guard": guard})
    async with room.bot() as bot:
        await room.settled(bot)
        room.front.broken = RetryableError("down")
        room.account.is_reached = False
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: "⌛" in room.signs(said))
        room.front.broken, room.account.is_reached = None, True
        await room.until(lambda: room.desk.kept.troubles)
    assert ALERT not in room.texts
    assert [trouble.kind for trouble in room.desk.kept.troubles] == ["alert_missed"]


async def test_an_alert_that_is_deleted_while_temporal_is_down_does_not_trade(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.front.broken = RetryableError("down")
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: bot.outage.since is not None)
        await room.discord.people.delete(said)
        await room.until(lambda: bot.intake.verdict(int(said["id"])) is None)
        room.front.broken = None
        await room.settled(bot, OTHER)
    assert ALERT not in room.texts


async def test_a_hiccup_is_not_said(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        submit, failures = room.front.submit, iter([RetryableError("once")])

        async def fails_once(message: AlertMessage, *, dry_run: bool = False) -> Submission:
            for failure in failures:
                raise failure
            return await submit(message, dry_run=dry_run)

        room.front.submit = fails_once  # type: ignore[method-assign]
        await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: ALERT in room.texts)
        await bot.background.finish(5)
    assert room.said(room.alerts) == []


async def test_a_temporal_that_comes_and_goes_is_told_once(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        for number in range(3):
            room.front.broken, room.account.is_reached = RetryableError("down"), False
            said = await room.discord.people.say(room.alerts, room.author, f"BTO 1 UBER {70 + number}p 12/18 @ 0.75")
            await room.until(lambda: bot.outage.since is not None)
            room.front.broken, room.account.is_reached = None, True
            await room.until(lambda said=said: "👀" in room.signs(said))
        await bot.background.finish(5)
    assert len([line for line in room.said(room.alerts) if line.startswith("⏳")]) == 1
    assert len([line for line in room.said(room.operators) if "does not answer" in line]) == 1
