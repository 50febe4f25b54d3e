"""`alertladder parse`: what the reader makes of messages, without trading any."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from domain.alert import Reading
from domain.errors import AlertladderError
from domain.profile import PLAIN, Profile
from domain.reading.explain import Explained, explain
from domain.reading.lines import answer_line, fields
from workers.settings import load
from workers.terminal import shown, terminal


class BadLine(AlertladderError):
    """A line of the input is not a message."""


class NoProfile(AlertladderError):
    """The settings have no profile of that name."""


def parse(
    profile: Annotated[str | None, typer.Option(help="Read by this profile of the settings.")] = None,
    explained: Annotated[
        str | None, typer.Option("--explain", help="One message: show how each piece is read.")
    ] = None,
) -> None:
    """Read messages as JSON lines from standard input and write the reading of each to standard output.

    In: {"id", "text", "posted_at"}.

    Out: {"id", "alerts": [{action, symbol, strike, option_type, expiry, quantity, price, price_range, fraction,
    partial, stop, targets, label}], "refused": {"code", "detail"} or null}. A stop or target in percent is "30%".
    """
    by = _named(profile)
    if explained is not None:
        _show(*explain(explained, datetime.now(UTC), by))
        return
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            typer.echo(answer_line(line, by))
        except ValueError as error:
            raise BadLine(f"line {number}: {error}") from error


def _named(name: str | None) -> Profile:
    if name is None:
        return PLAIN
    profiles = load().profiles
    found = profiles.named(name)
    if found is None:
        raise NoProfile(f"no profile {name}; there are: {', '.join(sorted(profiles.by_name)) or 'none'}")
    return found


def _show(pieces: Sequence[Explained], reading: Reading) -> None:
    console, table = terminal(), Table("text", "role", "gave")
    for piece in pieces:
        table.add_row(shown(piece.text), piece.role, shown(piece.gave))
    if pieces:
        console.print(table)
    for alert in reading.alerts:
        console.print(shown(f"read as {alert}"))
        said = [f"{name} {value}" for name, value in fields(alert).items() if value not in (None, [], False)]
        console.print(shown(f"  {', '.join(said)}"))
    if reading.refused is not None:
        told = "its author is told" if reading.refused.is_alert_like else "passed over in silence"
        console.print(shown(f"not read ({reading.refused.code}): {reading.refused.detail} - {told}"))
