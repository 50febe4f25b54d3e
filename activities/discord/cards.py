"""The single poster of cards: one message a trade, whatever is repeated, lost, late, or deleted by somebody."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import discord
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.discord.channel import CardChannels, Connect
from activities.interfaces import DiscordActivities
from domain.card import Card, CardFate, CardShown, ShowCard
from domain.redaction import redact

log = logging.getLogger(__name__)
_ONE_TRY = 50.0  # seconds, with the waits that rate limits ask for; below the activity's own time-out
_REMEMBERED = 5000  # trades
_FIRST_REFUSALS, _LAST_REFUSALS = 400, 499  # HTTP
_MAY_PASS = (401, 408, 429)  # a token can be set anew, the others are Discord's own wish to be asked later
_ARCHIVED = 50083
_EMPTY = 50006  # embeds alone make an empty message where the bot may not embed


@dataclass
class _Posted:
    """What this process knows of one trade's card."""

    message_id: int | None = None
    card: Card | None = None
    revision: int = 0
    attempts: int = 0  # up to which one all were made in this process
    was_sent: bool = False  # a post went out, and its answer may be lost
    showing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def sent(self) -> None:
        """From now on a card may be there."""
        self.was_sent = True


class DiscordCards(DiscordActivities):
    """Posts by the client that `connect` gives."""

    def __init__(self, connect: Connect) -> None:
        self._channels = CardChannels(connect)
        self._posted: OrderedDict[str, _Posted] = OrderedDict()

    @activity.defn(name="show_card")
    async def show_card(self, asked: ShowCard) -> CardShown:
        """Post or edit. One trade's cards are shown one after the other, and never an older one after a newer."""
        posted = self._of(asked)
        try:
            async with asyncio.timeout(_ONE_TRY), posted.showing:
                return await self._show(asked, posted)
        except discord.NotFound as error:
            return CardShown(fate=CardFate.GONE, message_id=asked.message_id, detail=_words(error))
        except discord.Forbidden as error:
            return _forbidden(asked, error)
        except discord.RateLimited as error:
            pause = timedelta(seconds=error.retry_after)
            raise ApplicationError("Discord asks for a pause", type="Retryable", next_retry_delay=pause) from None
        except discord.HTTPException as error:
            return _refused(asked, error)
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ApplicationError(f"Discord is out of reach: {_words(error)}", type="Retryable") from None

    def _of(self, asked: ShowCard) -> _Posted:
        posted = self._posted.setdefault(asked.card.workflow_id, _Posted())
        self._posted.move_to_end(asked.card.workflow_id)
        while len(self._posted) > _REMEMBERED:
            self._posted.popitem(last=False)
        return posted

    async def _show(self, asked: ShowCard, posted: _Posted) -> CardShown:
        if asked.revision < posted.revision:
            return CardShown(message_id=posted.message_id)
        posted.revision = asked.revision
        posted.message_id = asked.message_id or posted.message_id or await self._found(asked, posted)
        if posted.message_id is None:
            posted.message_id = await self._channels.post(asked.channel_id, asked.card, posted.sent)
        elif posted.card != asked.card:
            await self._edit(asked, posted.message_id)
        posted.card = asked.card
        return CardShown(message_id=posted.message_id)

    async def _edit(self, asked: ShowCard, message_id: int) -> None:
        """A thread that nobody writes in goes into the archive while its trade holds: there nothing can be edited."""
        try:
            await self._channels.edit(asked.channel_id, message_id, asked.card)
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
            try:
                await self._channels.wake(asked.channel_id)
            except discord.Forbidden:  # it is locked: somebody has closed it
                raise error from None
            await self._channels.edit(asked.channel_id, message_id, asked.card)

    async def _found(self, asked: ShowCard, posted: _Posted) -> int | None:
        """The message of an earlier attempt whose answer was lost. Most first posts have had none."""
        attempt = activity.info().attempt
        posted.attempts = attempt if attempt == posted.attempts + 1 else posted.attempts
        if not asked.in_doubt and posted.attempts == attempt and not posted.was_sent:
            return None
        return await self._channels.find(asked.channel_id, asked.after_id, asked.card.workflow_id)


def _refused(asked: ShowCard, error: discord.HTTPException) -> CardShown:
    """What is left of Discord's answers: passing ones are tried again, a definite no is not."""
    if error.code == _ARCHIVED:
        return CardShown(fate=CardFate.GONE, message_id=asked.message_id, detail=_words(error))
    if error.code == _EMPTY:
        return _forbidden(asked, error)
    is_definite = _FIRST_REFUSALS <= error.status <= _LAST_REFUSALS and error.status not in _MAY_PASS
    if is_definite:
        log.error("Discord does not take the card of %s: %s", asked.card.workflow_id, _words(error))
    raise ApplicationError(f"Discord answered: {_words(error)}", non_retryable=is_definite) from None


def _forbidden(asked: ShowCard, error: discord.HTTPException) -> CardShown:
    log.error("channel %s takes no card of %s: %s", asked.channel_id, asked.card.workflow_id, _words(error))
    return CardShown(fate=CardFate.FORBIDDEN, message_id=asked.message_id, detail=_words(error))


def _words(error: Exception) -> str:
    return redact(str(error) or type(error).__name__)
