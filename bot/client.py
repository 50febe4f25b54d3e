"""The bot: an unmodified discord.py client, wired to what takes messages, sweeps, answers and tells operators.

Commands and buttons are extensions: each is called once, before the gateway is opened, and adds what it has to `tree`
or by `add_dynamic_items`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import discord

from bot.absence import Absence
from bot.allowed import Allowed
from bot.amendments import Amendments
from bot.answers import Answers
from bot.background import Background
from bot.checks import lacking
from bot.denied import Denials
from bot.doors import UNANSWERED, Doors
from bot.intake import Intake
from bot.mark import SweptMark
from bot.messages import Place, alert_message, channel_id, is_said, original_time
from bot.operators import Operators
from bot.outage import Outage
from bot.refused import Refusals
from bot.rest import tried
from bot.rights import GuardedTree
from bot.speaker import Speaker
from bot.sweep import Sweeper
from bot.terms import BotTerms
from domain.errors import AlertladderError
from domain.settings import DeskPolicy
from domain.trouble import Trouble, TroubleKind

log = logging.getLogger(__name__)
_LAST_WORDS = 5.0  # seconds for what is under way, when told to stop
# Discord.py waits longer and longer between its attempts, up to minutes: a bot that is started anew begins anew.
_LOST_FOR = 45.0  # seconds
_GUILDS_WITHIN = 1.0  # seconds that discord.py waits for guilds before it calls itself ready

Extension = Callable[["AlertBot"], Awaitable[None]]


class GatewayLost(AlertladderError):
    """The gateway was not reached for long. A supervisor starts the bot anew."""


class AlertBot(discord.Client):
    """One bot of one account. `first_policy` is what the settings say until the desk answers."""

    def __init__(
        self,
        terms: BotTerms,
        doors: Doors,
        first_policy: DeskPolicy,
        state_folder: Path,
        extensions: Sequence[Extension] = (),
        **options: Any,
    ) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=_GUILDS_WITHIN,
            **options,
        )
        self.terms = terms
        self.state_folder = state_folder
        self.doors = doors
        self.background = Background()
        self.denials = Denials(doors.desk, self.background)
        self.tree = GuardedTree(self, terms, self.denials)
        self.allowed = Allowed(doors.desk, first_policy, self.background)
        self.answers = Answers(self, self.background)
        self.operators = Operators(self, doors.desk, terms.operator_channel_id, terms.look_back)
        self.outage = Outage(doors.account, Speaker(self), self.operators, self.background)
        refusals = Refusals(doors.desk, self.answers, self.background)
        self.intake = Intake(doors.front, self.allowed, self.answers, refusals, self.outage)
        self.amendments = Amendments(doors, self.allowed, self.intake, self.answers, terms.when_edited)
        self.absence = Absence(self, doors, self.amendments, terms, self.background)
        mark = SweptMark(state_folder / "discord-swept.json")
        self.sweeper = Sweeper(
            self, doors, self.allowed, self.intake, terms, mark, self.amendments.edited, lambda: self._lost is None
        )
        self.broken: asyncio.Future[None] | None = None  # ends with what the bot can't go on after
        self._lost: asyncio.TimerHandle | None = None  # None while the gateway delivers
        self._extensions = extensions
        self._running: list[asyncio.Task[None]] = []
        self._lacks: set[tuple[date, str]] = set()  # as they were told last
        self.allowed.on_change = self.sweeper.ask
        self.outage.on_over = self.sweeper.ask
        self.sweeper.on_swept = self._after_a_sweep

    async def setup_hook(self) -> None:
        """After signing in, before the gateway: extensions come in, and the sweeps begin."""
        self.broken = self.loop.create_future()
        self._lose()
        for extension in self._extensions:
            await extension(self)
        self._running = [asyncio.create_task(work) for work in (self.sweeper.run(), self.operators.run())]
        for task in self._running:
            task.add_done_callback(self._must_not_end)

    async def close(self) -> None:
        """Let what is under way finish for some seconds, and hang up. What is left is found by the next sweep."""
        if self.is_closed():
            return
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.background.finish(_LAST_WORDS)
        await super().close()

    # What the gateway tells

    async def on_ready(self) -> None:
        """A new session: what was said before it is not delivered."""
        self._delivers("connected")
        await self.allowed.asked_now()
        self._look_for_lacks()

    async def on_resumed(self) -> None:
        """The old session: what was missed is delivered, unless there was too much of it."""
        self._delivers("resumed")

    async def on_disconnect(self) -> None:
        """From now on the sweeps are all there is."""
        if self._lost is None:
            log.warning("the gateway is lost; sweeping every other second until it is back")
            self._lose()
            self.sweeper.ask()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Somebody took the bot out."""
        log.error("the bot is in guild %s no longer", guild.id)
        self.sweeper.ask()

    async def on_message(self, message: discord.Message) -> None:
        """Somebody said something."""
        if self.user is None or message.author.id == self.user.id or message.guild is None or not is_said(message):
            return
        place = await self._place(message.channel)
        if place is not None and self._is_heard(place):
            await self.intake.take(alert_message(message, place), original_time(message))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message was changed, or Discord added a link's preview: that has no time of edit."""
        if event.guild_id is None or event.message.edited_at is None:
            return
        place = await self._place(event.message.channel)
        if place is not None and self._is_heard(place):
            await self.amendments.edited(alert_message(event.message, place))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message is gone."""
        await self._gone(event.channel_id, event.guild_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many are gone."""
        await self._gone(event.channel_id, event.guild_id, sorted(event.message_ids))

    async def on_error(self, event: str, /, *_: Any, **__: Any) -> None:
        """A bug, or Discord out of reach, in one event: the others go on."""
        log.exception("%s failed", event)

    def _look_for_lacks(self) -> None:
        """What the bot lacks now: rights are taken, and channels let in, while it runs."""
        if self._lost is not None or any(guild.unavailable for guild in self.guilds):
            return
        day = datetime.now(UTC).date()
        found = {(day, line) for line in lacking(self, self.terms, self.allowed.held.allowlist.channels)}
        new, self._lacks = sorted(found - self._lacks), found
        for lack in new:
            log.error("%s", lack[1])
            self.background.start(self._tell_lack(lack))

    async def _tell_lack(self, lack: tuple[date, str]) -> None:
        """By way of the desk, which tells it once a day wherever an operator is told."""
        (day, line), kind = lack, TroubleKind.BOT_HINDERED
        told = Trouble(kind=kind, key=f"{kind}:{day:%Y%m%d}:{line}", detail=line, at=datetime.now(UTC))
        try:
            await self.doors.desk.tell(told)
        except UNANSWERED as error:
            log.warning("no operator could be told of that: %s", error)
            self._lacks.discard(lack)  # the next look tells it

    def _after_a_sweep(self) -> None:
        self.absence.begin()
        if self.is_ready():
            self._look_for_lacks()

    def _delivers(self, how: str) -> None:
        log.info("%s as %s, in %d guilds", how, self.user, len(self.guilds))
        if self._lost is not None:
            self._lost.cancel()
            self._lost = None
        self.absence.ask()
        self.sweeper.ask()

    def _lose(self) -> None:
        why = GatewayLost(f"the gateway was not reached for {_LOST_FOR:.0f} s: starting anew")
        self._lost = self.loop.call_later(_LOST_FOR, self._break, why)

    def _must_not_end(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._break(error)

    def _break(self, why: BaseException) -> None:
        if self.broken is not None and not self.broken.done():
            self.broken.set_exception(why)

    async def _gone(self, place_id: int, guild_id: int | None, message_ids: Sequence[int]) -> None:
        if guild_id is None:
            return
        place = await self._place(self.get_partial_messageable(place_id))
        if place is not None and self._is_heard(place):
            for message_id in message_ids:
                await self.amendments.deleted(channel_id(place), message_id)

    def _is_heard(self, place: Place) -> bool:
        return self.terms.guild_id in (None, place.guild.id)

    async def _place(self, channel: Any) -> Place | None:
        """The channel or thread; one that discord.py has not heard of is asked for."""
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return channel
        found = self.get_channel(channel.id)
        if found is None:
            found = await tried(f"channel {channel.id}", lambda: self.fetch_channel(channel.id))
        return found if isinstance(found, discord.abc.GuildChannel | discord.Thread) else None


def intents() -> discord.Intents:
    """Guilds, their messages, and what these say: nothing else is asked for."""
    asked = discord.Intents.none()
    asked.guilds = True
    asked.guild_messages = True
    asked.message_content = True
    return asked
