"""The page for people at the exchange's root: its files, and the stream of snapshots that keeps it live.

GET /                       the page
GET /__ctl__/page/{name}    its styles, scripts and icon
GET /__ctl__/live           Server-Sent Events: a snapshot (see paper.control.snapshot) each, at most four a second;
                            with ?contract=SYMBOL also that contract's ladder
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files

from aiohttp import web

from paper.background import Background
from paper.control.board import prices
from paper.control.broadcast import Broadcast
from paper.control.recollection import Recollection
from paper.control.snapshot import snapshot
from paper.exchange import Exchange
from paper.wire.gate import CONTROL_PREFIX, RequestLog

_UPDATE_SECONDS = 0.25
_NOTE_SECONDS = 1.0
_MOST_LISTENERS = 64
_MOST_LADDERS = 8  # different ones at a time
_PATIENCE = 10.0  # seconds: a browser that takes longer for one snapshot is gone, or as good as
_RETRY = b"retry: 1000\n\n"  # milliseconds until the browser tries again
_INDEX = "index.html"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Page:
    """Serves the page, and keeps its stream until `close`."""

    def __init__(self, exchange: Exchange, log: RequestLog) -> None:
        self.recollection = Recollection(exchange)
        self.broadcast = Broadcast(self._snapshot, _UPDATE_SECONDS)
        self._exchange = exchange
        self.log = log
        self._chosen: Counter[str] = Counter()
        self.patience = _PATIENCE
        self._files = _read_files()
        self._background = Background()

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/", self._index),
            web.get(f"{CONTROL_PREFIX}/page/{{name}}", self._file),
            web.get(f"{CONTROL_PREFIX}/live", self._live),
        ]

    def start(self) -> None:
        """Begin to note prices, and to make snapshots for whoever looks."""
        self._background.start(self._note_prices())
        self._background.start(self.broadcast.run())

    async def close(self) -> None:
        """End every stream; the browsers will say that the exchange is gone."""
        self.broadcast.end()
        await self._background.stop()

    async def _index(self, _: web.Request) -> web.Response:
        return self._answer(_INDEX)

    async def _file(self, request: web.Request) -> web.Response:
        return self._answer(request.match_info["name"])

    def _answer(self, name: str) -> web.Response:
        if name not in self._files:
            raise web.HTTPNotFound
        kind = _KINDS[name[name.rindex(".") :]]
        headers = {"Cache-Control": "no-cache"}
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=headers)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if self.broadcast.listeners >= _MOST_LISTENERS:
            raise web.HTTPServiceUnavailable(reason="too many pages are open")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with self._choosing(request.query.get("contract")), self.broadcast.listening(), suppress(ConnectionError):
            await self._send_all(request, response)
        return response

    async def _send_all(self, request: web.Request, response: web.StreamResponse) -> None:
        """Send snapshots until the browser is gone. To one that is slow nothing is added before it took the last."""
        await response.write(_RETRY)
        number = self.broadcast.number  # what was made for others, or long ago, is no beginning
        while newest := await self.broadcast.newer_than(number):
            number, text = newest
            try:
                async with asyncio.timeout(self.patience):
                    await response.write(f"id: {number}\ndata: {text}\n\n".encode())
            except TimeoutError:
                if request.transport is not None:
                    request.transport.abort()
                return

    @contextmanager
    def _choosing(self, symbol: str | None) -> Iterator[None]:
        """Have a contract's ladder made: one of so many, whatever the browsers ask for."""
        if symbol is None or (symbol not in self._chosen and len(self._chosen) >= _MOST_LADDERS):
            yield
            return
        self._chosen[symbol] += 1
        try:
            yield
        finally:
            self._chosen[symbol] -= 1
            self._chosen += Counter()  # those that nobody looks at any more go

    def _snapshot(self) -> str:
        exchange = self._exchange
        return snapshot(exchange, self.recollection, self.log, exchange.faults, self._chosen).model_dump_json()

    async def _note_prices(self) -> None:
        while True:
            self.recollection.note(prices(self._exchange, self.recollection))
            await asyncio.sleep(_NOTE_SECONDS)


def _read_files() -> dict[str, bytes]:
    folder = files("paper.control") / "page"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
