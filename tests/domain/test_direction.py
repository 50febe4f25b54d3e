"""The two directions: what each does first and last, and what each gains by."""

from decimal import Decimal

import pytest

from domain.alert import Action
from domain.direction import Direction
from domain.ladder import Side
from domain.orders import LegAction

D = Decimal
LONG, SHORT = Direction.LONG, Direction.SHORT


@pytest.mark.parametrize(
    ("action", "way"), [(Action.BTO, LONG), (Action.STC, LONG), (Action.STO, SHORT), (Action.BTC, SHORT)]
)
def test_what_closes_has_the_direction_of_what_it_closes(action: Action, way: Direction) -> None:
    assert Direction.of(action) is way


def test_each_direction_closes_what_it_opened_and_nothing_else() -> None:
    assert LONG.opens_by(is_future=False) is LegAction.BUY_TO_OPEN
    assert LONG.closes_by(is_future=False) is LegAction.SELL_TO_CLOSE
    assert SHORT.opens_by(is_future=False) is LegAction.SELL_TO_OPEN
    assert SHORT.closes_by(is_future=False) is LegAction.BUY_TO_CLOSE
    assert (LONG.leaves_by, SHORT.leaves_by) == (Side.SELL, Side.BUY)


def test_a_future_is_only_ever_bought_first() -> None:
    for way in Direction:
        assert (way.opens_by(is_future=True), way.closes_by(is_future=True)) == (LegAction.BUY, LegAction.SELL)


def test_what_the_one_gains_the_other_loses() -> None:
    assert LONG.gain(D("0.75"), D("1.00")) == D("0.25")
    assert SHORT.gain(D("0.75"), D("1.00")) == D("-0.25")
    assert (LONG.better(D(1), D(2)), SHORT.better(D(1), D(2))) == (D(2), D(1))
    assert (LONG.worth_more(D(2), D("0.5")), SHORT.worth_more(D(2), D("0.5"))) == (D(3), D(1))
