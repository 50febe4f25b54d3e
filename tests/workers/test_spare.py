"""A second process that waits: it takes over, is not missed, and leaves with its supervisor."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.services import Departure, Telephone, Witness, python, supervised
from workers import supervisor
from workers.supervisor import Backoff, ServiceEventKind

READY = ServiceEventKind.READY
SOON = Backoff(first=timedelta(milliseconds=10))
_WAITS = (
    "import os, sys, time; sys.stdin.readline() or sys.exit(4); os.write(int(sys.argv[1]), b'goes'); time.sleep(600)"
)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.spare._LATER", timedelta(0))


def children() -> set[int]:
    """Our processes' ids."""
    return {int(pid) for pid in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()}


def waits(pid: int) -> bool:
    """Whether its program has replaced the tether."""
    try:
        return _WAITS in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return False


async def waiting(besides: set[int]) -> int:
    """The one that waits, once it does."""
    while True:
        for pid in children() - besides:
            if waits(pid):
                return pid
        await asyncio.sleep(0.01)


def names(folder: Path) -> list[str]:
    """Of the files there."""
    return [path.name for path in folder.iterdir()]


@asynccontextmanager
async def one_with_a_spare(folder: Path, telephone: Telephone) -> AsyncIterator[tuple[Witness, int, int]]:
    """A service that has said that it goes; its process and the one that waits."""
    witness, others, line = Witness(), children(), telephone.theirs.fileno()
    service = python("worker", folder, _WAITS, telephone.number, spare=True)
    async with supervised([service], witness, backoff=SOON, inherit=(line,)):
        assert await telephone.hear() == "goes"
        serving = (await witness.sees(READY, "worker")).pid
        assert serving
        yield witness, serving, await waiting({*others, serving})


@pytest.mark.usefixtures("at_once")
async def test_a_spare_takes_over_from_one_that_was_killed(tmp_path: Path, telephone: Telephone) -> None:
    async with one_with_a_spare(tmp_path, telephone) as (witness, serving, spare):
        os.kill(serving, signal.SIGKILL)
        assert (await witness.sees(READY, "worker", times=2)).pid == spare
        assert await telephone.hear() == "goes"
        next_one = await waiting({serving, spare})
        gone = Departure(next_one)
    await gone.wait()  # a stop leaves none


@pytest.mark.usefixtures("at_once")
async def test_a_spare_that_has_died_is_not_waited_for(tmp_path: Path, telephone: Telephone) -> None:
    async with one_with_a_spare(tmp_path, telephone) as (witness, serving, spare):
        gone = Departure(spare)
        os.kill(spare, signal.SIGKILL)
        await gone.wait()
        os.kill(serving, signal.SIGKILL)
        assert (await witness.sees(READY, "worker", times=2)).pid not in (serving, spare)
        assert await telephone.hear() == "goes"


async def test_a_service_that_dies_before_it_has_a_spare_is_started_anew(tmp_path: Path, telephone: Telephone) -> None:
    witness, line = Witness(), telephone.theirs.fileno()
    service = python("worker", tmp_path, _WAITS, telephone.number, spare=True)
    async with supervised([service], witness, backoff=SOON, inherit=(line,)):
        for time in (1, 2):
            assert await telephone.hear() == "goes"
            pid = (await witness.sees(READY, "worker", times=time)).pid
            assert pid
            os.kill(pid, signal.SIGKILL)
        await witness.sees(READY, "worker", times=3)


@pytest.mark.usefixtures("at_once")
async def test_a_spare_leaves_the_log_that_is_in_use(
    tmp_path: Path, telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BOUND", -1)
    async with one_with_a_spare(tmp_path, telephone):
        assert names(tmp_path) == ["worker.log"]
