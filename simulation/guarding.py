"""What trades of a seed sell at by themselves: a stop, a trail, targets, the clock; and a market that falls."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from simulation.underlying import OnUnderlying

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Guarding:
    """The settings, and the alerts' own levels as parts of their price. Nothing of it in most seeds."""

    stop_percent: int | None = None
    trail_percent: int | None = None
    alerts_stop: Decimal | None = None
    alerts_targets: tuple[Decimal, ...] = ()
    target_part_percent: int = 50
    before_expiry: int | None = None  # seconds
    falls_at: float | None = None  # seconds: from when on the market falls to less than half of its price
    on_underlying: OnUnderlying | None = None

    @classmethod
    def draw(cls, seed: int, faults_end: float) -> "Guarding":
        """By dice of its own."""
        dice, on_underlying = Random(f"{seed}/guard"), OnUnderlying.draw(seed, faults_end)  # noqa: S311  a simulation
        if dice.random() > 0.3:
            return cls(on_underlying=on_underlying)
        follows = dice.random() < 0.4
        return cls(
            stop_percent=dice.choice((None, 10, 30)),
            trail_percent=dice.choice((None, None, 20, 50)),
            alerts_stop=dice.choice((None, Decimal("0.8"), Decimal("1.2"))) if follows else None,
            alerts_targets=dice.choice(((), (Decimal("1.2"),), (Decimal("1.5"), Decimal("1.3")))) if follows else (),
            target_part_percent=dice.choice((50, 34)),
            before_expiry=dice.choice((None, None, 60, 700)),
            falls_at=dice.uniform(20, faults_end) if dice.random() < 0.6 else None,
            on_underlying=on_underlying,
        )

    @property
    def follows_alerts(self) -> bool:
        """Whether the alerts' own levels count."""
        return self.alerts_stop is not None or bool(self.alerts_targets) or self.on_underlying is not None

    @property
    def has_stops(self) -> bool:
        """Whether a trade may ask by itself for all to be sold at once."""
        return self.stop_percent is not None or self.trail_percent is not None or self.alerts_stop is not None

    def stop(self, price: Decimal, average: Decimal) -> Decimal | None:
        """The nearer stop under what was paid; `price` is the alert's."""
        stops = [] if self.stop_percent is None else [average * (1 - self.stop_percent / _HUNDRED)]
        if self.alerts_stop is not None and price * self.alerts_stop < average:
            stops.append(price * self.alerts_stop)
        return max(stops, default=None)

    def underlying_stop(self, began: Decimal | None) -> Decimal | None:
        """The underlying's price that a put is stopped at; `began` is where it stood when the trade began to hold."""
        return None if self.on_underlying is None else self.on_underlying.stop_from(began)

    def underlying_targets(self, began: Decimal | None) -> list[Decimal]:
        """Those prices of it that a part is sold at."""
        return [] if self.on_underlying is None else self.on_underlying.targets_from(began)

    def targets(self, price: Decimal, average: Decimal) -> list[Decimal]:
        """Those over what was paid, the nearest first."""
        return sorted(price * part for part in self.alerts_targets if price * part > average)
