"""What becomes a trade, and what never does."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.alert import AlertMessage
from tests.bot.conftest import ALERT, SETTLER, Room
from tests.fakes.discord import Json
from workflows.front_door import Submission

EMBED: Json = {"title": "New alert", "description": ALERT}
BLOCK: Json = {
    "title": "Options entry",
    "fields": [
        {"name": "Symbol", "value": "UBER", "inline": True},
        {"name": "Strike", "value": "78", "inline": True},
        {"name": "Type", "value": "put", "inline": True},
        {"name": "Expiration", "value": "12/18", "inline": True},
        {"name": "Entry", "value": "0.75", "inline": True},
    ],
}


async def test_an_alert_of_an_allowed_author_becomes_a_trade_and_is_acknowledged(room: Room) -> None:
    async with room.bot():
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: room.signs(said))
    (request,) = room.trades.requests.values()
    assert (request.message.message_id, request.message.channel_id) == (int(said["id"]), int(room.alerts["id"]))
    assert (request.message.author_id, request.message.author_name) == (int(room.author["id"]), "Author")
    assert room.signs(said) == {"👀"}


async def test_many_alerts_at_once_are_acknowledged_within_discords_limits(room: Room) -> None:
    async with room.bot():
        said = [await room.discord.people.say(room.alerts, room.author, ALERT) for _ in range(12)]
        await room.until(lambda: all(room.signs(message) for message in said))
    assert not room.discord.limits.exceeded


async def test_an_author_is_allowed_by_a_role(room: Room) -> None:
    async with room.bot() as bot:
        await room.discord.people.say(room.alerts, room.trader, ALERT)
        await room.settled(bot)
    assert room.texts == [ALERT, SETTLER]


async def test_chat_gets_nothing(room: Room) -> None:
    async with room.bot() as bot:
        chat = [
            await room.discord.people.say(room.alerts, who, text)
            for who in (room.author, room.stranger)
            for text in ("good morning", "what do you think of UBER?", "nice 45% on that one")
        ]
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert [room.signs(message) for message in chat] == [set()] * len(chat)
    assert room.letters(room.author) == room.letters(room.stranger) == []
    assert room.said(room.alerts) == []


async def test_a_stranger_is_told_why_and_it_is_written_down(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.stranger, ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(said) == {"⛔"}
    (letter,) = room.letters(room.stranger)
    assert "The author is not on the allowlist." in letter
    (row,) = room.desk.turned
    assert (row.code, row.message_id, row.text) == ("author_not_allowed", int(said["id"]), ALERT)


async def test_an_alert_that_can_not_be_read_is_refused_with_what_is_wrong(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.author, "BTO UBER 78 12/18 @ 0.75")
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(said) == {"⛔"}
    assert "incomplete" in room.letters(room.author)[0]
    assert [row.code for row in room.desk.turned] == ["incomplete"]


async def test_an_author_who_takes_no_direct_messages_still_sees_the_sign(room: Room) -> None:
    room.discord.world.closed_to_dms.add(room.stranger["id"])
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.stranger, ALERT)
        await room.settled(bot)
    assert room.signs(said) == {"⛔"}


async def test_another_channel_is_not_read(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.talk, room.author, ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(said) == set()


async def test_another_guild_is_not_heard_even_if_its_channel_is_allowed(room: Room) -> None:
    elsewhere = room.discord.world.guild("Elsewhere")
    channel = room.discord.world.channel(elsewhere, "alerts")
    room.discord.world.member(elsewhere, room.author)
    room.allow(channels=frozenset({int(channel["id"]), int(room.alerts["id"])}))
    async with room.bot() as bot:
        await room.discord.people.say(channel, room.author, ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]


async def test_a_thread_counts_as_its_channel(room: Room) -> None:
    thread = await room.discord.people.thread(room.alerts, room.author)
    async with room.bot() as bot:
        later = await room.discord.people.thread(room.alerts, room.author, "opened while the bot runs")
        first = await room.discord.people.say(thread, room.author, ALERT)
        second = await room.discord.people.say(later, room.author, "BTO 1 AMD 200c 12/18 @ 2.00")
        await room.settled(bot)
    messages = [request.message for request in room.trades.requests.values()]
    assert [message.channel_id for message in messages] == [int(room.alerts["id"])] * 3
    assert [message.thread_id for message in messages] == [int(thread["id"]), int(later["id"]), None]
    assert room.signs(first) == room.signs(second) == {"👀"}


async def test_a_reply_never_trades(room: Room) -> None:
    async with room.bot() as bot:
        first = await room.discord.people.say(room.alerts, room.stranger, "good morning")
        reply = await room.discord.people.reply(first, room.author, ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(reply) == {"⛔"}
    assert [row.code for row in room.desk.turned] == ["not_a_first_message"]


async def test_an_edit_never_trades(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.author, "good morning")
        await room.discord.people.edit(said, ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]


async def test_the_bot_does_not_listen_to_itself(room: Room) -> None:
    own_id = int(room.discord.world.bot["id"])
    room.allow(users=frozenset({own_id, int(room.author["id"])}), bots=frozenset({own_id}))
    async with room.bot() as bot:
        await bot.get_channel(int(room.alerts["id"])).send(ALERT)
        await room.settled(bot)
    assert room.texts == [SETTLER]


async def test_an_allowed_webhook_and_bot_trade_by_text_and_by_embed(room: Room) -> None:
    async with room.bot() as bot:
        await room.discord.people.hook(room.hook, ALERT, name="Anybody")
        await room.discord.people.say(room.alerts, room.machine, embeds=[EMBED])
        await room.discord.people.hook(room.hook, "@everyone", embeds=[BLOCK])
        await room.settled(bot)
    alerts = [str(request.alert) for request in room.trades.requests.values()]
    assert [alert for alert in alerts if "UBER" in alert] == [
        "BTO 2 UBER 78p 12/18 @ 0.75",
        "BTO 2 UBER 78p 12/18 @ 0.75",
        "BTO UBER 78p 12/18 @ 0.75",
    ]


async def test_a_webhook_that_takes_an_authors_name_is_refused(room: Room) -> None:
    hook = room.discord.world.webhook(room.alerts, "Author")
    async with room.bot() as bot:
        said = await room.discord.people.hook(hook, ALERT, name="Author")
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(said) == {"⛔"}


async def test_a_persons_embed_is_a_links_preview_and_not_read(room: Room) -> None:
    async with room.bot() as bot:
        await room.discord.people.say(room.alerts, room.author, "https://x.com/somebody", embeds=[EMBED])
        await room.settled(bot)
    assert room.texts == [SETTLER]


async def test_a_forwarded_alert_trades_while_its_original_is_young(room: Room) -> None:
    async with room.bot() as bot:
        original = await room.discord.people.say(room.talk, room.stranger, ALERT)
        await room.discord.people.forward(original, room.alerts, room.author)
        await room.settled(bot)
    assert room.texts == [ALERT, SETTLER]


async def test_a_forward_of_an_old_alert_is_as_old_as_that(room: Room) -> None:
    before = datetime.now(UTC) - timedelta(minutes=3)
    async with room.bot() as bot:
        original = await room.discord.people.say(room.talk, room.stranger, ALERT, at=before, deliver=False)
        forward = await room.discord.people.forward(original, room.alerts, room.author)
        await room.settled(bot)
    assert room.texts == [SETTLER]
    assert room.signs(forward) == {"⛔"}
    assert [row.code for row in room.desk.turned] == ["too_old"]


async def test_a_message_told_three_times_is_one_trade(room: Room) -> None:
    async with room.bot() as bot:
        said = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.discord.people.repeat(said)
        await room.discord.people.repeat(said)
        await room.settled(bot)
    assert [message.text for message in room.front.submitted] == [ALERT, SETTLER]


async def test_a_channels_alerts_on_one_underlying_start_in_the_order_in_which_they_were_said(room: Room) -> None:
    said = [f"BTO 1 UBER {strike}p 12/18 @ 0.75" for strike in range(60, 100)]
    async with room.bot() as bot:
        for text in said:
            await room.discord.people.say(room.alerts, room.author, text)
        await room.settled(bot)
    assert [text for text in room.texts if "UBER" in text] == said


async def test_who_was_let_in_a_moment_ago_is_not_refused(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.allow(users=frozenset({int(room.author["id"]), int(room.stranger["id"])}))
        await asyncio_passes(bot)
        said = await room.discord.people.say(room.alerts, room.stranger, ALERT)
        await room.until(lambda: room.signs(said))
    assert room.signs(said) == {"👀"}


async def asyncio_passes(bot: object) -> None:
    """The policy that the bot holds is older than a moment."""
    allowed = bot.allowed  # type: ignore[attr-defined]
    allowed._asked_at -= 1.0


@pytest.mark.parametrize(
    "text", ["BTO 2 UBER 78p 12/18 @ 0.75 <@123> @everyone", "**BTO** 2 __UBER__ 78p 12/18 @ 0.75"]
)
async def test_nobody_is_pinged_whatever_an_alert_says(room: Room, text: str) -> None:
    async with room.bot() as bot:
        await room.discord.people.say(room.alerts, room.stranger, text)
        await room.settled(bot)
    sent = [asked.body for asked in room.discord.rest.asked("POST", r"/channels/\d+/messages")]
    assert sent
    assert all(body["allowed_mentions"] == {"parse": []} for body in sent)
    assert all("@everyone" not in body["content"].replace("@\u200beveryone", "") for body in sent)


async def test_a_message_of_a_followed_channel_trades_and_is_as_old_as_its_original(room: Room) -> None:
    hook = room.discord.world.webhook(room.alerts, "Followed")
    room.allow(bots=frozenset({int(hook["id"])}))
    async with room.bot() as bot:
        for text, seconds in ((ALERT, 2), ("BTO 1 AMD 200c 12/18 @ 2.00", 300)):
            original = room.discord.world.ids.new(datetime.now(UTC) - timedelta(seconds=seconds))
            reference = {"type": 0, "message_id": original, "channel_id": "1", "guild_id": "2"}
            await room.discord.people.hook(hook, text, flags=1 << 1, message_reference=reference)
        await room.settled(bot)
    assert room.texts == [ALERT, SETTLER]
    assert [row.code for row in room.desk.turned] == ["too_old"]


async def test_a_links_preview_in_a_forwarded_message_is_not_read(room: Room) -> None:
    preview = {"url": "https://x.example/a/1", "description": ALERT, "footer": {"text": "X"}}
    original = room.discord.people.heard_by_nobody(
        room.talk, room.stranger, "look: https://x.example/a/1", embeds=[preview]
    )
    async with room.bot() as bot:
        await room.discord.people.forward(original, room.alerts, room.author)
        await room.settled(bot)
    assert room.texts == [SETTLER]


async def test_who_floods_holds_up_nobodys_sign_and_leaves_room_for_the_reasons_of_others(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        for strike in range(50, 110):
            await room.discord.people.say(room.alerts, room.stranger, f"BTO 1 UBER {strike}p 12/18 @ 0.75")
        taken = await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: room.signs(taken), 3)
        refused = await room.discord.people.say(room.alerts, room.author, "BTO 1 SPY 12/18 @ 1.00")
        await room.until(lambda: any(row.message_id == int(refused["id"]) for row in room.desk.turned))
    assert len(room.desk.turned) < 30
    assert len(room.letters(room.stranger)) <= 5


async def test_two_alerts_that_are_refused_shortly_after_each_other_are_each_told_why(room: Room) -> None:
    async with room.bot() as bot:
        for text in ("BTO 1 SPY 12/18 @ 1.00", "BTO 1 QQQ 12/18 @ 1.00"):
            await room.discord.people.say(room.alerts, room.author, text)
        await room.settled(bot)
    assert len(room.letters(room.author)) == 2


async def test_a_sign_that_discord_does_not_take_holds_up_no_other(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.discord.faults.plan("PUT", "/channels/*/messages/*/reactions/*", status=400, code=30010)
        await room.discord.people.say(room.alerts, room.author, ALERT)
        second = await room.discord.people.say(room.alerts, room.author, "BTO 1 QQQ 500c 12/18 @ 1.00")
        await room.until(lambda: room.signs(second))
        asked = room.discord.rest.asked("PUT", r"/channels/\d+/messages/\d+/reactions/.*")
        assert len(asked) == 3  # the settler's, the one that was refused, and the second's


async def test_an_alert_that_grew_old_behind_others_shows_that(room: Room) -> None:
    taking = asyncio.Event()
    submit = room.front.submit

    async def slowly(message: AlertMessage, *, dry_run: bool = False) -> Submission:
        await taking.wait()
        return await submit(message, dry_run=dry_run)

    room.front.submit = slowly  # type: ignore[method-assign]
    async with room.bot() as bot:
        await room.discord.people.say(room.alerts, room.author, ALERT)
        await room.until(lambda: bot.intake.is_busy)
        behind = await room.discord.people.say(room.alerts, room.author, "BTO 1 UBER 80p 12/18 @ 0.50")
        await room.until(lambda: bot.intake.verdict(int(behind["id"])))
        late = datetime.now(UTC) + timedelta(minutes=1)
        bot.intake._now = lambda: late
        taking.set()
        await room.until(lambda: "⌛" in room.signs(behind))
    assert room.texts == [ALERT]
