"""Who may look and who may act, by the ids of their roles. Everybody else is told that it is not for them."""

import logging
import re
from collections.abc import Awaitable
from enum import StrEnum
from typing import Any

import discord
from discord import app_commands

from bot.denied import Denials
from bot.rest import FAILURES, tried
from bot.terms import BotTerms
from domain.command import Person

log = logging.getLogger(__name__)
NOT_FOR_YOU = "This is not for you, and nothing was done."
_KEY = "right"
_TRADE = re.compile(r"alert-\d{1,20}-\d{1,20}(?:-\d{1,2})?")
_MISREAD = "That could not be read as what it asks for: pick it from what Discord offers. Nothing was done."
_FAILED = "That failed, and the bot's log says why. `/status` and `/trade` show how it stands."


class Right(StrEnum):
    """What a command takes."""

    LOOK = "look"  # viewers and operators
    ACT = "act"  # operators alone


LOOKS: dict[Any, Any] = {_KEY: Right.LOOK}
ACTS: dict[Any, Any] = {_KEY: Right.ACT}


def right_of(command: object) -> Right:
    """What a command takes; one that does not say is the operators'."""
    extras = getattr(command, "extras", {})
    return Right.LOOK if extras.get(_KEY) is Right.LOOK else Right.ACT


def roles_of(user: discord.User | discord.Member) -> frozenset[int]:
    """The ids of a member's roles; none of who is no member here."""
    return frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()


def may(terms: BotTerms, interaction: discord.Interaction[Any], right: Right) -> bool:
    """Whether whoever used it has that right, here. Asked each time: a server's admins may show commands to anybody."""
    if interaction.guild_id is None or terms.guild_id not in (None, interaction.guild_id):
        return False
    roles = roles_of(interaction.user)
    allowed = terms.operator_roles | terms.viewer_roles if right is Right.LOOK else terms.operator_roles
    return not roles.isdisjoint(allowed)


def person_of(interaction: discord.Interaction[Any]) -> Person:
    """Who used it, for the audit."""
    return Person(person_id=interaction.user.id, name=interaction.user.display_name, via="discord")


def why_not(terms: BotTerms, interaction: discord.Interaction[Any], right: Right) -> str:
    """Why `may` says no, for the audit."""
    if interaction.guild_id is None or terms.guild_id not in (None, interaction.guild_id):
        return "not in this server"
    return "for viewers and operators" if right is Right.LOOK else "for operators"


def deny(denials: Denials, interaction: discord.Interaction[Any], what: str, why: str) -> None:
    """Have it written down that they may not; of what they filled in only the trade, where it names one."""
    named = getattr(interaction.namespace, "trade", None)
    workflow_id = named if isinstance(named, str) and _TRADE.fullmatch(named) else None
    denials.deny(person_of(interaction), what, why, interaction.created_at, workflow_id)


class GuardedTree(app_commands.CommandTree[Any]):
    """Commands that ask for the right before anything else, completions included."""

    def __init__(self, client: discord.Client, terms: BotTerms, denials: Denials) -> None:
        super().__init__(client)
        self._terms = terms
        self._denials = denials

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether it goes on."""
        if may(self._terms, interaction, right_of(interaction.command)):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            await _once(interaction.response.autocomplete([]))
            return False
        name = interaction.command.qualified_name if interaction.command is not None else "?"
        deny(self._denials, interaction, name, why_not(self._terms, interaction, right_of(interaction.command)))
        await say(interaction, NOT_FOR_YOU)
        return False

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """What could not be read is said; anything else is a bug."""
        if isinstance(error, app_commands.TransformerError | app_commands.CommandSignatureMismatch):
            log.info("%s", error)
            await say(interaction, _MISREAD)
            return
        log.error("a command failed", exc_info=error)
        await say(interaction, _FAILED)


async def say(interaction: discord.Interaction[Any], text: str) -> None:
    """A line for whoever used it alone."""
    if interaction.response.is_done():
        await tried("an answer", lambda: interaction.edit_original_response(content=text))
    else:
        await _once(interaction.response.send_message(text, ephemeral=True))


async def _once(answer: Awaitable[object]) -> None:
    """A first answer: too late a moment later, and refused where a second bot has given it."""
    try:
        await answer
    except FAILURES as error:
        log.info("no answer: %s", error)
