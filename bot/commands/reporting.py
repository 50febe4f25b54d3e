"""A day's report: the picture in the answer, and the page beside it, for whoever asks alone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.commands.counter import Attached, Counter, Interaction, Refused, Said
from bot.doors import Doors
from bot.rights import LOOKS
from domain.admission import NEW_YORK
from domain.chat import escaped
from domain.errors import RefusedError, RetryableError
from domain.reporting.report import Report
from domain.reporting.span import Span, span_of
from report.asking import report_from
from report.making import made
from report.wording import counted, dollars

_LARGEST = 8_000_000  # bytes of both; Discord takes ten million of a bot
_MOST_OFFERED = 14  # days
_PICTURE, _PAGE = "report.png", "report.html"
Day = app_commands.Range[str, 1, 20]


def reporting(doors: Doors, counter: Counter, folder: Path) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The family. `folder` is where what is known of fonts is kept."""
    desk = _Drawing(doors, folder)

    @app_commands.command(extras=LOOKS, description="What a day, or some days, came to: a picture and a page")
    @app_commands.describe(day="Today, yesterday, or as 2026-11-25; New York's", since="Instead: all days from this on")
    @app_commands.autocomplete(day=_offered_days, since=_offered_days)
    async def report(interaction: Interaction, day: Day | None = None, since: Day | None = None) -> None:
        await counter.answer(interaction, lambda: desk.report(day, since))

    yield report


class _Drawing:
    """One report after the other: each takes a core for a second or two."""

    def __init__(self, doors: Doors, folder: Path) -> None:
        self._doors = doors
        self._folder = folder
        self._turn = asyncio.Lock()

    async def report(self, day: str | None, since: str | None) -> Said:
        if self._turn.locked():
            raise Refused("a report is being made now: ask again in some seconds")
        async with self._turn:
            return await self._report(datetime.now(UTC), day, since)

    async def _report(self, now: datetime, day: str | None, since: str | None) -> Said:
        try:
            span = span_of(day, since, now)
            told = await report_from(self._doors.audit, span, self._doors.mode, now)
            files = await made(told, self._folder)
        except RefusedError as error:
            raise Refused(error.message) from None
        except RetryableError as error:
            return Said(escaped(f"The report can't be made now: {error}. Ask again later."))
        shown = Attached(_PICTURE, files.picture), Attached(_PAGE, files.page)
        if len(files.picture) + len(files.page) > _LARGEST:
            raise Refused("that is too large for Discord: ask for fewer days, or use `alertladder report`")
        return Said("\n".join(_lines(told)), title=_title(span), files=shown)


def _title(span: Span) -> str:
    return f"Report · {span}"


def _lines(told: Report) -> Iterator[str]:
    for book in told.shown:
        yield f"**{escaped(book.mode)}**: {dollars(book.realised, signed=True)}, {counted(book.filled, 'trade')} filled"
    yield f"{counted(told.alerts, 'alert')}, {told.traded} traded, {len(told.refused)} refused"


async def _offered_days(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    today = datetime.now(NEW_YORK).date()
    days = [today - timedelta(days=back) for back in range(_MOST_OFFERED)]
    offered = ["today", "yesterday", *(f"{day}" for day in days if day.weekday() < 5)]
    return [app_commands.Choice(name=each, value=each) for each in offered if typed.strip().lower() in each]
