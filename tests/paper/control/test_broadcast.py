"""One text for many listeners."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from paper.control.broadcast import Broadcast

PATIENCE = 5.0  # seconds


def counted() -> Callable[[], str]:
    numbers = iter(range(1, 1_000_000))
    return lambda: f"text {next(numbers)}"


async def test_a_slow_listener_gets_the_newest_and_misses_what_was_between() -> None:
    broadcast = Broadcast(counted(), 1)
    for text in ("one", "two", "three"):
        broadcast.publish(text)
    assert await broadcast.newer_than(0) == (3, "three")


async def test_a_listener_that_is_up_to_date_waits_for_the_next() -> None:
    broadcast = Broadcast(counted(), 1)
    broadcast.publish("one")
    waiting = asyncio.ensure_future(broadcast.newer_than(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    broadcast.publish("two")
    assert await waiting == (2, "two")


async def test_all_listeners_share_one_text_a_tick() -> None:
    broadcast = Broadcast(counted(), 3600)
    running = asyncio.ensure_future(broadcast.run())
    with broadcast.listening(), broadcast.listening():
        async with asyncio.timeout(PATIENCE):
            heard = await asyncio.gather(*(broadcast.newer_than(0) for _ in range(20)))
    running.cancel()
    assert set(heard) == {(1, "text 1")}


async def test_nothing_is_made_while_nobody_listens() -> None:
    broadcast = Broadcast(counted(), 0)
    running = asyncio.ensure_future(broadcast.run())
    for _ in range(10):
        await asyncio.sleep(0)
    assert broadcast.number == 0
    with broadcast.listening():
        async with asyncio.timeout(PATIENCE):
            assert await broadcast.newer_than(0) is not None
    running.cancel()


async def test_a_text_that_cannot_be_made_ends_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise ValueError("a quote of a kind that nobody thought of")

    broadcast = Broadcast(broken, 0)
    running = asyncio.ensure_future(broadcast.run())
    with broadcast.listening(), caplog.at_level(logging.ERROR):
        for _ in range(10):
            await asyncio.sleep(0)
    assert not running.done()
    assert len(caplog.records) == 1, "said once, and tried again later"
    running.cancel()


async def test_the_end_sends_every_listener_home() -> None:
    broadcast = Broadcast(counted(), 1)
    waiting = asyncio.ensure_future(broadcast.newer_than(0))
    await asyncio.sleep(0)
    broadcast.end()
    assert await waiting is None
    assert await broadcast.newer_than(0) is None
