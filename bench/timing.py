"""What was measured of one trade, and the percentiles of many."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.table import Table

_PERCENTS = (50, 95, 99)


@dataclass(frozen=True)
class Timing:
    """The two waits that people feel, in milliseconds, by the exchange's clock and ours, which are one machine's.

    `to_entry`: from the alert's acceptance to its order's receipt at the exchange. `to_exit`: from the fill to the
    exit order's receipt.
    """

    is_cold: bool
    to_entry: float
    to_exit: float


def timing_of(orders: Sequence[Mapping[str, Any]], accepted_at: datetime, is_cold: bool) -> Timing:
    """One trade's timing from its entry and its exit in the exchange's book; ValueError without both."""
    entry, exit_ = sorted(orders, key=lambda order: int(order["id"]))
    filled_at = _moment(entry["legs"][0]["fills"][0]["filled-at"])
    return Timing(is_cold, to_entry([entry], accepted_at), _milliseconds(filled_at, _moment(exit_["received-at"])))


def to_entry(orders: Sequence[Mapping[str, Any]], accepted_at: datetime) -> float:
    """Milliseconds from the alert's acceptance to its first order's receipt at the exchange."""
    return _milliseconds(accepted_at, min(_moment(order["received-at"]) for order in orders))


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile; ValueError of nothing."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _warm(timing: Timing) -> float | None:
    return None if timing.is_cold else timing.to_entry


def _cold(timing: Timing) -> float | None:
    return timing.to_entry if timing.is_cold else None


def _exit(timing: Timing) -> float | None:
    return timing.to_exit


_STEPS = {
    "alert accepted -> entry at the exchange, chain known": _warm,
    "alert accepted -> entry at the exchange, chain cold": _cold,
    "fill -> exit at the exchange": _exit,
}


def comparison(measured: Mapping[str, Sequence[Timing]]) -> Table:
    """The percentiles of each way of doing it, a line for each step."""
    table = Table(title="milliseconds", header_style="bold", box=None)
    table.add_column("step")
    table.add_column("done by")
    for name in ("n", *(f"p{percent}" for percent in _PERCENTS), "max"):
        table.add_column(name, justify="right")
    for step, pick in _STEPS.items():
        for name, timings in measured.items():
            values = [value for timing in timings if (value := pick(timing)) is not None]
            if values:
                shown = [f"{percentile(values, percent):.0f}" for percent in _PERCENTS]
                table.add_row(step, name, str(len(values)), *shown, f"{max(values):.0f}")
    return table


def _milliseconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() * 1000


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
