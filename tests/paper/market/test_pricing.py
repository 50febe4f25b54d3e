"""What options are worth, and how wide they are quoted."""

import itertools
import math
from decimal import Decimal

import pytest

from domain.ticks import TickSchedule
from paper.listings.catalogue import ES_OPTION_TICKS, NICKEL_DIME, PENNY
from paper.market.pricing import RATE, bracket, option_spread, option_worth, smile

WEEK, MONTH, HOUR = 7 / 365, 30 / 365, 1 / (365 * 24)


def width(price: float, *, ticks: TickSchedule = PENNY, years: float = MONTH, delta: float = 0.5) -> float:
    return option_spread(price, ticks, years, 0.03, delta)


@pytest.mark.parametrize("strike", [80, 95, 100, 105, 130])
@pytest.mark.parametrize("on_future", [False, True])
def test_a_call_and_a_put_differ_by_what_it_costs_to_hold_the_underlying(strike: float, on_future: bool) -> None:
    call = option_worth(100, strike, 0.5, 0.3, is_call=True, on_future=on_future)
    put = option_worth(100, strike, 0.5, 0.3, is_call=False, on_future=on_future)
    forward = (100 if not on_future else 100 * math.exp(-RATE * 0.5)) - strike * math.exp(-RATE * 0.5)
    assert call.price - put.price == pytest.approx(forward)


def test_an_option_on_a_future_carries_no_interest_of_the_underlying() -> None:
    call = option_worth(6700, 6700, 0.25, 0.16, is_call=True, on_future=True)
    put = option_worth(6700, 6700, 0.25, 0.16, is_call=False, on_future=True)
    assert call.price == pytest.approx(put.price)


@pytest.mark.parametrize("is_call", [True, False])
@pytest.mark.parametrize("on_future", [True, False])
def test_the_greeks_are_the_slopes_of_the_price(is_call: bool, on_future: bool) -> None:
    def price(spot: float = 100.0, years: float = 0.3, volatility: float = 0.25) -> float:
        return option_worth(spot, 103, years, volatility, is_call=is_call, on_future=on_future).price

    worth = option_worth(100, 103, 0.3, 0.25, is_call=is_call, on_future=on_future)
    step = 1e-4
    assert worth.delta == pytest.approx((price(100 + step) - price(100 - step)) / (2 * step), rel=1e-4)
    assert worth.gamma == pytest.approx((price(100.01) - 2 * price(100) + price(99.99)) / 1e-4, rel=1e-3)
    assert worth.vega == pytest.approx((price(volatility=0.25 + step) - price(volatility=0.25 - step)) / (200 * step))
    assert worth.theta == pytest.approx(
        (price(years=0.3 - step) - price(years=0.3 + step)) / (2 * step * 365), rel=1e-3
    )


def test_in_the_last_minute_an_option_is_worth_what_it_pays() -> None:
    in_the_money = option_worth(670, 665, 1e-9, 0.14, is_call=True)
    out_of_the_money = option_worth(670, 671, 1e-9, 0.14, is_call=True)
    assert in_the_money.price == pytest.approx(5, abs=0.01)
    assert out_of_the_money.price < 0.01


@pytest.mark.parametrize("years", [HOUR, 1 / 365, WEEK, MONTH, 1.0])
@pytest.mark.parametrize("volatility", [0.14, 0.6])
def test_the_smile_leaves_no_free_lunch_between_strikes(years: float, volatility: float) -> None:
    strikes = range(40, 200, 2)
    for is_call in (True, False):
        prices = [option_worth(100, k, years, smile(volatility, 100, k, years), is_call=is_call).price for k in strikes]
        steps = [b - a for a, b in itertools.pairwise(prices if not is_call else prices[::-1])]
        assert all(step >= -1e-9 for step in steps)
        assert all(step <= 2 + 1e-9 for step in steps)


def test_the_wings_are_worth_more_than_without_a_smile_and_the_lower_one_most() -> None:
    assert smile(0.2, 100, 100, MONTH) == 0.2
    assert smile(0.2, 100, 85, MONTH) > smile(0.2, 100, 115, MONTH) > 0.2
    flat = option_worth(100, 85, MONTH, 0.2, is_call=False).price
    assert option_worth(100, 85, MONTH, smile(0.2, 100, 85, MONTH), is_call=False).price > 2 * flat


def test_the_cheaper_an_option_the_larger_a_part_of_it_is_spread() -> None:
    parts = [width(price) / price for price in (0.05, 0.5, 5, 50)]
    assert parts == sorted(parts, reverse=True)
    assert width(0.01) >= 0.01


def test_the_spread_is_at_least_the_tick_of_its_class() -> None:
    assert width(0.2) < 0.05
    assert width(0.2, ticks=NICKEL_DIME) == 0.05
    assert option_spread(150, ES_OPTION_TICKS, WEEK, 0.0001) == 0.5


def test_far_months_far_strikes_and_the_last_minutes_are_quoted_wider() -> None:
    assert width(3, years=1.0) > width(3, years=WEEK)
    assert width(3, delta=0.03) > width(3, delta=0.3)
    assert width(3, delta=-0.03) > width(3, delta=-0.3)
    assert width(3, years=HOUR / 30) > width(3, years=HOUR / 2) > width(3, years=HOUR)


@pytest.mark.parametrize("price", [0.0, 0.004, 2.97, 2.999, 3.01, 17.3])
def test_bid_and_ask_stand_on_tick_around_the_price(price: float) -> None:
    bid, ask = bracket(price, 0.07, NICKEL_DIME)
    assert bid <= Decimal(str(price)) <= ask
    assert bid < ask
    assert NICKEL_DIME.is_on(bid)
    assert NICKEL_DIME.is_on(ask)
