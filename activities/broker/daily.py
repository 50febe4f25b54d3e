"""Readings that hold for a trading day: each is made once, however many ask for it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from activities.broker.trading_days import NEW_YORK

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Reading(Generic[Value]):
    task: "asyncio.Task[Value]"
    at: datetime


class DailyReadings(Generic[Value]):
    """Readings by key. A failed one is forgotten; all of them are, when the day turns in New York."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._day = date.min
        self._held: dict[str, _Reading[Value]] = {}

    async def get(self, key: str, read: Callable[[], Awaitable[Value]]) -> Value:
        """The day's reading. Who gives up waiting does not stop it for the others."""
        self._turn_the_day()
        if key not in self._held:
            task = asyncio.get_running_loop().create_task(self._read(key, read))
            task.add_done_callback(_heard)
            self._held[key] = _Reading(task, self._clock())
        return await asyncio.shield(self._held[key].task)

    def forget(self, key: str, older_than: timedelta) -> bool:
        """Drop a reading of that age, so that the next one is fresh; whether there was one."""
        held = self._held.get(key)
        if held is None or self._clock() - held.at < older_than:
            return False
        del self._held[key]
        return True

    async def _read(self, key: str, read: Callable[[], Awaitable[Value]]) -> Value:
        try:
            return await read()
        except BaseException:
            self._held.pop(key, None)
            raise

    def _turn_the_day(self) -> None:
        today = self._clock().astimezone(NEW_YORK).date()
        if today != self._day:
            self._day = today
            self._held.clear()


def _heard(task: "asyncio.Task[Value]") -> None:
    """Nobody may be left to hear of a failure; that is no news."""
    if not task.cancelled():
        task.exception()
