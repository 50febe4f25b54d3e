"""`python -m chaos storm` and `python -m chaos matrix`: kill the real stack, and check what became of the trades."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from chaos.plan import draw
from chaos.report import account, outcome_table
from chaos.stack import Stack
from chaos.storm import broken, storm
from workers.process import leave
from workers.terminal import shown, terminal

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = terminal()


@app.callback()
def main() -> None:
    """Kill the real stack, and check what became of the trades."""


@app.command(name="storm")
def run_storm(
    kills: Annotated[int, typer.Option(min=1, help="How many processes to kill.")] = 200,
    seed: Annotated[int, typer.Option(help="What the plan is drawn from.")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=4, help="How many trades workers.")] = 1,
) -> None:
    """Kill processes at random under a stream of alerts; then quiet, and the check. Exits 1 on a violation."""
    folder = Path(tempfile.mkdtemp(prefix="alertladder-chaos-"))
    plan = draw(seed, kills, workers)
    console.print(f"{kills} kills and {len(plan.alerts)} alerts, seed {seed}, in {folder}", highlight=False)
    outcome = asyncio.run(storm(Stack(folder, workers=workers), plan))
    console.print(outcome_table(outcome))
    for violation in outcome.findings.violations:
        console.print(shown(str(violation), "bold red"))
    for trade in broken(outcome):
        console.print()
        for line in account(trade):
            console.print(shown(line), soft_wrap=True)
    _leave(folder, bad=bool(outcome.findings.violations))


def _leave(folder: Path, *, bad: bool) -> None:
    """The state folder of a run that found something is kept."""
    if bad:
        console.print(f"kept: {folder}", highlight=False)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    leave(int(bad))


if __name__ == "__main__":
    app()
