"""The seeds in which shares are traded, and calls sold first are covered by them: how many calls, and when."""

from dataclasses import dataclass
from random import Random

SHARES = 100  # that a call needs
_FIRST, _EVERY, _PLACE = 260, 20, 7  # one seed of twenty


@dataclass(frozen=True)
class Covered:
    """Of one seed. The calls are sold from `sold_at` on, as soon as free shares cover one and nothing is being sold."""

    lots: int  # of shares: what an alert names is so many times its contracts
    others: int  # shares that the account holds beside the trades'
    calls: int
    sold_at: float  # seconds
    bought_back_at: float

    @classmethod
    def draw(cls, seed: int, faults_end: float) -> "Covered | None":
        """By dice of its own; None where no shares are traded."""
        if seed < _FIRST or seed % _EVERY != _PLACE:
            return None
        dice = Random(f"{seed}/covered")  # noqa: S311  a simulation
        sold_at = dice.uniform(3, faults_end / 2)
        return cls(
            lots=dice.choice((20, 50, 100)),
            others=dice.choice((0, 0, 40, 100)),
            calls=dice.choice((1, 1, 2, 5)),
            sold_at=sold_at,
            bought_back_at=sold_at + dice.choice((30.0, 120.0, 2000.0, 2000.0)),
        )
