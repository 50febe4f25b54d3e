"""One after the other where the order counts, side by side where it does not."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager


class Turns:
    """A queue for each name, kept while anybody stands in it."""

    def __init__(self) -> None:
        self._queues: dict[Hashable, asyncio.Lock] = {}
        self._standing: dict[Hashable, int] = {}

    @asynccontextmanager
    async def of(self, names: Iterable[Hashable]) -> AsyncIterator[None]:
        """Wait for one's turn in every one of these queues, in the order of the callers."""
        ordered = sorted(names, key=str)  # all in one order: nobody waits for somebody who waits for him
        for name in ordered:
            self._standing[name] = self._standing.get(name, 0) + 1
        try:
            async with AsyncExitStack() as stack:
                for name in ordered:
                    await stack.enter_async_context(self._queues.setdefault(name, asyncio.Lock()))
                yield
        finally:
            for name in ordered:
                self._standing[name] -= 1
                if not self._standing[name]:
                    del self._standing[name]
                    self._queues.pop(name, None)  # who gave up waiting for another has not come to this one
