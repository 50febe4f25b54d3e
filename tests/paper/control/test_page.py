"""The page: its files and its stream."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import paper.control.page
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings

FOLDER = Path(paper.control.page.__file__).with_suffix("")
PATIENCE = 5.0  # seconds
NAMES = ("SPY", "QQQ", "IWM", "AAPL", "UBER", "TSLA", "NVDA", "AMD", "F", "PLTR")


async def get(paper: RunningPaper, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(paper.url + path) as response:
        return response.status, response.content_type, await response.text()


@asynccontextmanager
async def stream(paper: RunningPaper, query: str = "") -> AsyncIterator[AsyncIterator[Any]]:
    async with (
        aiohttp.ClientSession(read_bufsize=2**20) as session,
        session.get(f"{paper.url}/__ctl__/live{query}") as response,
    ):
        assert response.content_type == "text/event-stream"

        async def snapshots() -> AsyncIterator[Any]:
            async for line in response.content:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))

        yield snapshots()


async def first(news: AsyncIterator[Any]) -> Any:
    async with asyncio.timeout(PATIENCE):
        return await anext(news)


async def test_the_root_needs_no_token_and_is_no_request_of_the_brokers(paper: RunningPaper) -> None:
    status, kind, text = await get(paper, "/")
    assert (status, kind) == (200, "text/html")
    assert "<title>Paper exchange</title>" in text
    async with stream(paper) as news:
        assert (await first(news))["requests"]["total"] == 0


async def test_every_file_the_page_names_is_served_with_its_kind(paper: RunningPaper) -> None:
    kinds = {
        "page.css": "text/css",
        "page.js": "text/javascript",
        "table.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }
    for name, kind in kinds.items():
        assert (await get(paper, f"/__ctl__/page/{name}"))[:2] == (200, kind)
    assert (await get(paper, "/__ctl__/page/page.py"))[0] == 404
    assert (await get(paper, "/__ctl__/page/..%2Fpage.py"))[0] == 404


async def test_the_stream_shows_what_happens(paper: RunningPaper) -> None:
    async with stream(paper) as news:
        assert (await first(news))["session"]["state"] == "Open"
        paper.exchange.set_session(type(paper.exchange.sessions.mode)("closed"))
        async with asyncio.timeout(PATIENCE):
            assert [each async for each in _until(news, "Closed")][-1]["session"]["mode"] == "closed"


async def _until(news: AsyncIterator[Any], state: str) -> AsyncIterator[Any]:
    async for each in news:
        yield each
        if each["session"]["state"] == state:
            return


async def test_a_contract_that_is_asked_for_comes_with_its_ladder(paper: RunningPaper, put: Any) -> None:
    async with stream(paper) as news:
        assert (await first(news))["ladders"] == []
    async with stream(paper, f"?contract={put.symbol.replace(' ', '+')}") as news:
        ladder = (await first(news))["ladders"][0]
    assert ladder["symbol"] == put.symbol
    assert len(ladder["levels"]) > 8


async def test_more_ladders_than_a_few_are_not_made(paper: RunningPaper) -> None:
    streams = [stream(paper, f"?contract={name}") for name in NAMES]
    opened = [await each.__aenter__() for each in streams]
    try:
        await asyncio.gather(*(first(news) for news in opened))
        async with asyncio.timeout(PATIENCE):
            while len((news := await anext(opened[0]))["ladders"]) < 8:
                pass
        assert len(news["ladders"]) == 8
    finally:
        await asyncio.gather(*(each.__aexit__(None, None, None) for each in streams))


async def test_a_browser_that_went_away_is_forgotten(paper: RunningPaper) -> None:
    page = paper.page
    async with stream(paper) as news:
        await first(news)
        assert page.broadcast.listeners == 1
    async with asyncio.timeout(PATIENCE):
        while page.broadcast.listeners:
            page.broadcast.publish("{}")
            await asyncio.sleep(0.01)


async def test_a_browser_that_reads_nothing_is_cut_off_and_holds_nobody_up(paper: RunningPaper) -> None:
    page = paper.page
    page.patience = 0.05
    reader, writer = await asyncio.open_connection("127.0.0.1", paper.port, limit=1024)
    writer.write(f"GET /__ctl__/live HTTP/1.1\r\nHost: 127.0.0.1:{paper.port}\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE):
        await reader.readline()
        writer.transport.pause_reading()
        await page.broadcast.newer_than(0)
        assert page.broadcast.listeners == 1
        while page.broadcast.listeners:
            page.broadcast.publish("x" * 1_000_000)
            await asyncio.sleep(0.01)
    writer.transport.abort()


async def test_no_more_pages_than_a_bound_are_served(paper: RunningPaper) -> None:
    paper.page.broadcast.listeners = 64
    assert (await get(paper, "/__ctl__/live"))[0] == 503


async def test_the_exchange_ends_although_a_page_is_open() -> None:
    paper = await serve(PaperSettings().hurried())
    async with stream(paper) as news:
        await first(news)
        async with asyncio.timeout(PATIENCE):
            await paper.close()
            async for _ in news:
                pass


async def test_a_newcomer_never_gets_what_was_shown_before_it_came(paper: RunningPaper) -> None:
    paper.page.broadcast.publish('{"session": "long ago"}')
    async with stream(paper) as news:
        assert (await first(news))["session"] != "long ago"


class Markup(HTMLParser):
    """Collects what a strict content policy would refuse, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.inline += [name for name in names if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in names) else []
        self.addresses += [value for name in ("src", "href") if (value := names.get(name)) is not None]


def test_the_page_has_no_script_or_style_in_it_and_no_address_elsewhere() -> None:
    markup = Markup()
    markup.feed((FOLDER / "index.html").read_text())
    assert markup.inline == []
    assert markup.addresses
    assert all(address.startswith(("/__ctl__/page/", "#")) for address in markup.addresses)
    for path in FOLDER.iterdir():
        addresses = set(re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"']*", path.read_text()))
        assert addresses <= {"http://www.w3.org/2000/svg"}, path.name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_scripts_write_text_and_never_markup(path: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|createContextualFragment"
    forbidden += r"|\beval\b|new Function|srcdoc|setAttribute\(\"(on|style|href|src)"
    assert re.findall(forbidden, path.read_text()) == []
