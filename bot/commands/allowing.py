"""Who may trade from where: people, roles and channels by Discord's own pickers, in force for the next alert."""

import re
from collections.abc import Iterator

import discord
from discord import app_commands

from bot.commands.completion import Completion
from bot.commands.counter import Counter, Interaction, Refused, Said
from bot.commands.wording import listed
from bot.doors import Doors
from bot.rights import ACTS, LOOKS, person_of
from domain.chat import escaped
from domain.command import AllowKind, ChangeAllowlist, Person

Id = tuple[AllowKind, int]
Typed = app_commands.Range[str, 1, 40]
Account = discord.User | discord.Member
_MOST_LISTED = 400
_LISTED_ID = re.compile(rf"(?P<kind>{'|'.join(AllowKind)}):(?P<digits>[0-9]{{1,19}})")


def allowing(doors: Doors, counter: Counter, completion: Completion) -> Iterator[app_commands.Group]:
    """The family."""
    allow = app_commands.Group(name="allow", description="Who may trade, from where")

    async def change(interaction: Interaction, add: bool, named: Iterator[Id]) -> None:
        await counter.answer(interaction, lambda: _change(doors, person_of(interaction), add, named))

    @allow.command(extras=ACTS, description="Let somebody, a role, a channel or a webhook in")
    @app_commands.describe(
        user="A person or a bot",
        role="Everybody who has it",
        channel="Where alerts are read, its threads included",
        webhook="A webhook's id",
    )
    async def add(
        interaction: Interaction,
        user: Account | None = None,
        role: discord.Role | None = None,
        channel: app_commands.AppCommandChannel | None = None,
        webhook: Typed | None = None,
    ) -> None:
        typed = None if webhook is None else f"{AllowKind.BOTS}:{webhook}"
        await change(interaction, True, _with_messages(channel, _named(user, role, channel, typed)))

    @allow.command(extras=ACTS, description="Take somebody, a role, a channel or any listed id off")
    @app_commands.describe(
        user="A person or a bot", role="A role", channel="A channel", listed_id="What is on it, though it may be gone"
    )
    @app_commands.rename(listed_id="listed")
    @app_commands.autocomplete(listed_id=completion.listed_id)
    async def remove(
        interaction: Interaction,
        user: Account | None = None,
        role: discord.Role | None = None,
        channel: app_commands.AppCommandChannel | None = None,
        listed_id: Typed | None = None,
    ) -> None:
        await change(interaction, False, _named(user, role, channel, listed_id))

    @allow.command(name="list", extras=LOOKS, description="Who is on it")
    async def list_(interaction: Interaction) -> None:
        async def work() -> Said:
            allowlist = (await doors.desk.policy()).allowlist
            lines = [
                f"**{kind}**: {_name(interaction.guild, kind, held)}"
                for kind in AllowKind
                for held in sorted(getattr(allowlist, kind))[:_MOST_LISTED]
            ]
            return Said(listed(lines, "nobody"), title="Allowed")

        await counter.answer(interaction, work)

    yield allow


async def _change(doors: Doors, by: Person, add: bool, named: Iterator[Id]) -> Said:
    changes = [ChangeAllowlist(by=by, kind=kind, discord_id=discord_id, add=add) for kind, discord_id in named]
    if not changes:
        raise Refused("pick a user, a role, a channel, or give an id")
    lines: list[str] = []
    for asked in changes:
        told = await doors.desk.change_allowlist(asked)
        said = f"not changed: {told.refused}" if told.refused is not None else "added" if add else "taken off"
        lines.append(f"**{asked.kind}** {asked.discord_id}: {escaped(said)}")
    return Said("\n".join(lines))


def _named(
    user: Account | None,
    role: discord.Role | None,
    channel: app_commands.AppCommandChannel | None,
    typed: str | None,
) -> Iterator[Id]:
    if user is not None:
        yield (AllowKind.BOTS if user.bot else AllowKind.USERS), user.id
    if role is not None:
        yield AllowKind.ROLES, role.id
    if channel is not None:
        yield AllowKind.CHANNELS, channel.id
    if typed is not None:
        found = _LISTED_ID.fullmatch(typed.strip())
        if found is None:
            raise Refused("an id is digits alone, or picked from what is listed")
        yield AllowKind(found["kind"]), int(found["digits"])


def _with_messages(channel: app_commands.AppCommandChannel | None, named: Iterator[Id]) -> Iterator[Id]:
    """All that is named. Refused where alerts could never come from."""
    if channel is not None and channel.type is discord.ChannelType.category:
        raise Refused("a category holds no messages: add its channels")
    yield from named


def _name(guild: discord.Guild | None, kind: AllowKind, discord_id: int) -> str:
    """The id, and the name where it is at hand: names are for people, ids decide."""
    if guild is None:
        return str(discord_id)
    found = guild.get_channel(discord_id) if kind is AllowKind.CHANNELS else guild.get_role(discord_id)
    return str(discord_id) if found is None else f"{discord_id} ({escaped(found.name)})"
