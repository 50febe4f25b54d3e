"""The quote stream: the protocol's order, what is sent, and how it ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from paper.wire.dx_session import DxSession
from paper.wire.tokens import Tokens
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage, Wire

SETUP = {"type": "SETUP", "channel": 0, "keepaliveTimeout": 60, "acceptKeepaliveTimeout": 60}
CHANNEL = {"type": "CHANNEL_REQUEST", "channel": 1, "service": "FEED", "parameters": {"contract": "AUTO"}}
FIELDS = ["askPrice", "eventSymbol", "bidPrice", "bidSize"]
FEED = {
    "type": "FEED_SETUP", "channel": 1, "acceptAggregationPeriod": 0.01, "acceptDataFormat": "COMPACT",
    "acceptEventFields": {"Quote": FIELDS},
}  # fmt: skip


def wanted(*symbols: str) -> dict[str, Any]:
    return {
        "type": "FEED_SUBSCRIPTION",
        "channel": 1,
        "add": [{"type": "Quote", "symbol": symbol} for symbol in symbols],
    }


async def said(wire: Wire, message: dict[str, Any], answers: int = 1) -> list[str]:
    """The types of the answers to a message, errors by their code."""
    await wire.say(**message)
    heard = [await wire.next() for _ in range(answers)]
    return [str(answer.get("error") or answer.get("state") or answer["type"]) for answer in heard]


async def token(stage: Stage) -> dict[str, Any]:
    data = await stage.data("/api-quote-tokens")
    assert data["dxlink-url"] == f"ws://127.0.0.1:{stage.paper.port}/dxlink"
    return {"type": "AUTH", "channel": 0, "token": data["token"]}


@asynccontextmanager
async def feeding(stage: Stage) -> AsyncIterator[Wire]:
    """A connection that has come as far as a feed of quotes."""
    async with stage.socket("/dxlink") as wire:
        assert await said(wire, SETUP, 2) == ["SETUP", "UNAUTHORIZED"]
        assert await said(wire, await token(stage)) == ["AUTHORIZED"]
        assert await said(wire, CHANNEL) == ["CHANNEL_OPENED"]
        assert await said(wire, FEED) == ["FEED_CONFIG"]
        yield wire


async def data_of(wire: Wire, symbol: str) -> list[Any]:
    """The values of the next event of a symbol."""
    while True:
        heard = await wire.next()
        assert heard["type"] in ("FEED_DATA", "KEEPALIVE"), heard
        if heard["type"] == "FEED_DATA":
            event, flat = heard["data"]
            assert (heard["channel"], event) == (1, "Quote")
            assert flat, "no client can read an empty batch"
            assert len(flat) % len(FIELDS) == 0
            events = [flat[start : start + len(FIELDS)] for start in range(0, len(flat), len(FIELDS))]
            found = [values for values in events if values[1] == symbol]
            if found:
                return found[-1]


def _forgiving(act: Any) -> Any:
    async def acted(session: DxSession, kind: str, number: int, message: Any) -> None:
        session._is_set_up = session._is_set_up or kind != "SETUP"
        session._is_authorised = session._is_authorised or kind != "AUTH"
        await act(session, kind, number, message)

    return acted


@point(
    Source.DOCUMENTED,
    {
        "any order will do": around(DxSession, "_act", _forgiving),
        "what is wrong is ignored": instead(DxSession, "say_error", nothing),
    },
)
async def the_handshake_has_one_order(stage: Stage) -> None:
    """SETUP, AUTH, CHANNEL_REQUEST, FEED_SETUP, FEED_SUBSCRIPTION: what comes too early is an ERROR, and not done."""
    async with stage.socket("/dxlink") as wire:
        assert await said(wire, CHANNEL) == ["BAD_ACTION"]
        assert await said(wire, SETUP, 2) == ["SETUP", "UNAUTHORIZED"]
        assert await said(wire, CHANNEL) == ["UNAUTHORIZED"]
        assert await said(wire, await token(stage)) == ["AUTHORIZED"]
        assert await said(wire, FEED) == ["BAD_ACTION"]
        assert await said(wire, CHANNEL) == ["CHANNEL_OPENED"]
        assert await said(wire, wanted("SPY")) == ["BAD_ACTION"]
        assert await said(wire, FEED) == ["FEED_CONFIG"]
        await wire.socket.send_str("[]")
        assert (await wire.next())["error"] == "INVALID_MESSAGE"
        assert await said(wire, wanted("SPY")) == ["FEED_DATA"]


@point(Source.DOCUMENTED, {"any token will do": instead(Tokens, "is_valid", lambda *_: True)})
async def a_quote_token_is_needed(stage: Stage) -> None:
    """A made up one, or one for REST, is UNAUTHORIZED and the end: it comes from `/api-quote-tokens`."""
    for wrong in ("made.up.token", stage.session.session_token):
        async with stage.socket("/dxlink") as wire:
            await said(wire, SETUP, 2)
            assert await said(wire, {"type": "AUTH", "channel": 0, "token": wrong}) == ["UNAUTHORIZED"]
            assert await wire.closed_with() == 1008
