"""One websocket: what is said to the client in order, by one task, with a bound on what may wait, and what it says."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from aiohttp import WSMsgType, web

log = logging.getLogger(__name__)
MAX_MESSAGE = 64_000  # bytes: clients close the connection at 65 536
LONGEST_RECEIVED = 64 * 1024  # bytes: a longer message of a client's is answered by the close code 1009
OVERSIZED = 70_000  # bytes, on demand
_MAX_WAITING = 10_000
_LAST_WORDS = 0.5  # seconds
_CLOSE_WITHIN = 1.0  # seconds: how long the peer is given to agree
POLICY_CODE = 1008
RECONNECT = 1012, "Reconnection is required"  # the close code and reason of the broker's own restarts


async def open_socket(request: web.Request) -> web.WebSocketResponse:
    """A websocket for `Outbox.heard` to read: it answers no pings by itself."""
    socket = web.WebSocketResponse(max_msg_size=LONGEST_RECEIVED, autoping=False, timeout=_CLOSE_WITHIN)
    await socket.prepare(request)
    return socket


class Outbox:
    """Messages on their way to one client. A client that doesn't keep up is cut off, not waited for."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_MAX_WAITING)
        self._silent_until = 0.0
        self._writer = asyncio.get_running_loop().create_task(self._write())

    def send(self, message: str) -> None:
        """Queue a message; one that is too long for the clients is left out, as is all during a silence."""
        if len(message) > MAX_MESSAGE:
            log.warning("a message of %d bytes is too long for the stream", len(message))
            return
        self.send_at_any_length(message)

    def send_at_any_length(self, message: str) -> None:
        """Queue a message that clients may be unable to take."""
        if asyncio.get_running_loop().time() < self._silent_until:
            return
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.cut()

    def silence(self, seconds: float) -> None:
        """Lose everything for a while, with the connection up."""
        self._silent_until = asyncio.get_running_loop().time() + seconds

    def cut(self) -> None:
        """Drop the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def heard(self, patience: Callable[[], float], *, pings_count: bool) -> AsyncIterator[str]:
        """What the client says, until it goes. TimeoutError after `patience()` seconds without a sign of life.

        `pings_count` says whether the websocket's own pings are one.
        """
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        while True:
            async with asyncio.timeout_at(heard_at + patience()):
                message = await self.socket.receive()
            if message.type is WSMsgType.PING:
                await self._pong(message.data)
                heard_at = loop.time() if pings_count else heard_at
            elif message.type is WSMsgType.TEXT:
                heard_at = loop.time()
                yield message.data
            elif message.type not in (WSMsgType.PONG, WSMsgType.BINARY):
                return

    async def close(self) -> None:
        """Stop sending."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def finish(self, code: int, reason: str = "") -> None:
        """Say what still waits, then close the connection with a code."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await self._waiting.join()
        await self.socket.close(code=code, message=reason.encode())

    async def _write(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                await self.socket.send_str(message)
            except ConnectionError:
                return
            finally:
                self._waiting.task_done()

    async def _pong(self, ping: bytes) -> None:
        """Answer a ping of the websocket's own: what keeps a connection up, also in a silence."""
        with contextlib.suppress(ConnectionError):
            await self.socket.pong(ping)
