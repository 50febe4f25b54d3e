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

from bot.acknowledging import Acknowledged, acknowledged
from bot.denied import Denials
from bot.doors import UNANSWERED
from bot.rest import tried
from bot.rights import NOT_FOR_YOU, Right, deny, may, person_of, right_of, say, why_not
from bot.terms import BotTerms
from bot.used import Uses
from domain.chat import escaped, pinging_nobody
from domain.errors import AlertladderError
from workflows.desk_door import NoDesk

log = logging.getLogger(__name__)
Interaction = discord.Interaction[Any]
_REMEMBERED = 2000
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
    note: str = ""  # for the audit, where nobody writes down what it changed


class Refused(AlertladderError):
    """What was typed can't be done; says why, for whoever typed it."""


class Counter:
    """Where the answers are given."""

    def __init__(self, terms: BotTerms, denials: Denials, uses: Uses) -> None:
        self._terms = terms
        self._denials = denials
        self._uses = uses
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def answer(
        self, interaction: Interaction, work: Callable[[], Awaitable[Said]], *, by_one_bot: bool = False
    ) -> None:
        """Do the work of a command that passed the tree's own check, and show what it says.

        `by_one_bot`: the work is not the same when it is done twice, so only the bot that acknowledges does it.
        """
        if not self._is_new(interaction.id):
            return
        first = await acknowledged(interaction)
        if first is Acknowledged.NOT or (first is Acknowledged.ALREADY and by_one_bot):
            return
        said = await _done(interaction, work)
        if first is Acknowledged.OURS:
            self._note(interaction, said.note)
        await _show(interaction, said)
        while said.then is not None:
            said = await _done(interaction, said.then)
            await _show(interaction, said)

    async def click(
        self, interaction: Interaction, right: Right, what: str, work: Callable[[], Awaitable[Said]]
    ) -> None:
        """The same for a button: nobody has checked yet who clicks. `what` it asks for."""
        if may(self._terms, interaction, right):
            await self.answer(interaction, work)
            return
        deny(self._denials, interaction, what, why_not(self._terms, interaction, right))
        await say(interaction, NOT_FOR_YOU)

    def _note(self, interaction: Interaction, note: str) -> None:
        """What changes something is written down where it is changed; the rest is from here."""
        name = "resume" if interaction.command is None else interaction.command.qualified_name
        if note or right_of(interaction.command) is Right.LOOK:
            self._uses.used(person_of(interaction), name, note)

    def _is_new(self, interaction_id: int) -> bool:
        """A gateway that resumes may deliver twice."""
        if interaction_id in self._seen:
            return False
        self._seen[interaction_id] = None
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
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
        return _not_done(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}")
    except AlertladderError as error:
        return _not_done(f"{error}.")
    except Exception:  # a bug in one command: its asker hears of it, the others go on
        log.exception("a command failed")
        return Said(_BUG)


def _not_done(why: str) -> Said:
    return Said(f"Not done: {escaped(why)}", note=f"not done: {pinging_nobody(why)}")


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
