"""The broker's published rate limits, per second and login: what it answers 429 for.

https://github.com/tastytrade/tastytrade-mcp (src/safety/rate-limit.ts). This exchange has one login, so there is one
set of buckets. Look-ups of orders and paths that no limit is published for count for the whole only.
"""

import re
import time
from collections.abc import Callable
from enum import StrEnum


class Family(StrEnum):
    """Requests that are counted together."""

    MARKET_DATA = "market data by type"
    OPTION_CHAINS = "option chains"
    SINGLE_EQUITY = "single equity"
    EQUITIES = "equities"
    SINGLE_EQUITY_OPTION = "single equity option"
    SINGLE_FUTURE_OPTION = "single future option"
    FUTURES = "futures"
    FUTURE_PRODUCTS = "future products"
    POSITIONS = "positions"
    BALANCES = "balances"
    TRADING_STATUS = "trading status"
    ACCOUNTS = "accounts"
    ORDERS = "orders"  # whatever may change one: placing, replacing, cancelling, and their dry runs


ALL_PER_SECOND = 50
PER_SECOND = {
    Family.MARKET_DATA: 2,
    Family.OPTION_CHAINS: 2,
    Family.SINGLE_EQUITY: 3,
    Family.EQUITIES: 2,
    Family.SINGLE_EQUITY_OPTION: 3,
    Family.SINGLE_FUTURE_OPTION: 3,
    Family.FUTURES: 1,
    Family.FUTURE_PRODUCTS: 1,
    Family.POSITIONS: 1,
    Family.BALANCES: 1,
    Family.TRADING_STATUS: 1,
    Family.ACCOUNTS: 1,
    Family.ORDERS: 20,
}
_READS = {
    Family.MARKET_DATA: r"/market-data/by-type",
    Family.OPTION_CHAINS: r"/(futures-)?option-chains/.+",
    Family.EQUITIES: r"/instruments/equities(/active)?",
    Family.SINGLE_EQUITY: r"/instruments/equities/.+",
    Family.SINGLE_EQUITY_OPTION: r"/instruments/equity-options/.+",
    Family.SINGLE_FUTURE_OPTION: r"/instruments/future-options/.+",
    Family.FUTURES: r"/instruments/futures",
    Family.FUTURE_PRODUCTS: r"/instruments/future-(option-)?products(/.*)?",
    Family.POSITIONS: r"/accounts/[^/]+/positions",
    Family.BALANCES: r"/accounts/[^/]+/balances(/.*)?",
    Family.TRADING_STATUS: r"/accounts/[^/]+/trading-status",
    Family.ACCOUNTS: r"/customers/me/accounts",
}
_PATTERNS = {family: re.compile(pattern) for family, pattern in _READS.items()}
_ORDERS = re.compile(r"/accounts/[^/]+/(complex-)?orders(/.*)?")


def family_of(method: str, path: str) -> Family | None:
    """What a request counts for beside the whole; None for nothing."""
    if method != "GET":
        return Family.ORDERS if _ORDERS.fullmatch(path) else None
    return next((family for family, pattern in _PATTERNS.items() if pattern.fullmatch(path)), None)


class Bucket:
    """Holds as many tokens as one second brings, at least one; each request takes one."""

    def __init__(self, per_second: float, now: float) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second)
        self._tokens = self._most
        self._at = now

    def has_one(self, now: float) -> bool:
        """Whether a request may pass."""
        self._tokens = min(self._most, self._tokens + max(0.0, now - self._at) * self._per_second)
        self._at = max(self._at, now)
        return self._tokens >= 1

    def take(self) -> None:
        """Count a request that passes; AssertionError when there is no token for it."""
        if self._tokens < 1:
            raise AssertionError("no token is left")
        self._tokens -= 1


class RateLimits:
    """The buckets of the login, on a clock that never goes back (seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        now = clock()
        self._all = Bucket(ALL_PER_SECOND, now)
        self._by_family = {family: Bucket(rate, now) for family, rate in PER_SECOND.items()}

    def admits(self, method: str, path: str) -> bool:
        """Whether this request passes. One that doesn't takes nothing from any bucket."""
        now, family = self._clock(), family_of(method, path)
        buckets = [self._all] if family is None else [self._all, self._by_family[family]]
        if not all(bucket.has_one(now) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.take()
        return True
