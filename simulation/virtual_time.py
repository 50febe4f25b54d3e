"""An asyncio event loop whose clock stands still while anything is to be done, and then jumps to the next timer.

Nothing in it depends on the machine: the same program takes the same steps in the same order.
"""

import asyncio
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_MOST_STEPS = 60_000  # a seed takes a thousand


class StalledError(Exception):
    """Everything waits for something that nobody will do, or goes round in circles."""


class VirtualLoop(BaseEventLoop):
    """`time()` is seconds since the loop was made. It does no input or output."""

    _scheduled: list[asyncio.TimerHandle]  # the base class keeps its timers here, as a heap

    def __init__(self) -> None:
        super().__init__()
        self.idle: Callable[[], bool] = lambda: False  # called when all stands still; True: there is more to do now
        self._now = 0.0
        self._steps = 0
        self._selector = self  # the base class waits by selecting; here waiting is a jump

    def time(self) -> float:
        """Virtual seconds."""
        return self._now

    def start_again(self) -> None:
        """Count the steps anew."""
        self._steps = 0

    def select(self, timeout: float | None) -> tuple[()]:
        """Jump ahead. The base class says how far the next timer is; None: there is none."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise StalledError(f"still busy after {_MOST_STEPS} steps, at {self._now:.3f} s")
        if timeout != 0 and self.idle():
            return ()
        if timeout is None:
            raise StalledError("everything waits, and no timer runs")
        if timeout:
            # To the timer's own moment: sums of differences would drift, and let two timers swap.
            self._now = max(self._now, self._scheduled[0].when())
        return ()

    def _process_events(self, event_list: Any) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps, so nobody is woken."""


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end in a loop of its own, which leaves nothing behind."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(work)
    finally:
        loop.start_again()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        asyncio.set_event_loop(None)
        loop.close()
