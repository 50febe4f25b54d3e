"""The slash commands, a module a family: they ask and change through the same doors as the command line and the API.

`counter` answers each, `health` looks at every part, `completion` offers trades and settings, `wording` puts things in
lines, `sync` tells Discord which commands there are.
"""

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands

from bot.client import AlertBot
from bot.commands.allowing import allowing
from bot.commands.completion import Completion
from bot.commands.counter import Counter
from bot.commands.halting import halting, resume_button
from bot.commands.looking import looking
from bot.commands.policy import policy
from bot.commands.rehearsing import rehearsing
from bot.commands.reporting import reporting
from bot.commands.sync import keep_synced
from bot.commands.trading import trading
from bot.used import Uses

log = logging.getLogger(__name__)
AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group


async def commands(bot: AlertBot) -> None:
    """Have the bot offer and answer them."""
    if not bot.terms.operator_roles:
        log.warning("nobody may use the commands that act: set discord.operator_roles")
    counter = Counter(bot.terms, bot.denials, Uses(bot.doors.desk, bot.background))
    for command in offered(bot, counter):
        # Nobody sees it whom the server's admins don't show it to (Integrations); the tree checks roles beside that.
        command.default_permissions = discord.Permissions.none()
        command.guild_only = True
        bot.tree.add_command(command)
    bot.add_dynamic_items(resume_button(bot.doors, counter))
    keep_synced(bot)


def offered(bot: AlertBot, counter: Counter) -> Iterator[AnyCommand]:
    """All of them, family by family."""
    completion = Completion(bot.doors.trades, bot.allowed)
    yield from looking(bot, counter, completion)
    yield from trading(bot.doors, counter, completion)
    yield from halting(bot.doors, counter)
    yield from allowing(bot.doors, counter, completion)
    yield from policy(bot.doors, counter, completion)
    yield from rehearsing(bot.doors, counter)
    yield from reporting(bot.doors, counter, bot.state_folder)
