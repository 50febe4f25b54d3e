"""Bugs in what a trade sells at by itself: the stop, the trail, targets and the clock."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from domain import protection
from domain.alert import Alert
from domain.protection import Level, PriceReached, PriceWatch, Protection
from domain.settings import ProtectionSettings
from tests.simulation.planted.bugs import planted
from workflows import guardian
from workflows.guardian import Guardian
from workflows.underlying_start import UnderlyingStart


@planted(104, 30)
def a_stop_is_seen_and_nothing_sold(patch: pytest.MonkeyPatch) -> None:
    real = Guardian._act_on

    async def act(self: Guardian, reached: PriceReached, plan: Protection) -> None:
        if reached.level is Level.TARGET:
            await real(self, reached, plan)
        else:
            self._asked = 1000

    patch.setattr(Guardian, "_act_on", act)


@planted(35, 4)
def a_stop_counts_from_the_alerts_price(patch: pytest.MonkeyPatch) -> None:
    real = guardian.protection

    def from_the_alert(
        settings: ProtectionSettings, alert: Alert, average: Decimal, underlying: Decimal | None
    ) -> Protection:
        return real(settings, alert, (alert.price or average) * Decimal("1.1"), underlying)

    patch.setattr(guardian, "protection", from_the_alert)


@planted(9, 4)
def a_trail_leaves_no_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        PriceWatch, "trailing", property(lambda self: None if self.trail is None or self.best is None else self.best)
    )


@planted(104, 30)
def a_trail_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = guardian.protection
    patch.setattr(guardian, "protection", lambda *asked: real(*asked).model_copy(update={"trail": None}))


@planted(39, 7)
def a_target_sells_all(patch: pytest.MonkeyPatch) -> None:
    real = Guardian._sell

    async def sell(self: Guardian, by: str, _: Decimal) -> None:
        await real(self, by, Decimal(1))

    patch.setattr(Guardian, "_sell", sell)


@planted(206, 30)
def the_clock_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    async def never(_: Guardian) -> None:
        return

    patch.setattr(Guardian, "_keep_to_the_clock", never)


@planted(9, 4)
def the_clock_sells_half_way(patch: pytest.MonkeyPatch) -> None:
    real = guardian.closes_at

    def early(*asked: Any) -> datetime | None:
        due = real(*asked)
        return None if due is None else due - (due - asked[2]) / 2

    patch.setattr(guardian, "closes_at", early)


@planted(225, 30)
def what_a_stop_could_not_sell_is_given_up(patch: pytest.MonkeyPatch) -> None:
    real = Guardian._sell

    async def sell(self: Guardian, by: str, part: Decimal) -> None:
        self._asked = max(self._asked, 99)
        await real(self, by, part)

    patch.setattr(Guardian, "_sell", sell)


@planted(39, 4, 30)
def a_puts_levels_on_the_underlying_are_read_like_a_calls(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(protection, "gains_by_rise", lambda *_: True)


@planted(34, 4)
def a_level_that_the_underlying_is_past_already_is_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(protection, "levels_ahead", lambda alert, _: alert.on_underlying)


@planted(126, 30)
def the_underlying_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    async def never(_: UnderlyingStart) -> None:
        return

    patch.setattr(UnderlyingStart, "find", never)


@planted(190, 7)
def each_kind_of_targets_has_a_last_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Protection, "targets_left", property(lambda self: len(self.targets) or 1))
