"""`alertladder parse`: what the reader makes of messages, without trading any."""

import sys

import typer

from domain.errors import AlertladderError
from domain.reading.lines import answer_line


class BadLine(AlertladderError):
    """A line of the input is not a message."""


def parse() -> None:
    """Read messages as JSON lines from standard input and write the reading of each to standard output.

    In: {"id", "text", "posted_at"}.

    Out: {"id", "alerts": [{action, symbol, strike, option_type, expiry, quantity, price, price_range, fraction,
    partial, stop, targets, label}], "refused": {"code", "detail"} or null}.
    """
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            typer.echo(answer_line(line))
        except ValueError as error:
            raise BadLine(f"line {number}: {error}") from error
