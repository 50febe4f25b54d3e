"""Telling Discord which commands there are: guild by guild, and only where it lists others than these.

Compared with what Discord itself lists, not with a note of our own: who invites the bot anew has none of them.
"""

import logging
from collections.abc import Mapping
from typing import Any

import discord

from bot.checks import invite
from bot.client import AlertBot
from bot.rest import tried

log = logging.getLogger(__name__)
# What a command is told apart by. Discord adds ids, versions and its own defaults to the rest.
_TELLING = (
    *("name", "description", "type", "required", "autocomplete", "channel_types", "default_member_permissions"),
    *("min_value", "max_value", "min_length", "max_length", "value", "choices", "options"),
)
_A_COMMAND = 1


def keep_synced(bot: AlertBot) -> None:
    """Now, and in every guild that the bot is invited into later."""

    async def on_guild_join(guild: discord.Guild) -> None:
        if bot.terms.guild_id in (None, guild.id):
            await _sync(bot, guild)

    bot.event(on_guild_join)
    bot.background.start(_sync_all(bot))


async def _sync_all(bot: AlertBot) -> None:
    if bot.terms.guild_id is not None:
        await _sync(bot, discord.Object(bot.terms.guild_id))
        return
    await bot.wait_until_ready()
    for guild in bot.guilds:
        await _sync(bot, guild)


async def _sync(bot: AlertBot, guild: discord.abc.Snowflake) -> None:
    bot.tree.copy_global_to(guild=guild)
    ours = [command.to_dict(bot.tree) for command in bot.tree.get_commands(guild=guild)]
    application_id = bot.application_id
    if application_id is None:  # signing in has told it
        return
    there = await tried("the listed commands", lambda: bot.http.get_guild_commands(application_id, guild.id))
    if there is not None and essence(there) == essence(ours):
        log.info("guild %s has these %d commands", guild.id, len(ours))
        return
    synced = await tried("the commands", lambda: bot.tree.sync(guild=guild))
    if synced is None:
        log.error("guild %s does not take the commands: open %s once more", guild.id, invite(application_id))
    else:
        log.info("guild %s has %d commands anew", guild.id, len(synced))


def essence(commands: Any) -> list[Any]:
    """What two lists of commands share when they are the same to people, in one order."""
    return sorted((_plain(command | {"type": command.get("type", _A_COMMAND)}) for command in commands), key=_name)


def _name(command: Mapping[str, Any]) -> str:
    return str(command["name"])


def _plain(held: Any) -> Any:
    if isinstance(held, Mapping):
        kept = {key: _plain(held[key]) for key in _TELLING if held.get(key) not in (None, [])}
        if "default_member_permissions" in kept:  # a number in what is sent, a string in what is listed
            kept["default_member_permissions"] = str(kept["default_member_permissions"])
        return {key: value for key, value in kept.items() if value is not False}
    if isinstance(held, list | tuple):
        plain = [_plain(each) for each in held]
        return sorted(plain) if all(isinstance(each, int) for each in plain) else plain  # types have no order
    return held
