"""Pacing to the broker's published rate limits, so that a burst of alerts waits here instead of being throttled there.

The limits hold for any window of one second (tastytrade-mcp, src/safety/rate-limit.ts). They count per user: several
worker processes on one account share them without knowing of each other, which is what the margin is for.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from domain.errors import RetryableError

_WINDOW = 1.05  # seconds: network jitter may push two requests closer together than they were sent


class Family(StrEnum):
    """Requests that the broker counts together."""

    ORDERS = "orders"  # place, replace, cancel
    ORDER_READS = "order reads"
    QUOTES = "quotes by REST"
    CHAINS = "option chains"
    EQUITIES = "equities"
    FUTURES = "futures"
    BALANCES = "balances"
    POSITIONS = "positions"
    MARKET_TIME = "market time"
    LOGIN = "quote tokens"


_PER_SECOND = {
    Family.ORDERS: 20,
    Family.ORDER_READS: 20,
    Family.QUOTES: 2,
    Family.CHAINS: 2,
    Family.EQUITIES: 3,
    Family.FUTURES: 1,
    Family.BALANCES: 1,
    Family.POSITIONS: 1,
    Family.MARKET_TIME: 1,  # no limit is published
    Family.LOGIN: 2,
}
_ALL_PER_SECOND = 50


class ThrottledError(RetryableError):
    """Not sent, or refused for coming too fast: the same request may be made again `after` a while."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after


class Window:
    """At most `limit` requests in any window."""

    def __init__(self, limit: int) -> None:
        self._sent: deque[float] = deque(maxlen=limit)

    def opens(self, now: float) -> float:
        """When the next request may go."""
        if len(self._sent) < (self._sent.maxlen or 0):
            return now
        return max(now, self._sent[0] + _WINDOW)

    def take(self, at: float) -> None:
        """Count a request that goes at that time."""
        self._sent.append(at)


class Pacing:
    """The windows of one login."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = Window(_ALL_PER_SECOND)
        self._by_family = {family: Window(limit) for family, limit in _PER_SECOND.items()}

    async def take(self, family: Family, patience: timedelta) -> None:
        """Wait for the next free place. ThrottledError, and no place taken, when that is further than `patience`."""
        wait = self.reserve(family, patience)
        if wait > 0:
            await asyncio.sleep(wait)

    def reserve(self, family: Family, patience: timedelta) -> float:
        """Take the next free place and say how many seconds away it is."""
        now = self._clock()
        at = max(self._all.opens(now), self._by_family[family].opens(now))
        if at - now > patience.total_seconds():
            after = timedelta(seconds=at - now)
            raise ThrottledError(f"the limit for {family} is reached for {at - now:.1f} s", after)
        self._all.take(at)
        self._by_family[family].take(at)
        return at - now
