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
_FIRST_REFUSALS, _LAST_REFUSALS = 400, 499  # HTTP
_MAY_PASS = (408, 429)


async def tried(what: str, call: Callable[[], Awaitable[Result]]) -> Result | None:
    """What the request gave; None when Discord would not have it, or could not be reached after some tries.

    Discord.py itself waits on 429 and tries again on most of 5xx; 503 and broken connections are left to us.
    """
    for attempt in range(_TRIES):
        try:
            async with asyncio.timeout(_ONE_REQUEST):
                return await call()
        except FAILURES as error:
            is_expected = isinstance(error, discord.Forbidden | discord.NotFound)
            log.log(logging.INFO if is_expected else logging.WARNING, "%s: %s", what, _words(error))
            if _is_refused(error):
                return None
        await asyncio.sleep(_PAUSE * 2**attempt)
    return None


def _words(error: Exception) -> str:
    return redact(str(error) or type(error).__name__)


def _is_refused(error: Exception) -> bool:
    """A definite no: the same request would be refused again."""
    if not isinstance(error, discord.HTTPException):
        return False
    return _FIRST_REFUSALS <= error.status <= _LAST_REFUSALS and error.status not in _MAY_PASS
