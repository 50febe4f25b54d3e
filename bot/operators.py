"""The channel of those who answer for it: every trouble of the desk once, with what to do, and the bot's own notices.

What was told stands in the channel itself, each with the mark of its trouble: after a restart the bot reads there what
it need not tell again, and a second bot does the same.
"""

import asyncio
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import discord

from bot.doors import UNANSWERED
from bot.nonces import nonce
from bot.rest import tried
from bot.speaker import Speaker
from domain.chat import escaped
from domain.trouble import Trouble
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_EVERY = 3.0  # seconds
_SILENT_AFTER = 30.0  # seconds without an answer of the desk, before it is told
_MARK = re.compile(r"^-# \(([0-9a-f]{24})\)\Z", re.MULTILINE)  # its last line: what it quotes marks nothing
_SILENT = "🚨 The desk does not answer, so no troubles are told here. → Look at Temporal and the trades worker."
_MOST_AT_ONCE = 10
_MOST_READ = 500
_MOST_MARKS = 2000
_LONGEST = 700  # characters, before they are escaped: twice as many and the advice are less than Discord takes


class Operators:
    """Tells the operators. `channel_id` None: they are not told here."""

    def __init__(self, client: discord.Client, desk: DeskDoor, channel_id: int | None, look_back: timedelta) -> None:
        self._client = client
        self._desk = desk
        self._channel_id = channel_id
        self._look_back = look_back
        self._speaker = Speaker(client)
        self._told: dict[str, None] | None = None  # marks, the oldest first; None: not read yet
        self._silent_since: float | None = None
        self._said_silent = False

    async def say(self, text: str, *about: object) -> None:
        """A notice of the bot's own, once."""
        if self._channel_id is not None:
            await self._speaker.say(self._channel_id, text, *about)

    async def run(self) -> None:
        """Tell what the desk has, for ever."""
        while self._channel_id is not None:
            await asyncio.sleep(_EVERY)
            try:
                async with asyncio.timeout(_EVERY * 2):
                    troubles = await self._desk.troubles()
            except UNANSWERED as error:
                await self._note_silence(error)
                continue
            await self._note_answer()
            try:
                await self._tell(self._channel_id, troubles)
            except Exception:  # a channel that nobody has thought of must not keep the bot from its alerts
                log.exception("operators could not be told")

    async def _tell(self, channel_id: int, troubles: Iterable[Trouble]) -> None:
        told = self._told
        if told is None:
            told = self._told = await self._read_back(channel_id)
        if told is None:
            return
        oldest = datetime.now(UTC) - self._look_back
        due = [each for each in troubles if each.at > oldest and mark_of(each) not in told]
        for trouble in due[:_MOST_AT_ONCE]:
            if await self._speaker.say(channel_id, line(trouble), "trouble", trouble.key):
                told[mark_of(trouble)] = None
        while len(told) > _MOST_MARKS:
            del told[next(iter(told))]

    async def _read_back(self, channel_id: int) -> dict[str, None] | None:
        """The marks of what was told before; None when the channel can't be read now."""

        async def read() -> dict[str, None] | None:
            place = await self._client.fetch_channel(channel_id)
            if not isinstance(place, discord.abc.Messageable):
                return None  # the checks tell of it
            after = datetime.now(UTC) - self._look_back
            found: dict[str, None] = {}
            async for message in place.history(limit=_MOST_READ, after=after, oldest_first=False):
                if self._client.user is not None and message.author.id == self._client.user.id:
                    found.update(dict.fromkeys(_MARK.findall(message.content)))
            return found

        return await tried("what operators were told", read)

    async def _note_silence(self, error: Exception) -> None:
        now = asyncio.get_running_loop().time()
        self._silent_since = self._silent_since or now
        if now - self._silent_since > _SILENT_AFTER and not self._said_silent:
            self._said_silent = True
            log.error("the desk does not answer: %s", str(error) or type(error).__name__)
            await self.say(_SILENT, "desk-silent", int(now))

    async def _note_answer(self) -> None:
        self._silent_since = None
        if self._said_silent:
            self._said_silent = False
            await self.say("✅ The desk answers again.", "desk-answers", datetime.now(UTC).isoformat())


def mark_of(trouble: Trouble) -> str:
    """What a told trouble is known by."""
    return nonce("mark", trouble.key)


def line(trouble: Trouble) -> str:
    """A trouble in one message: what, where, what to do, and its mark."""
    sign = "✅" if trouble.kind.is_good_news else "🚨"
    said = escaped(str(trouble), _LONGEST)
    when = f"<t:{int(trouble.at.timestamp())}:T>"
    return f"{sign} {when} {said}\n→ {trouble.kind.advice}\n-# ({mark_of(trouble)})"
