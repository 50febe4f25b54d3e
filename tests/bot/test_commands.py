"""Every command, tried by an operator, a viewer and a stranger who sees it: what each is told, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.commands import commands
from bot.rights import NOT_FOR_YOU
from domain.command import Resume, ResumeAnswer
from domain.identifiers import TradeId
from tests.bot.conftest import ALERT, Room
from tests.fakes.discord import Interaction, NotOffered

EXTENSIONS = (commands,)
CATEGORY = 4  # a type of channel


@dataclass(frozen=True)
class Row:
    """One command: whether viewers may use it, what is filled in, and what its answer says."""

    looks: bool
    says: str
    options: Callable[[Room], dict[str, Any]] = lambda _: {}


def trade_of(room: Room) -> str:
    return next(iter(room.trades.requests))


ROWS = {
    "status": Row(True, "Open trades"),
    "troubles": Row(True, "no troubles"),
    "audit": Row(True, "halt", lambda room: {"trade": trade_of(room), "count": 3}),
    "ping": Row(True, "Temporal"),
    "trades": Row(True, "UBER"),
    "trade": Row(True, "PAPER", lambda room: {"trade": trade_of(room)}),
    "cancel": Row(False, "comes off the market", lambda room: {"trade": trade_of(room)}),
    "close": Row(False, "sold", lambda room: {"trade": trade_of(room), "part": "1/2"}),
    "halt": Row(False, "halted by Operator", lambda _: {"reason": "enough"}),
    "reduce-only": Row(False, "reducing by Operator", lambda _: {"reason": "winding down"}),
    "resume": Row(False, "let in again"),
    "allow add": Row(False, "added", lambda room: {"user": room.stranger["id"]}),
    "allow remove": Row(False, "taken off", lambda room: {"role": room.role["id"]}),
    "allow list": Row(True, "traders"),
    "limits list": Row(True, "open"),
    "limits set": Row(False, "→ 3", lambda _: {"name": "limits.max_open_trades", "value": "3"}),
    "factor": Row(False, "0.5", lambda room: {"channel": room.alerts["id"], "size": 0.5}),
    "report": Row(True, "PAPER"),
    "dry-run": Row(False, "Read as", lambda _: {"text": ALERT}),
}


async def with_a_trade(room: Room) -> None:
    """One trade runs, and the server's admins show the commands to everybody."""
    said = await room.discord.people.say(room.alerts, room.author, ALERT)
    await room.until(
        lambda: (
            TradeId(channel_id=int(room.alerts["id"]), message_id=int(said["id"])).workflow_id in room.trades.requests
        )
    )
    await room.until(lambda: room.discord.interactions.commands[room.guild["id"]])
    room.discord.interactions.shown_to.add(room.guild["id"])


async def asked(room: Room, person: Any, name: str, /, **options: Any) -> Interaction:
    """A command, answered in full."""
    used = await room.discord.interactions.slash(room.talk, person, name, **options)
    await used.message(60)  # a report is drawn by a process of its own, which a busy machine lets wait
    return used


def deeds(room: Room) -> tuple[Any, ...]:
    """Everything that a command could have changed."""
    trades = (dict(room.trades.cancelled), list(room.trades.closes), list(room.trades.requests))
    return (room.desk.kept.model_dump_json(), *trades)


async def test_no_command_is_without_a_row(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS) as bot:
        names = {
            command.qualified_name for command in bot.tree.walk_commands() if not hasattr(command, "walk_commands")
        }
        assert names == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_operators_act_viewers_look_and_a_stranger_does_neither(room: Room, name: str) -> None:
    row = ROWS[name]
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        before = deeds(room)
        refused = [room.stranger] if row.looks else [room.stranger, room.viewer]
        for person in refused:
            used = await asked(room, person, name, **row.options(room))
            assert used.text == NOT_FOR_YOU
            assert used.is_ephemeral
        assert deeds(room) == before
        assert room.desk.did == []
        await room.until(lambda: len(room.desk.denials) == len(refused))
        asked_for = name.replace(" ", "_").replace("-", "_")
        assert {(denied.what, denied.by.person_id) for denied in room.desk.denials} == {
            (asked_for, int(person["id"])) for person in refused
        }
        assert {denied.workflow_id for denied in room.desk.denials} == {row.options(room).get("trade")}
        for person in [room.viewer, room.operator] if row.looks else [room.operator]:
            used = await asked(room, person, name, **row.options(room))
            await room.until(lambda used=used: row.says in used.text)
            assert used.is_ephemeral
            assert used.answered_after is not None
        if row.looks:
            assert deeds(room) == before
            await room.until(lambda: len(room.desk.did) == 2)
            assert {did.what for did in room.desk.did} == {asked_for}
            assert [did.by.name for did in room.desk.did] == ["Viewer", "Operator"]


async def test_nobody_sees_a_command_until_an_admin_shows_it(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await room.until(lambda: room.discord.interactions.commands[room.guild["id"]])
        for person in (room.stranger, room.viewer, room.operator):
            with pytest.raises(NotOffered):
                await room.discord.interactions.slash(room.talk, person, "status")


async def test_the_commands_are_told_to_discord_once_and_again_when_they_are_gone(room: Room) -> None:
    interactions = room.discord.interactions
    async with room.bot(extensions=EXTENSIONS) as bot:
        await room.until(lambda: interactions.syncs == 1)
        await bot.background.finish(10)
    async with room.bot(extensions=EXTENSIONS) as bot:
        await bot.background.finish(10)
        assert interactions.syncs == 1
    interactions.commands[room.guild["id"]]["status"]["description"] = "another"
    async with room.bot(extensions=EXTENSIONS) as bot:
        await bot.background.finish(10)
        assert interactions.syncs == 2


async def test_a_halt_is_lifted_in_two_steps_by_an_operator_alone(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS) as bot:
        await with_a_trade(room)
        await asked(room, room.operator, "halt", reason="enough")
        bot.doors.mark.leave(_kill())
        offered = await asked(room, room.operator, "resume")
        assert not room.desk.kept.standing.admits
        refused = await room.discord.interactions.click(await offered.message(), room.viewer, "resume:1234")
        await refused.message()
        assert refused.text == NOT_FOR_YOU
        assert not room.desk.kept.standing.admits
        await room.until(lambda: room.desk.denials)
        assert [(denied.what, denied.why) for denied in room.desk.denials] == [("resume", "for operators")]
        done = await room.discord.interactions.click(await offered.message(), room.operator, "resume:1234")
        await done.message()
        assert "let in again" in done.text
        assert room.desk.kept.standing.admits
        assert bot.doors.mark.read() is None


async def test_an_interaction_that_is_delivered_twice_sells_once(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        used = await asked(room, room.operator, "close", trade=trade_of(room))
        await room.until(lambda: "sold" in used.text)
        await room.discord.gateway.dispatch("INTERACTION_CREATE", used.payload)
        await asked(room, room.operator, "status")
        assert len(room.trades.closes) == 1
        assert [did.what for did in room.desk.did if did.what != "status"] == ["close"]
        assert room.desk.did[0].by.via == "discord"
        assert room.desk.did[0].by.person_id == int(room.operator["id"])


async def test_of_two_bots_one_asks_for_the_code_that_resumes(room: Room) -> None:
    codes: list[str] = []

    async def with_a_new_code(asked: Resume) -> ResumeAnswer:
        codes.append(str(1000 + len(codes)))
        return room.desk.kept.resume(asked, codes[-1], datetime.now(UTC))

    async with room.bot(extensions=EXTENSIONS), room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        await asked(room, room.operator, "halt", reason="enough")
        room.desk.resume = with_a_new_code  # type: ignore[method-assign]
        offered = await asked(room, room.operator, "resume")
        await asked(room, room.operator, "status")
        assert codes == ["1000"]
        (row,) = (await offered.message())["components"]
        assert [button["custom_id"] for button in row["components"]] == ["resume:1000"]


async def test_a_bot_that_hears_what_another_has_answered_asks_for_the_same_sale(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS), room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        await asked(room, room.operator, "close", trade=trade_of(room))
        await room.until(lambda: len(room.desk.did) == 2)
        assert len(room.trades.closes) == 1


@pytest.mark.parametrize(
    "options", [{"part": "3/2"}, {"part": "x"}, {"limit": "1.00"}, {"limit": "-1", "how": "ladder"}]
)
async def test_a_sale_that_can_not_be_read_is_refused_in_words(room: Room, options: dict[str, Any]) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        used = await asked(room, room.operator, "close", trade=trade_of(room), **options)
        assert used.text.startswith("Not done: ")
        assert room.trades.closes == []


async def test_what_is_over_or_unknown_is_said(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.trades.over.add(trade_of(room))
        assert "is over" in (await asked(room, room.operator, "cancel", trade=trade_of(room))).text
        assert "no trade" in (await asked(room, room.operator, "trade", trade="alert-1-2")).text


async def test_trades_and_settings_are_offered_while_typing_and_not_to_strangers(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        complete = room.discord.interactions.complete
        offered = await complete(room.talk, room.operator, "close", "trade", "ub")
        assert [each["value"] for each in offered] == [trade_of(room)]
        assert await complete(room.talk, room.stranger, "close", "trade", "ub") == []
        names = await complete(room.talk, room.operator, "limits set", "name", "max_open")
        assert [each["value"] for each in names] == ["limits.max_open_trades"]
        await asked(room, room.operator, "allow add", webhook="77")
        await room.until(lambda: 77 in room.desk.kept.policy.allowlist.bots)


async def test_an_id_that_is_none_changes_nothing(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        before = deeds(room)
        for options in ({"webhook": "seven"}, {}):
            used = await asked(room, room.operator, "allow add", **options)
            assert used.text.startswith("Not done: ")
        assert deeds(room) == before


async def test_words_of_strangers_neither_ping_nor_format(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        hostile = "@everyone **free** [money](https://evil.example) <@1> `x`"
        await asked(room, room.operator, "halt", reason=hostile)
        used = await asked(room, room.operator, "status")
        shown = await used.message()
        assert shown["mentions"] == []
        assert not shown["mention_everyone"]
        for raw in ("@everyone", "**free**", "[money](", "https://evil", "<@1>"):
            assert raw not in used.text


async def test_a_desk_that_does_not_answer_is_said(room: Room) -> None:
    from workflows.desk_door import NoDesk

    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.desk.broken = NoDesk("no desk")
        for name in ("status", "limits list", "allow list"):
            assert "does not answer" in (await asked(room, room.operator, name)).text
        assert "may not be halted" in (await asked(room, room.operator, "halt", reason="now")).text
        ping = (await asked(room, room.operator, "ping")).text
        assert "🔴 **Desk**" in ping
        assert "🟢 **Temporal**" in ping
        used = await asked(room, room.operator, "close", trade=trade_of(room))  # nothing stands in a sale's way
        await room.until(lambda: "sold" in used.text)
        assert len(room.trades.closes) == 1


async def test_a_blind_watch_and_a_lost_temporal_show_in_the_health(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.account.is_reached = room.account.is_seen = False
        ping = (await asked(room, room.viewer, "ping")).text
        assert "🔴 **Temporal**" in ping
        assert "🟠 **Watch**" in ping


async def test_a_dry_run_says_how_it_is_read_and_places_nothing_twice(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        used = await asked(room, room.operator, "dry-run", text=ALERT)
        await room.until(lambda: "DRY RUN" in used.text)
        (request,) = [held for held in room.trades.requests.values() if held.dry_run]
        assert request.message.message_id == int(used.payload["id"])
        await room.discord.gateway.dispatch("INTERACTION_CREATE", used.payload)
        talk = await asked(room, room.operator, "dry-run", text="good morning")
        assert "Not an alert" in talk.text
        assert len([held for held in room.trades.requests.values() if held.dry_run]) == 1
        await room.until(lambda: len(room.desk.did) == 2)
        assert [did.workflow_id is None for did in room.desk.did if "not an alert" in did.detail] == [True]


async def test_a_command_is_acknowledged_while_temporal_is_slow(room: Room) -> None:
    import asyncio

    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        answers = asyncio.Event()
        book = room.desk.book

        async def slow() -> Any:
            await answers.wait()
            return await book()

        room.desk.book = slow  # type: ignore[method-assign]
        used = await room.discord.interactions.slash(room.talk, room.operator, "status")
        await used.wait(3.0)
        assert used.late_by is None
        assert not used.shown.is_set()
        answers.set()
        await used.message()
        assert "Open trades" in used.text


async def test_who_has_the_role_in_another_guild_is_a_stranger(room: Room) -> None:
    room.terms = room.terms.model_copy(update={"guild_id": None})
    other = room.discord.world.guild()
    channel = room.discord.world.channel(other, "elsewhere")
    stranger = room.discord.world.member(other, "Other")
    async with room.bot(extensions=EXTENSIONS):
        await room.until(lambda: room.discord.interactions.commands[other["id"]])
        room.discord.interactions.shown_to.add(other["id"])
        used = await room.discord.interactions.slash(channel, stranger, "status")
        await used.message()
        assert used.text == NOT_FOR_YOU
        await room.until(lambda: room.desk.denials)
        assert room.desk.denials[0].what == "status"


def _kill() -> Any:
    from activities.kill_mark import Kill

    return Kill(by="somebody", at=datetime.now(UTC))


async def test_a_halt_is_done_and_answered_though_discord_fails_after_taking_the_answers(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.discord.faults.plan("POST", "/interactions/*/*/callback", status=500, commit=True)
        room.discord.faults.plan("PATCH", "/webhooks/*/*/messages/@original", status=503)
        used = await asked(room, room.operator, "halt", reason="enough")
        assert "halted by Operator" in used.text
        assert not room.desk.kept.standing.admits


async def test_a_command_that_can_not_be_acknowledged_is_not_done_behind_its_asker(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.discord.interactions.deadline = -1.0  # whatever comes is too late
        await room.discord.interactions.slash(room.talk, room.operator, "close", trade=trade_of(room))
        await room.until(lambda: any(each.late_by for each in room.discord.interactions.begun.values()))
        room.discord.interactions.deadline = 3.0
        await asked(room, room.operator, "status")
        assert room.trades.closes == []


async def test_a_command_that_is_not_done_is_written_down_with_why(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        room.trades.over.add(trade_of(room))
        await asked(room, room.operator, "cancel", trade=trade_of(room))
        await asked(room, room.operator, "resume")
        await room.until(lambda: room.desk.did)
        (did,) = room.desk.did
        assert did.what == "cancel"
        assert did.by.person_id == int(room.operator["id"])
        assert "not done" in did.detail
        assert "is over" in did.detail


async def test_a_category_is_not_let_in_for_nothing_is_said_in_one(room: Room) -> None:
    category = room.discord.world.channel(room.guild, "TRADES")
    category["type"] = CATEGORY
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        before = room.desk.kept.policy
        used = await asked(room, room.operator, "allow add", channel=category["id"])
        assert "add its channels" in used.text
        assert room.desk.kept.policy == before


async def test_trades_are_offered_with_new_yorks_time(room: Room) -> None:
    async with room.bot(extensions=EXTENSIONS):
        await with_a_trade(room)
        (offered,) = await room.discord.interactions.complete(room.talk, room.operator, "cancel", "trade", "uber")
        (request,) = room.trades.requests.values()
        began = request.message.posted_at.astimezone(ZoneInfo("America/New_York"))
        assert f"{began:%m-%d %H:%M} ET" in offered["name"]
