"""What was not delivered is read back: nothing young is missed, nothing trades twice, and what grew old is told."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.conftest import ALERT, SETTLER, Room
from tests.fakes.discord import Permission


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def test_an_alert_that_came_before_the_bot_is_taken_when_it_comes_up(room: Room) -> None:
    said = room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(3))
    async with room.bot():
        await room.until(lambda: room.signs(said))
    assert room.texts == [ALERT]


async def test_an_author_of_the_history_is_allowed_by_a_role_too(room: Room) -> None:
    room.discord.people.heard_by_nobody(room.alerts, room.trader, ALERT, at=ago(3))
    async with room.bot():
        await room.until(lambda: room.texts)


async def test_an_alert_in_a_thread_is_read_back(room: Room) -> None:
    thread = await room.discord.people.thread(room.alerts, room.author)
    room.discord.people.heard_by_nobody(thread, room.author, ALERT, at=ago(3))
    async with room.bot():
        await room.until(lambda: room.texts)
    (request,) = room.trades.requests.values()
    assert request.message.thread_id == int(thread["id"])


async def test_an_alert_that_the_gateway_swallowed_is_found_by_the_next_sweep(room: Room) -> None:
    room.terms = room.terms.model_copy(update={"sweep_every": timedelta(seconds=0.3)})
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
        await room.discord.people.say(room.alerts, room.author, ALERT, deliver=False)
        await room.until(lambda: room.texts)
    assert room.texts == [ALERT]


async def test_a_session_that_is_over_loses_no_alert(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.discord.gateway.expires_next_resume = True
        await room.discord.gateway.drop()
        await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: ALERT in room.texts, 9)  # as long as an alert is young


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # discord.py leaves a socket unclosed
async def test_while_the_gateway_is_lost_alerts_are_taken_by_sweeps(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.discord.gateway.refuses_with = 503
        await room.discord.gateway.drop()
        await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: ALERT in room.texts, 9)
        assert not room.discord.gateway.live


async def test_drops_resumes_and_repeats_make_one_trade_of_each_alert(room: Room) -> None:
    said = [f"BTO 1 UBER {strike}p 12/18 @ 0.75" for strike in range(60, 80)]
    async with room.bot() as bot:
        for number, text in enumerate(said):
            message = await room.discord.people.say(room.alerts, room.author, text)
            if number % 5 == 1:
                await room.discord.gateway.drop()
            if number % 5 == 3:
                await room.discord.people.repeat(message)
        await room.until(lambda: len(room.texts) == len(said), 20)
        await room.settled(bot)
    assert sorted(room.texts) == sorted([*said, SETTLER])


async def test_an_alert_that_is_too_old_is_told_to_the_operators_as_missed_once(room: Room) -> None:
    (room.folder / "discord-swept.json").write_text(f'{{"swept_at": "{ago(600).isoformat()}"}}')
    missed = room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(120))
    room.discord.people.heard_by_nobody(room.alerts, room.author, "good morning", at=ago(110))
    room.discord.people.heard_by_nobody(room.alerts, room.stranger, ALERT, at=ago(100))
    for _ in range(2):
        async with room.bot() as bot:
            await room.until(lambda bot=bot: bot.sweeper.completed)
            await room.until(lambda: room.said(room.operators))
    assert room.texts == []
    (trouble,) = room.desk.kept.troubles
    assert trouble.workflow_id == f"alert-{room.alerts['id']}-{missed['id']}"
    (told,) = room.said(room.operators)
    assert "too old" in told
    assert "BTO 2 UBER 78p 12/18 @ 0.75 by Author" in told


async def test_an_old_alert_that_was_a_trade_is_not_missed(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
    room.desk.kept.policy = room.desk.kept.policy.model_copy(
        update={"guard": room.desk.kept.policy.guard.model_copy(update={"max_alert_age": timedelta(milliseconds=1)})}
    )
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
    assert room.desk.kept.troubles == []


async def test_a_first_start_reports_nothing_of_the_time_before_it(room: Room) -> None:
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(3600))
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
    assert room.desk.kept.troubles == []


async def test_a_sweep_that_fails_is_made_again_from_where_the_last_one_was_complete(room: Room) -> None:
    (room.folder / "discord-swept.json").write_text(f'{{"swept_at": "{ago(600).isoformat()}"}}')
    room.terms = room.terms.model_copy(update={"sweep_every": timedelta(seconds=0.3)})
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(300))
    room.discord.faults.plan("GET", "/channels/*/messages", status=503, times=2)
    async with room.bot():
        await room.until(lambda: room.desk.kept.troubles)


async def test_a_channel_that_can_not_be_read_keeps_nobody_from_the_others(room: Room) -> None:
    closed = room.discord.world.channel(room.guild, "closed", without=Permission.READ_HISTORY)
    room.allow(channels=frozenset({int(closed["id"]), int(room.alerts["id"])}))
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(3))
    async with room.bot():
        await room.until(lambda: room.texts)
        await room.until(lambda: any("Read Message History" in line for line in room.said(room.operators)))


async def test_a_message_that_was_edited_before_anybody_saw_it_never_trades(room: Room) -> None:
    said = room.discord.people.heard_by_nobody(room.alerts, room.author, "good morning", at=ago(3))
    await room.discord.people.edit(said, ALERT)
    async with room.bot() as bot:
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert [row.code for row in room.desk.turned] == ["not_a_first_message"]


async def test_a_channel_that_is_let_in_is_read_back_at_once(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.allow(channels=frozenset({int(room.talk["id"]), int(room.alerts["id"])}))
        await room.discord.people.say(room.talk, room.author, ALERT)
        await bot.allowed.asked_now()
        await room.until(lambda: ALERT in room.texts)


async def test_two_bots_at_once_make_one_trade_of_an_alert_and_say_no_once(room: Room) -> None:
    async with room.bot() as one, room.bot() as two:
        await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.discord.people.say(room.alerts, room.stranger, ALERT)
        await room.settled(one)
        await two.background.finish(10)
    assert sorted(room.texts) == sorted([ALERT, SETTLER])
    assert len(room.letters(room.stranger)) == 1


async def test_young_alerts_come_before_hours_of_talk(room: Room) -> None:
    (room.folder / "discord-swept.json").write_text(f'{{"swept_at": "{ago(7200).isoformat()}"}}')
    for number in range(2500):
        room.discord.people.heard_by_nobody(room.alerts, room.stranger, f"talk {number}", at=ago(3600 - number))
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(3))
    async with room.bot():
        await room.until(lambda: room.texts, 6)
        await room.until(lambda: room.desk.kept.troubles)
    (told,) = room.desk.kept.troubles  # five hundred of them are more than one sweep reads
    assert "2000 messages were read back" in told.detail


async def test_what_a_bot_before_this_one_has_begun_is_not_begun_again(room: Room) -> None:
    async with room.bot() as bot:
        for strike in range(60, 70):
            await room.discord.people.say(room.alerts, room.author, f"BTO 1 UBER {strike}p 12/18 @ 0.75")
        await room.settled(bot)
    begun = len(room.front.submitted)
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT)
    async with room.bot():
        await room.until(lambda: ALERT in room.texts)
    assert len(room.front.submitted) == begun + 1


async def test_a_missed_alert_is_told_though_its_author_edited_it_meanwhile(room: Room) -> None:
    (room.folder / "discord-swept.json").write_text(f'{{"swept_at": "{ago(600).isoformat()}"}}')
    missed = room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(120))
    await room.discord.people.edit(missed, f"{ALERT} lotto")
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
    (trouble,) = room.desk.kept.troubles
    assert "edited since" in trouble.detail
    assert room.texts == []


async def test_an_alert_that_trades_and_was_edited_is_not_said_to_be_refused_after_a_restart(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.settled(bot)
    await room.discord.people.edit(said, f"{ALERT} gl")
    async with room.bot() as bot:
        await room.settled(bot, "BTO 1 IWM 200c 12/18 @ 1.00")
    assert room.desk.turned == []
    assert room.letters(room.author) == []


async def test_a_message_that_can_not_be_made_out_costs_its_channel_one_sweep_and_no_other(room: Room) -> None:
    room.allow(channels=frozenset({int(room.alerts["id"]), int(room.talk["id"])}))
    endless = {"question": {"text": "?"}, "answers": [], "expiry": None, "allow_multiselect": False, "layout_type": 1}
    room.discord.people.heard_by_nobody(room.talk, room.author, "", at=ago(3), poll=endless)
    room.discord.people.heard_by_nobody(room.alerts, room.author, ALERT, at=ago(3))
    async with room.bot() as bot:
        await room.until(lambda: room.texts == [ALERT])
        await room.settled(bot)
        assert bot.broken is not None
        assert not bot.broken.done()
