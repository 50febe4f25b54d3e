"""One text for many listeners, made anew once a tick while anybody listens; each gets the newest when it is ready.

A listener that is slow misses what was between: nothing is queued for it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)
_AFTER_A_BUG = 5.0  # seconds


class Broadcast:
    """`make` is called every `seconds` by `run`, but only while there are listeners."""

    def __init__(self, make: Callable[[], str], seconds: float) -> None:
        self.listeners = 0
        self.number = 0  # of the newest text
        self._make = make
        self._seconds = seconds
        self._text = ""
        self._over = False
        self._wanted = asyncio.Event()
        self._made = asyncio.Event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Be one of those for whom the text is made."""
        self.listeners += 1
        self._wanted.set()
        try:
            yield
        finally:
            self.listeners -= 1
            if not self.listeners:
                self._wanted.clear()

    async def newer_than(self, number: int) -> tuple[int, str] | None:
        """The newest text and its number, as soon as that is more than `number`; None once it is all over."""
        while self.number <= number and not self._over:
            await self._made.wait()
        return None if self._over else (self.number, self._text)

    async def run(self) -> None:
        """Make the texts until cancelled."""
        while True:
            await self._wanted.wait()
            pause = self._seconds
            try:
                self.publish(self._make())
            except Exception:  # a bug in what people look at must not end what they look at
                log.exception("the page's text can't be made")
                pause = _AFTER_A_BUG
            await asyncio.sleep(pause)

    def publish(self, text: str) -> None:
        """Give everybody this text."""
        self.number, self._text = self.number + 1, text
        self._wake()

    def end(self) -> None:
        """Send every listener home."""
        self._over = True
        self._wake()

    def _wake(self) -> None:
        self._made.set()
        self._made = asyncio.Event()
