"""Bugs at the desk: who may trade, when, how many at once, and with what money."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.command import Standing
from domain.desk_book import DeskBook
from tests.simulation.planted.bugs import planted
from workflows.climb import Climb


def _always(answer: Any) -> Callable[..., Any]:
    return lambda *_: answer


@planted(7, 2)
def anybody_may_trade_by_any_message(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.desk_book.message_refusal", _always(None))


@planted(2, 3)
def an_alerts_age_is_not_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.desk_book.age_refusal", _always(None))
    patch.setattr("workflows.preparation.age_refusal", _always(None))


@planted(1, 3)
def an_alerts_age_is_asked_once_and_not_when_its_order_goes_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.preparation.age_refusal", _always(None))
    real = Climb.run

    async def run(self: Climb, send_by: Any) -> None:
        await real(self, send_by.replace(year=send_by.year + 1))

    patch.setattr(Climb, "run", run)


@planted(5, 26)
def the_same_alert_twice_is_two_trades(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.desk_book.what_is_asked", lambda alert: str(id(alert)))


@planted(144, 26)
def money_is_not_held_back_for_trades_that_run(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DeskBook, "spoken_for", property(_always(Decimal(0))))


@planted(663, 26)
def money_is_free_before_the_balance_shows_it(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook.hear_trade

    def hear(self: DeskBook, report: Any) -> None:
        real(self, report)
        self.released.clear()

    patch.setattr(DeskBook, "hear_trade", hear)


@planted(18, 26)
def open_trades_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    _without_limit(patch, "max_open_trades")


@planted(1, 26)
def entries_of_the_day_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    _without_limit(patch, "max_entries_a_day")


@planted(8, 27)
def a_halt_is_forgotten_at_the_next_alert(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook.admit

    def admit(self: DeskBook, *asked: Any) -> Any:
        halted, self.standing = self.standing, Standing()
        answer = real(self, *asked)
        self.standing = halted
        return answer

    patch.setattr(DeskBook, "admit", admit)


def _without_limit(patch: pytest.MonkeyPatch, limit: str) -> None:
    real = DeskBook._refusal

    def refusal(self: DeskBook, *asked: Any) -> Any:
        kept = self.policy
        self.policy = kept.model_copy(update={"limits": kept.limits.model_copy(update={limit: 1000})})
        answer = real(self, *asked)
        self.policy = kept
        return answer

    patch.setattr(DeskBook, "_refusal", refusal)
