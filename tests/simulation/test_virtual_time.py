"""An event loop whose clock jumps."""

import asyncio

import pytest

from simulation.virtual_time import StalledError, run_virtually


def test_an_hour_takes_no_time_and_timers_come_in_their_order() -> None:
    async def work() -> tuple[float, list[int]]:
        came: list[int] = []

        async def come(after: int) -> None:
            await asyncio.sleep(after)
            came.append(after)

        await asyncio.gather(*(come(after) for after in (3600, 60, 1800)))
        return asyncio.get_running_loop().time(), came

    assert run_virtually(work()) == (3600.0, [60, 1800, 3600])


def test_a_time_out_ends_a_wait() -> None:
    async def work() -> None:
        async with asyncio.timeout(5):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        run_virtually(work())


def test_waiting_for_what_nobody_will_do_is_an_error_and_not_a_hang() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    with pytest.raises(StalledError):
        run_virtually(work())
