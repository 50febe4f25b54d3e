"""Alerts that were deleted or edited while the bot was away: what came of each message whose trade still enters.

Edits and deletions are delivered once. After every (re)connection each message that some entry order still works for is
looked at; one that is gone, or reads otherwise, is heard of as if the gateway had told it. Only Discord's own "Unknown
Message" from a channel that can be read is a deletion: where the bot may not look, or nobody answers, nothing is known.
"""

import asyncio
import logging
from collections.abc import Iterable

import discord

from bot.amendments import Amendments
from bot.background import Background
from bot.doors import UNANSWERED, Doors
from bot.messages import Place, alert_message
from bot.rest import FAILURES
from bot.terms import BotTerms, WhenEdited
from domain.alert import AlertMessage
from domain.desk_book import DeskBook
from domain.identifiers import TradeId
from domain.redaction import redact

log = logging.getLogger(__name__)
_UNKNOWN_MESSAGE = 10008
_AT_ONCE = 5
_MOST = 100  # messages in one look: more entries at once than any desk lets in


class Absence:
    """Looks when it was asked to, after a sweep: young alerts come first."""

    def __init__(
        self, client: discord.Client, doors: Doors, amendments: Amendments, terms: BotTerms, background: Background
    ) -> None:
        self._client = client
        self._doors = doors
        self._amendments = amendments
        self._terms = terms
        self._background = background
        self._is_due = False
        self._is_looking = False
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    def ask(self) -> None:
        """The gateway delivers again: what it did not deliver is to be looked for."""
        self._is_due = self._terms.when_edited is not WhenEdited.IGNORE

    def begin(self) -> None:
        """Look now, if that is due; nobody waits for it."""
        if self._is_due and not self._is_looking:
            self._is_due, self._is_looking = False, True
            self._background.start(self._look())

    async def _look(self) -> None:
        try:
            entering = _entering(await self._doors.desk.book())
            known = await asyncio.gather(*[self._look_at(first) for first in entering])
        except UNANSWERED as error:
            log.warning("what was deleted meanwhile is looked for after the next sweep: %s", error)
            known = [False]
        finally:
            self._is_looking = False
        self._is_due = self._is_due or not all(known)

    async def _look_at(self, first: TradeId) -> bool:
        """Hear what became of one message; False when nobody could say now."""
        async with self._at_once:
            request = await self._doors.trades.request(first.workflow_id)
            # Other front doors make ids of their own, in these channels too: Discord knows no such message.
            if request is None or request.message.guild_id is None:
                return True
            try:
                await self._hear_of(request.message)
            except (discord.Forbidden, discord.NotFound) as error:
                log.info("%s can't be looked at: %s", first.workflow_id, redact(str(error)))
            except FAILURES as error:
                log.warning("%s could not be looked at: %s", first.workflow_id, redact(str(error)))
                return False
            return True

    async def _hear_of(self, message: AlertMessage) -> None:
        place = await self._place(message.thread_id or message.channel_id)
        if (
            place is None
            or self._terms.guild_id not in (None, place.guild.id)
            or not _can_be_read(place, self._client.user)
        ):
            return
        try:
            now = await place.fetch_message(message.message_id)  # type: ignore[union-attr]
        except discord.NotFound as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise
            log.info("%s-%s was deleted meanwhile", message.channel_id, message.message_id)
            await self._amendments.deleted(message.channel_id, message.message_id)
        else:
            if now.edited_at is not None:
                await self._amendments.edited(alert_message(now, place))

    async def _place(self, place_id: int) -> Place | None:
        found = self._client.get_channel(place_id) or await self._client.fetch_channel(place_id)
        return found if isinstance(found, discord.abc.GuildChannel | discord.Thread) else None


def _entering(book: DeskBook) -> Iterable[TradeId]:
    """The messages, each once, whose trades may have an entry order in the market."""
    ids = [TradeId.of_workflow(name) for name, trade in book.trades.items() if trade.is_entering]
    return list(dict.fromkeys(found.model_copy(update={"index": 0}) for found in ids))[:_MOST]


def _can_be_read(place: Place, bot: discord.ClientUser | None) -> bool:
    """Where the history is hidden, a message that is there may be told as unknown."""
    member = None if bot is None else place.guild.get_member(bot.id)
    if member is None:
        return False
    held = place.permissions_for(member)
    return held.view_channel and held.read_message_history
