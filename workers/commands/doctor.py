"""`alertladder doctor`: what is set up right, what is wrong, and what to do about it."""

import asyncio

import typer
from rich.text import Text

from workers.settings import load
from workers.terminal import terminal

console = terminal()


def doctor() -> None:
    """Look at everything once: token, intents, permissions, channels, Temporal, broker, audit store, clock.

    One line each, and what to do where something is wrong. Exit code 1 then.
    """
    from workers.doctor import findings  # discord.py takes a while to import, and the other commands need none of it

    found = asyncio.run(findings(load()))
    for finding in found:
        mark, style = ("ok ", "green") if finding.is_well else ("BAD", "bold red")
        line = Text.assemble((mark, style), f" {finding.part:<9} ", finding.says)
        console.print(line, soft_wrap=True)
    if not all(finding.is_well for finding in found):
        raise typer.Exit(1)
