"""One look at Discord as the bot would find it: sign in, open the gateway, wait for the guilds, and hang up."""

import asyncio

import aiohttp
import discord

from bot.checks import lacking
from bot.client import intents
from bot.terms import BotTerms

_PATIENCE = 20.0  # seconds
_GUILDS_WITHIN = 1.0  # seconds
_DISALLOWED_INTENTS = 4014  # a close code of the gateway
_EXAMINED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class Examined:
    """What was found. `refusal` is why Discord did not let the bot in; `lacks` what it lacks inside."""

    def __init__(self) -> None:
        self.name = ""
        self.refusal: Exception | None = None
        self.lacks: list[str] = []
        self.guilds: list[str] = []


async def examine(token: str, terms: BotTerms, channels: frozenset[int]) -> Examined:
    """Look once. A bot that runs meanwhile is not disturbed: Discord lets several sessions be."""
    found = Examined()
    client = discord.Client(
        intents=intents(),
        max_messages=None,
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
        guild_ready_timeout=_GUILDS_WITHIN,
    )
    connecting: asyncio.Future[None] | None = None
    try:
        async with asyncio.timeout(_PATIENCE):
            await client.login(token)
            connecting = asyncio.ensure_future(client.connect(reconnect=False))
            await _ready(client, connecting)
        found.name = str(client.user)
        found.guilds = [guild.name for guild in client.guilds]
        found.lacks = list(lacking(client, terms, channels))
    except _EXAMINED as error:
        found.refusal = _as_discord_says(error)
    finally:
        await client.close()
        if connecting is not None:
            await asyncio.gather(connecting, return_exceptions=True)
    return found


def _as_discord_says(error: Exception) -> Exception:
    """Without reconnecting, discord.py gives the close code alone."""
    if isinstance(error, discord.ConnectionClosed) and error.code == _DISALLOWED_INTENTS:
        return discord.PrivilegedIntentsRequired(error.shard_id)
    return error


async def _ready(client: discord.Client, connecting: "asyncio.Future[None]") -> None:
    """Return when the guilds are known; raise what the gateway refuses for."""
    ready = asyncio.ensure_future(client.wait_until_ready())
    await asyncio.wait({ready, connecting}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if connecting.done():
        connecting.result()
