"""The first answer to a click or a command: within three seconds, whatever Temporal does meanwhile."""

import asyncio
import logging
from enum import StrEnum
from typing import Any

import discord

from bot.rest import FAILURES

log = logging.getLogger(__name__)
_ACKNOWLEDGED_ALREADY = 40060  # Discord's code
_WITHIN = 10.0  # seconds, for discord.py's own further tries; Discord itself waits three


class Acknowledged(StrEnum):
    """What came of it."""

    OURS = "ours"
    ALREADY = "already"  # our own request came through twice, or a second bot was quicker: an answer can be shown
    NOT = "not"  # Discord says so to whoever asked, and nothing is to be done behind anybody's back


async def acknowledged(interaction: discord.Interaction[Any]) -> Acknowledged:
    """Say that it was heard, to whoever asked alone."""
    try:
        async with asyncio.timeout(_WITHIN):
            await interaction.response.defer(ephemeral=True, thinking=True)
    except FAILURES as error:
        if isinstance(error, discord.HTTPException) and error.code == _ACKNOWLEDGED_ALREADY:
            return Acknowledged.ALREADY
        log.warning("what came too late to be answered is not done: %s", error)
        return Acknowledged.NOT
    return Acknowledged.OURS
