"""What an option is worth, and how wide it is quoted: Black-Scholes, and a spread by price, tick and time.

Floats throughout: these are the simulated market's opinions. They become money only once rounded to a tick.
"""

import math
from decimal import Decimal
from statistics import NormalDist
from typing import NamedTuple

from domain.ticks import TickSchedule

_NORMAL = NormalDist()
_RATE = 0.04  # a year
_SHORTEST = 1 / (365 * 24)  # an hour, in years: below it the model's greeks blow up
_DAYS = 365.0


class Worth(NamedTuple):
    """The model's price of one option and its greeks; theta a day, vega and rho for one point."""

    price: float
    delta: float
    gamma: float
    theta: float
    vega: float
    rho: float


def option_worth(spot: float, strike: float, years: float, volatility: float, *, is_call: bool) -> Worth:
    """Black-Scholes without dividends."""
    years = max(years, _SHORTEST)
    root = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (_RATE + volatility**2 / 2) * years) / root
    d2 = d1 - root
    discounted = strike * math.exp(-_RATE * years)
    sign = 1 if is_call else -1
    near, far = _NORMAL.cdf(sign * d1), _NORMAL.cdf(sign * d2)
    density = _NORMAL.pdf(d1)
    decay = spot * density * volatility / (2 * math.sqrt(years)) + sign * _RATE * discounted * far
    return Worth(
        price=sign * (spot * near - discounted * far),
        delta=sign * near,
        gamma=density / (spot * root),
        theta=-decay / _DAYS,
        vega=spot * density * math.sqrt(years) / 100,
        rho=sign * discounted * years * far / 100,
    )


def option_spread(price: float, ticks: TickSchedule, years: float, part: float) -> float:
    """How wide an option is quoted: a part of its price, more for the far months, at least its tick."""
    tick = float(ticks.at(Decimal(str(round(max(price, 0.0), 4)))))
    return max(tick, price * part * (1 + math.sqrt(max(years, 0.0)) / 2))


def bracket(price: float, spread: float, ticks: TickSchedule) -> tuple[Decimal, Decimal]:
    """Bid and ask around a price, on tick and at least one tick apart; the bid is never below zero."""
    middle = Decimal(str(round(max(price, 0.0), 6)))
    half = Decimal(str(round(spread / 2, 6)))
    bid = ticks.floor(max(middle - half, Decimal(0)))
    ask = ticks.ceil(middle + half)
    return bid, ask if ask > bid else ticks.up(bid)
