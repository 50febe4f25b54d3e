"""`python -m workers.serve trades`: one worker process, and nothing that it does not need.

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


class Queue(StrEnum):
    """What a worker process can serve: a task queue, the HTTP API, or the Discord bot, which serves `discord` too."""

    TRADES = "trades"
    AUDIT = "audit"
    API = "api"
    BOT = "bot"
    DISCORD = "discord"


def serve(queue: Queue, settings: Settings) -> None:
    """Serve until told to stop. Each imports what it serves: the audit worker needs no broker, the others no DuckDB.

    What is imported stays: to look through it for garbage again and again would make the imports a seventh longer.
    """
    gc.disable()
    run = _imported(queue)
    gc.freeze()
    gc.enable()
    asyncio.run(run(settings))


def _imported(queue: Queue) -> Callable[[Settings], Coroutine[Any, Any, None]]:
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


def main(queue: str) -> int:
    """Run, with errors as one clear line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        serve(Queue(queue), load())
    except AlertladderError as error:
        sys.stderr.write(f"alertladder: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    leave(main(sys.argv[1]))
