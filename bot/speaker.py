"""Posting a line of the bot's own in a channel, once: the nonce is a function of what it is about."""

import discord

from bot.nonces import nonce
from bot.rest import tried

_LONGEST = 1900  # characters


class Speaker:
    """Of one bot. Nothing that is said pings anybody."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def say(self, channel_id: int, text: str, *about: object) -> bool:
        """Post it; False when Discord would not have it. The same `about` in one channel is said once."""
        place = self._client.get_partial_messageable(channel_id)
        said = nonce("say", channel_id, *about)
        message = await tried(
            f"a line in {channel_id}",
            lambda: place.send(
                text[:_LONGEST], nonce=said, suppress_embeds=True, allowed_mentions=discord.AllowedMentions.none()
            ),
        )
        return message is not None
