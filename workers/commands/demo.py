"""`alertladder demo`: the whole product in a minute, on embedded parts."""

import asyncio
import os
import socket
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workers.settings import load
from workers.terminal import terminal


class Speed(StrEnum):
    """How long the demo's ladder takes."""

    SHORT = "short"  # the same ladder at a tenth of its length
    REAL = "real"  # 90 seconds


_SHORT = {
    "ALERTLADDER_LADDER__RUNG": "PT2S",
    "ALERTLADDER_LADDER__WINDOW": "PT9S",
    "ALERTLADDER_LADDER__MARKET_FILL_WAIT": "PT3S",
}


def demo(
    speed: Annotated[
        Speed, typer.Option(help="short: rungs of 2 s in a window of 9 s; real: 20 s in 90 s.")
    ] = Speed.SHORT,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards, to look at.")] = False,
) -> None:
    """Post three alerts to embedded parts, show the ladders live, and check the exchange's book.

    One fills on a later rung, one fills in part and is converted to market at the end of its window, one is refused.
    Exit code 0 only if all three ended as they should.
    """
    # The demo can't help touching only its own parts: its mode, folder and ports are fixed before settings are read.
    own = {
        "ALERTLADDER_MODE": "paper",
        "ALERTLADDER_STATE_FOLDER": str(Path("var/demo").resolve()),
        "ALERTLADDER_TEMPORAL__ADDRESS": f"127.0.0.1:{_free_port(7233)}",
        "ALERTLADDER_TEMPORAL__UI_PORT": str(_free_port(8233)),
        "ALERTLADDER_PAPER__PORT": str(_free_port(8765)),
    }
    os.environ.update(own | (_SHORT if speed is Speed.SHORT else {}))
    settings = load()
    console = terminal()
    ladder = settings.ladder
    length = f"rungs of {ladder.rung.total_seconds():g} s in a window of {ladder.window.total_seconds():g} s"
    said = "a shortened ladder" if speed is Speed.SHORT else "the real ladder"
    console.print(f"alertladder demo on {said}: {length}. Paper exchange, no account, no money.", highlight=False)
    from workers.demo.play import play  # the exchange's calendar takes a second to import

    asyncio.run(play(settings, console, keep))


def _free_port(preferred: int) -> int:
    """The preferred port of the loopback address, or any free one when that is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on the loopback address")
