"""Rate limits with Discord's own headers: a bucket for each route and channel, and a global one."""

import secrets
import time
from collections import deque
from dataclasses import dataclass, field

_GLOBAL = (50, 1.0)


@dataclass(frozen=True)
class Turn:
    """Whether a request may go on; else how long, in seconds, to wait, and whose limit it is."""

    allowed: bool
    headers: dict[str, str]
    retry_after: float = 0.0
    scope: str = "user"


@dataclass
class _Bucket:
    limit: int
    seconds: float
    taken: deque[float] = field(default_factory=deque)
    bucket_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def take(self) -> Turn:
        now = time.monotonic()
        while self.taken and now - self.taken[0] >= self.seconds:
            self.taken.popleft()
        allowed = len(self.taken) < self.limit
        if allowed:
            self.taken.append(now)
        after = max(0.001, self.seconds - (now - self.taken[0]))
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - len(self.taken)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": self.bucket_id,
        }
        return Turn(allowed, headers, after)


class RateLimits:
    """Every bucket. `enabled` False lets everything through."""

    def __init__(self, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._global = _Bucket(*_GLOBAL)
        self._buckets: dict[tuple[str, ...], _Bucket] = {}
        self.exceeded: list[str] = []  # the requests that were told to wait

    def take(self, key: tuple[str, ...], limit: tuple[int, float], asked: str, *, counts_globally: bool) -> Turn:
        """One request's turn; `key` names its bucket."""
        if not self.enabled:
            return Turn(allowed=True, headers={})
        if counts_globally and not (turn := self._global.take()).allowed:
            self.exceeded.append(f"{asked} global")
            headers = {**turn.headers, "X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}
            return Turn(False, headers, turn.retry_after, "global")
        bucket = self._buckets.setdefault(key, _Bucket(*limit))
        turn = bucket.take()
        if not turn.allowed:
            self.exceeded.append(f"{asked} user")
            return Turn(False, {**turn.headers, "X-RateLimit-Scope": "user"}, turn.retry_after)
        return turn
