"""The few requests that cards need of a channel: post, edit, and look for one's own message.

They go through discord.py's own HTTP client, for its rate limits and its retries. Its message objects are not used:
with buttons they would be remembered for ever by a process that never hears a click.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord.http import Route

from activities.discord.payload import Json, edited, posted, shows
from activities.turns import Turns
from domain.card import Card

Connect = Callable[[], Awaitable[discord.Client]]

_ONE_REQUEST = aiohttp.ClientTimeout(total=10)  # discord.py's own is five minutes
_MESSAGES = "/channels/{channel_id}/messages"
_A_PAGE = 100
_MOST_PAGES = 10


def _unheard() -> None:
    """Nobody asked to hear that a request goes out."""


class CardChannels:
    """Every channel that `connect`'s client reaches. Raises discord.py's errors, and those of the network."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._turns = Turns()

    async def post(self, channel_id: int, card: Card, sent: Callable[[], None] = _unheard) -> int:
        """A new message; its id. `sent` is called when the request goes out."""
        answer = await self._ask(Route("POST", _MESSAGES, channel_id=channel_id), sent, json=posted(card))
        return int(answer["id"])

    async def edit(self, channel_id: int, message_id: int, card: Card) -> None:
        """Change the message that shows it."""
        route = Route("PATCH", _MESSAGES + "/{message_id}", channel_id=channel_id, message_id=message_id)
        await self._ask(route, json=edited(card))

    async def wake(self, thread_id: int) -> None:
        """Take a thread out of the archive. Who may write there may do so, unless it is locked."""
        await self._ask(Route("PATCH", "/channels/{channel_id}", channel_id=thread_id), json={"archived": False})

    async def find(self, channel_id: int, after_id: int, workflow_id: str) -> int | None:
        """The trade's card among our messages after that one; None when there is none, or they may not be read."""
        us = (await self._connect()).user
        try:
            for _ in range(_MOST_PAGES):
                page = await self._page(channel_id, after_id)
                ours = [message for message in page if us is not None and message["author"]["id"] == str(us.id)]
                if found := [message for message in ours if shows(message, workflow_id)]:
                    return min(int(message["id"]) for message in found)
                if len(page) < _A_PAGE:
                    return None
                after_id = max(int(message["id"]) for message in page)
        except discord.Forbidden:
            pass  # without Read Message History only the nonce keeps a repeated post one
        return None

    async def _page(self, channel_id: int, after_id: int) -> list[Json]:
        params = {"after": str(after_id), "limit": str(_A_PAGE)}
        route = Route("GET", _MESSAGES, channel_id=channel_id)
        page: list[Json] = await self._ask(route, params=params)
        return page

    async def _ask(self, route: Route, sent: Callable[[], None] = _unheard, **what: Any) -> Any:
        """One request of a kind at a time in a channel.

        Discord.py keeps to the limits that an answer tells of. What is asked meanwhile runs into them together, again
        and again, until the limit over all channels is spent, and the bot hears no alert.
        """
        http = (await self._connect()).http
        async with self._turns.of([(route.method, route.channel_id)]):
            sent()
            return await http.request(route, **what, timeout=_ONE_REQUEST)
