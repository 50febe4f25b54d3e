"""Kept histories of real trades replay on today's code: a change that would break a running trade fails here.

Renew them on purpose only, with `alertladder demo --histories tests/replay/histories`.
"""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from workflows.alert_trade import AlertTrade

HISTORIES = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parent / "histories").glob("*.json")}


def test_there_are_histories_to_replay() -> None:
    assert len(HISTORIES) >= 3


@pytest.mark.parametrize("name", sorted(HISTORIES))
async def test_a_kept_history_replays(name: str) -> None:
    history = WorkflowHistory.from_json("alert-1-1", HISTORIES[name])
    replayer = Replayer(workflows=[AlertTrade], data_converter=pydantic_data_converter)
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None
