"""Bugs in trades that sell first: where something of those that buy first was left as it was."""

from decimal import Decimal

import pytest

from domain.desk import TradeReport
from domain.desk_book import DeskBook
from domain.direction import Direction
from domain.exits import ExitTarget, exit_target
from domain.ladder import Side
from domain.orders import LegAction
from domain.settings import ExitSettings
from domain.ticks import TickSchedule
from tests.simulation.planted.bugs import planted
from workflows import exit as exits
from workflows import preparation


class _AlwaysBuys:
    @staticmethod
    def of(_: object) -> Side:
        """Whatever the alert asks for."""
        return Side.BUY


@planted(92, 8)
def a_short_is_sold_by_the_buyers_ladder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(preparation, "Side", _AlwaysBuys)


@planted(132, 15)
def a_short_is_bought_back_by_opening_a_long(patch: pytest.MonkeyPatch) -> None:
    real = Direction.closes_by

    def closes_by(self: Direction, *, is_future: bool) -> LegAction:
        return LegAction.BUY_TO_OPEN if self.is_short else real(self, is_future=is_future)

    patch.setattr(Direction, "closes_by", closes_by)


@planted(132, 14)
def a_short_is_bought_back_at_twice_its_credit(patch: pytest.MonkeyPatch) -> None:
    def target(
        settings: ExitSettings, ticks: TickSchedule, filled: int, average: Decimal, _: Decimal | None
    ) -> ExitTarget:
        return exit_target(settings, ticks, filled, average)

    patch.setattr(exits, "exit_target", target)


@planted(172, 8)
def a_short_is_bought_back_by_the_sellers_ladder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Direction, "leaves_by", property(lambda _: Side.SELL))


@planted(252, 26)
def assignment_is_not_counted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DeskBook, "exposed", property(lambda _: Decimal(0)))


@planted(1152, 26)
def what_is_short_counts_only_while_it_is_being_sold(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook.hear_trade

    def hear_trade(self: DeskBook, report: TradeReport) -> None:
        real(self, report.model_copy(update={"short": 0 if report.short is not None else None}))

    patch.setattr(DeskBook, "hear_trade", hear_trade)


@planted(152, 26)
def a_short_trade_is_as_large_as_its_alert_says(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook._size

    def size(self: DeskBook, trade, asked, account, reference):  # type: ignore[no-untyped-def]
        answer = real(self, trade, asked, account, reference)
        named = trade.alert.quantity or 1
        if asked.assignment is None or answer.refusal is not None:
            return answer
        return answer.model_copy(update={"quantity": named})

    patch.setattr(DeskBook, "_size", size)
