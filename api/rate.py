"""How often somebody may ask: a token bucket for each, and a bound on how many buckets there are."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

_MOST_BUCKETS = 4096


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float  # seconds of the clock


class Buckets:
    """`burst` requests at once, and `a_second` more in each second, for each name."""

    def __init__(self, a_second: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._a_second = a_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> float:
        """Take a token; else the seconds until there is one. 0.0 means taken."""
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)  # the one that asked longest ago: it has the fullest bucket
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._a_second)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._a_second
        bucket.tokens -= 1
        return 0.0
