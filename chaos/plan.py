"""What a storm does, drawn from a seed: alerts and their markets, faults, cancels, and the moments of the kills."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from chaos.contracts import alert_text, contracts
from paper.faults.kinds import FaultKind, On
from paper.listings.series import Instrument

_KILL_PAUSES = (0.4, 5.0)  # seconds between two kills, evenly
_ALERT_PAUSES = (1.0, 5.0)
_DISTURBANCE_PAUSES = (4.0, 16.0)
_HAND_PAUSES = (15.0, 40.0)
_ALERTS_PER_KILL = 4  # more than there is time for
_PATIENT = 0.75  # of the kills: else a slow machine would restart all the time, and trade nothing
# A person cancels every trade: some at a bad moment, the others so that no more are open than a real desk allows.
_EARLY = 0.15
_IN_FLIGHT = (0.0, 12.0)
_LATER = (40.0, 70.0)
_STALE = 120.0  # seconds: an alert that waited out an outage somewhere
# The trades worker is where a trade can be lost; every part dies often all the same.
_VICTIMS = {"trades": 8, "temporal": 3, "paper": 3, "audit": 3, "door": 3}

Planned = TypeVar("Planned")
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
    """One alert. Faults are narrowed to its contract."""

    option: Instrument
    quantity: int
    market: Market
    faults: tuple[Fault, ...] = ()
    cancelled_after: float = 60.0  # seconds
    repeated_after: float | None = None
    age: float = 0.0  # seconds: how old its message is when it is first delivered

    @property
    def text(self) -> str:
        """The message."""
        return alert_text(self.option, self.quantity)


@dataclass(frozen=True)
class Kill:
    """The end of one process. A patient one lets the stack come up before its pause begins."""

    victim: str
    is_patient: bool


Paced = tuple[tuple[float, Planned], ...]  # the pause before each, in seconds


@dataclass(frozen=True)
class Plan:
    """Everything that one seed means to do. What is left when the last kill is done is left out."""

    seed: int
    kills: Paced[Kill]
    alerts: Paced[PlannedAlert]
    disturbances: Paced[Fault] = ()
    by_hand: Paced[Instrument] = ()  # orders that a person places


def draw(seed: int, kills: int, workers: int = 1, pace: float = 1.0) -> Plan:
    """The plan of a seed with so many kills. A `pace` below one makes all pauses shorter."""
    dice = random.Random(seed)  # noqa: S311  dice, not secrets
    options = contracts()
    for _ in range(dice.randrange(50)):
        next(options)

    def paced(pauses: tuple[float, float], number: int, plan_one: Callable[[], Planned]) -> Paced[Planned]:
        return tuple((round(dice.uniform(*pauses) * pace, 3), plan_one()) for _ in range(number))

    return Plan(
        seed=seed,
        kills=paced(_KILL_PAUSES, kills, lambda: _kill(dice, workers)),
        alerts=paced(_ALERT_PAUSES, kills * _ALERTS_PER_KILL, lambda: _alert(dice, next(options))),
        disturbances=paced(_DISTURBANCE_PAUSES, kills, lambda: _disturbance(dice)),
        by_hand=paced(_HAND_PAUSES, kills, lambda: next(options)),
    )


def _kill(dice: random.Random, workers: int) -> Kill:
    name = dice.choices(list(_VICTIMS), list(_VICTIMS.values()))[0]
    number = dice.randint(1, workers)
    victim = f"trades-{number}" if name == "trades" and number > 1 else name
    return Kill(victim, dice.random() < _PATIENT)


def _alert(dice: random.Random, option: Instrument) -> PlannedAlert:
    return PlannedAlert(
        option=option,
        quantity=dice.randint(1, 8),
        market=dice.choice(list(Market)),
        faults=tuple(_fault(dice) for _ in range(dice.choice((0, 1, 1, 2, 3)))),
        cancelled_after=dice.uniform(*(_IN_FLIGHT if dice.random() < _EARLY else _LATER)),
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
