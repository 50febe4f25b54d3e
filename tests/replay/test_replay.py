"""Kept histories of trades replay on today's code: a change that would break a running trade fails here.

What to do then: docs/changing-a-trade.md.
"""

import base64
import json
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from domain.card import Card
from domain.trade import TradeState
from tests.replay.kept import KEPT, changes_known, file_name, histories
from workflows import card_poster
from workflows.alert_trade import AlertTrade
from workflows.changes import Change

HISTORIES = histories()


def last_state(history: str) -> str:
    """The state that the trade wrote down last, from what its history sent to the audit."""
    states = [event["state"] for event in audit_events(json.loads(history)) if event["kind"] == "state"]
    return str(states[-1])


def audit_events(history: dict[str, Any]) -> list[dict[str, Any]]:
    scheduled = [event.get("activityTaskScheduledEventAttributes") for event in history["events"]]
    batches = [
        each["input"]["payloads"][0] for each in scheduled if each and each["activityType"]["name"] == "append_audit"
    ]
    return [event for batch in batches for event in json.loads(base64.b64decode(batch["data"]))["events"]]


def newest_release() -> str:
    return max((name.partition("/")[0] for name in HISTORIES), key=lambda release: int(release.partition("-")[2]))


@pytest.mark.parametrize("name", sorted(HISTORIES))
async def test_a_kept_history_replays(name: str) -> None:
    history = WorkflowHistory.from_json("alert-1-1", HISTORIES[name])
    replayer = Replayer(workflows=[AlertTrade], data_converter=pydantic_data_converter)
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None


async def test_a_card_may_be_drawn_otherwise_while_its_trade_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Card(workflow_id="alert-1-1", title="today's", colour=0, text="look")
    monkeypatch.setattr(card_poster, "card", lambda view, message: plain)
    name = next(name for name in HISTORIES if name.endswith("--with-a-card"))
    await test_a_kept_history_replays(name)


def test_every_way_to_end_has_a_history() -> None:
    newest = newest_release()
    assert {name.partition("/")[2] for name in HISTORIES if name.startswith(newest)} == set(
        map(file_name, KEPT.values())
    )
    assert {state for state in TradeState if state.is_end} < {name.partition(",")[0] for name in KEPT.values()}


@pytest.mark.parametrize("name", sorted(name for name in HISTORIES if "--" in name))
def test_a_history_is_named_by_how_it_ends(name: str) -> None:
    assert last_state(HISTORIES[name]) == name.partition("/")[2].partition("--")[0]


def test_no_history_of_an_earlier_release_knows_a_change_of_todays() -> None:
    """Else the replay would show nothing about the trades that are open when today's code is deployed."""
    newest = newest_release()
    older = [history for name, history in HISTORIES.items() if not name.startswith(newest)]
    assert len(older) > len(KEPT) / 2
    assert not set().union(*map(changes_known, older))
    told = [changes_known(HISTORIES[name]) for name in HISTORIES if name.startswith(newest)]
    assert set().union(*told) == {change for change in Change if not change.name.startswith("DESK_")}
