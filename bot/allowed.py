"""Who may trade from where, as the desk last said: asked again every other second, and not while it doesn't answer.

It spares the desk the chat. The desk itself decides, by its own list, about every alert that is let through here.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from bot.doors import UNANSWERED
from domain.settings import Allowlist, DeskPolicy
from workflows.desk_door import DeskDoor

log = logging.getLogger(__name__)
_FRESH = timedelta(seconds=2)
_ONE_ASK = 1.0  # seconds


class Allowed:
    """The desk's policy. `first` is what the settings say, until the desk has answered once."""

    def __init__(self, desk: DeskDoor, first: DeskPolicy, clock: Callable[[], float] = monotonic) -> None:
        self._desk = desk
        self._policy = first
        self._clock = clock
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()
        self.on_change: Callable[[], None] = lambda: None

    @property
    def held(self) -> DeskPolicy:
        """As it was when it was asked last."""
        return self._policy

    async def policy(self, at_most: timedelta = _FRESH) -> DeskPolicy:
        """The policy, at most so old if the desk answers within a second; else as it was."""
        if self._is_older(at_most) and not self._asking.locked():
            async with self._asking:
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
