"""How every command is answered: at once, for its asker alone, done once, and never left without a word."""

import asyncio
import io
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from pydantic import ValidationError

from bot.denied import Denials
from bot.doors import UNANSWERED
from bot.rest import FAILURES, tried
from bot.rights import NOT_FOR_YOU, Right, deny, may, person_of, say, why_not
from bot.terms import BotTerms
from domain.chat import escaped
from domain.errors import AlertladderError
from workflows.desk_door import NoDesk

log = logging.getLogger(__name__)
Interaction = discord.Interaction[Any]
_REMEMBERED = 2000
_ACKNOWLEDGED_ALREADY = 40060  # Discord's code: our own request came through twice, or a second bot was quicker
_ACKNOWLEDGE_WITHIN = 10.0  # seconds, for discord.py's own further tries; Discord itself waits three
_PATIENCE = 30.0  # seconds: longer than any door waits
_LONGEST = 4000  # characters; Discord takes 4,096
_LONGEST_TITLE = 256
_NO_DESK = "The desk does not answer now, so this may not have been done. `/ping` says what is down; then ask again."
_NO_TEMPORAL = (
    "Temporal does not answer now, so this may not have been done. `/ping` says what is down; then ask again."
)
_BUG = "That failed, and the bot's log says why. It may have been done: `/status` and `/trade` show how it stands."


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of an answer; a picture is shown in it."""

    name: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        """Discord shows it."""
        return self.name.endswith(".png")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: text that is safe to show. `then` gives what takes its place once it is known."""

    text: str
    title: str | None = None
    view: discord.ui.View | None = None
    files: tuple[Attached, ...] = ()
    then: "Callable[[], Awaitable[Said]] | None" = None


class Refused(AlertladderError):
    """What was typed can't be done; says why, for whoever typed it."""


class Counter:
    """Where the answers are given."""

    def __init__(self, terms: BotTerms, denials: Denials) -> None:
        self._terms = terms
        self._denials = denials
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def answer(
        self, interaction: Interaction, work: Callable[[], Awaitable[Said]], *, by_one_bot: bool = False
    ) -> None:
        """Do the work of a command that passed the tree's own check, and show what it says.

        `by_one_bot`: the work is not the same when it is done twice, so only the bot that acknowledges does it.
        """
        if not self._is_new(interaction.id) or not await _acknowledged(interaction, by_one_bot):
            return
        said: Said | None = await _done(interaction, work)
        while said is not None:
            await _show(interaction, said)
            said = None if said.then is None else await _done(interaction, said.then)

    async def click(
        self, interaction: Interaction, right: Right, what: str, work: Callable[[], Awaitable[Said]]
    ) -> None:
        """The same for a button: nobody has checked yet who clicks. `what` it asks for."""
        if may(self._terms, interaction, right):
            await self.answer(interaction, work)
            return
        deny(self._denials, interaction, what, why_not(self._terms, interaction, right))
        await say(interaction, NOT_FOR_YOU)

    def _is_new(self, interaction_id: int) -> bool:
        """A gateway that resumes may deliver twice."""
        if interaction_id in self._seen:
            return False
        self._seen[interaction_id] = None
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True


async def _acknowledged(interaction: Interaction, by_one_bot: bool) -> bool:
    """Whether an answer can be shown at all. Where not, Discord says so, and nothing is done behind anybody's back."""
    try:
        async with asyncio.timeout(_ACKNOWLEDGE_WITHIN):
            await interaction.response.defer(ephemeral=True, thinking=True)
    except FAILURES as error:
        if isinstance(error, discord.HTTPException) and error.code == _ACKNOWLEDGED_ALREADY:
            return not by_one_bot
        log.warning("a command came too late to be answered, and is not done: %s", error)
        return False
    return True


async def _done(interaction: Interaction, work: Callable[[], Awaitable[Said]]) -> Said:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await work()
    except NoDesk as error:
        log.warning("%s: %s", person_of(interaction), error)
        return Said(_NO_DESK)
    except UNANSWERED as error:
        log.warning("%s: %s", person_of(interaction), str(error) or type(error).__name__)
        return Said(_NO_TEMPORAL)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        return Said(f"Not done: {escaped('.'.join(map(str, fault['loc'])))}: {escaped(fault['msg'])}")
    except AlertladderError as error:
        return Said(f"Not done: {escaped(str(error))}.")
    except Exception:  # a bug in one command: its asker hears of it, the others go on
        log.exception("a command failed")
        return Said(_BUG)


async def _show(interaction: Interaction, said: Said) -> None:
    text = said.text if len(said.text) <= _LONGEST else f"{said.text[: _LONGEST - 1]}…"
    title = None if said.title is None else said.title[:_LONGEST_TITLE]
    embed = discord.Embed(title=title, description=text)
    for file in said.files:
        if file.is_picture:
            embed.set_image(url=f"attachment://{file.name}")
    view = discord.utils.MISSING if said.view is None else said.view

    async def send() -> None:
        files = [discord.File(io.BytesIO(file.content), file.name) for file in said.files]  # anew for each try
        attachments = files or discord.utils.MISSING
        await interaction.edit_original_response(embed=embed, view=view, attachments=attachments)

    await tried("an answer", send)
