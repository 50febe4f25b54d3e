"""One request to Discord: bounded in time, tried again when that helps, and never the reason why anything fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from domain.redaction import redact

log = logging.getLogger(__name__)
_TRIES = 4
_PAUSE = 1.0  # seconds, doubled each time
_ONE_REQUEST = 60.0  # seconds: discord.py waits in there when it is told to

Result = TypeVar("Result")
FAILURES = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)
_FINAL = (discord.Forbidden, discord.NotFound)


async def tried(what: str, call: Callable[[], Awaitable[Result]]) -> Result | None:
    """What the request gave; None when Discord would not have it, or could not be reached after some tries.

    Discord.py itself waits on 429 and tries again on most of 5xx; 503 and broken connections are left to us.
    """
    for attempt in range(_TRIES):
        try:
            async with asyncio.timeout(_ONE_REQUEST):
                return await call()
        except _FINAL as error:
            log.info("%s: %s", what, redact(str(error)))
            return None
        except FAILURES as error:
            log.warning("%s: %s", what, redact(str(error) or type(error).__name__))
        await asyncio.sleep(_PAUSE * 2**attempt)
    return None
