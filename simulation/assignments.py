"""The seeds in which what was sold first goes from the account, and no order of a trade's bought it back.

It is assigned, or somebody buys it back by hand. All the other seeds draw and do what they did before there were any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

_FIRST, _EVERY, _PLACE = 260, 20, 2  # one seed of twenty, which are seeds of shorts for that


@dataclass(frozen=True)
class Loss:
    """From `at` on, in seconds, as soon as anything is short: that part of it goes, rounded up."""

    at: float
    part: Decimal
    is_by_hand: bool


@dataclass(frozen=True)
class Assignments:
    """Of one seed of shorts. `is_strict`: the broker takes buy-backs off with the position, and refuses new ones.

    Such a seed looks at the account seldom, for its trades find out by themselves; meanwhile somebody buys back a part.
    """

    losses: tuple[Loss, ...]
    is_strict: bool
    looks_from: float  # seconds: when reconciliation looks at the account first
    looks_every: float
    buys_back_at: tuple[float, ...] = ()  # when somebody asks for a quarter, at once

    @staticmethod
    def are_in(seed: int) -> bool:
        """Whether it is a seed of them."""
        return seed >= _FIRST and seed % _EVERY == _PLACE

    @classmethod
    def draw(cls, seed: int, sales: Sequence[float], faults_end: float) -> "Assignments | None":
        """By dice of its own; `sales`: when somebody asks to buy back, for that is when it may go, too."""
        if not cls.are_in(seed):
            return None
        dice = Random(f"{seed}/assignments")  # noqa: S311  a simulation
        is_strict = dice.random() < 0.4
        losses = (_loss(dice, sales, faults_end, is_strict=is_strict) for _ in range(dice.choice((1, 1, 2))))
        in_order = tuple(sorted(losses, key=lambda loss: loss.at))
        sales_after = dice.randint(1, 3) if is_strict else 0
        return cls(
            losses=in_order,
            is_strict=is_strict,
            looks_from=dice.uniform(0, 30),
            looks_every=dice.choice((45.0, 120.0, 120.0) if is_strict else (20.0, 30.0, 45.0)),
            buys_back_at=tuple(in_order[0].at + dice.uniform(5, 50) for _ in range(sales_after)),
        )


def _loss(dice: Random, sales: Sequence[float], faults_end: float, *, is_strict: bool) -> Loss:
    is_near_a_sale = sales and dice.random() < 0.4
    at = dice.choice(sales) + dice.uniform(-1, 5) if is_near_a_sale else dice.uniform(5, faults_end)
    part = dice.choice(("0.5", "0.75", "0.75", "1") if is_strict else ("1", "1", "0.5", "0.25", "0.75"))
    return Loss(min(max(at, 1.0), faults_end), Decimal(part), is_by_hand=dice.random() < 0.3)
