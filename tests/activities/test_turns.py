"""Turns: in order where the names are the same, side by side where they are not."""

import asyncio

from activities.turns import Turns


async def test_who_asks_for_the_same_name_waits_in_the_order_of_asking() -> None:
    turns, gate, seen = Turns(), asyncio.Event(), []

    async def take(number: int) -> None:
        async with turns.of({"UBER"}):
            seen.append(number)
            await gate.wait()

    tasks = [asyncio.create_task(take(number)) for number in range(5)]
    await asyncio.sleep(0)
    assert seen == [0]
    gate.set()
    await asyncio.gather(*tasks)
    assert seen == [0, 1, 2, 3, 4]


async def test_who_asks_for_another_name_does_not_wait() -> None:
    turns = Turns()
    async with turns.of({"UBER"}), asyncio.timeout(1), turns.of({"AMD", "SPY"}):
        pass


async def test_two_who_ask_for_the_same_names_in_two_orders_do_not_wait_for_each_other() -> None:
    turns = Turns()

    async def take(*names: str) -> None:
        async with turns.of(names):
            await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await asyncio.gather(*[take("A", "B") if number % 2 else take("B", "A") for number in range(50)])


async def test_a_queue_that_nobody_stands_in_is_forgotten() -> None:
    turns = Turns()
    for number in range(100):
        async with turns.of({number}):
            pass
    assert not turns._queues


async def test_who_gives_up_waiting_leaves_the_queue_whole() -> None:
    turns = Turns()
    async with turns.of({"A"}):
        waiting = asyncio.create_task(turns.of({"A", "B"}).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(1), turns.of({"A"}):
        pass
    assert not turns._queues
