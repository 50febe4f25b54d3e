"""Bugs in the ladder: its prices, sizes, quotes, and its end."""

from datetime import timedelta
from typing import Any

import pytest

from domain import ladder
from domain.identifiers import OrderRole
from domain.ladder import Closing, Ladder
from domain.refusals import RefusalCode
from domain.ticks import TickSchedule
from tests.simulation.planted.bugs import planted
from workflows.climb import Climb
from workflows.order_truth import OrderTruth
from workflows.working_order import WorkingOrder


@planted(18, 7)
def every_order_is_for_the_whole_size(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkingOrder, "rest", property(lambda self: self._quantity))


@planted(266, 7)
def a_late_fill_leaves_the_working_order_as_large_as_it_was(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkingOrder, "_is_too_large", lambda _: False)


@planted(2, 8)
def the_ladder_knows_no_ceiling(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ladder, "allows", lambda *_: True)
    patch.setattr(Ladder, "step", lambda self, working: self.ticks.up(working, 9))


@planted(2, 8)
def a_rung_is_two_ticks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ladder, "step", lambda self, working: self.ticks.up(working, 2))


@planted(2, 8)
def a_rung_moves_away_from_the_market(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ladder, "step", lambda self, working: max(self.ticks.down(working), self.ticks.at(working)))


@planted(21, 8)
def a_tick_is_a_cent_at_every_price(patch: pytest.MonkeyPatch) -> None:
    cents = TickSchedule.flat("0.01")
    patch.setattr(Ladder, "step", lambda self, working: min(cents.up(working), self.ceiling))
    patch.setattr(TickSchedule, "is_on", lambda *_: True)  # the code's own guard would stop it first


@planted(0, 8)
def the_ladder_begins_at_the_far_quote(patch: pytest.MonkeyPatch) -> None:
    real = Ladder.plan

    def plan(side: Any, ticks: TickSchedule, settings: Any, guard: Any, limit: Any, mid: Any) -> Ladder:
        planned = real(side, ticks, settings, guard, limit, mid)
        return planned.model_copy(update={"first": ticks.ceil(max(mid, planned.first))})

    patch.setattr(Ladder, "plan", plan)


@planted(15, 8)
def a_stale_quote_is_believed(patch: pytest.MonkeyPatch) -> None:
    real = ladder.quote_refusal

    def refusal(*asked: Any) -> Any:
        found = real(*asked)
        return None if found is not None and found.code is RefusalCode.STALE_QUOTE else found

    patch.setattr("workflows.climb.quote_refusal", refusal)
    patch.setattr("workflows.preparation.quote_refusal", refusal)


@planted(85, 8)
def a_crossed_quote_is_a_market(patch: pytest.MonkeyPatch) -> None:
    real = ladder.quote_refusal

    def refusal(*asked: Any) -> Any:
        found = real(*asked)
        return None if found is not None and found.code is RefusalCode.CROSSED_QUOTE else found

    patch.setattr("workflows.climb.quote_refusal", refusal)
    patch.setattr("workflows.preparation.quote_refusal", refusal)


@planted(21, 8)
def the_rest_is_converted_wherever_the_market_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ladder, "closing", lambda *_: Closing.CONVERT)


@planted(45, 9, 30)
def the_window_never_ends(patch: pytest.MonkeyPatch) -> None:
    real = Climb._ended_before

    async def ended(self: Climb, due: timedelta, what: str) -> bool:
        return await real(self, due if what.startswith("rung") else timedelta(hours=2), what)

    patch.setattr(Climb, "_ended_before", ended)


@planted(10, 9)
def the_operators_cancel_leaves_the_entry(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.take_off

    async def leave(self: OrderTruth, role: OrderRole, why: str) -> None:
        if why != "the entry is over":
            await real(self, role, why)

    patch.setattr(OrderTruth, "take_off", leave)


@planted(10, 9)
def what_is_not_converted_is_left_in_the_market(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.take_off

    async def leave(self: OrderTruth, role: OrderRole, why: str) -> None:
        if why not in ("end of the window", "the entry is over"):
            await real(self, role, why)

    patch.setattr(OrderTruth, "take_off", leave)
