"""A poster of cards that keeps what it is asked to show, and can be out of reach, slow, or refused."""

import asyncio
from collections.abc import Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.interfaces import DiscordActivities
from domain.card import Card, CardFate, CardShown, ShowCard

MESSAGE_ID = 4711


class FakeCards(DiscordActivities):
    """One chat. `shown` are the cards that it took, in order; `tries` all that were asked for."""

    def __init__(self) -> None:
        self.shown: list[ShowCard] = []
        self.tries: list[ShowCard] = []
        self.fate = CardFate.SHOWN
        self.is_down = False
        self.is_broken = False  # it says no, and asking again would not help
        self.opened = asyncio.Event()
        self.opened.set()
        self.under_way = 0
        self.most_under_way = 0
        self._news = asyncio.Event()

    @property
    def cards(self) -> list[Card]:
        """What people saw, one after the other."""
        return [asked.card for asked in self.shown]

    @property
    def words(self) -> list[str]:
        """The first line of each."""
        return [card.text.splitlines()[0] for card in self.cards]

    async def shows(self, condition: Callable[[], bool]) -> None:
        """Wait, in real time, until what was shown or tried makes the condition true."""
        async with asyncio.timeout(20):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @activity.defn(name="show_card")
    async def show_card(self, asked: ShowCard) -> CardShown:
        self.tries.append(asked)
        self._news.set()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.opened.wait()
        finally:
            self.under_way -= 1
        if self.is_broken:
            raise ApplicationError("as told", non_retryable=True)
        if self.is_down:
            raise ConnectionError("as told")
        self.shown.append(asked)
        self._news.set()
        return CardShown(fate=self.fate, message_id=MESSAGE_ID, detail="as told")
