"""The desk's policy as the bot holds it: fresh without waiting, and as it was while nobody answers."""

from datetime import timedelta
from typing import cast

from bot.allowed import Allowed
from bot.background import Background
from domain.settings import Allowlist, DeskPolicy
from tests.fakes.doors import FakeDesk
from workflows.desk_door import DeskDoor, NoDesk

FIRST = DeskPolicy(allowlist=Allowlist(channels=frozenset({1})))
LATER = DeskPolicy(allowlist=Allowlist(channels=frozenset({2})))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Held:
    """An `Allowed` on a desk in memory."""

    def __init__(self) -> None:
        self.desk, self.clock, self.background = FakeDesk(), Clock(), Background()
        self.desk.kept.policy = LATER
        self.allowed = Allowed(cast("DeskDoor", self.desk), FIRST, self.background, self.clock)


async def test_the_first_time_it_is_waited_for() -> None:
    assert await Held().allowed.policy() == LATER


async def test_while_the_desk_does_not_answer_it_is_as_it_was() -> None:
    held = Held()
    held.desk.broken = NoDesk("nobody")
    assert await held.allowed.policy() == FIRST
    held.desk.broken = None
    held.clock.now += 70
    assert await held.allowed.policy() == LATER


async def test_nobody_waits_for_a_newer_one() -> None:
    held = Held()
    await held.allowed.policy()
    held.desk.kept.policy = FIRST
    held.clock.now += 3
    assert await held.allowed.policy() == LATER
    await held.background.finish(5)
    assert held.allowed.held == FIRST


async def test_a_change_of_who_may_trade_is_told() -> None:
    held, told = Held(), []
    held.allowed.on_change = lambda: told.append(True)
    await held.allowed.asked_now()
    await held.allowed.asked_now()
    assert told == [True]


async def test_what_was_asked_a_moment_ago_is_not_asked_again() -> None:
    held = Held()
    await held.allowed.asked_now()
    held.desk.broken = NoDesk("nobody")
    assert await held.allowed.asked_now(timedelta(seconds=1)) == LATER
