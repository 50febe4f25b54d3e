"""`python -m chaos storm` and `python -m chaos matrix`: kill the real stack, and check what became of the trades."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from chaos.cases import Case, every_case
from chaos.matrix import CaseResult, run_cases
from chaos.plan import draw
from chaos.report import account, case_line, case_trouble, matrix_table, outcome_table
from chaos.stack import Stack, all_running
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
    pace: Annotated[float, typer.Option(min=0.1, help="Below 1 all pauses are shorter.")] = 1.0,
) -> None:
    """Kill processes at random under a stream of alerts; then quiet, and the check. Exits 1 on a violation."""
    folder = Path(tempfile.mkdtemp(prefix="alertladder-chaos-"))
    plan = draw(seed, kills, workers, pace)
    console.print(f"{kills} kills, seed {seed}, in {folder}", highlight=False)
    outcome = asyncio.run(storm(Stack(folder, workers=workers), plan, tell=_tell))
    console.print(outcome_table(outcome))
    for violation in outcome.findings.violations:
        console.print(shown(str(violation), "bold red"))
    for trade in broken(outcome):
        console.print()
        for line in account(trade):
            console.print(shown(line), soft_wrap=True)
    _leave(folder, bad=bool(outcome.findings.violations))


@app.command(name="matrix")
def run_matrix(
    stacks: Annotated[int, typer.Option(min=1, max=4, help="How many stacks side by side.")] = 2,
    only: Annotated[str, typer.Option(help="Only cases whose name contains this.")] = "",
) -> None:
    """Kill the worker before, in and after each activity, at its first and second call. Exits 1 on a violation."""
    folder = Path(tempfile.mkdtemp(prefix="alertladder-matrix-"))
    cases = [case for case in every_case() if only in str(case)]
    console.print(f"{len(cases)} cases on {stacks} stacks, in {folder}", highlight=False)
    bad = asyncio.run(_matrix(folder, stacks, cases))
    _leave(folder, bad=bad)


async def _matrix(folder: Path, count: int, cases: list[Case]) -> bool:
    homes = [Stack(folder / f"stack-{n}", worker_module="chaos.worker") for n in range(1, count + 1)]
    results: list[CaseResult] = []

    def tell(result: CaseResult) -> None:
        results.append(result)
        console.print(case_line(result), soft_wrap=True)
        for line in case_trouble(result):
            console.print(shown(line), soft_wrap=True)

    async with all_running(homes):
        beside = await run_cases(homes, cases, tell)
    console.print(matrix_table(results))
    for violation in beside:
        console.print(shown(str(violation), "bold red"))
    return bool(beside) or any(result.violations or not result.was_reached for result in results)


def _tell(line: str) -> None:
    console.print(line, highlight=False, style="dim")


def _leave(folder: Path, *, bad: bool) -> None:
    """The state folder of a run that found something is kept."""
    if bad:
        console.print(f"kept: {folder}", highlight=False)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    leave(int(bad))


if __name__ == "__main__":
    app()
