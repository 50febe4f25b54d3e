"""When a trade sells by itself: a stop, a trailing stop, targets, the clock. Pure: an activity brings the prices.

Levels are prices of what is held, or of what it is an option on: those are met on the side that this option gains from.
Whoever sold it first gains from all of it the other way round: his stop lies above, and his trail follows the lowest.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.admission import NEW_YORK
from domain.alert import Alert, Levels, OptionType, Trail
from domain.contract import Contract
from domain.direction import Direction
from domain.frozen import Frozen
from domain.settings import ProtectionSettings
from domain.symbols import plain

_HUNDRED = Decimal(100)


class Level(StrEnum):
    """What a price may reach, in the order in which they count: what loses money comes first."""

    STOP = "stop"
    TRAIL = "trail"
    UNDERLYING_STOP = "stop on the underlying"
    TARGET = "target"
    UNDERLYING_TARGET = "target on the underlying"

    @property
    def is_target(self) -> bool:
        """It takes a profit, in part."""
        return self in (Level.TARGET, Level.UNDERLYING_TARGET)

    @property
    def is_on_underlying(self) -> bool:
        """The underlying's price counts, not that of what is held."""
        return self in (Level.UNDERLYING_STOP, Level.UNDERLYING_TARGET)


class PriceWatch(Frozen):
    """Watch one contract's price, and its underlying's, until a level is reached. Prices are per share or point.

    `best` is the highest price known so far (short: the lowest), from which a trail counts; `confirm` is how long a
    level must hold.
    """

    contract: Contract
    stop: Decimal | None = None
    target: Decimal | None = None
    trail: Trail | None = None
    best: Decimal | None = None
    confirm: timedelta = timedelta(seconds=2)
    underlying_stop: Decimal | None = None
    underlying_target: Decimal | None = None
    direction: Direction = Direction.LONG

    def __str__(self) -> str:
        """What it waits for, for people."""
        own = {"stop": self.stop, "trail": self.trailing, "target": self.target}
        others = {"stop": self.underlying_stop, "target": self.underlying_target}
        told = [f"{name} {price:.4g}" for name, price in own.items() if price is not None]
        told += [f"{self.contract.underlying} {name} {plain(price)}" for name, price in others.items() if price]
        return ", ".join(told)

    @property
    def watches_own(self) -> bool:
        """A price of the contract itself is waited for."""
        return self.stop is not None or self.target is not None or self.trail is not None

    @property
    def watches_underlying(self) -> bool:
        """A price of its underlying is waited for."""
        return self.underlying_stop is not None or self.underlying_target is not None

    def at_best(self, price: Decimal) -> "PriceWatch":
        """The same, having seen this price too."""
        is_news = self.best is None or self.direction.better(price, self.best) != self.best
        return self.model_copy(update={"best": price}) if is_news else self

    def reached_by(self, price: Decimal | None, underlying: Decimal | None = None) -> Level | None:
        """The level that these prices have come to; what loses money comes first."""
        return next(iter(self.all_reached_by(price, underlying)), None)

    def all_reached_by(self, price: Decimal | None, underlying: Decimal | None = None) -> tuple[Level, ...]:
        """The same, with those that come after it. A price that nobody can tell is None, and reaches nothing."""
        is_gain, is_short = gains_by_rise(self.contract.option_type, self.direction), self.direction.is_short
        reached = {
            Level.STOP: _is_met(price, self.stop, rising=is_short),
            Level.TRAIL: _is_met(price, self.trailing, rising=is_short),
            Level.UNDERLYING_STOP: _is_met(underlying, self.underlying_stop, rising=not is_gain),
            Level.TARGET: _is_met(price, self.target, rising=not is_short),
            Level.UNDERLYING_TARGET: _is_met(underlying, self.underlying_target, rising=is_gain),
        }
        return tuple(level for level, is_reached in reached.items() if is_reached)

    @property
    def trailing(self) -> Decimal | None:
        """Where the trail stands now."""
        if self.trail is None or self.best is None:
            return None
        if self.trail.percent is not None:
            return self.direction.worth_more(self.best, -self.trail.percent / _HUNDRED)
        return None if self.trail.amount is None else self.best - self.trail.amount * self.direction.sign


class PriceReached(Frozen):
    """A level was reached, and held. `price` is the underlying's for a level on that."""

    level: Level
    price: Decimal
    best: Decimal | None = None


class Protection(Frozen):
    """What a trade sells at, once it knows what it paid. Targets are in the order they are reached."""

    stop: Decimal | None = None
    trail: Trail | None = None
    targets: tuple[Decimal, ...] = ()
    on_underlying: Levels = Levels()

    def __str__(self) -> str:
        """What it sells at, for people."""
        told = [] if self.stop is None else [f"stop {self.stop:.4g}"]
        if self.trail is not None:
            told.append(f"trail {self.trail}")
        told += [f"target {target:.4g}" for target in self.targets]
        others = self.on_underlying.in_words
        return "; ".join([", ".join(told)] * bool(told) + [f"on the underlying: {', '.join(others)}"] * bool(others))

    @property
    def watches_price(self) -> bool:
        """There is a level to wait for."""
        is_own = self.stop is not None or self.trail is not None or bool(self.targets)
        return is_own or self.on_underlying != Levels()

    @property
    def targets_left(self) -> int:
        """How many targets of both kinds are ahead."""
        return len(self.targets) + len(self.on_underlying.targets)

    def behind(self, own: int, on_underlying: int) -> "Protection":
        """What is ahead once so many targets of each kind were reached."""
        others = self.on_underlying.model_copy(update={"targets": self.on_underlying.targets[on_underlying:]})
        return self.model_copy(update={"targets": self.targets[own:], "on_underlying": others})


def protection(
    settings: ProtectionSettings, alert: Alert, average: Decimal, underlying: Decimal | None = None
) -> Protection:
    """The levels of a position entered at `average`. Of the settings' stop and the alert's the nearer one counts.

    Levels of the alert that lie on the wrong side of that price are left out: they would sell at once. So are those
    on the underlying by its price when the position began, `underlying`; while nobody knows it, none of them counts.
    """
    way = Direction.of(alert.action)
    stops = []
    if settings.stop_percent is not None:
        stops.append(way.worth_more(average, -settings.stop_percent / _HUNDRED))
    trail = None if settings.trail_percent is None else Trail(percent=settings.trail_percent)
    targets: tuple[Decimal, ...] = ()
    others = Levels()
    if settings.follow_alerts:
        stop = _alerts_stop(alert, average)
        stops += [] if stop is None or way.gain(average, stop) >= 0 else [stop]
        trail = alert.trail or trail
        ahead = [target for target in _alerts_targets(alert, average) if target > 0 and way.gain(average, target) > 0]
        targets = tuple(sorted(ahead, reverse=way.is_short))
        others = Levels() if underlying is None else levels_ahead(alert, underlying)
    nearest = min(stops, default=None) if way.is_short else max(stops, default=None)
    return Protection(stop=nearest, trail=trail, targets=targets, on_underlying=others)


def levels_ahead(alert: Alert, underlying: Decimal) -> Levels:
    """The alert's levels on the underlying that a price of it has still to come to, targets the nearest first."""
    is_gain, written = gains_by_rise(alert.option_type, Direction.of(alert.action)), alert.on_underlying
    is_stopped = _is_met(underlying, written.stop, rising=not is_gain)
    ahead = [target for target in written.targets if not _is_met(underlying, target, rising=is_gain)]
    return Levels(stop=None if is_stopped else written.stop, targets=tuple(sorted(ahead, reverse=not is_gain)))


def gains_by_rise(option_type: OptionType | None, direction: Direction = Direction.LONG) -> bool:
    """Whether it gains when the underlying rises: all that is held but a put, and a put that is short."""
    return (option_type is not OptionType.PUT) is not direction.is_short


def _is_met(price: Decimal | None, level: Decimal | None, *, rising: bool) -> bool:
    if price is None or level is None:
        return False
    return price >= level if rising else price <= level


def _alerts_stop(alert: Alert, average: Decimal) -> Decimal | None:
    percent, way = alert.in_percent.stop, Direction.of(alert.action)
    if percent is None:
        return alert.stop
    most = percent if way.is_short else min(percent, _HUNDRED)  # what is short may lose more than it brought
    return way.worth_more(average, -most / _HUNDRED)


def _alerts_targets(alert: Alert, average: Decimal) -> tuple[Decimal, ...]:
    way = Direction.of(alert.action)
    if alert.in_percent.targets:
        return tuple(way.worth_more(average, target / _HUNDRED) for target in alert.in_percent.targets)
    return alert.targets


def closes_at(settings: ProtectionSettings, contract: Contract, bought_at: datetime) -> datetime | None:
    """When the clock sells it; None when it does not."""
    if contract.expires_at is None:
        return None
    is_last_day = contract.expires_at.astimezone(NEW_YORK).date() == bought_at.astimezone(NEW_YORK).date()
    before = settings.close_before_0dte_end if is_last_day else None
    before = before or settings.close_before_expiry
    return None if before is None else contract.expires_at - before
