"""A way to Discord's REST for one who needs no gateway: it signs in when it is first needed."""

import asyncio

import discord
from pydantic import SecretStr

_LONGEST_WAIT = 30.0  # seconds for a rate limit, inside one request; for a longer one the caller comes again


class DiscordSession:
    """One signed-in client. `client` raises discord.py's errors when it can't sign in; the next call tries again."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token
        self._client: discord.Client | None = None
        self._signing_in = asyncio.Lock()

    async def client(self) -> discord.Client:
        """The client, signed in."""
        async with self._signing_in:
            if self._client is None:
                self._client = await self._signed_in()
            return self._client

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _signed_in(self) -> discord.Client:
        client = discord.Client(
            intents=discord.Intents.none(),
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_WAIT,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        try:
            await client.login(self._token.get_secret_value())
        except BaseException:
            await client.close()
            raise
        return client
