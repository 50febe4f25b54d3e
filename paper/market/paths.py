"""Quote paths written by hand: each point is pinned at its time, through restarts of the exchange."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from paper.clock import Clock
from paper.market.market import Market
from paper.market.quote import Quote
from paper.trading.store import PathPoint, Store


class PinPoint(NamedTuple):
    """One point of a quote path: the quote to show `after` seconds from now."""

    after: float
    quote: Quote


class QuotePaths:
    """The points that are still to come, kept in the store until they are reached."""

    def __init__(self, store: Store, market: Market, clock: Clock) -> None:
        self._store = store
        self._market = market
        self._clock = clock
        self._coming: dict[int, tuple[PathPoint, asyncio.TimerHandle]] = {}

    def resume(self, saved: Iterable[PathPoint]) -> None:
        """Go on with what an earlier run did not reach."""
        for point in saved:
            self._schedule(point)

    def follow(self, symbol: str, points: Sequence[PinPoint]) -> None:
        """Pin these quotes one after the other, each at its time from now; an earlier path is given up."""
        self.drop(symbol)
        now = self._clock().timestamp()
        for point in points:
            self._schedule(self._store.add_point(symbol, now + point.after, point.quote))

    def drop(self, symbol: str) -> None:
        """Forget the rest of a symbol's path."""
        self._store.drop_path(symbol)

    def clock_was_set(self) -> None:
        """What came due by that is pinned at once."""
        for point, handle in list(self._coming.values()):
            handle.cancel()
            self._schedule(point)

    def close(self) -> None:
        """Pin nothing more."""
        for _, handle in self._coming.values():
            handle.cancel()

    def _schedule(self, point: PathPoint) -> None:
        delay = max(0.0, point.due - self._clock().timestamp())
        self._coming[point.number] = point, asyncio.get_running_loop().call_later(delay, self._reach, point)

    def _reach(self, point: PathPoint) -> None:
        if self._coming.pop(point.number, None) is not None and self._store.reach_point(point):
            self._market.pin(point.symbol, point.quote)
