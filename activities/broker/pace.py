"""Keeping to the broker's published rate limits, so that its 429s stay an exception.

Figures: the vendor's own client, https://github.com/tastytrade/tastytrade-mcp (src/safety/rate-limit.ts). Calls that
change orders are never held back here: the desk bounds those.
"""

import asyncio
from collections import deque

from domain.errors import RetryableError

_PERIOD = 1.0  # seconds
_LONGEST_WAIT = 5.0  # seconds; a read that would wait longer is refused, and its caller decides
_LIMITS = (
    ("/market-data/by-type", 2),
    ("/option-chains/", 2),
    ("/instruments/equities", 3),
    ("/instruments/equity-options", 3),
    ("/instruments/futures", 1),
    ("/positions", 1),
    ("/balances", 1),
    ("/orders", 20),
)
_ANY = 50


class Pace:
    """Calls a second, by family of path. A caller waits its turn in the order of arrival."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}

    async def wait_for(self, path: str) -> None:
        """Return when a call of that path may be made. RetryableError when that would take too long."""
        family, limit = next(((name, most) for name, most in _LIMITS if name in path), ("", _ANY))
        now = asyncio.get_running_loop().time()
        sent = self._sent.setdefault(family, deque(maxlen=limit))
        at = now if len(sent) < limit else max(now, sent[0] + _PERIOD)
        if at - now > _LONGEST_WAIT:
            raise RetryableError(f"too many calls of {path} are waiting")
        sent.append(at)
        if at > now:
            await asyncio.sleep(at - now)
