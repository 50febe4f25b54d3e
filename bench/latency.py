"""`python -m bench.latency`: from an alert to its order and from a fill to its exit, durably and by a plain script.

Both trade different contracts on one paper exchange, at one pace, one after the other. Nothing is asserted: the table
is the result.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.breakdown import breakdown
from bench.burst import burst
from bench.contracts import Play, plays
from bench.durable import Durable
from bench.parts import own_settings, running_parts
from bench.plain_script import plain_script
from bench.timing import Timing, comparison
from paper.control.client import Control
from workers.client import connect
from workers.process import leave
from workers.settings import Settings
from workers.terminal import terminal

_MEETS_AFTER = 1.5  # seconds: the entry rests by then, and the fill comes by the stream as most do
_AT_MOST = timedelta(seconds=110)


def main(
    alerts: Annotated[int, typer.Option(help="How many alerts, each in another contract.")] = 50,
    pace: Annotated[float, typer.Option(help="Seconds between two alerts.")] = 0.5,
    at_once: Annotated[int, typer.Option(help="How many alerts in one burst at the end; 0 for none.")] = 50,
) -> None:
    """Measure and print."""
    console = terminal()
    with tempfile.TemporaryDirectory(prefix="alertladder-bench-") as folder:
        asyncio.run(_bounded(console, Path(folder), alerts, pace, at_once))
    leave(0)


async def _bounded(console: Console, folder: Path, alerts: int, pace: float, at_once: int) -> None:
    async with asyncio.timeout(_AT_MOST.total_seconds()):
        settings = own_settings(folder)
        console.print(f"{alerts} alerts, one each {pace:g} s, on embedded parts in {folder}", highlight=False)
        async with running_parts(settings):
            await _measure(console, settings, alerts, pace, at_once)


async def _measure(console: Console, settings: Settings, alerts: int, pace: float, at_once: int) -> None:
    client = await connect(settings)
    url, streamer_url = settings.broker_addresses
    async with Control(url) as control:
        durable = Durable(client, control, settings)
        await _paced(plays(alerts, 0), pace, lambda play: durable.post(play, _MEETS_AFTER))
        measured = {"alertladder": await durable.timings()}
        found = await breakdown(client, [name for name, is_cold in durable.workflow_ids.items() if not is_cold])
        measured["plain script"] = await _plainly(control, url, streamer_url, alerts, pace)
        console.print(comparison(measured))
        console.print(found.table())
        if at_once:
            console.print(await burst(client, control, Durable(client, control, settings), plays(at_once, 2)))


async def _plainly(control: Control, url: str, streamer_url: str, alerts: int, pace: float) -> list[Timing]:
    async with plain_script(url, streamer_url) as script:

        async def trade(play: Play) -> None:
            await play.open_market(control, _MEETS_AFTER)
            await script.trade(play)

        await _paced(plays(alerts, 1), pace, trade)
        return await script.timings(control)


async def _paced(todo: list[Play], pace: float, act: Callable[[Play], Awaitable[None]]) -> None:
    """Begin one every `pace` seconds, and wait until all are done."""
    async with asyncio.TaskGroup() as tasks:
        for play in todo:
            tasks.create_task(_each(act, play))
            await asyncio.sleep(pace)


async def _each(act: Callable[[Play], Awaitable[None]], play: Play) -> None:
    await act(play)


if __name__ == "__main__":
    typer.run(main)
