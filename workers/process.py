"""How a worker process lives: it runs until it is told to stop, and leaves without tripping over the SDK."""

import asyncio
import os
import signal
import sys
from typing import NoReturn


async def until_told_to_stop() -> None:
    """Return on SIGTERM or SIGINT. Use at most once at a time: it owns both signals while it waits."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def leave(code: int) -> NoReturn:
    """End the process at once: with a Temporal client in it, the interpreter's own way out may crash."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
