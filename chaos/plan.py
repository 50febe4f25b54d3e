"""What a storm does, drawn from a seed: alerts and their markets, faults, cancels, and the moments of the kills."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chaos.contracts import alert_text, contracts
from paper.faults.kinds import FaultKind, On
from paper.listings.series import Instrument

_KILL_PAUSES = (0.4, 5.0)  # seconds between two kills, evenly
_ALERT_PAUSES = (1.0, 5.0)
_DISTURBANCE_PAUSES = (4.0, 16.0)
_HAND_PAUSES = (15.0, 40.0)
_LEAD = 4.0  # seconds of alerts before the first kill
_STALE = 120.0  # seconds: an alert that waited out an outage somewhere
# The trades worker is where a trade can be lost; every part dies often all the same.
_VICTIMS = {"trades": 8, "temporal": 3, "paper": 3, "audit": 3, "door": 3}

Fault = dict[str, Any]  # as the control plane takes it


class Market(StrEnum):
    """What the market does around an alert."""

    MEETS = "meets the first price"
    RUNG = "meets the second rung"
    PART = "sells a part and goes away"
    TRICKLE = "sells a part, and the rest later"
    CONVERTS = "comes within a tick at the end"
    NEVER = "stays away"
    SELLS = "meets the first price, and doubles"


@dataclass(frozen=True)
class PlannedAlert:
    """One alert, `at` seconds into the storm. Faults are narrowed to its contract."""

    at: float
    option: Instrument
    quantity: int
    market: Market
    faults: tuple[Fault, ...] = ()
    cancelled_after: float | None = None  # seconds
    repeated_after: float | None = None
    age: float = 0.0  # seconds: how old its message is when it is first delivered

    @property
    def text(self) -> str:
        """The message."""
        return alert_text(self.option, self.quantity)


@dataclass(frozen=True)
class Plan:
    """Everything that one seed means to do; the moments are seconds into the storm."""

    seed: int
    alerts: tuple[PlannedAlert, ...]
    kills: tuple[tuple[float, str], ...]
    disturbances: tuple[tuple[float, Fault], ...] = ()
    by_hand: tuple[tuple[float, Instrument], ...] = field(default=())  # orders that a person places


def draw(seed: int, kills: int, workers: int = 1, pace: float = 1.0) -> Plan:
    """The plan of a seed with so many kills. `pace` below one makes all pauses shorter."""
    dice = random.Random(seed)  # noqa: S311  dice, not secrets
    options = contracts()
    for _ in range(dice.randrange(50)):
        next(options)

    def moments(pauses: tuple[float, float], first: float = 0.0) -> Iterator[float]:
        return _moments(dice, (pauses[0] * pace, pauses[1] * pace), first)

    when = moments(_KILL_PAUSES, _LEAD)
    planned = tuple((next(when), _victim(dice, workers)) for _ in range(kills))
    end = planned[-1][0] if planned else _LEAD
    return Plan(
        seed=seed,
        alerts=tuple(_alert(dice, at, next(options)) for at in _until(end, moments(_ALERT_PAUSES))),
        kills=planned,
        disturbances=tuple((at, _disturbance(dice)) for at in _until(end, moments(_DISTURBANCE_PAUSES, _LEAD))),
        by_hand=tuple((at, next(options)) for at in _until(end, moments(_HAND_PAUSES))),
    )


def _moments(dice: random.Random, pauses: tuple[float, float], first: float) -> Iterator[float]:
    at = first
    while True:
        at += dice.uniform(*pauses)
        yield round(at, 3)


def _until(end: float, moments: Iterator[float]) -> Iterator[float]:
    for at in moments:
        if at > end:
            return
        yield at


def _victim(dice: random.Random, workers: int) -> str:
    name = dice.choices(list(_VICTIMS), list(_VICTIMS.values()))[0]
    number = dice.randint(1, workers)
    return f"trades-{number}" if name == "trades" and number > 1 else name


def _alert(dice: random.Random, at: float, option: Instrument) -> PlannedAlert:
    return PlannedAlert(
        at=at,
        option=option,
        quantity=dice.randint(1, 8),
        market=dice.choice(list(Market)),
        faults=tuple(_fault(dice) for _ in range(dice.choice((0, 1, 1, 2, 3)))),
        cancelled_after=dice.uniform(0.0, 12.0) if dice.random() < 0.12 else None,
        repeated_after=dice.uniform(0.0, 30.0) if dice.random() < 0.2 else None,
        age=_STALE if dice.random() < 0.06 else 0.0,
    )


def _fault(dice: random.Random) -> Fault:
    """One fault that this trade's own orders or quotes may meet."""
    kind = dice.choice(list(_FAULTS))
    choices = _FAULTS[kind]
    drawn = {name: dice.choice(values) for name, values in choices.items()}
    side = (
        {} if kind in _OF_QUOTES else {"side": dice.choice(("buy", "buy", "sell")), "skip": dice.choice((0, 0, 0, 1))}
    )
    return {"kind": kind.value, "may_be_unused": True, **drawn, **side}


def _disturbance(dice: random.Random) -> Fault:
    """One fault that hits whoever comes along."""
    kind, choices = dice.choice(_DISTURBANCES)
    return {"kind": kind.value, "may_be_unused": True, **{name: dice.choice(v) for name, v in choices.items()}}


_CHANGES = (On.PLACE, On.REPLACE, On.CANCEL)
_OF_QUOTES = (FaultKind.CROSSED_QUOTE, FaultKind.ONE_SIDED_QUOTE, FaultKind.FROZEN_QUOTE, FaultKind.NAN_QUOTE)
_FAULTS: dict[FaultKind, dict[str, tuple[Any, ...]]] = {
    FaultKind.DROP_ANSWER: {"on": _CHANGES},
    FaultKind.ERROR_BEFORE: {"on": _CHANGES, "status": (500, 502, 503)},
    FaultKind.ERROR_AFTER: {"on": _CHANGES, "status": (500, 503, 504)},
    FaultKind.HTML_NEXT: {"on": _CHANGES, "status": (404, 502), "after": (True, False)},
    FaultKind.UNAUTHORIZED_NEXT: {"on": _CHANGES},
    FaultKind.HANG_AFTER_ACCEPT: {"on": _CHANGES, "seconds": (1.0, 3.0, 7.0)},
    FaultKind.LATENCY: {"on": _CHANGES, "seconds": (0.5, 2.0)},
    FaultKind.STALE_LOOKUP: {"seconds": (1.0, 4.0)},
    FaultKind.REJECT_NEXT: {},
    FaultKind.CANCEL_NEXT: {"seconds": (0.2, 1.0), "ends": ("Cancelled", "Removed")},
    FaultKind.DELAY_CANCEL: {"seconds": (1.0, 4.0)},
    FaultKind.FILL_DURING_CANCEL: {"quantity": (1, 2)},
    FaultKind.FILL_AFTER_CANCEL: {"quantity": (1, 2), "seconds": (0.3, 1.5)},
    FaultKind.LOTS: {"lots": ([1, 1], [2, 1], [1, 1, 1])},
    FaultKind.LATE_FILL_DETAIL: {"seconds": (0.5, 2.0)},
    FaultKind.REPEAT_STREAM: {"copies": (2, 20), "times": (1, 5)},
    FaultKind.LOSE_STREAM: {"times": (1, 3)},
    FaultKind.REORDER_STREAM: {"seconds": (0.5, 2.0)},
    FaultKind.UNPARSEABLE_RECORD: {
        "on": (On.PLACE, On.READ, On.ACCOUNT, On.CANCEL),
        "shape": ("unknown_status", "no_updated_at", "integer_user_id", "broken_json"),
    },
    FaultKind.CROSSED_QUOTE: {"seconds": (1.0, 3.0)},
    FaultKind.ONE_SIDED_QUOTE: {"seconds": (1.0, 3.0), "missing": ("bid", "ask")},
    FaultKind.FROZEN_QUOTE: {"seconds": (2.0, 6.0)},
    FaultKind.NAN_QUOTE: {"seconds": (1.0, 3.0)},
}
_DISTURBANCES: tuple[tuple[FaultKind, dict[str, tuple[Any, ...]]], ...] = (
    (FaultKind.STREAM_DROP, {"on": (On.ACCOUNT, On.QUOTES)}),
    (FaultKind.STREAM_SILENCE, {"on": (On.ACCOUNT,), "seconds": (2.0, 5.0)}),
    (FaultKind.STREAM_RECONNECT, {"on": (On.ACCOUNT, On.QUOTES)}),
    (FaultKind.OVERSIZED_MESSAGE, {"on": (On.ACCOUNT,)}),
    (FaultKind.REVOKE_TOKENS, {}),
    (FaultKind.RATE_LIMITED, {"on": (On.READ, On.PLACE), "seconds": (0.5, 1.5)}),
    (FaultKind.HTML_NEXT, {"on": (On.READ, On.QUOTES), "status": (502,)}),
    (FaultKind.UNAUTHORIZED_NEXT, {"on": (On.READ, On.PLACE)}),
    (FaultKind.LATENCY, {"on": (On.READ, On.TOKEN), "seconds": (1.0, 3.0), "times": (1, 3)}),
    (FaultKind.HALT, {"symbol": ("UBER", "AAPL", "AMD", "TSLA"), "seconds": (1.0, 3.0)}),
)
