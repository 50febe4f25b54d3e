"""What the API can't do without, each asked for itself, and not more often than once a second."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from api.doors import Doors
from domain.audit_queries import AuditQuery
from domain.errors import AlertladderError

_ANSWER_HOLDS = 1.0  # seconds
_PATIENCE = 4.0  # seconds for one part to answer


class Readiness:
    """Asks all parts at once; whoever asks meanwhile hears the same answer."""

    def __init__(self, has_keys: bool, clock: Callable[[], float] = monotonic) -> None:
        self._has_keys = has_keys
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known: tuple[str, ...] = ()
        self._known_at: float | None = None

    async def missing(self, doors: Doors | None) -> tuple[str, ...]:
        """The names of the parts that do not answer; empty when all do."""
        async with self._asking:
            if self._known_at is None or self._clock() - self._known_at > _ANSWER_HOLDS:
                self._known = await self._ask(doors)
                self._known_at = self._clock()
            return self._known

    async def _ask(self, doors: Doors | None) -> tuple[str, ...]:
        without_keys = () if self._has_keys else ("keys",)
        if doors is None:
            return (*without_keys, "temporal")
        asked = {
            "temporal": doors.account.answers(),
            "desk": doors.desk.standing(),
            "audit": doors.audit.audit_recent(AuditQuery(limit=1)),
            "watch": _sees(doors),
        }
        there = await asyncio.gather(*[_is_there(question) for question in asked.values()])
        return without_keys + tuple(name for name, answered in zip(asked, there, strict=True) if not answered)


async def _is_there(question: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await question
    except (AlertladderError, TimeoutError):
        return False
    return True


async def _sees(doors: Doors) -> None:
    if not await doors.account.is_watched():
        raise AlertladderError("the account's stream is not seen")
