"""An operator who keeps what is told, and can be out of reach."""

import asyncio

from temporalio import activity

from activities.interfaces import OperatorActivities
from domain.trouble import OperatorPage, Trouble


class FakeOperator(OperatorActivities):
    """`pages` are the messages that arrived, `tries` all that were sent."""

    def __init__(self) -> None:
        self.pages: list[OperatorPage] = []
        self.tries = 0
        self.is_away = False
        self._tried = asyncio.Condition()

    @property
    def troubles(self) -> list[Trouble]:
        """Each trouble, as often as it was told."""
        return [trouble for page in self.pages for trouble in page.troubles]

    @property
    def keys(self) -> list[str]:
        """Their keys."""
        return [trouble.key for trouble in self.troubles]

    async def was_tried(self, times: int) -> None:
        """Wait until so many messages were sent."""
        async with asyncio.timeout(30), self._tried:
            await self._tried.wait_for(lambda: self.tries >= times)

    @activity.defn(name="page_operator")
    async def page_operator(self, page: OperatorPage) -> None:
        async with self._tried:
            self.tries += 1
            if not self.is_away:
                self.pages.append(page)
            self._tried.notify_all()
        if self.is_away:
            raise ConnectionError("away")
