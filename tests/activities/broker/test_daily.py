"""Readings for a day: made once, shared, and forgotten when they fail or the day turns."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activities.broker.daily import DailyReadings

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


class Source:
    """Counts its readings; each waits until it is let go."""

    def __init__(self) -> None:
        self.readings = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.readings += 1
        await self.go.wait()
        return self.readings


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def test_askers_at_the_same_time_share_one_reading() -> None:
    daily, source = DailyReadings[int](Clock()), Source()
    source.go.set()

    assert await asyncio.gather(*(daily.get("SPY", source) for _ in range(20))) == [1] * 20


async def test_who_stops_waiting_does_not_stop_it_for_the_others() -> None:
    daily, source = DailyReadings[int](Clock()), Source()
    impatient = asyncio.create_task(daily.get("SPY", source))
    patient = asyncio.create_task(daily.get("SPY", source))
    await asyncio.sleep(0)

    impatient.cancel()
    source.go.set()

    assert await patient == 1


async def test_a_failure_is_told_to_all_and_not_kept() -> None:
    daily = DailyReadings[int](Clock())

    async def fail() -> int:
        raise LookupError("no")

    with pytest.raises(LookupError):
        await daily.get("SPY", fail)

    source = Source()
    source.go.set()
    assert await daily.get("SPY", source) == 1


async def test_the_day_turns_at_midnight_in_new_york() -> None:
    clock = Clock()
    daily, source = DailyReadings[int](clock), Source()
    source.go.set()
    await daily.get("SPY", source)

    clock.now = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert await daily.get("SPY", source) == 1
    clock.now = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert await daily.get("SPY", source) == 2


async def test_only_an_old_reading_is_forgotten() -> None:
    clock = Clock()
    daily, source = DailyReadings[int](clock), Source()
    source.go.set()
    await daily.get("SPY", source)

    assert not daily.forget("SPY", timedelta(minutes=5))
    clock.now += timedelta(minutes=5)
    assert daily.forget("SPY", timedelta(minutes=5))
    assert not daily.forget("QQQ", timedelta(0))
    assert await daily.get("SPY", source) == 2
