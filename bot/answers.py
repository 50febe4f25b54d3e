"""What an author hears of an alert: a sign under the message, and why not by direct message. Chat hears nothing.

All of it happens beside the trade, and none of it matters to one.
"""

from collections import OrderedDict, deque
from enum import StrEnum
from time import monotonic

import discord

from activities.turns import Turns
from bot.background import Background
from bot.nonces import nonce
from bot.rest import tried
from domain.alert import AlertMessage
from domain.redaction import redact

_A_MINUTE = 60.0  # seconds
_MOST_LETTERS = 5  # to one person in a minute
_REMEMBERED = 500
_LONGEST = 1800  # characters; Discord takes 2,000


class Sign(StrEnum):
    """The reactions, by what they say."""

    TAKEN = "👀"  # its trade has begun
    WAITING = "⏳"  # Temporal doesn't answer; it is tried again while the alert is young
    REFUSED = "⛔"
    MISSED = "⌛"  # it was too old when somebody could take it
    WITHDRAWN = "🚫"  # it was edited or deleted, and its entry comes off the market


class Answers:
    """Of one bot."""

    def __init__(self, client: discord.Client, background: Background) -> None:
        self._client = client
        self._background = background
        self._written_to: OrderedDict[int, deque[float]] = OrderedDict()
        self._turns = Turns()  # four signs a second in a channel: more at once spend the limit that alerts need, too

    def sign(self, message: AlertMessage, sign: Sign) -> None:
        """Put a sign under the message."""
        self._background.start(self._react(message, sign))

    def refuse(self, message: AlertMessage, why: str) -> None:
        """Say that, and why, an alert is not traded."""
        self.sign(message, Sign.REFUSED)
        self.write(message, "refused", f"Your alert is not traded. {why}")

    def write(self, message: AlertMessage, about: str, text: str) -> None:
        """Write to the author, unless it is a machine or was written to enough."""
        if message.is_bot or message.webhook_id is not None or not self._may_write(message.author_id):
            return
        self._background.start(self._write(message, about, text))

    async def _react(self, message: AlertMessage, sign: Sign) -> None:
        place = self._client.get_partial_messageable(message.thread_id or message.channel_id)
        partial = place.get_partial_message(message.message_id)
        # Each kind of sign waits in a line of its own first: a flood of refusals holds up nobody's good news.
        async with self._turns.of([(place.id, sign)]), self._turns.of([place.id]):
            await tried(f"the sign under {message.message_id}", lambda: partial.add_reaction(sign.value))

    async def _write(self, message: AlertMessage, about: str, text: str) -> None:
        link = _link(message)
        said = f"{plain(text)[:_LONGEST]}\n{link}"

        async def send() -> None:
            channel = await self._client.create_dm(discord.Object(message.author_id))
            await channel.send(said, nonce=nonce(about, message.message_id), suppress_embeds=True)

        await tried(f"a direct message to {message.author_id}", send)

    def _may_write(self, author_id: int) -> bool:
        now = monotonic()
        lately = self._written_to.setdefault(author_id, deque(maxlen=_MOST_LETTERS))
        if len(lately) == _MOST_LETTERS and now - lately[0] < _A_MINUTE:
            return False
        lately.append(now)
        self._written_to.move_to_end(author_id)
        while len(self._written_to) > _REMEMBERED:
            self._written_to.popitem(last=False)
        return True


def plain(text: str) -> str:
    """A text that can neither ping nor format, nor show a secret."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(redact(text)))


def _link(message: AlertMessage) -> str:
    place = message.thread_id or message.channel_id
    return f"https://discord.com/channels/{message.guild_id}/{place}/{message.message_id}"
