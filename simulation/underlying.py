"""What the contract of a seed, a put, is an option on: its price, and the levels on it that the alerts name."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

_BEGINS = Decimal(80)
_RESTLESS = Decimal("0.05")  # a second
_HURRY = Decimal("0.40")


@dataclass(frozen=True)
class OnUnderlying:
    """A put's levels: its stop is above the price, its targets are below. One that is not there would sell at once."""

    stop: Decimal | None
    targets: tuple[Decimal, ...]
    moves_at: float  # seconds: from when on the price goes there for good
    moves_to: Decimal

    @classmethod
    def draw(cls, seed: int, faults_end: float) -> "OnUnderlying | None":
        """By dice of its own; nothing in most seeds."""
        dice = Random(f"{seed}/underlying")  # noqa: S311  a simulation
        if dice.random() > 0.1:
            return None
        return cls(
            stop=dice.choice((None, Decimal(81), Decimal(83), Decimal(79))),
            targets=dice.choice(((Decimal(79),), (Decimal("77.5"), Decimal("78.5")), (Decimal(82), Decimal(78)))),
            moves_at=dice.uniform(10, faults_end),
            moves_to=dice.choice((Decimal(76), Decimal(78), Decimal(84), Decimal(84))),
        )

    def stop_from(self, began: Decimal | None) -> Decimal | None:
        """The stop, where the price was still below it when the trade began to hold."""
        return self.stop if self.stop is not None and began is not None and began < self.stop else None

    def targets_from(self, began: Decimal | None) -> list[Decimal]:
        """Those that were still below it, the nearest first."""
        return [] if began is None else sorted((each for each in self.targets if each < began), reverse=True)


class Underlying:
    """Its price, which moves when told to."""

    def __init__(self, seed: int, levels: OnUnderlying | None) -> None:
        self.price = _BEGINS
        self._levels = levels
        self._dice = Random(f"{seed}/underlying walk")  # noqa: S311

    def move(self, at: float) -> None:
        """A second has passed."""
        self.price += self._dice.choice((-_RESTLESS, 0, _RESTLESS))
        if self._levels is not None and at >= self._levels.moves_at:
            way = self._levels.moves_to - self.price
            self.price += max(-_HURRY, min(_HURRY, way))
