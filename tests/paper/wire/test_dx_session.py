"""The quote stream's protocol: its order, its limits, and how it ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from httpx2.websockets import WebSocketDisconnect
from tastytrade import DXLinkStreamer, Session
from tastytrade.dxfeed import Quote
from tastytrade.utils import TastytradeError

from paper.clock import utc_now
from paper.control.client import Control
from paper.server import RunningPaper
from paper.wire import dx_feed
from paper.wire.tokens import Tokens

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
SETUP = {"type": "SETUP", "channel": 0, "keepaliveTimeout": 60, "acceptKeepaliveTimeout": 60}
CHANNEL = {"type": "CHANNEL_REQUEST", "channel": 1, "service": "FEED", "parameters": {"contract": "AUTO"}}
FEED = {"type": "FEED_SETUP", "channel": 1, "acceptEventFields": {"Quote": ["eventSymbol", "bidPrice"]}}
WANTED = {"type": "FEED_SUBSCRIPTION", "channel": 1, "add": [{"type": "Quote", "symbol": "SPY"}]}


class Client:
    """A client that speaks the protocol by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        self.socket = socket
        self.auth = {"type": "AUTH", "channel": 0, "token": token}

    async def say(self, message: Any, answers: int = 1) -> list[str]:
        """Send a message; the types of the next answers, errors by their code."""
        await self.socket.send_json(message)
        return [await self.answer() for _ in range(answers)]

    async def answer(self) -> str:
        received = await self.socket.receive_json(timeout=5)
        return str(received.get("error") or received.get("state") or received["type"])


@pytest.fixture
def client(paper: RunningPaper) -> Any:
    """Connects one; `life` is its quote token's, in seconds."""

    @asynccontextmanager
    async def connected(life: float = 60) -> AsyncIterator[Client]:
        token = Tokens(paper.exchange.store, utc_now).issue("quote", life)
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{paper.url}/dxlink", autoping=False) as socket:
            yield Client(socket, token)

    return connected


async def test_the_handshake_in_its_order_leads_to_quotes(client: Any) -> None:
    async with client() as one:
        assert await one.say(SETUP, 2) == ["SETUP", "UNAUTHORIZED"]
        assert await one.say(one.auth) == ["AUTHORIZED"]
        assert await one.say(CHANNEL) == ["CHANNEL_OPENED"]
        assert await one.say(FEED) == ["FEED_CONFIG"]
        assert await one.say(WANTED) == ["FEED_DATA"]


async def test_whatever_comes_out_of_order_is_refused_and_not_done(client: Any) -> None:
    async with client() as one:
        for early in (one.auth, {"type": "KEEPALIVE", "channel": 0}, CHANNEL):
            assert await one.say(early) == ["BAD_ACTION"]
        await one.say(SETUP, 2)
        assert await one.say(SETUP) == ["BAD_ACTION"]
        assert await one.say(CHANNEL) == ["UNAUTHORIZED"]
        await one.say(one.auth)
        for early in (FEED, WANTED):
            assert await one.say(early) == ["BAD_ACTION"]
        assert await one.say(CHANNEL) == ["CHANNEL_OPENED"]
        assert await one.say(CHANNEL) == ["BAD_ACTION"]
        assert await one.say(WANTED) == ["BAD_ACTION"]
        await one.say(FEED)
        assert await one.say(WANTED) == ["FEED_DATA"]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"type": "DANCE", "channel": 0}, "BAD_ACTION"),
        (CHANNEL | {"channel": 2}, "BAD_ACTION"),
        (CHANNEL | {"service": "DOM"}, "BAD_ACTION"),
        (CHANNEL | {"parameters": []}, "INVALID_MESSAGE"),
        (FEED | {"acceptAggregationPeriod": "soon"}, "INVALID_MESSAGE"),
        (WANTED | {"add": [{"type": "Quote"}]}, "INVALID_MESSAGE"),
        (["SETUP"], "INVALID_MESSAGE"),
        ({"channel": 1}, "INVALID_MESSAGE"),
        ({"type": "AUTH", "channel": "one"}, "INVALID_MESSAGE"),
    ],
)
async def test_what_has_no_meaning_is_told_so_and_is_not_the_end(client: Any, message: Any, error: str) -> None:
    async with client() as one:
        for step, answers in ((SETUP, 2), (one.auth, 1), (CHANNEL, 1), (FEED, 1)):
            await one.say(step, answers)
        assert await one.say(message) == [error]
        assert await one.say(WANTED) == ["FEED_DATA"]


async def test_an_expired_quote_token_is_unauthorized_and_ends_the_connection(client: Any) -> None:
    async with client(life=-1) as one:
        await one.say(SETUP, 2)
        assert await one.say(one.auth) == ["UNAUTHORIZED"]
        message = await one.socket.receive(timeout=5)
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1008)


async def test_a_client_that_breaks_its_promise_to_be_heard_is_told_timeout_whatever_it_pings(client: Any) -> None:
    async with client() as one:
        await one.say(SETUP | {"keepaliveTimeout": 0.3}, 2)
        await one.socket.ping()
        assert (await one.socket.receive(timeout=5)).type is WSMsgType.PONG
        assert await one.answer() == "TIMEOUT"
        message = await one.socket.receive(timeout=5)
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1008)


async def test_the_server_is_heard_as_often_as_the_client_asks(client: Any) -> None:
    async with client() as one:
        await one.say(SETUP | {"acceptKeepaliveTimeout": 0.2}, 2)
        assert [await one.answer() for _ in range(2)] == ["KEEPALIVE", "KEEPALIVE"]


async def test_too_many_symbols_in_one_message_are_too_long_for_the_broker(session: Session) -> None:
    with told("Subscription message too long"):
        await subscribe(session, [f".SPY261218C{strike}" for strike in range(2000)])


async def test_too_many_subscriptions_on_one_connection_drop_it(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dx_feed, "MOST_SUBSCRIPTIONS", 2)
    async with client() as one:
        for step, answers in ((SETUP, 2), (one.auth, 1), (CHANNEL, 1), (FEED, 1), (WANTED, 1)):
            await one.say(step, answers)
        more = [{"type": "Quote", "symbol": symbol} for symbol in ("QQQ", "IWM")]
        await one.socket.send_json(WANTED | {"add": more})
        assert (await one.socket.receive(timeout=5)).type in (WSMsgType.CLOSED, WSMsgType.CLOSE, WSMsgType.ERROR)


async def test_an_oversized_message_ends_the_sdks_streamer_with_1009(session: Session, control: Control) -> None:
    with told("too long"):
        await subscribe(session, ["SPY"], lambda: control.fault("oversized_message", on="quotes"))


async def test_a_reconnect_ends_the_sdks_streamer_with_1012(session: Session, control: Control) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        await subscribe(session, ["SPY"], lambda: control.fault("stream_reconnect", on="quotes"))
    assert caught.group_contains(WebSocketDisconnect, match="1012")


def told(words: str) -> Any:
    """The SDK's error with these words; some releases of Python 3.11 leave it in the groups of its task groups."""
    return pytest.RaisesGroup(
        pytest.RaisesExc(TastytradeError, match=words), allow_unwrapped=True, flatten_subgroups=True
    )


async def subscribe(session: Session, symbols: list[str], act: Any = None) -> None:
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, symbols)
        if act is not None:
            await streamer.get_event(Quote)
            await act()
        async for _ in streamer.listen(Quote):
            pass
