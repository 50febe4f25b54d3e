"""What a seed draws: the market, the alerts, and what goes wrong, when, and how often. The same seed draws the same."""

from dataclasses import dataclass, fields
from decimal import Decimal
from random import Random
from typing import TypeVar

from simulation.broker import Habits

FAULTS_END = 240.0  # seconds: nothing goes wrong any more from then on
ENDS = 900.0  # seconds: the contract expires
_LIKELY = 0.35  # the chance that a seed has a kind of fault at all
_PRICES = ("0.75", "0.40", "2.97", "3.05", "1.20", "0.05")


@dataclass(frozen=True)
class Weather:
    """Chances of 0 to 1, for each call or message, that it goes wrong in this way."""

    lost_answer: float = 0.0
    lost_request: float = 0.0
    late_arrival: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    refused: float = 0.0
    throttled: float = 0.0
    unauthorised: float = 0.0
    failed_read: float = 0.0
    stale_lookup: float = 0.0
    bad_quote: float = 0.0
    message_lost: float = 0.0
    message_repeated: float = 0.0
    message_late: float = 0.0
    message_unreadable: float = 0.0


ChancesT = TypeVar("ChancesT", Habits, Weather)


@dataclass(frozen=True)
class Window:
    """From `begins` until `ends`, in seconds."""

    begins: float
    ends: float

    def covers(self, at: float) -> bool:
        """Whether `at` lies in it."""
        return self.begins <= at < self.ends


@dataclass(frozen=True)
class AlertPlan:
    """One alert: when it is posted, for how many, and when an operator cancels its trade, if at all."""

    posted_at: float
    quantity: int
    delay: float  # seconds until its workflow begins
    cancelled_at: float | None = None


@dataclass(frozen=True)
class Plan:
    """One seed's world."""

    seed: int
    price: Decimal
    penny_pilot: bool
    restless: float  # the chance that the market moves in a second
    drift: int  # ticks: where it is drawn to
    busy: float  # the chance that somebody trades with a resting order in a second
    alerts: tuple[AlertPlan, ...]
    habits: Habits
    weather: Weather
    crashes: tuple[Window, ...] = ()  # the worker is dead: calls under way are lost
    outages: tuple[Window, ...] = ()  # Temporal is down: nothing goes on, calls under way end
    silences: tuple[Window, ...] = ()  # of the stream, which ends with a reconnect
    halts: tuple[Window, ...] = ()  # nothing trades
    audit_outages: tuple[Window, ...] = ()
    manual: tuple[float, ...] = ()  # when somebody trades by hand
    manual_cancels: tuple[float, ...] = ()
    closes_at: float | None = None
    clock_jumps: tuple[tuple[float, float], ...] = ()  # when, and by how many seconds
    replaces: bool = True

    @classmethod
    def draw(cls, seed: int) -> "Plan":
        """The plan of a seed."""
        dice = Random(seed)  # noqa: S311  a simulation
        count = dice.choice((1, 1, 2, 3))
        return cls(
            seed=seed,
            price=Decimal(dice.choice(_PRICES)),
            penny_pilot=dice.random() < 0.5,
            restless=dice.choice((0.1, 0.4, 0.8)),
            drift=dice.choice((-3, -1, 0, 0, 1, 2, 3, 6)),
            busy=dice.choice((0.0, 0.02, 0.1)),
            alerts=tuple(_alert(dice) for _ in range(count)),
            habits=_chances(Habits, dice, (0.1, 0.4)),
            weather=_chances(Weather, dice, (0.03, 0.25)),
            crashes=_windows(dice, 12, 3),
            outages=_windows(dice, 3, 15),
            silences=_windows(dice, 3, 30),
            halts=_windows(dice, 2, 30),
            audit_outages=_windows(dice, 3, 60),
            manual=_moments(dice),
            manual_cancels=_moments(dice),
            closes_at=dice.uniform(5, 200) if dice.random() < 0.08 else None,
            clock_jumps=tuple((at, dice.uniform(-3, 3)) for at in _moments(dice)),
            replaces=dice.random() < 0.7,
        )


def _alert(dice: Random) -> AlertPlan:
    posted_at = dice.uniform(0, 30)
    cancelled = dice.random() < 0.25
    return AlertPlan(
        posted_at=posted_at,
        quantity=dice.choice((1, 2, 3, 5, 8, 10)),
        delay=dice.choice((0.05, 0.05, 0.3, 0.3, 2.0, 12.0)),
        cancelled_at=posted_at + dice.uniform(0, 130) if cancelled else None,
    )


def _chances(kind: type[ChancesT], dice: Random, between: tuple[float, float]) -> ChancesT:
    drawn: dict[str, float | bool] = {}
    for each in fields(kind):
        if each.type in ("bool", bool):
            drawn[each.name] = dice.random() < 0.1
        elif dice.random() < _LIKELY:
            drawn[each.name] = dice.uniform(*between)
    return kind(**drawn)  # type: ignore[arg-type]


def _windows(dice: Random, most: int, longest: float) -> tuple[Window, ...]:
    if dice.random() > _LIKELY:
        return ()
    begins = sorted(dice.uniform(0, FAULTS_END - longest) for _ in range(dice.randint(1, most)))
    return tuple(Window(at, at + dice.uniform(0.2, longest)) for at in begins)


def _moments(dice: Random) -> tuple[float, ...]:
    if dice.random() > _LIKELY:
        return ()
    return tuple(sorted(dice.uniform(0, FAULTS_END) for _ in range(dice.randint(1, 2))))
