"""The poster of cards as a process of its own, without a gateway. Usually the bot's process posts them."""

import asyncio

from pydantic import SecretStr

from activities.discord import DiscordCards, DiscordSession
from workers.bot_server import point, token_of
from workers.cards_worker import post_cards
from workers.process import until_told_to_stop
from workers.settings import Settings


async def run(settings: Settings) -> None:
    """Serve until told to stop. NoBot when no token is set."""
    session = DiscordSession(SecretStr(token_of(settings.discord)))
    point(settings.discord)
    posting = asyncio.ensure_future(post_cards(settings, DiscordCards(session.client)))
    told = asyncio.ensure_future(until_told_to_stop())
    await asyncio.wait({posting, told}, return_when=asyncio.FIRST_COMPLETED)
    posting.cancel()
    told.cancel()
    await asyncio.gather(posting, told, return_exceptions=True)
    await session.close()
