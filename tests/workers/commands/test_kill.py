"""`alertladder kill` with nothing but the broker: its mark is left, and it says what it did and what it could not."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from activities.kill_mark import KillMark, KillScope
from domain.errors import AlertladderError
from paper.server import serve
from paper.settings import PaperSettings
from workers.cli import app


class Exchange:
    """A paper exchange on a thread and a loop of its own: the command runs a loop itself."""

    def __init__(self) -> None:
        self.url: Future[str] = Future()
        self._stop: asyncio.Event | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def open(self) -> str:
        self._thread.start()
        return self.url.result(60)

    def close(self) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        running = await serve(PaperSettings().hurried())
        self.url.set_result(running.url)
        await self._stop.wait()
        await running.close()


@pytest.fixture(scope="module")
def exchange() -> Iterator[str]:
    made = Exchange()
    yield made.open()
    made.close()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KillMark:
    """An installation of which nothing runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTLADDER_STATE_FOLDER", str(tmp_path / "state"))
    monkeypatch.setenv("ALERTLADDER_TEMPORAL__ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr("workers.commands.kill._DESK_PATIENCE", timedelta(0))
    monkeypatch.setattr("activities.broker.kill._STRAGGLERS", timedelta(0))
    return KillMark(tmp_path / "state")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


@pytest.mark.parametrize(
    ("flags", "scope"),
    [((), KillScope.ENTRIES), (("--exits",), KillScope.EVERYTHING), (("--positions",), KillScope.EVERYTHING)],
)
def test_it_leaves_its_mark_and_says_what_it_did(
    alone: KillMark, exchange: str, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], scope: KillScope
) -> None:
    monkeypatch.setenv("ALERTLADDER_BROKER__PAPER_URL", exchange)
    killed = run("kill", *flags)
    assert killed.exit_code == 0, killed.output
    assert "0 orders taken off, 0 positions being closed" in killed.output
    assert "no desk runs now; it halts when it starts" in killed.output
    held = alone.read()
    assert held is not None
    assert held.scope is scope


def test_a_broker_that_can_not_be_reached_leaves_the_mark_and_tells_the_desk_all_the_same(
    alone: KillMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.broker.kill._LOOKS", 2)
    monkeypatch.setattr("activities.broker.kill._LOOK_PAUSE", 0.01)
    monkeypatch.setenv("ALERTLADDER_BROKER__PAPER_URL", "http://127.0.0.1:1")
    killed = run("kill")
    assert isinstance(killed.exception, AlertladderError)
    assert "no desk runs now" in killed.output
    assert alone.read() is not None
