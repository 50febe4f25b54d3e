"""What a gateway's session is made of: opcodes, close codes, what a client may come back to, and one websocket."""

import asyncio
import json
import zlib
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum

from aiohttp import web

from tests.fakes.discord.shapes import Json

_BUFFERED = 5000  # events kept for a session that comes back


class Op(IntEnum):
    """The opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """Why Discord hangs up."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    INVALID_SEQUENCE = 4007
    DISALLOWED_INTENTS = 4014


@dataclass
class Session:
    """What a client may come back to. `lost_at` is when its connection ended, on the monotonic clock."""

    session_id: str
    intents: int
    sequence: int = 0
    buffer: deque[Json] = field(default_factory=lambda: deque(maxlen=_BUFFERED))
    connection: "Connection | None" = None
    lost_at: float | None = None

    def put(self, event: str, content: Json) -> Json:
        """The next event, numbered and kept."""
        self.sequence += 1
        payload: Json = {"op": Op.DISPATCH, "t": event, "s": self.sequence, "d": content}
        self.buffer.append(payload)
        return payload


class Connection:
    """One websocket, compressed if asked for."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._turn = asyncio.Lock()

    async def send(self, payload: Json) -> None:
        frame = json.dumps(payload).encode()
        async with self._turn:
            with suppress(ConnectionError, RuntimeError):  # it hung up: its session keeps the event
                if self._stream is None:
                    await self.socket.send_str(frame.decode())
                else:
                    await self.socket.send_bytes(self._stream.compress(frame) + self._stream.flush(zlib.Z_SYNC_FLUSH))

    def abort(self) -> None:
        """Cut the wire without a close frame."""
        if self._request.transport is not None:
            self._request.transport.abort()
