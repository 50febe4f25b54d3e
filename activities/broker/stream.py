"""One connection of the account stream: the broker's notifications as raw JSON, over our own socket.

The SDK's streamer parses every record into a strict model inside its reader, and one record it can't parse, or one
longer than 64 KiB, ends the stream for all accounts' orders (tastyware/tastytrade#222, #229, #265). Order truth can't
hang on that, so the few messages of the protocol are spoken here:
https://developer.tastytrade.com/docs/guides/stream-account-updates.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from activities.broker.replies import Json
from activities.broker.session import BrokerSession
from domain.errors import RetryableError

UNREADABLE = "Unreadable"  # the type of a notification that is not JSON, or no object
_CONNECT_WITHIN = 5.0  # seconds
_ANSWER_WITHIN = 5.0  # seconds
# Documented: every 2 s to 1 min. The answer is the only proof that somebody is there: the stream is silent for hours.
_BEAT_EVERY = 15.0  # seconds
_LARGEST = 16 * 1024 * 1024  # bytes


class StreamLostError(RetryableError):
    """The connection is gone, or nobody answers at its other end."""


class AccountStream:
    """A connection that is subscribed to our account. Run `beat` beside `notifications`."""

    def __init__(self, session: BrokerSession, socket: ClientConnection) -> None:
        self._session = session
        self._socket = socket
        self._numbers = itertools.count(1)
        self._unanswered: dict[int, asyncio.Future[Json]] = {}

    async def notifications(self) -> AsyncIterator[Json]:
        """Every notification as it comes: `{"type", "data", "timestamp"}`. StreamLostError at the end."""
        try:
            async for text in self._socket:
                message = _parsed(text)
                if "action" in message:
                    self._answered(message)
                else:
                    yield message
        except (WebSocketException, OSError) as error:
            raise StreamLostError(f"the account stream broke: {error}") from error
        raise StreamLostError("the account stream was closed by the broker")

    async def beat(self) -> None:
        """Send heartbeats for ever, each with a token that is still good. StreamLostError when one is not answered."""
        while True:
            await asyncio.sleep(_BEAT_EVERY)
            await self.probe()

    async def probe(self) -> None:
        """One heartbeat and its answer."""
        await self._ask("heartbeat")

    async def subscribe(self) -> None:
        """Ask for our account's notifications."""
        await self._ask("connect", value=[self._session.endpoint.account_number])

    async def _ask(self, action: str, **fields: Any) -> None:
        number = next(self._numbers)
        answer = self._unanswered[number] = asyncio.get_running_loop().create_future()
        token = await self._session.token()
        message = {"auth-token": f"Bearer {token}", "action": action, "request-id": number, **fields}
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                await self._socket.send(json.dumps(message))
                said = await answer
        except TimeoutError:
            raise StreamLostError(f"the account stream does not answer to {action}") from None
        except (WebSocketException, OSError) as error:
            raise StreamLostError(f"the account stream broke: {error}") from error
        finally:
            del self._unanswered[number]
        if said.get("status") != "ok":
            await self._session.renew(token)  # the only thing in the message that can be wrong
            raise StreamLostError(f"the account stream refused {action}: {said.get('message')}")

    def _answered(self, message: Json) -> None:
        """An error may come without the number of what it answers: then it is the oldest question's."""
        number = message.get("request-id", next(iter(self._unanswered), None))
        answer = self._unanswered.get(number) if isinstance(number, int) else None
        if answer is not None and not answer.done():
            answer.set_result(message)


@asynccontextmanager
async def account_stream(session: BrokerSession) -> AsyncIterator[AccountStream]:
    """A connection, not yet subscribed. StreamLostError when there is none to be had."""
    url = session.endpoint.streamer_url
    try:
        socket = await connect(url, max_size=_LARGEST, proxy=None, open_timeout=_CONNECT_WITHIN)
    except (WebSocketException, OSError, TimeoutError) as error:
        raise StreamLostError(f"no account stream at {url}: {type(error).__name__}: {error}") from error
    async with socket:
        yield AccountStream(session, socket)


def _parsed(text: str | bytes) -> Json:
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"type": UNREADABLE}
