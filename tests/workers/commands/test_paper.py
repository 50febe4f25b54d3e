"""`alertladder paper` as a person runs it: a process in a folder of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings

ALERTLADDER = (sys.executable, "-c", "from workers.cli import main; main()")
ROOT = Path(__file__).parents[3]
PATIENCE = 30.0  # seconds


async def start(folder: Path, *words: str) -> asyncio.subprocess.Process:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ALERTLADDER_")}
    return await asyncio.create_subprocess_exec(
        *(*ALERTLADDER, "paper", *words),
        cwd=folder,
        env=env | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def started(folder: Path, *words: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """The process and what it said when it was up; killed on the way out unless it ended by itself."""
    child = await start(folder, *words)
    assert child.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE):
            while not said or not said[-1].startswith("stop with"):
                line = (await child.stdout.readline()).decode()
                assert line, "it ended before it was up"
                said.append(line.rstrip())
        yield child, said
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def refused(folder: Path, *words: str) -> str:
    child = await start(folder, *words)
    async with asyncio.timeout(PATIENCE):
        _, errors = await child.communicate()
    assert child.returncode == 1
    return errors.decode()


def address(said: list[str], of: str) -> str:
    return next(line.split()[-1] for line in said if line.strip().startswith(of))


async def test_it_says_where_it_is_and_how_a_script_comes_there(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", "--cash", "2500", "--session", "closed") as (child, said):
        url = address(said, "API")
        assert address(said, "page") == f"{url}/"
        assert address(said, "streamer") == url.replace("http", "ws") + "/streamer"
        assert any("5WX00042, cash $2,500.00" in line for line in said)
        assert f'  session._client.base_url = "{url}"' in said
        assert "market closed" in said[0]
        async with aiohttp.ClientSession() as session, session.get(f"{url}/") as page:
            assert page.status == 200
        child.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            assert await child.wait() == 0
    assert (tmp_path / "var" / "paper.db").exists()


async def test_the_book_is_there_again_and_what_is_asked_for_goes_over_what_it_remembers(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0") as (child, said), Control(address(said, "API")) as control:
        await control.session("closed")
        await control.cash("77.50")
        child.send_signal(signal.SIGTERM)
        await child.wait()
    async with started(tmp_path, "--port", "0", "--cash", "1000") as (_, said):
        assert said[0].endswith("its cash stays, --cash is for a new book")
        assert "market closed" in said[1]
        assert any("cash $77.50" in line for line in said)
    async with started(tmp_path, "--port", "0", "--session", "open") as (_, said):
        assert "market open" in said[0]


async def test_without_a_book_nothing_is_kept(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", "--memory") as (_, said):
        assert said[0].endswith("book in memory only")
    assert not (tmp_path / "var").exists()


async def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    other = await serve(PaperSettings())
    said = await refused(tmp_path, "--port", str(other.port), "--memory")
    await other.close()
    assert said.startswith(f"alertladder: port {other.port} of 127.0.0.1: Address already in use.")
    assert said.count("\n") == 1


async def test_a_book_that_is_open_elsewhere_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    other = await serve(PaperSettings(db=path))
    said = await refused(tmp_path, "--port", "0", "--db", str(path))
    await other.close()
    assert said.startswith(f"alertladder: the book {path} is open in another process")
    assert said.count("\n") == 1


async def test_a_recording_that_cannot_be_played_is_said_in_one_line(tmp_path: Path) -> None:
    recording = tmp_path / "quotes.csv"
    recording.write_text("symbol,bid,ask\nSPY,1,2\n")
    said = await refused(tmp_path, "--port", "0", "--memory", "--replay", str(recording))
    assert said == "alertladder: columns are missing: time\n"
