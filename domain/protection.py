"""When a trade sells by itself: a stop, a trailing stop, targets, the clock. Pure: an activity brings the prices."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.admission import NEW_YORK
from domain.alert import Alert, Trail
from domain.contract import Contract
from domain.frozen import Frozen
from domain.settings import ProtectionSettings

_HUNDRED = Decimal(100)


class Level(StrEnum):
    """What a price may reach."""

    STOP = "stop"
    TRAIL = "trail"
    TARGET = "target"


class PriceWatch(Frozen):
    """Watch one contract's price until it reaches a level. Prices are per share or point.

    `best` is the highest price known so far, from which a trail counts; `confirm` is how long a level must hold.
    """

    contract: Contract
    stop: Decimal | None = None
    target: Decimal | None = None
    trail: Trail | None = None
    best: Decimal | None = None
    confirm: timedelta = timedelta(seconds=2)

    def __str__(self) -> str:
        """What it waits for, for people."""
        levels = {"stop": self.stop, "trail": self.trailing, "target": self.target}
        return ", ".join(f"{name} {price:.4g}" for name, price in levels.items() if price is not None)

    def at_best(self, price: Decimal) -> "PriceWatch":
        """The same, having seen this price too."""
        return self if self.best is not None and price <= self.best else self.model_copy(update={"best": price})

    def reached_by(self, price: Decimal) -> Level | None:
        """The level that this price has come to; what loses money comes first."""
        if self.stop is not None and price <= self.stop:
            return Level.STOP
        if self.trailing is not None and price <= self.trailing:
            return Level.TRAIL
        return Level.TARGET if self.target is not None and price >= self.target else None

    @property
    def trailing(self) -> Decimal | None:
        """Where the trail stands now."""
        if self.trail is None or self.best is None:
            return None
        if self.trail.percent is not None:
            return self.best * (1 - self.trail.percent / _HUNDRED)
        return None if self.trail.amount is None else self.best - self.trail.amount


class PriceReached(Frozen):
    """A level was reached, and held."""

    level: Level
    price: Decimal
    best: Decimal | None = None


class Protection(Frozen):
    """What a trade sells at, once it knows what it paid. `targets` are in the order they are reached."""

    stop: Decimal | None = None
    trail: Trail | None = None
    targets: tuple[Decimal, ...] = ()

    @property
    def watches_price(self) -> bool:
        """There is a level to wait for."""
        return self.stop is not None or self.trail is not None or bool(self.targets)


def protection(settings: ProtectionSettings, alert: Alert, average: Decimal) -> Protection:
    """The levels of a long position that cost `average`. Of the settings' stop and the alert's the nearer one counts.

    Levels of the alert that lie on the wrong side of what was paid are left out: they would sell at once.
    """
    stops = []
    if settings.stop_percent is not None:
        stops.append(average * (1 - settings.stop_percent / _HUNDRED))
    trail = None if settings.trail_percent is None else Trail(percent=settings.trail_percent)
    targets: tuple[Decimal, ...] = ()
    if settings.follow_alerts:
        stop = _alerts_stop(alert, average)
        stops += [] if stop is None or stop >= average else [stop]
        trail = alert.trail or trail
        targets = tuple(sorted(target for target in _alerts_targets(alert, average) if target > average))
    return Protection(stop=max(stops, default=None), trail=trail, targets=targets)


def _alerts_stop(alert: Alert, average: Decimal) -> Decimal | None:
    if alert.in_percent.stop is not None:
        return average * (1 - min(alert.in_percent.stop, _HUNDRED) / _HUNDRED)
    return alert.stop


def _alerts_targets(alert: Alert, average: Decimal) -> tuple[Decimal, ...]:
    if alert.in_percent.targets:
        return tuple(average * (1 + target / _HUNDRED) for target in alert.in_percent.targets)
    return alert.targets


def closes_at(settings: ProtectionSettings, contract: Contract, bought_at: datetime) -> datetime | None:
    """When the clock sells it; None when it does not."""
    if contract.expires_at is None:
        return None
    is_last_day = contract.expires_at.astimezone(NEW_YORK).date() == bought_at.astimezone(NEW_YORK).date()
    before = settings.close_before_0dte_end if is_last_day else None
    before = before or settings.close_before_expiry
    return None if before is None else contract.expires_at - before
