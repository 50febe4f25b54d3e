"""`python -m workers.serve trades [--when-told]`: one worker process, and nothing that it does not need.

The command line's own imports would cost a restarted worker a second, in which a fill waits for its exit.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any

from domain.errors import AlertladderError
from workers.process import leave
from workers.settings import Settings, load
from workers.spare import until_told_to_go

WHEN_TOLD = "--when-told"


class Queue(StrEnum):
    """What a worker process can serve: a task queue, the HTTP API, or the Discord bot, which serves `discord` too."""

    TRADES = "trades"
    AUDIT = "audit"
    API = "api"
    BOT = "bot"
    DISCORD = "discord"


def serve(queue: Queue, when_told: bool = False) -> None:
    """Serve until told to stop; `when_told` waits first, with everything imported, until standard input says so."""
    gc.disable()  # what is imported stays: looking through it for garbage makes the imports a seventh longer
    run = _imported(queue)
    gc.freeze()
    gc.enable()
    if not when_told or until_told_to_go():
        asyncio.run(run(load()))


def _imported(queue: Queue) -> Callable[[Settings], Coroutine[Any, Any, None]]:
    """What serves it. Each imports what it needs: the audit worker needs no broker, the others no DuckDB."""
    if queue is Queue.AUDIT:
        from workers import audit_worker

        return audit_worker.run
    if queue is Queue.API:
        from workers import api_server

        return api_server.run
    if queue is Queue.BOT:
        from workers import bot_server

        return bot_server.run
    if queue is Queue.DISCORD:
        from workers import discord_worker

        return discord_worker.run
    from workers import trades_worker

    return trades_worker.run


def main(queue: str, *options: str) -> int:
    """Run, with errors as one clear line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        serve(Queue(queue), WHEN_TOLD in options)
    except AlertladderError as error:
        sys.stderr.write(f"alertladder: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    leave(main(*sys.argv[1:]))
