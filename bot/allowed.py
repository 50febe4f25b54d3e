"""Who may trade from where, as the desk last said. It is asked again every other second, and no alert waits for that.

It spares the desk the chat. The desk itself decides, by its own list, about every alert that is let through here.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from bot.background import Background
from bot.doors import UNANSWERED
from domain.settings import Allowlist, DeskPolicy
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_FRESH = timedelta(seconds=2)
_STALE = timedelta(minutes=1)  # older than this it is waited for, as at the start
_ONE_ASK = 1.0  # seconds


class Allowed:
    """The desk's policy. `first` is what the settings say, until the desk has answered once."""

    def __init__(
        self, desk: DeskDoor, first: DeskPolicy, background: Background, clock: Callable[[], float] = monotonic
    ) -> None:
        self._desk = desk
        self._policy = first
        self._background = background
        self._clock = clock
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()
        self.on_change: Callable[[], None] = lambda: None

    @property
    def held(self) -> DeskPolicy:
        """As it was when it was asked last."""
        return self._policy

    async def policy(self) -> DeskPolicy:
        """The policy, some seconds old at most while the desk answers."""
        if self._is_older(_STALE):
            return await self.asked_now()
        if self._is_older(_FRESH):
            self._background.start(self.asked_now())
        return self._policy

    async def asked_now(self, unless_younger: timedelta = timedelta(0)) -> DeskPolicy:
        """The policy as the desk says now, if it answers within a second; else as it was."""
        called_at = self._clock()
        async with self._asking:  # in the order of the callers: messages keep theirs
            if self._asked_at is None or (self._asked_at < called_at and self._is_older(unless_younger)):
                await self._ask()
        return self._policy

    def _is_older(self, than: timedelta) -> bool:
        return self._asked_at is None or self._clock() - self._asked_at > than.total_seconds()

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_ONE_ASK):
                policy = await self._desk.policy()
        except UNANSWERED as error:
            log.debug("the desk's policy is as it was: %s", error)
        else:
            has_changed = _who(policy.allowlist) != _who(self._policy.allowlist)
            self._policy = policy
            if has_changed:
                self.on_change()
        self._asked_at = self._clock()


def _who(allowlist: Allowlist) -> tuple[frozenset[int], ...]:
    return (allowlist.channels, allowlist.users, allowlist.roles, allowlist.bots)
