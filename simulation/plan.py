"""What a seed draws: the market, the alerts, and what goes wrong, when, and how often. The same seed draws the same."""

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import TypeVar

from simulation.assignments import Assignments
from simulation.broker import Habits
from simulation.covered import Covered
from simulation.guarding import Guarding
from simulation.sellers import Sellers
from simulation.shorts import Shorts

FAULTS_END = 240.0  # seconds: nothing goes wrong any more from then on
ENDS = 900.0  # seconds: the contract expires
_LIKELY = (0.08, 0.35, 0.35, 0.5)  # the chance that a seed has a kind of fault at all: one of these
_SELDOM = 0.4  # of that, for faults after which little else is to be seen
_ENOUGH_FOR_ANY = Decimal(1_000_000)  # dollars, to be assigned on
_PRICES = ("0.75", "0.40", "2.97", "3.05", "1.20", "0.05")


@dataclass(frozen=True)
class Weather:
    """Chances of 0 to 1, for each call or message, that it goes wrong in this way."""

    lost_answer: float = 0.0
    lost_request: float = 0.0
    late_arrival: float = 0.0
    stalled_attempt: float = 0.0
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


class Posted(StrEnum):
    """What an alert's message is. Only the first kind may start a trade."""

    FRESH = "fresh"
    REPLY = "reply"
    EDIT = "edit"
    STRANGERS = "a stranger's"


@dataclass(frozen=True)
class AlertPlan:
    """One alert: when it is posted, for how many, and when an operator cancels its trade, if at all."""

    posted_at: float
    quantity: int
    delay: float  # seconds until its workflow begins
    cancelled_at: float | None = None
    kind: Posted = Posted.FRESH


@dataclass(frozen=True)
class House:
    """What the desk goes by in one seed. `money` is dollars; 100,000 is more than any of the trades needs."""

    money: Decimal = Decimal(100_000)
    allocation_percent: int = 5
    open_trades: int = 20
    entries_a_day: int = 100
    duplicate_window: float = 1.0  # seconds
    exit_percent: int = 50
    exits_single: bool = False  # one contract has its exit too

    @property
    def is_strict(self) -> bool:
        """Whether its limits may refuse a trade of this seed."""
        return self.money < 100_000


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
    broker_outages: tuple[Window, ...] = ()  # no request reaches the broker
    silences: tuple[Window, ...] = ()  # of the stream, which ends with a reconnect
    halts: tuple[Window, ...] = ()  # nothing trades
    audit_outages: tuple[Window, ...] = ()
    manual: tuple[float, ...] = ()  # when somebody trades by hand
    manual_cancels: tuple[float, ...] = ()
    closes_at: float | None = None
    clock_jumps: tuple[tuple[float, float], ...] = ()  # when, and by how many seconds
    desk_halts: tuple[Window, ...] = ()  # an operator stops the desk
    doubles_at: float | None = None  # from when on the market rises to more than twice its price
    replaces: bool = True
    house: House = House()
    sellers: Sellers = field(default_factory=Sellers)
    guarding: Guarding = field(default_factory=Guarding)
    shorts: Shorts | None = None
    assignments: Assignments | None = None
    covered: Covered | None = None

    @classmethod
    def draw(cls, seed: int) -> "Plan":
        """The plan of a seed."""
        dice = Random(seed)  # noqa: S311  a simulation
        likely = dice.choice(_LIKELY)
        price = Decimal(dice.choice(_PRICES))
        house = _house(dice, price)
        count = dice.choice((1, 1, 2, 3)) + (house.is_strict and dice.randint(0, 3))
        plan = cls(
            seed=seed,
            price=price,
            house=house,
            penny_pilot=dice.random() < 0.5,
            restless=dice.choice((0.1, 0.4, 0.8)),
            drift=dice.choice((-3, -1, 0, 0, 1, 2, 3, 6)),
            busy=dice.choice((0.0, 0.02, 0.1)),
            alerts=tuple(_alert(dice) for _ in range(count)),
            habits=_chances(Habits, dice, likely, (0.1, 0.4)),
            weather=_chances(Weather, dice, likely, (0.03, 0.25)),
            crashes=_windows(dice, likely, 12, 3),
            outages=_windows(dice, likely, 3, 15),
            broker_outages=_windows(dice, likely / 2, 2, 60),
            silences=_windows(dice, likely, 3, 30),
            halts=_windows(dice, likely, 2, 30),
            audit_outages=_windows(dice, likely, 3, 60),
            manual=_moments(dice, likely),
            manual_cancels=_moments(dice, likely),
            closes_at=dice.uniform(5, 200) if dice.random() < 0.08 else None,
            clock_jumps=tuple((at, dice.uniform(-3, 3)) for at in _moments(dice, likely)),
            desk_halts=_halts(dice, likely),
            doubles_at=dice.uniform(10, 300) if dice.random() < 0.3 else None,
            replaces=dice.random() < 0.7,
        )
        plan = replace(plan, sellers=_sellers(plan), guarding=Guarding.draw(seed, FAULTS_END))
        shorts, covered = Shorts.draw(seed), Covered.draw(seed, FAULTS_END)
        if covered is not None:
            return _in_shares(plan, covered)
        return plan if shorts is None else _turned_round(plan, shorts)


def _turned_round(plan: Plan, shorts: Shorts) -> Plan:
    """The same seed for trades that sell first: a market in ticks of one size, which is drawn the other way.

    Stops and targets are prices or parts of prices, and stay with those that buy first; the clock counts for both.
    """
    assignments = Assignments.draw(plan.seed, plan.sellers.moments, FAULTS_END)
    house = replace(plan.house, money=House().money)
    if assignments is not None:
        house = House(money=_ENOUGH_FOR_ANY, exit_percent=house.exit_percent, exits_single=house.exits_single)
    return replace(
        plan,
        price=shorts.price,
        penny_pilot=False,
        drift=-plan.drift,
        house=house,
        alerts=plan.alerts if assignments is None else tuple(map(_let_in, plan.alerts)),
        sellers=plan.sellers
        if assignments is None
        else plan.sellers.with_more(assignments.buys_back_at, len(plan.alerts)),
        guarding=Guarding(before_expiry=plan.guarding.before_expiry),
        shorts=shorts,
        assignments=assignments,
    )


def _in_shares(plan: Plan, covered: Covered) -> Plan:
    """The same seed for trades in shares, which know no expiry: an operator cancels them in the end.

    None has a trail: its best price counts anew with a later fill that moves the average, and so many shares fill late.
    """
    alerts = tuple(
        replace(_let_in(alert), quantity=alert.quantity * covered.lots, cancelled_at=alert.cancelled_at or ENDS)
        for alert in plan.alerts
    )
    guarding = replace(plan.guarding, on_underlying=None, before_expiry=None, trail_percent=None)
    house = House(money=_ENOUGH_FOR_ANY, exit_percent=plan.house.exit_percent, exits_single=plan.house.exits_single)
    return replace(
        plan, penny_pilot=False, closes_at=None, alerts=alerts, house=house, guarding=guarding, covered=covered
    )


def _let_in(alert: AlertPlan) -> AlertPlan:
    """One that the desk lets in, for what is not sold can't be assigned."""
    return replace(alert, kind=Posted.FRESH, delay=min(alert.delay, 2.0))


def _sellers(plan: Plan) -> Sellers:
    """By dice of their own."""
    begins = tuple(alert.posted_at + alert.delay for alert in plan.alerts)
    halts = tuple(window.begins for window in (*plan.halts, *plan.desk_halts))
    return Sellers.draw(plan.seed, begins, halts, ENDS, FAULTS_END)


def _house(dice: Random, price: Decimal) -> House:
    """Limits that hold more than one trade back, in one seed of four."""
    house = House(
        exit_percent=dice.choice((50, 50, 50, 100)),
        exits_single=dice.random() < 0.3,
        duplicate_window=dice.choice((1.0, 1.0, 1.0, 1.0, 10.0)),
    )
    if dice.random() < 0.75:
        return house
    return replace(
        house,
        money=(price * 120 + 2) * dice.randint(2, 14),
        allocation_percent=dice.choice((50, 90, 100)),
        open_trades=dice.choice((1, 2, 20)),
        entries_a_day=dice.choice((1, 2, 100)),
    )


def _alert(dice: Random) -> AlertPlan:
    posted_at = dice.uniform(0, 30)
    cancelled = dice.random() < 0.25
    return AlertPlan(
        posted_at=posted_at,
        quantity=dice.choice((1, 2, 3, 5, 8, 10)),
        delay=dice.choice((0.05, 0.05, 0.05, 0.3, 0.3, 0.3, 2.0, 9.9, 12.0)),
        cancelled_at=posted_at + dice.uniform(0, 130) if cancelled else None,
        kind=Posted.FRESH if dice.random() < 0.94 else dice.choice([kind for kind in Posted if kind != Posted.FRESH]),
    )


def _chances(kind: type[ChancesT], dice: Random, likely: float, between: tuple[float, float]) -> ChancesT:
    drawn: dict[str, float | bool] = {}
    for each in fields(kind):
        chance = likely * _SELDOM if each.metadata.get("seldom") else likely
        if each.type in ("bool", bool):
            drawn[each.name] = dice.random() < 0.1
        elif dice.random() < chance:
            drawn[each.name] = dice.uniform(*each.metadata.get("between", between))
    return kind(**drawn)  # type: ignore[arg-type]


def _windows(dice: Random, likely: float, most: int, longest: float) -> tuple[Window, ...]:
    if dice.random() > likely:
        return ()
    begins = sorted(dice.uniform(0, FAULTS_END - longest) for _ in range(dice.randint(1, most)))
    return tuple(Window(at, at + dice.uniform(0.2, longest)) for at in begins)


def _halts(dice: Random, likely: float) -> tuple[Window, ...]:
    """One, for a while or for good: nobody lifts a halt because faults have ended."""
    if dice.random() > likely / 1.5:
        return ()
    begins = dice.uniform(0, 60)
    return (Window(begins, dice.choice((begins + 20, begins + 100, 2 * ENDS))),)


def _moments(dice: Random, likely: float) -> tuple[float, ...]:
    if dice.random() > likely:
        return ()
    return tuple(sorted(dice.uniform(0, FAULTS_END) for _ in range(dice.randint(1, 2))))
