"""`python -m bench.recovery`: how long a trade stands still when its worker, or the Temporal server, is killed.

Each round one entry order rests in the market, a process is killed with SIGKILL, and the order fills a moment before or
after. Two things are read: when the exit is in the exchange's book, and when the trade's workflow did its next step.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import RPCError

from bench.contracts import Play, plays
from bench.durable import Durable
from bench.parts import Parts, own_settings, running_parts
from bench.timing import percentile
from paper.control.client import Control
from workers.client import connect
from workers.process import leave
from workers.settings import Settings
from workers.supervisor import Backoff
from workers.terminal import terminal

# Seconds from the fill to the kill: before, within the reaction to it, and after.
_OFFSETS = (-0.3, -0.05, 0.01, 0.03)
_RESTS = 1.0  # seconds that the entry rests in the market
_WITHIN = 60.0
_LOOK_EVERY = 0.05
_CALM = 2.0
_VICTIMS = ("trades", "temporal")


@dataclass(frozen=True)
class Recovery:
    """One kill. Seconds; `to_exit` from the later of kill and fill to the exit's receipt at the exchange."""

    victim: str
    offset: float
    to_step: float
    to_exit: float


def main(rounds: Annotated[int, typer.Option(help="Rounds of each victim and moment.")] = 3) -> None:
    """Measure and print."""
    console = terminal()
    with tempfile.TemporaryDirectory(prefix="alertladder-bench-") as folder:
        found = asyncio.run(_measure(Path(folder), rounds))
    console.print(_table(found))
    leave(0)


async def _measure(folder: Path, rounds: int) -> list[Recovery]:
    settings = own_settings(folder)
    moments = [(victim, offset) for _ in range(rounds) for victim in _VICTIMS for offset in _OFFSETS]
    # A killed process is started anew at once: the pauses that grow are for what dies by itself.
    at_once = Backoff(longest=timedelta(seconds=0.2))
    async with running_parts(settings, at_once) as parts, Control(settings.broker_addresses[0]) as control:
        todo = plays(len(moments), 0)
        return [
            await _round(parts, control, settings, play, *moment) for play, moment in zip(todo, moments, strict=True)
        ]


async def _round(
    parts: Parts, control: Control, settings: Settings, play: Play, victim: str, offset: float
) -> Recovery:
    client = await connect(settings)
    durable = Durable(client, control, settings)
    await control.quote(play.option.symbol, "0.70", "0.80", 30, 30)
    await durable.submit(play)
    await durable.entries(_WITHIN)  # a desk that was killed with the last round's victim may keep it waiting
    await asyncio.sleep(_RESTS)
    filled_at, killed_at = await _fill_and_kill(parts, control, play, victim, offset)
    exit_at = await _exit_received(durable)
    await asyncio.wait_for(parts.ready[victim].wait(), _WITHIN)
    (workflow_id,) = durable.workflow_ids
    step_at = await _next_step(client, workflow_id, killed_at)
    await asyncio.sleep(_CALM)
    began = max(filled_at, killed_at)
    return Recovery(victim, offset, (step_at - began).total_seconds(), (exit_at - began).total_seconds())


async def _fill_and_kill(
    parts: Parts, control: Control, play: Play, victim: str, offset: float
) -> tuple[datetime, datetime]:
    times: dict[str, datetime] = {}

    async def fill() -> None:
        await asyncio.sleep(max(0.0, -offset))
        times["filled"] = datetime.now(UTC)
        await control.quote(play.option.symbol, "0.70", "0.75", 30, 30)

    async def kill() -> None:
        await asyncio.sleep(max(0.0, offset))
        times["killed"] = datetime.now(UTC)
        parts.kill(victim)

    await asyncio.gather(fill(), kill())
    return times["filled"], times["killed"]


async def _exit_received(durable: Durable) -> datetime:
    """When the exit came to the exchange; the trade of a round is the only one of its own."""
    async with asyncio.timeout(_WITHIN):
        while True:
            for orders in (await durable.whole()).values():
                return _received(orders[-1])
            await asyncio.sleep(_LOOK_EVERY)


async def _next_step(client: Client, workflow_id: str, after: datetime) -> datetime:
    """When the workflow next completed a task, which is how it goes on: its exit, at least, is written down then."""
    async with asyncio.timeout(_WITHIN):
        while True:
            if later := [time for time in await _tasks_completed(client, workflow_id) if time > after]:
                return later[0]
            await asyncio.sleep(_LOOK_EVERY)


async def _tasks_completed(client: Client, workflow_id: str) -> list[datetime]:
    try:
        history = await client.get_workflow_handle(workflow_id).fetch_history()
    except RPCError:
        return []
    return [
        event.event_time.ToDatetime(UTC)
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    ]


def _received(order: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(order["received-at"])


def _table(found: list[Recovery]) -> Table:
    table = Table(title="seconds from kill -9 (or the fill, if later)", header_style="bold", box=None)
    for name in ("killed", "after the fill by", "n", "step p50", "step max", "exit p50", "exit max"):
        table.add_column(name, justify="left" if name == "killed" else "right")
    for victim in _VICTIMS:
        for offset in _OFFSETS:
            these = [each for each in found if (each.victim, each.offset) == (victim, offset)]
            steps, exits = [each.to_step for each in these], [each.to_exit for each in these]
            shown = [f"{value:.2f}" for value in (percentile(steps, 50), max(steps), percentile(exits, 50), max(exits))]
            table.add_row(victim, f"{offset:+.2f} s", str(len(these)), *shown)
    return table


if __name__ == "__main__":
    typer.run(main)
