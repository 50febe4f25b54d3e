"""An exchange that is a process's whole business: it runs until the process is told to stop."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable

from paper.server import RunningPaper, serve
from paper.settings import PaperSettings

_EXIT_BROKEN = 70  # EX_SOFTWARE


async def run(settings: PaperSettings, started: Callable[[RunningPaper], Awaitable[None]]) -> None:
    """Await `started` once it listens, and end in order on SIGTERM and SIGINT.

    OSError when the port is taken, StoreBusyError (an OSError, too) when another process has the book open.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    paper = await serve(settings)
    await started(paper)
    failed = paper.exchange.store.failed
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, failed)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if failed.is_set():
        # Ending in order would say goodbye to clients that were told what is not kept; a crash is the honest end.
        os._exit(_EXIT_BROKEN)
    await paper.close()
