import asyncio

import pytest
from temporalio.testing import ActivityEnvironment

from activities import beating as module
from activities.beating import beating


async def test_a_call_that_takes_long_shows_that_its_worker_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.001)
    environment, enough, beats = ActivityEnvironment(), asyncio.Event(), 0

    def hear(*_: object) -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            enough.set()

    async def call() -> str:
        await enough.wait()
        return "the answer"

    async def as_an_activity() -> str:
        return await beating(call())

    environment.on_heartbeat = hear
    assert await environment.run(as_an_activity) == "the answer"


async def test_what_a_call_raises_is_raised() -> None:
    async def call() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await beating(call())
