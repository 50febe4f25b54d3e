"""A process that is ready to be somebody: started ahead, and told when it is needed.

Most of a restarted worker's time goes into the imports of the SDKs, and meanwhile a fill waits for its exit. A service
with a spare has a second process that has done all that, and waits at its standard input.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

# The life that has just begun goes first: a spare's imports would take a processor from it.
_LATER = timedelta(seconds=2)
_GO = b"go\n"


class Spare:
    """The one process that waits; `start` starts it."""

    def __init__(self, start: Callable[[], Awaitable[Process]]) -> None:
        self._start = start
        self._coming: asyncio.Future[Process] | None = None

    def prepare(self) -> None:
        """Start one in a while, unless there is one."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._prepared())

    async def take(self) -> Process | None:
        """The one that waits, which is no longer ours; None when there is none, or it died."""
        coming, self._coming = self._coming, None
        if coming is None:
            return None
        coming.cancel()  # one that is there already does not notice
        (process,) = await asyncio.gather(coming, return_exceptions=True)
        return process if isinstance(process, Process) and process.returncode is None else None

    async def close(self) -> None:
        """End the one that waits."""
        process = await self.take()
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _prepared(self) -> Process:
        await asyncio.sleep(_LATER.total_seconds())
        return await self._start()


def tell_to_go(process: Process) -> None:
    """Have a process that waits, or soon will, do its work."""
    if process.stdin is not None:
        process.stdin.write(_GO)
        process.stdin.close()


def until_told_to_go() -> bool:
    """Wait for the word at standard input. False: it will never come, for whoever would say it has ended."""
    return sys.stdin.buffer.readline() == _GO
