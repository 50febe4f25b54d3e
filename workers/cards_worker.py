"""The one worker of the `discord` queue, which posts the trades' cards."""

import asyncio
import logging
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.discord import DiscordCards
from activities.interfaces import DISCORD_QUEUE
from domain.errors import AlertladderError
from workers.client import connect
from workers.settings import Settings

log = logging.getLogger(__name__)
_START_PATIENCE = timedelta(seconds=60)
_FINISH_WORK = timedelta(seconds=5)
_PAUSE = 5.0  # seconds
# Most of them only wait for their turn in a channel.
_CARDS_AT_ONCE = 1000


async def post_cards(settings: Settings, cards: DiscordCards) -> None:
    """Serve until cancelled, beginning anew whenever Temporal is out of reach: nothing else of a bot depends on it."""
    while True:
        try:
            client = await connect(settings, _START_PATIENCE)
            async with cards_worker(client, cards):
                await asyncio.Event().wait()
        except (AlertladderError, RuntimeError) as error:  # the SDK ends a worker that can't go on with RuntimeError
            log.warning("no cards are posted now: %s", error)
        await asyncio.sleep(_PAUSE)


def cards_worker(client: Client, cards: DiscordCards) -> Worker:
    """Serves the queue while it is entered."""
    return Worker(
        client,
        task_queue=DISCORD_QUEUE,
        activities=[cards.show_card],
        max_concurrent_activities=_CARDS_AT_ONCE,
        graceful_shutdown_timeout=_FINISH_WORK,
    )
