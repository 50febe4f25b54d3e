"""`alertladder kill`: the big red button that needs nothing but the broker."""

import asyncio
import getpass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from activities.broker import BrokerSession, Killed, KillSwitch, Orders
from activities.kill_mark import Kill, KillMark, KillScope
from domain.command import Halt, Person
from domain.errors import AlertladderError
from workers.client import connect
from workers.settings import Settings, load
from workers.terminal import terminal
from workers.trades_worker import credentials, endpoint
from workflows.desk_door import DeskDoor

_DESK_PATIENCE = timedelta(seconds=2)
console = terminal()


def kill(
    exits: Annotated[bool, typer.Option("--exits", help="Take this program's exit orders off, too.")] = False,
    positions: Annotated[
        bool,
        typer.Option(
            "--positions",
            help="Sell what this program bought, buy back what it sold first, at the market. Takes exits off first.",
        ),
    ] = False,
) -> None:
    """Cancel this program's working entry orders straight at the broker, and let it send none until `resume`.

    Works with neither Temporal nor Discord running. Orders of others are left alone. Exit code 1: something is left.
    """
    settings = load()
    scope = KillScope.EVERYTHING if exits or positions else KillScope.ENTRIES
    KillMark(settings.state_folder).leave(Kill(by=getpass.getuser(), at=datetime.now(UTC), scope=scope))
    console.print("no process of this installation sends orders any more; `alertladder resume` lifts that")
    killed = asyncio.run(_kill(settings, exits=exits, positions=positions))
    console.print(
        f"{len(killed.ended)} orders taken off, {len(killed.sold)} positions being closed, "
        f"{killed.left_alone} working orders of others left alone"
    )
    for failure in killed.failed:
        console.print(failure, style="red", markup=False)
    if killed.failed:
        raise typer.Exit(1)


async def _kill(settings: Settings, *, exits: bool, positions: bool) -> Killed:
    telling = asyncio.create_task(_tell_desk(settings))
    session = BrokerSession(endpoint(settings), credentials(settings))
    try:
        switch = KillSwitch(session, Orders(session), say=lambda line: console.print(line, markup=False))
        return await switch.pull(exits=exits, positions=positions)
    finally:  # also when the broker can't be reached: then the desk is all that stops the trades
        console.print(await telling)
        await session.close()


async def _tell_desk(settings: Settings) -> str:
    """A desk that runs halts now; one that doesn't will when it starts, for the mark."""
    try:
        client = await connect(settings, _DESK_PATIENCE)
        by = Person(name=getpass.getuser(), via="kill")
        receipt = await DeskDoor(client, settings.account).halt(Halt(by=by, reason="killed"))
    except AlertladderError:
        return "no desk runs now; it halts when it starts"
    return f"the desk stands {receipt.standing}"
