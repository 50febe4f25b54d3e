"""The account stream: the broker's notifications as raw JSON, over our own socket.

The SDK's streamer parses each record into a strict model inside its reader, and one record it can't parse ends the
stream: https://github.com/tastyware/tastytrade/issues/222. Order truth can't hang on that, so the few messages of the
protocol are spoken here (https://developer.tastytrade.com/docs/guides/stream-account-updates).
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from activities.broker.session import BrokerSession, Json
from domain.errors import RetryableError

# The broker asks for a heartbeat every 2 s to 1 min; its answer is our proof that somebody is there.
HEARTBEAT_EVERY = 10.0  # seconds
ANSWER_WITHIN = 5.0  # seconds
_LARGEST = 8 * 1024 * 1024  # bytes; an order with many fills is a long record


class AccountStream:
    """One connection, subscribed to one account. Iterate it for notifications; it raises RetryableError when lost."""

    def __init__(self, session: BrokerSession, socket: ClientConnection) -> None:
        self._session = session
        self._socket = socket
        self._request_ids = itertools.count(1)
        self._unanswered: set[int] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, session: BrokerSession) -> "AsyncIterator[AccountStream]":
        """Connect and subscribe. RetryableError when that fails."""
        await session.authorise()
        try:
            async with connect(session.endpoint.streamer_url, max_size=_LARGEST, proxy=None, open_timeout=5) as socket:
                stream = cls(session, socket)
                await stream._subscribe()
                yield stream
        except (OSError, WebSocketException, TimeoutError) as error:
            raise RetryableError(f"account stream: {type(error).__name__}: {error}") from error

    async def notifications(self) -> AsyncIterator[Json]:
        """Every notification, as it comes. A heartbeat that is not answered ends the stream."""
        beat = asyncio.create_task(self._beat())
        try:
            async for text in self._socket:
                message = _parsed(text)
                if "action" in message:
                    self._unanswered.discard(message.get("request-id", 0))
                elif "type" in message:
                    yield message
            raise RetryableError("account stream: closed by the broker")
        finally:
            beat.cancel()

    async def _subscribe(self) -> None:
        number = await self._say("connect", value=[self._session.endpoint.account_number])
        async with asyncio.timeout(ANSWER_WITHIN):
            while True:
                answer = _parsed(await self._socket.recv())
                if answer.get("request-id") == number or answer.get("action") == "connect":
                    break
        if answer.get("status") != "ok":
            raise RetryableError(f"account stream: {answer.get('message', 'connect refused')}")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            await self._session.authorise()  # each heartbeat carries a token that is still good
            number = await self._say("heartbeat")
            self._unanswered.add(number)
            await asyncio.sleep(ANSWER_WITHIN)
            if number in self._unanswered:
                await self._socket.close(code=1000, reason="no answer to a heartbeat")
                return

    async def _say(self, action: str, **fields: Any) -> int:
        number = next(self._request_ids)
        message = {"auth-token": f"Bearer {self._session.sdk.session_token}", "action": action, "request-id": number}
        await self._socket.send(json.dumps(message | fields))
        return number


def _parsed(text: str | bytes) -> Json:
    """One message; an unreadable one is nothing, and the re-read after it will tell."""
    try:
        message = json.loads(text)
    except ValueError:
        return {"type": "Unreadable", "data": {}}
    return message if isinstance(message, dict) else {"type": "Unreadable", "data": {}}
