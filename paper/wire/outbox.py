"""The sending side of one websocket: what is said in order, by one task, with a bound on what may wait."""

import asyncio
import contextlib
import logging

from aiohttp import web

log = logging.getLogger(__name__)
MAX_MESSAGE = 64_000  # bytes: clients close the connection at 65 536
_MAX_WAITING = 10_000
_LAST_WORDS = 0.5  # seconds
RECONNECT = 1012, "Reconnection is required"  # the close code and reason of the broker's own restarts


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
        if asyncio.get_running_loop().time() < self._silent_until:
            return
        if len(message) > MAX_MESSAGE:
            log.warning("a message of %d bytes is too long for the stream", len(message))
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

    async def finish(self, code: int, reason: str = "") -> None:
        """Say what still waits, then close the connection with a code."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await self._waiting.join()
        await self.socket.close(code=code, message=reason.encode())

    async def close(self) -> None:
        """Stop sending."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            message = await self._waiting.get()
            try:
                await self.socket.send_str(message)
            except ConnectionError:
                return
            finally:
                self._waiting.task_done()
