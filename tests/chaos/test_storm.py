"""The short form of `make chaos`: real processes, killed for real."""

import asyncio
from pathlib import Path

import pytest

from chaos.cases import every_case
from chaos.death import When
from chaos.matrix import CaseResult, run_cases
from chaos.plan import draw
from chaos.report import account, case_trouble
from chaos.stack import Stack, all_running
from chaos.storm import broken, storm

_KILLS = 12
_SEED = 19  # kills every part, the quick ones mostly
# Those where something is lost if anything is: an order is under way, or its answer is not yet in the history.
_CHOSEN = (
    ("in", 1, "place_order", "entry"),
    ("after", 1, "place_order", "exit"),
    ("in", 1, "replace_order", ""),
    ("before", 1, "take_quote", ""),
    ("after", 1, "append_audit", ""),
)


@pytest.mark.timeout(300)
async def test_twelve_kills_under_a_stream_of_alerts_break_no_promise(tmp_path: Path) -> None:
    outcome = await storm(Stack(tmp_path), draw(_SEED, _KILLS, pace=0.6))
    assert outcome.kills.total() == _KILLS
    assert len(outcome.findings.trades) >= 5
    stories = [line for trade in broken(outcome) for line in account(trade)]
    assert list(map(str, outcome.findings.violations)) == [], "\n".join(stories)
    await asyncio.sleep(0.1)  # a Temporal client whose loop closes at once may take the interpreter with it


@pytest.mark.timeout(300)
async def test_a_worker_killed_at_the_worst_moments_of_a_trade_breaks_no_promise(tmp_path: Path) -> None:
    chosen = [
        case
        for case in every_case()
        if (case.when, case.call, case.scene.activity, case.scene.subject) in [(When(w), *rest) for w, *rest in _CHOSEN]
    ]
    assert len(chosen) == len(_CHOSEN)
    stacks = [Stack(tmp_path / name, worker_module="chaos.worker") for name in ("one", "other")]
    results: list[CaseResult] = []
    async with all_running(stacks):
        beside = await run_cases(stacks, chosen, results.append)
    assert [line for result in results for line in case_trouble(result)] == []
    assert beside == []
    await asyncio.sleep(0.1)  # see above
