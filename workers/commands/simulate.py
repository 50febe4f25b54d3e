"""`alertladder simulate`: trades in a world that goes wrong by a seed, and the promises checked after every step."""

import os
import time
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table

from domain.errors import AlertladderError
from simulation.campaign import Tally, around, verdicts
from simulation.misfortunes import ALL
from simulation.run import run_seed
from workers.terminal import terminal

console = terminal()


class PromiseBroken(AlertladderError):
    """A seed was found in which an invariant did not hold."""


def simulate(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 1000,
    start: Annotated[int, typer.Option("--from", min=0, help="The first seed.")] = 0,
    processes: Annotated[int, typer.Option(min=1, help="At once. Default: one a core.")] = os.cpu_count() or 1,
    trace: Annotated[bool, typer.Option("--trace", help="Print all that happened in the first seed.")] = False,
) -> None:
    """Run trades against a simulated broker, stream and market, each seed with faults and prices of its own.

    The code that trades is the real one. Exits with 1 when a promise of docs/invariants.md did not hold, and prints the
    seed and what led to it; the same seed does the same again.
    """
    if trace:
        verdict = run_seed(start)
        console.print("\n".join(verdict.trace), highlight=False, markup=False)
        console.print(f"trace {verdict.trace_hash}, {len(verdict.violations)} violations", highlight=False)
        return
    began, tally = time.monotonic(), Tally()
    found = verdicts(range(start, start + seeds), processes)
    for verdict in track(found, total=seeds, description="simulating", console=console, transient=True):
        tally.add(verdict)
    console.print(_table(tally))
    took = time.monotonic() - began
    console.print(f"{tally.seeds:,} seeds in {took:.0f} s, {len(tally.failed)} with a violation", highlight=False)
    if tally.failed:
        worst = tally.failed[0]
        console.print(f"seed {worst.seed}:", *around(worst), sep="\n", highlight=False, markup=False)
        raise PromiseBroken(f"broken in {len(tally.failed)} seeds: {', '.join(map(str, sorted(tally.broken)))}")


def _table(tally: Tally) -> Table:
    table = Table(title="what happened in how many seeds", box=None, header_style="bold")
    for column in ("fault", "seeds", "trades ended", "trades"):
        table.add_column(column, justify="right" if column in ("seeds", "trades") else "left")
    by_count = sorted(ALL, key=lambda name: -tally.fired[name])
    faults = [(name, f"{tally.fired[name] / tally.seeds:.1%}") for name in by_count]
    states = [(str(state), f"{count:,}") for state, count in tally.states.most_common()]
    for number in range(max(len(faults), len(states))):
        left = faults[number] if number < len(faults) else ("", "")
        right = states[number] if number < len(states) else ("", "")
        table.add_row(*left, *right)
    return table
