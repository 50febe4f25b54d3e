"""`python -m workers.serve trades`: one worker process, and nothing that it does not need.

The command line's own imports would cost a restarted worker a second, in which a fill waits for its exit.
"""

import asyncio
import logging
import sys
from enum import StrEnum

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
    """Serve until told to stop. Each imports what it serves: the audit worker needs no broker, the others no DuckDB."""
    if queue is Queue.AUDIT:
        from workers import audit_worker

        asyncio.run(audit_worker.run(settings))
    elif queue is Queue.API:
        from workers import api_server

        asyncio.run(api_server.run(settings))
    elif queue is Queue.BOT:
        from workers import bot_server

        asyncio.run(bot_server.run(settings))
    elif queue is Queue.DISCORD:
        from workers import discord_worker

        asyncio.run(discord_worker.run(settings))
    else:
        from workers import trades_worker

        asyncio.run(trades_worker.run(settings))


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
