"""What people and closing alerts ask to be sold in a seed: how much, when, at what price, and whether they mean it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

_PORTIONS: tuple[tuple[str | None, int | None, bool], ...] = (
    # fraction, contracts, "partial"
    (None, None, False),
    (None, None, False),
    (None, None, False),
    ("0.5", None, False),
    ("0.25", None, False),
    ("1/3", None, False),
    ("0.75", None, False),
    ("1", None, False),
    (None, 1, False),
    (None, 2, False),
    (None, 4, False),
    (None, None, True),
    (None, None, True),
)
_ONE_THIRD = Decimal(1) / 3
_AWAY = (None, None, 0, 0, 1, 2, 3, 3, 6, 25, -5)  # ticks from the bid


@dataclass(frozen=True)
class Portion:
    """How much is to be sold; all of it when nothing is said."""

    fraction: Decimal | None = None
    quantity: int | None = None
    partial: bool = False


@dataclass(frozen=True)
class SalePlan:
    """A person's request: when, and again when with the same id, and when it is taken back, in seconds."""

    at: float
    portion: Portion
    away: int | None  # ticks from the bid; None: no limit
    is_urgent: bool = False
    again_at: float | None = None
    taken_back_at: float | None = None


@dataclass(frozen=True)
class ClosingAlertPlan:
    """A closing alert: when it is posted, how old it is when its workflow begins, and when that is cancelled."""

    posted_at: float
    portion: Portion
    away: int | None
    delay: float
    cancelled_at: float | None = None
    by_another: bool = False  # not by who opened the trades
    is_reply: bool = False


@dataclass(frozen=True)
class Sellers:
    """All of a seed's, and the settings that decide what they may. `people`: by the number of the trade's alert."""

    people: tuple[tuple[SalePlan, ...], ...] = ()
    alerts: tuple[ClosingAlertPlan, ...] = ()
    partial_percent: int = 50
    trims_one: bool = True
    at_market: bool = False  # what a ladder does not sell
    anybody: bool = False  # an alert closes what another opened

    def of_trade(self, number: int) -> tuple[SalePlan, ...]:
        """What people ask of the trade of the `number`-th alert."""
        return self.people[number] if self.people else ()

    def with_more(self, moments: tuple[float, ...], trades: int) -> "Sellers":
        """Somebody also asks each trade for a quarter at once, at each of these moments."""
        more = tuple(SalePlan(at, Portion(fraction=Decimal("0.25")), away=None, is_urgent=True) for at in moments)
        people = self.people or ((),) * trades
        return replace(self, people=tuple((*sales, *more) for sales in people))

    @property
    def moments(self) -> list[float]:
        """When somebody asks for something to be sold."""
        return [sale.at for sales in self.people for sale in sales] + [alert.posted_at for alert in self.alerts]

    @classmethod
    def draw(
        cls, seed: int, begins: tuple[float, ...], halts: tuple[float, ...], ends: float, last: float
    ) -> "Sellers":
        """`begins`: when each trade does; `halts`: when something stops; `ends`: expiry; `last`: of common requests."""
        dice = Random(f"{seed}/sellers")  # noqa: S311  a simulation
        if dice.random() < 0.3:
            return cls()
        moments = _Moments(dice, halts, ends, last)
        alerts = dice.choice((0, 0, 1, 1, 2))
        return cls(
            people=tuple(_requests(dice, moments, begin) for begin in begins),
            alerts=tuple(_alert(dice, moments, dice.choice(begins)) for _ in range(alerts)),
            partial_percent=dice.choice((50, 50, 30, 100)),
            trims_one=dice.random() < 0.6,
            at_market=dice.random() < 0.4,
            anybody=dice.random() < 0.3,
        )


class _Moments:
    """When people sell: before it is bought, while it is, while it is held, around halts, and when it expires."""

    def __init__(self, dice: Random, halts: tuple[float, ...], ends: float, last: float) -> None:
        self._dice = dice
        self._halts = halts
        self._ends = ends
        self._last = last

    def one(self, begin: float) -> float:
        """One moment for a trade that begins then."""
        dice = self._dice
        kind = dice.random()
        if kind < 0.08:
            return begin + dice.uniform(0, 1)
        if kind < 0.3:
            return begin + dice.uniform(0.5, 90)
        if kind < 0.38:
            return self._ends - dice.uniform(0.1, 60)
        if kind < 0.55 and self._halts:
            return max(begin, dice.choice(self._halts) + dice.uniform(-1, 3))
        return dice.uniform(begin + 3, self._last)


def _requests(dice: Random, moments: _Moments, begin: float) -> tuple[SalePlan, ...]:
    """One after the other, often while the one before is still served."""
    found: list[SalePlan] = []
    for _ in range(dice.choice((0, 1, 2, 2, 3))):
        at = found[-1].at + dice.uniform(0.05, 40) if found and dice.random() < 0.6 else moments.one(begin)
        found.append(_request(dice, at))
    return tuple(found)


def _request(dice: Random, at: float) -> SalePlan:
    return SalePlan(
        at=at,
        portion=_portion(dice),
        away=dice.choice(_AWAY),
        is_urgent=dice.random() < 0.25,
        again_at=at + dice.uniform(0.01, 120) if dice.random() < 0.3 else None,
        taken_back_at=at + dice.uniform(0.01, 60) if dice.random() < 0.3 else None,
    )


def _alert(dice: Random, moments: _Moments, begin: float) -> ClosingAlertPlan:
    posted_at = moments.one(begin)
    return ClosingAlertPlan(
        posted_at=posted_at,
        portion=_portion(dice),
        away=dice.choice(_AWAY),
        delay=dice.choice((0.05, 0.05, 0.05, 0.05, 0.3, 2.0, 9.9, 12.0)),
        cancelled_at=posted_at + dice.uniform(0.1, 60) if dice.random() < 0.3 else None,
        by_another=dice.random() < 0.2,
        is_reply=dice.random() < 0.05,
    )


def _portion(dice: Random) -> Portion:
    fraction, quantity, partial = dice.choice(_PORTIONS)
    return Portion(_ONE_THIRD if fraction == "1/3" else Decimal(fraction) if fraction else None, quantity, partial)
