"""The big red button, and letting entries in again: after a halt that takes two steps."""

import re
from collections.abc import Iterator
from typing import Any, Self

import discord
from discord import app_commands

from bot.commands.counter import Counter, Interaction, Refused, Said
from bot.commands.wording import coded, when
from bot.doors import UNANSWERED, Doors
from bot.rights import ACTS, Right, person_of
from domain.chat import escaped
from domain.command import Halt, Person, Resume, Trading

Reason = app_commands.Range[str, 1, 200]
_TEMPLATE = re.compile(r"resume:(?P<code>[0-9A-Za-z]{1,20})")
_NOT_HALTED = (
    "The desk does not answer, so it may not be halted. `alertladder kill`, at the machine, needs neither it nor "
    "Temporal. Or ask again."
)


def halting(doors: Doors, counter: Counter) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The family."""

    @app_commands.command(extras=ACTS, description="Stop entries at once, those in the market included; exits stay")
    @app_commands.describe(reason="Why, for the audit and for the others")
    async def halt(interaction: Interaction, reason: Reason) -> None:
        asked = Halt(by=person_of(interaction), reason=reason)
        await counter.answer(interaction, lambda: _halt(doors, asked))

    @app_commands.command(
        name="reduce-only", extras=ACTS, description="Let no entries in any more; resuming lifts it in one step"
    )
    @app_commands.describe(reason="Why, for the audit and for the others")
    async def reduce_only(interaction: Interaction, reason: Reason) -> None:
        asked = Halt(by=person_of(interaction), reason=reason, trading=Trading.REDUCING)
        await counter.answer(interaction, lambda: _halt(doors, asked))

    @app_commands.command(extras=ACTS, description="Let entries in again; after a halt, a button asks once more")
    async def resume(interaction: Interaction) -> None:
        # Each first step makes a new code: of two bots, the one whose code is shown must be the one that asked last.
        person = person_of(interaction)
        await counter.answer(interaction, lambda: _resume(doors, counter, person, None), by_one_bot=True)

    yield from (halt, reduce_only, resume)


async def _halt(doors: Doors, asked: Halt) -> Said:
    try:
        receipt = await doors.desk.halt(asked)
    except UNANSWERED:
        return Said(_NOT_HALTED)
    lines = [f"**{escaped(str(receipt.standing))}**", f"Entries taken off: {len(receipt.stopped) or 'none'}"]
    if receipt.pending:
        lines.append(f"🔴 Not confirmed yet: {', '.join(map(coded, receipt.pending[:20]))}")
    return Said("\n".join(lines))


async def _resume(doors: Doors, counter: Counter, by: Person, code: str | None) -> Said:
    answer = await doors.desk.resume(Resume(by=by, code=code))
    if answer.refused is not None:
        raise Refused(f"{answer.refused}: use /resume")
    if answer.resumed:
        doors.mark.lift()
        return Said("Entries are let in again.")
    if answer.code is None:
        raise Refused("the desk gave no code")
    view = discord.ui.View(timeout=None)
    view.add_item(resume_button(doors, counter)(answer.code))
    until = "" if answer.valid_until is None else f" It works until {when(answer.valid_until)}."
    said = (
        f"{escaped(str(answer.standing))}\n\nTo let entries in again, press the button with code {answer.code}.{until}"
    )
    return Said(said, view=view, note="asked, with a code")


def resume_button(doors: Doors, counter: Counter) -> Any:
    """The second step's button, as a class. Its id carries the code, so it works whichever bot hears the click."""

    class ResumeButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=_TEMPLATE):
        """For one code."""

        def __init__(self, code: str) -> None:
            label, style = f"Let entries in ({code})", discord.ButtonStyle.danger
            super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"resume:{code}"))
            self.code = code

        @classmethod
        async def from_custom_id(
            cls,
            interaction: Interaction,  # noqa: ARG003  discord.py's own signature
            item: discord.ui.Item[Any],  # noqa: ARG003
            match: re.Match[str],
            /,
        ) -> Self:
            return cls(match["code"])

        async def callback(self, interaction: Interaction) -> None:
            person, code = person_of(interaction), self.code
            await counter.click(interaction, Right.ACT, "resume", lambda: _resume(doors, counter, person, code))

    return ResumeButton
