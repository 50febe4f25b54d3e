"""The seeds whose trades sell first: which they are, and what the desk allows them.

All the others draw and do what they did before there were any. In a seed of shorts the market's long ways are turned
round, so that as many of them come to their exit.
"""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from simulation.assignments import Assignments

_FIRST, _EVERY, _PLACE = 60, 20, 12  # one seed of twenty, beside those with assignments
_ASSIGNMENT = Decimal(7800)  # dollars for one contract of the simulation's


@dataclass(frozen=True)
class Shorts:
    """Of one seed; `most_assigned` in dollars, over all its trades."""

    price: Decimal  # the alerts'
    most_assigned: Decimal
    take_profit: Decimal

    @classmethod
    def draw(cls, seed: int) -> "Shorts | None":
        """By dice of its own; None where trades buy first."""
        if not Assignments.are_in(seed) and (seed < _FIRST or seed % _EVERY != _PLACE):
            return None
        dice = Random(f"{seed}/shorts")  # noqa: S311  a simulation
        limits = (100,) if Assignments.are_in(seed) else (3, 8, 100, 100)
        return cls(
            price=Decimal(dice.choice(("0.75", "0.40", "1.20", "2.97"))),
            most_assigned=_ASSIGNMENT * dice.choice(limits),
            take_profit=Decimal(dice.choice(("0.5", "0.5", "0.25", "0.8"))),
        )

    def exit_price(self, average: Decimal) -> Decimal:
        """The highest price that keeps what is to be kept, unrounded."""
        return average - average * self.take_profit

    @staticmethod
    def assigned(contracts: int) -> Decimal:
        """What it would cost to be assigned on so many, in dollars."""
        return _ASSIGNMENT * contracts
