"""What must be true of the sales that a trade asks of itself: justified by the market that it saw, and asked in time.

It knows the market of every second, and what the trade has written down that it bought; it does the sums anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from domain.closing import CloseRequest, Urgency
from simulation.guarding import Guarding
from simulation.in_time import InTime
from simulation.promises import Findings, Rules, Standing

_HUNDRED = Decimal(100)
_ASKS_WITHIN = 8.0  # seconds: a level is looked at each second
_ASKS_AGAIN = 45.0  # after an answer: it tries again after half a minute
_CLOCKS_MAY_DIFFER = 8.0


@dataclass
class _Seen:
    """One trade: what it has paid, by what it wrote, and the market since its first fill."""

    averages: list[Decimal] = field(default_factory=list)
    bought: int = 0
    cost: Decimal = Decimal(0)
    prices: list[Decimal] = field(default_factory=list)
    underlyings: list[Decimal] = field(default_factory=list)  # what the underlying cost meanwhile
    began: Decimal | None = None  # the underlying, when the trade was first told of it
    asked: int = 0
    targets_hit: int = 0
    underlying_hit: int = 0
    quiet_until: float = 0.0

    @property
    def average(self) -> Decimal:
        return self.averages[-1]


class Guards:
    """Of one seed."""

    def __init__(self, rules: Rules, found: Findings, in_time: InTime, at: Callable[[], float], expires: float) -> None:
        self._rules = rules
        self._guarding: Guarding = rules.guarding
        self._found = found
        self._in_time = in_time
        self._at = at
        self._expires = expires
        self._trades: dict[str, _Seen] = {}
        self._mid: Decimal | None = None
        self._underlying: Decimal | None = None
        self._ways = {  # the longer words first: the shorter ones begin them
            "stop on the underlying": self._underlying_stop,
            "target on the underlying": self._underlying_target,
            "stop": self._stop,
            "trail": self._trail,
            "target": self._target,
            "clock": self._clock,
        }

    def bought(self, workflow_id: str, quantity: int, price: Decimal) -> None:
        """A trade has written down a fill of its entry."""
        seen = self._trades.setdefault(workflow_id, _Seen())
        seen.bought, seen.cost = seen.bought + quantity, seen.cost + quantity * price
        seen.averages.append(seen.cost / seen.bought)
        self._sees(seen)

    def underlying_quoted(self, workflow_id: str, price: Decimal | None) -> None:
        """A trade was told what its underlying costs: from the first time on, what it holds began there."""
        seen = self._trades.get(workflow_id)
        if seen is not None and seen.averages and seen.began is None:
            seen.began = price

    def market(self, mid: Decimal, underlying: Decimal | None = None) -> None:
        """The market of this second."""
        self._mid, self._underlying = mid, underlying
        for seen in self._trades.values():
            self._sees(seen)

    def _sees(self, seen: _Seen) -> None:
        if self._mid is not None:
            seen.prices.append(self._mid)
        if self._underlying is not None:
            seen.underlyings.append(self._underlying)

    def asks(self, workflow_id: str, by: str, now: datetime) -> CloseRequest | None:
        """The request that a trade made of itself; None when those words are none of a guardian's."""
        kind = next((kind for kind in self._ways if by.startswith(f"the {kind}")), None)
        if kind == "clock":  # it may come before anything is bought, and then takes the entry off
            self._trades.setdefault(workflow_id, _Seen())
        seen = self._trades.get(workflow_id)
        if kind is None or seen is None:
            return None
        seen.asked += 1
        is_justified, part = self._ways[kind](seen)
        self._found.expect(4, self._at(), is_justified, f"{by} sells, and the market never was there")
        name = f"{workflow_id}:guard-{seen.asked}"
        return CloseRequest(request_id=name, by=by, fraction=part, urgency=Urgency.NOW, asked_at=now)

    def answered(self, workflow_id: str) -> None:
        """A sale is over; the next try comes after a while."""
        if (seen := self._trades.get(workflow_id)) is not None:
            seen.quiet_until = self._at() + _ASKS_AGAIN

    def stands(self, workflow_id: str, standing: Standing, *, is_selling: bool) -> None:
        """Whether it must ask now."""
        seen = self._trades.get(workflow_id)
        if seen is None or not seen.averages or self._mid is None:
            return
        is_free = standing.held > 0 and not is_selling and self._at() >= seen.quiet_until
        stop, trail = self._guarding.stop(self._rules.price, seen.average), self._trailing(seen)
        is_under = any(level is not None and self._mid <= level for level in (stop, trail))
        is_out = is_under or self._is_over_stop(seen)
        what = f"it holds {standing.held} that cost {seen.average} at {self._mid}, and its stop does not ask"
        self._in_time.owe(is_free and is_out, 30, self._at(), workflow_id, _ASKS_WITHIN, what, "stop")
        is_blind = standing.held > 0 and seen.began is None and self._guarding.on_underlying is not None
        what = "it does not look where its underlying stands"
        self._in_time.owe(is_blind, 30, self._at(), workflow_id, _ASKS_WITHIN, what, "begins")
        due = self._due
        is_late = due is not None and self._at() > due + _CLOCKS_MAY_DIFFER
        what = "it is still held, and the clock does not ask"
        self._in_time.owe(is_free and is_late, 30, self._at(), workflow_id, _ASKS_WITHIN, what, "clock")

    @property
    def _due(self) -> float | None:
        before = self._guarding.before_expiry
        return None if before is None else self._expires - before

    def _is_over_stop(self, seen: _Seen) -> bool:
        """A put's stop on its underlying."""
        level = self._guarding.underlying_stop(seen.began)
        return level is not None and self._underlying is not None and self._underlying >= level

    def _trailing(self, seen: _Seen) -> Decimal | None:
        if self._guarding.trail_percent is None:
            return None
        return max([seen.average, *seen.prices]) * (1 - self._guarding.trail_percent / _HUNDRED)

    def _stop(self, seen: _Seen) -> tuple[bool, Decimal]:
        stops = [self._guarding.stop(self._rules.price, average) for average in seen.averages]
        highest = max((stop for stop in stops if stop is not None), default=None)
        return highest is not None and min(seen.prices) <= highest, Decimal(1)

    def _trail(self, seen: _Seen) -> tuple[bool, Decimal]:
        if self._guarding.trail_percent is None:
            return False, Decimal(1)
        best, kept = max(seen.averages), 1 - self._guarding.trail_percent / _HUNDRED
        for price in seen.prices:
            if price <= best * kept:
                return True, Decimal(1)
            best = max(best, price)
        return False, Decimal(1)

    def _target(self, seen: _Seen) -> tuple[bool, Decimal]:
        targets, part = self._guarding.targets(self._rules.price, seen.average), self._part(seen)
        number, seen.targets_hit = seen.targets_hit, seen.targets_hit + 1
        return number < len(targets) and max(seen.prices) >= targets[number], part

    def _underlying_stop(self, seen: _Seen) -> tuple[bool, Decimal]:
        level = self._guarding.underlying_stop(seen.began)
        return level is not None and max(seen.underlyings) >= level, Decimal(1)

    def _underlying_target(self, seen: _Seen) -> tuple[bool, Decimal]:
        targets, part = self._guarding.underlying_targets(seen.began), self._part(seen)
        number, seen.underlying_hit = seen.underlying_hit, seen.underlying_hit + 1
        return number < len(targets) and min(seen.underlyings) <= targets[number], part

    def _part(self, seen: _Seen) -> Decimal:
        """What the next target sells: the last of both kinds sells all."""
        own = len(self._guarding.targets(self._rules.price, seen.average)) - seen.targets_hit
        others = len(self._guarding.underlying_targets(seen.began)) - seen.underlying_hit
        return Decimal(1) if own + others <= 1 else self._guarding.target_part_percent / _HUNDRED

    def _clock(self, seen: _Seen) -> tuple[bool, Decimal]:  # noqa: ARG002
        due = self._due
        return due is not None and self._at() >= due - _CLOCKS_MAY_DIFFER, Decimal(1)
