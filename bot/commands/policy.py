"""What the desk decides by: every number shown and set by its name in the settings, and channels' factors."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from discord import app_commands
from pydantic import JsonValue

from bot.commands.completion import Completion
from bot.commands.counter import Counter, Interaction, Refused, Said
from bot.commands.wording import listed, settings_of
from bot.doors import Doors
from bot.rights import ACTS, LOOKS, person_of
from domain.chat import escaped
from domain.command import PolicyChanged, SetFactor, SetLimit

Name = app_commands.Range[str, 1, 80]


def policy(
    doors: Doors, counter: Counter, completion: Completion
) -> Iterator[app_commands.Group | app_commands.Command[Any, ..., Any]]:
    """The family."""
    limits = app_commands.Group(name="limits", description="What the desk decides by")

    @limits.command(name="list", extras=LOOKS, description="Show the settings, all or those that begin so")
    @app_commands.describe(name="How their names begin, e.g. limits. or ladder.")
    @app_commands.autocomplete(name=completion.setting)
    async def list_(interaction: Interaction, name: Name = "limits.") -> None:
        async def work() -> Said:
            held = settings_of(await doors.desk.policy())
            lines = [f"{escaped(each)} = {escaped(value)}" for each, value in held.items() if each.startswith(name)]
            return Said(listed(lines, "no such settings"), title="Settings")

        await counter.answer(interaction, work)

    @limits.command(name="set", extras=ACTS, description="Set one; in force for the next alert")
    @app_commands.describe(name="Which, e.g. limits.max_open_trades", value="As in the settings, e.g. 5, PT10S, true")
    @app_commands.autocomplete(name=completion.setting)
    async def set_(interaction: Interaction, name: Name, value: app_commands.Range[str, 1, 500]) -> None:
        async def work() -> Said:
            change = SetLimit(by=person_of(interaction), name=name, value=_json(value))
            return _changed(await doors.desk.set_limit(change))

        await counter.answer(interaction, work)

    @app_commands.command(extras=ACTS, description="Size a channel's trades by a factor; in force for the next alert")
    @app_commands.describe(channel="Which", size="0.5 is half size; leave it out to size them as any other's")
    async def factor(
        interaction: Interaction,
        channel: app_commands.AppCommandChannel,
        size: app_commands.Range[float, 0, 10] | None = None,
    ) -> None:
        async def work() -> Said:
            wanted = None if size is None else Decimal(str(size))
            change = SetFactor(by=person_of(interaction), channel_id=channel.id, factor=wanted)
            return _changed(await doors.desk.set_factor(change))

        await counter.answer(interaction, work)

    yield from (limits, factor)


def _changed(told: PolicyChanged) -> Said:
    if told.refused is not None:
        raise Refused(f"{told.name}: {told.refused}")
    return Said(f"**{escaped(told.name)}**: {escaped(told.before)} → {escaped(told.after)}")


def _json(value: str) -> JsonValue:
    """`5` and `true` are JSON; `PT10S` and `cancel_and_place` are strings."""
    try:
        read: JsonValue = json.loads(value)
    except ValueError:
        return value
    return read
