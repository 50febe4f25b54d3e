"""What an option is worth, and how wide it is quoted: Black-Scholes or Black-76, a smile, and a spread.

Floats throughout: these are the simulated market's opinions. They become money only once rounded to a tick.
"""

import math
from decimal import Decimal
from statistics import NormalDist
from typing import NamedTuple

from domain.ticks import TickSchedule

_NORMAL = NormalDist()
RATE = 0.04  # a year
_HOUR = 1 / (365 * 24)  # in years
_SHORTEST = _HOUR / 60  # below it the model's greeks blow up
_DAYS = 365.0
_WING = 0.015  # of the volatility, more for each squared deviation from the money
_SKEW = 0.03  # of the volatility, less for each deviation above the money
_FARTHEST = 4.0  # deviations: beyond them the smile is flat
_FAR_DELTA = 0.2  # an option with less of it is far out of the money
_RUSH = 2.0  # how much wider than an hour before its end an option is quoted at the end


class Worth(NamedTuple):
    """The model's price of one option and its greeks; theta a day, vega and rho for one point."""

    price: float
    delta: float
    gamma: float
    theta: float
    vega: float
    rho: float


def option_worth(
    spot: float, strike: float, years: float, volatility: float, *, is_call: bool, on_future: bool = False
) -> Worth:
    """Black-Scholes without dividends; Black-76 for an option on a future, which costs nothing to hold."""
    years = max(years, _SHORTEST)
    carry = 0.0 if on_future else RATE
    root = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (carry + volatility**2 / 2) * years) / root
    sign = 1 if is_call else -1
    held = spot * math.exp((carry - RATE) * years)
    paid = strike * math.exp(-RATE * years)
    near, far = _NORMAL.cdf(sign * d1), _NORMAL.cdf(sign * (d1 - root))
    density = _NORMAL.pdf(d1) * held
    price = sign * (held * near - paid * far)
    decay = density * volatility / (2 * math.sqrt(years)) + sign * ((carry - RATE) * held * near + RATE * paid * far)
    return Worth(
        price=price,
        delta=sign * near * held / spot,
        gamma=density / (spot**2 * root),
        theta=-decay / _DAYS,
        vega=density * math.sqrt(years) / 100,
        rho=(-price if on_future else sign * paid * far) * years / 100,
    )


def smile(volatility: float, spot: float, strike: float, years: float) -> float:
    """The volatility at a strike: more in the wings, a little more below the money than above."""
    deviations = math.log(strike / spot) / (volatility * math.sqrt(max(years, 1 / _DAYS)))
    deviations = min(max(deviations, -_FARTHEST), _FARTHEST)
    return volatility * (1 + _WING * deviations**2 - _SKEW * deviations)


def option_spread(price: float, ticks: TickSchedule, years: float, part: float, delta: float = 0.5) -> float:
    """How wide an option is quoted, at least its tick.

    A part of its price, and the larger a part the cheaper it is; more for the far months, far out of the money, and in
    the last hour.
    """
    tick = float(ticks.at(Decimal(str(round(max(price, 0.0), 4)))))
    base = part * (price + math.sqrt(max(price, 0.0)) / 4)
    months = math.sqrt(max(years, 0.0)) / 2
    distance = max(0.0, 1 - abs(delta) / _FAR_DELTA) / 2
    hurry = _RUSH * max(0.0, 1 - max(years, 0.0) / _HOUR)
    return max(tick, base * (1 + months + distance + hurry))


def bracket(price: float, spread: float, ticks: TickSchedule) -> tuple[Decimal, Decimal]:
    """Bid and ask around a price, on tick and at least one tick apart; the bid is never below zero."""
    middle = Decimal(str(round(max(price, 0.0), 6)))
    half = Decimal(str(round(spread / 2, 6)))
    bid = ticks.floor(max(middle - half, Decimal(0)))
    ask = ticks.ceil(middle + half)
    return bid, ask if ask > bid else ticks.up(bid)
