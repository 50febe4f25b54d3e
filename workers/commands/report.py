"""`alertladder report`: a page and a picture of a day's or a span's trades, made from the audit log."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.reporting.report import Book, Report
from domain.reporting.span import span_of
from report.asking import report_from
from report.making import Made, made
from report.wording import counted, dollars
from workers import settings
from workers.commands.audit import audit_log, one_line_errors
from workers.settings import Settings


def report(
    day: Annotated[str | None, typer.Option(help="A day in New York: today, yesterday, or as 2026-11-25.")] = None,
    since: Annotated[str | None, typer.Option(help="All days from this one on.")] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where to write; without it, reports in the state folder.")
    ] = None,
) -> None:
    """Write what a day, or some days, came to: a page and a picture. Without a day: today."""
    with one_line_errors():
        current = settings.load()
        told, files = asyncio.run(_made(current, day, since))
        folder = out or current.state_folder / "reports"
        paths = [
            _written(folder / f"{files.name}.html", files.page),
            _written(folder / f"{files.name}.png", files.picture),
        ]
    for line in (*_lines(told), *map(str, paths)):
        typer.echo(line)


async def _made(current: Settings, day: str | None, since: str | None) -> tuple[Report, Made]:
    now = datetime.now(UTC)
    span = span_of(day, since, now)
    async with audit_log(current) as audit:
        told = await report_from(audit, span, current.mode, now)
    return told, await made(told, current.state_folder)


def _lines(told: Report) -> list[str]:
    alerts = f"{counted(told.alerts, 'alert')}, {told.traded} traded, {len(told.refused)} refused"
    return [f"{told.span}: {alerts}", *map(_line, told.shown)]


def _line(book: Book) -> str:
    earned = dollars(book.realised, signed=True)
    return f"{book.mode}: {earned} realised before fees, {counted(book.filled, 'trade')} filled"


def _written(path: Path, content: bytes) -> Path:
    """The file, for its owner alone; whole, or as it was before."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    return fresh.replace(path)
