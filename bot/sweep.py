"""Reading back what was not delivered: at every (re)connection, every minute, and every few seconds without a gateway.

Each sweep reads every allowed channel and its active threads from the last complete sweep on, or from as far back as an
alert may be old, and hands every message in as if it had just come. What turns out too old, and was no trade before, is
told to an operator as missed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord

from bot.allowed import Allowed
from bot.doors import UNANSWERED, Doors
from bot.intake import Intake, Verdict
from bot.mark import SweptMark
from bot.messages import Place, alert_message, channel_id, is_said, original_time
from bot.missed import trade_of, troubles_of, unread
from bot.rest import FAILURES
from bot.terms import BotTerms
from domain.admission import message_refusal
from domain.alert import AlertMessage
from domain.identifiers import TradeId
from domain.redaction import redact
from domain.settings import Allowlist

log = logging.getLogger(__name__)
_AWAY = timedelta(seconds=2)  # between sweeps while the gateway is lost: an alert is young for ten seconds
_SLACK = timedelta(seconds=15)  # clocks differ, and a sweep takes its time
_LISTED_WITHIN = 1.0  # seconds: a server that is slow to list is asked alert by alert, at once
_MOST_READ = 2000  # messages of a channel in one sweep

Edited = Callable[[AlertMessage], Awaitable[None]]


class Sweeper:
    """Sweeps for ever, one at a time. `is_connected` says whether the gateway delivers."""

    def __init__(
        self,
        client: discord.Client,
        doors: Doors,
        allowed: Allowed,
        intake: Intake,
        terms: BotTerms,
        mark: SweptMark,
        edited: Edited,
        is_connected: Callable[[], bool],
    ) -> None:
        self._client = client
        self._doors = doors
        self._allowed = allowed
        self._intake = intake
        self._terms = terms
        self._mark = mark
        self._edited = edited
        self._is_connected = is_connected
        self.on_swept: Callable[[], None] = lambda: None
        self._asked = asyncio.Event()
        self._roles: dict[int, tuple[int, ...]] = {}  # by author, within one sweep
        self._active: dict[int, list[discord.Thread]] = {}  # by guild, within one sweep
        self._begun: frozenset[str] = frozenset()  # the trades that were begun before this process
        self.completed = 0

    def ask(self) -> None:
        """Have one done now."""
        self._asked.set()

    async def run(self) -> None:
        """For ever. Whatever goes wrong in one sweep, the next comes."""
        while True:
            self._asked.clear()
            try:
                await self.sweep()
                self.on_swept()
            except (*FAILURES, *UNANSWERED) as error:
                log.warning("a sweep was not completed: %s", redact(str(error) or type(error).__name__))
            except Exception:  # a bug in one sweep: the next comes, and the gateway delivers meanwhile
                log.exception("a sweep was not completed")
            pause = self._terms.sweep_every if self._is_connected() else min(_AWAY, self._terms.sweep_every)
            try:
                async with asyncio.timeout(pause.total_seconds()):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def sweep(self) -> None:
        """One: first what may still be young, then what was not read before and is too old by now.

        Raises when a part of it could not be done: then the next looks as far back again.
        """
        began = datetime.now(UTC)
        policy = await self._allowed.asked_now()
        self._roles.clear()
        self._active.clear()
        young = began - policy.guard.max_alert_age - _SLACK
        places, is_whole = await self._all_places(policy.allowlist)
        spans: list[tuple[datetime, datetime | None]] = [(young, None)]
        if (marked := self._mark.at) is not None and marked - _SLACK < young:
            spans.append((max(marked - _SLACK, began - self._terms.look_back), young))
        missed: list[AlertMessage] = []
        for after, before in spans:
            if not self.completed:  # of the young ones first: of a busy day there are thousands
                self._begun |= await self._begun_since(after)
            # All at once: where each start takes a while, one channel's alerts must not grow old behind another's.
            for found in await asyncio.gather(*[self._read_back(place, after, before) for place in places]):
                is_whole = is_whole and found is not None
                missed += found or []
        await self._tell_missed(missed)
        if is_whole:
            self._mark.move(began)
            self.completed += 1

    async def _all_places(self, allowlist: Allowlist) -> tuple[list[Place], bool]:
        """Where alerts may come from, and whether nothing but a permission is in the way."""
        places: list[Place] = []
        is_whole = True
        for listed in sorted(allowlist.channels):
            try:
                places += [place async for place in self._places(listed)]
            except (discord.Forbidden, discord.NotFound):
                continue  # the checks have told of it
            except FAILURES as error:
                log.warning("channel %s could not be read: %s", listed, redact(str(error)))
                is_whole = False
        return places, is_whole

    async def _places(self, channel_id: int) -> AsyncIterator[Place]:
        """The channel, if it is one of our guild, and its active threads."""
        if channel_id < 1 << 22:  # no snowflake: a front door's own
            return
        place = await self._client.fetch_channel(channel_id)
        if not isinstance(place, discord.abc.GuildChannel) or self._terms.guild_id not in (None, place.guild.id):
            return
        if isinstance(place, discord.abc.Messageable):  # a forum is not: it has threads only
            yield place
        for thread in await self._threads(place.guild):
            if thread.parent_id == place.id:
                yield thread

    async def _threads(self, guild: discord.Guild) -> list[discord.Thread]:
        if guild.id not in self._active:
            self._active[guild.id] = await guild.active_threads()
        return self._active[guild.id]

    async def _read_back(self, place: Place, after: datetime, before: datetime | None) -> list[AlertMessage] | None:
        """Hand in what was said there; gives what is too old and was never a trade, or None when it can't be read."""
        try:
            unseen = await self._unseen(place, after, before)
        except (discord.Forbidden, discord.NotFound):
            return []
        except FAILURES as error:
            log.warning("channel %s could not be read: %s", place.id, redact(str(error)))
            return None
        except Exception:  # a message that discord.py can't make out keeps nobody from the other channels
            log.exception("channel %s could not be read", place.id)
            return None
        # Side by side: where each start takes a while, the last must not grow old behind the first.
        found = await asyncio.gather(*[self._hand_in(message, asked) for message, asked in unseen])
        return [asked for asked in found if asked is not None]

    async def _unseen(
        self, place: Place, after: datetime, before: datetime | None
    ) -> list[tuple[discord.Message, AlertMessage]]:
        """What was said there and is to be handed in, oldest first; an operator is told where that is not all."""
        said = place.history(after=after, before=before, limit=_MOST_READ, oldest_first=True)  # type: ignore[union-attr]
        unseen: list[tuple[discord.Message, AlertMessage]] = []
        read, last = 0, after
        async for message in said:
            read, last = read + 1, message.created_at
            if is_said(message) and not self._is_ours(message) and not self._is_seen(message, place):
                unseen.append((message, alert_message(message, place, await self._roles_of(message, place))))
        if read == _MOST_READ:
            await self._doors.desk.tell(unread(place.id, read, last, before or datetime.now(UTC)))
        return unseen

    def _is_seen(self, message: discord.Message, place: Place) -> bool:
        """It was taken before, by this process or by one before it, and was not edited."""
        is_begun = _trade_id(channel_id(place), message.id) in self._begun
        return message.edited_at is None and (is_begun or self._intake.verdict(message.id) is not None)

    async def _hand_in(self, message: discord.Message, asked: AlertMessage) -> AlertMessage | None:
        """One message, as if it had just come; gives it back when it was missed."""
        if message.edited_at is not None:
            await self._edited(asked)
            if trade_of(asked) in self._begun:  # it was traded by what it said first
                return None
        try:
            verdict = await self._intake.take(asked, original_time(message))
        except Exception:  # one message that nobody can take must not keep the others from being read
            log.exception("message %s could not be taken", message.id)
            return None
        return asked if verdict is Verdict.TOO_OLD and await self._is_missed(asked) else None

    async def _begun_since(self, since: datetime) -> frozenset[str]:
        """What was begun before this process: to ask trade by trade would cost the time of the young ones."""
        try:
            async with asyncio.timeout(_LISTED_WITHIN):
                return await self._doors.trades.started_since(since)
        except UNANSWERED as error:
            log.warning("what was begun before is asked one by one: %s", error)
            return frozenset()

    async def _is_missed(self, message: AlertMessage) -> bool:
        """It would have been traded, and was not. What was edited since may have said so from the first."""
        allowlist = self._allowed.held.allowlist
        as_first = message.model_copy(update={"is_edit": False})
        if message_refusal(allowlist, as_first) is not None or not self._doors.front.read(message).alerts:
            return False
        return not await self._doors.trades.exists(trade_of(message))

    async def _tell_missed(self, missed: list[AlertMessage]) -> None:
        for trouble in troubles_of(missed, self._doors.front):
            log.warning("missed: %s", trouble.detail)
            await self._doors.desk.tell(trouble)

    async def _roles_of(self, message: discord.Message, place: Place) -> tuple[int, ...] | None:
        """A message of the history does not say its author's roles; they are asked for where they could decide."""
        allowlist = self._allowed.held.allowlist
        author = message.author
        if isinstance(author, discord.Member) or author.bot or author.id in allowlist.users or not allowlist.roles:
            return None
        if author.id not in self._roles:
            guild = await self._client.fetch_guild(place.guild.id, with_counts=False)
            try:
                self._roles[author.id] = tuple(role.id for role in (await guild.fetch_member(author.id)).roles)
            except discord.NotFound:
                self._roles[author.id] = ()
        return self._roles[author.id]

    def _is_ours(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id


def _trade_id(channel: int, message: int) -> str:
    return TradeId(channel_id=channel, message_id=message).workflow_id
