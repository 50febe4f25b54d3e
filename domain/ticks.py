"""Tick schedules: which prices an instrument may be quoted and ordered at.

The broker describes a schedule as a list of entries; one with a `threshold` rules the prices *below* it, the one
without rules the rest. https://developer.tastytrade.com/docs/concepts/instruments-and-symbology
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Self

from pydantic import model_validator

from domain.frozen import Frozen


class Tick(Frozen):
    """One entry of a schedule: `value` (price units) rules below `threshold`; no threshold: everywhere above."""

    value: Decimal
    threshold: Decimal | None = None


class TickSchedule(Frozen):
    """The price increments of one instrument, in order of rising threshold; the last entry has none."""

    ticks: tuple[Tick, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        thresholds = [tick.threshold for tick in self.ticks]
        if not thresholds or thresholds[-1] is not None:
            raise ValueError("a tick schedule ends with an entry without threshold")
        bounded = [threshold for threshold in thresholds[:-1] if threshold is not None]
        if len(bounded) != len(thresholds) - 1 or bounded != sorted(set(bounded)):
            raise ValueError("thresholds must rise, and only the last entry may have none")
        if any(tick.value <= 0 for tick in self.ticks):
            raise ValueError("a tick is more than zero")
        return self

    @classmethod
    def flat(cls, value: str) -> Self:
        """The same tick at every price."""
        return cls(ticks=(Tick(value=Decimal(value)),))

    @classmethod
    def split(cls, below: str, threshold: str, above: str) -> Self:
        """`below` under the threshold, `above` from it on: penny pilot is split("0.01", "3", "0.05")."""
        return cls(
            ticks=(
                Tick(value=Decimal(below), threshold=Decimal(threshold)),
                Tick(value=Decimal(above)),
            )
        )

    @property
    def finest(self) -> Self:
        """Its smallest tick, at every price."""
        return type(self)(ticks=(Tick(value=min(tick.value for tick in self.ticks)),))

    def at(self, price: Decimal) -> Decimal:
        """The tick that rules at `price`."""
        for tick in self.ticks:
            if tick.threshold is None or price < tick.threshold:
                return tick.value
        raise AssertionError("the last tick has no threshold")

    def is_on(self, price: Decimal) -> bool:
        """Whether an order may be priced here."""
        return price % self.at(price) == 0

    def floor(self, price: Decimal) -> Decimal:
        """The highest price on tick that is not above `price`: what a passive buyer rounds to."""
        return self._round(price, ROUND_FLOOR)

    def ceil(self, price: Decimal) -> Decimal:
        """The lowest price on tick that is not below `price`: what a passive seller rounds to."""
        return self._round(price, ROUND_CEILING)

    def nearest(self, price: Decimal) -> Decimal:
        """The price on tick closest to `price`; halfway goes to the even tick."""
        return self._round(price, ROUND_HALF_EVEN)

    def up(self, price: Decimal, steps: int = 1) -> Decimal:
        """`steps` ticks above `price`, the tick being read anew at each step."""
        for _ in range(steps):
            price = self.floor(price) + self.at(self.floor(price))
        return price

    def down(self, price: Decimal, steps: int = 1) -> Decimal:
        """`steps` ticks below `price`; the tick below a threshold is the smaller one."""
        for _ in range(steps):
            price = self.ceil(price)
            below = next(tick for tick in self.ticks if tick.threshold is None or price <= tick.threshold)
            price -= below.value
        return price

    def _round(self, price: Decimal, rounding: str) -> Decimal:
        tick = self.at(price)
        return (price / tick).to_integral_value(rounding) * tick
