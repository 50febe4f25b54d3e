"""Bugs in what is written down, and when."""

from typing import Any

import pytest

from domain.audit import AuditEvent, AuditKind
from domain.errors import AlertladderError
from simulation.world import SimulatedWorld
from tests.simulation.planted.bugs import planted
from workflows.journal import Journal
from workflows.trade_story import TradeStory


@planted(0, 22)
def the_intent_is_written_after_the_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SimulatedWorld, "record", lambda self, event: self.history.append(event))


@planted(4, 23)
def rows_are_dropped_while_the_audit_store_is_down(patch: pytest.MonkeyPatch) -> None:
    real = SimulatedWorld.record

    def record(self: SimulatedWorld, event: AuditEvent) -> None:
        down = any(window.covers(self._around.at) for window in self._around.plan.audit_outages)
        if not down or event.kind is AuditKind.INTENT:
            real(self, event)

    patch.setattr(SimulatedWorld, "record", record)


@planted(2, 23)
def only_the_first_fill_of_an_order_is_written(patch: pytest.MonkeyPatch) -> None:
    real = Journal.fill

    def fill(self: Journal, role: Any, record: Any, filled: Any) -> None:
        if len(record.fills) == 1:
            real(self, role, record, filled)

    patch.setattr(Journal, "fill", fill)


@planted(0, 4)
def the_size_is_decided_and_not_written(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Journal, "sized", lambda *_: None)


@planted(19, 23)
def a_person_is_needed_and_no_row_says_why(patch: pytest.MonkeyPatch) -> None:
    def fail(self: TradeStory, error: AlertladderError) -> None:
        self._grounds.fault = self._note = str(error)

    patch.setattr(TradeStory, "_fail", fail)


@planted(2, 30)
def any_trouble_is_a_persons_business(patch: pytest.MonkeyPatch) -> None:
    real = TradeStory._held_to

    def held_to(self: TradeStory, *asked: Any) -> Any:
        if not self._grounds.fault:
            self._fail(AlertladderError("better ask somebody"))
        return real(self, *asked)

    patch.setattr(TradeStory, "_held_to", held_to)


@planted(0, 11, 23)
def a_trade_says_that_it_holds_before_it_works(patch: pytest.MonkeyPatch) -> None:
    real = Journal.state

    def state(self: Journal, state: Any) -> None:
        if state.value == "working":
            real(self, type(state).HOLDING)
        real(self, state)

    patch.setattr(Journal, "state", state)
