"""Both streams, through the SDK's own streamers."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from tastytrade import Account, DXLinkStreamer, Session
from tastytrade.account import AccountBalance, CurrentPosition
from tastytrade.dxfeed import Greeks, Quote, Summary, Trade
from tastytrade.instruments import NestedFutureOptionChain
from tastytrade.order import OrderStatus, PlacedOrder
from tastytrade.streamer import SubscriptionType

from paper.control.client import Control
from paper.listings.instruments import Listings
from paper.server import RunningPaper

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]


async def next_quote(streamer: DXLinkStreamer, symbol: str) -> Quote:
    async for quote in streamer.listen(Quote):
        if quote.event_symbol == symbol:
            return quote
    raise AssertionError("the stream ended")


async def test_a_subscription_is_answered_at_once_and_then_follows_the_quote(
    session: Session, control: Control, ticket: Any
) -> None:
    symbol = ticket.option.streamer_symbol
    await control.quote(symbol, "1.00", "1.10", 5, 2)
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [symbol])
        first = await next_quote(streamer, symbol)
        assert (first.bid_price, first.ask_price, first.bid_size, first.ask_size) == (
            Decimal("1.0"),
            Decimal("1.1"),
            5,
            2,
        )
        await control.quote(symbol, "1.05", "1.15")
        assert (await next_quote(streamer, symbol)).bid_price == Decimal("1.05")


async def test_a_fill_shows_in_the_displayed_size(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    symbol = ticket.option.streamer_symbol
    await control.quote(symbol, "1.00", "1.10", 5, 7)
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [symbol])
        assert (await next_quote(streamer, symbol)).ask_size == 7
        await account.place_order(session, ticket.buy(3, "1.10"), dry_run=False)
        assert (await next_quote(streamer, symbol)).ask_size == 4


async def test_unlisted_symbols_are_silent_and_do_not_break_the_others(session: Session) -> None:
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [".NOPE261204P1", "SPY"])
        assert (await streamer.get_event(Quote)).event_symbol == "SPY"


async def test_other_events_parse(session: Session, ticket: Any) -> None:
    symbol = ticket.option.streamer_symbol
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Greeks, [symbol])
        await streamer.subscribe(Trade, ["SPY"])
        await streamer.subscribe(Summary, ["SPY"])
        assert -1 < (await streamer.get_event(Greeks)).delta < 0
        assert (await streamer.get_event(Trade)).price > 0
        summary = await streamer.get_event(Summary)
        assert summary.prev_day_close_price == 670
        assert summary.day_id == summary.prev_day_id + 1 > 20_000


async def test_an_option_on_a_future_is_quoted_by_the_symbol_of_its_chain(session: Session) -> None:
    chain = await NestedFutureOptionChain.get(session, "ES")
    strikes = chain.option_chains[0].expirations[2].strikes
    symbol = next(strike.put_streamer_symbol for strike in strikes if strike.strike_price == 6700)
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [symbol])
        await streamer.subscribe(Greeks, [symbol])
        quote = await next_quote(streamer, symbol)
        assert 0 < quote.bid_price < quote.ask_price
        assert -1 < (await streamer.get_event(Greeks)).delta < 0


async def test_hundreds_of_subscriptions_fit_into_the_messages(session: Session, paper: RunningPaper) -> None:
    listings: Listings = paper.exchange.listings
    symbols = [option.streamer_symbol for series in listings.chain("SPY")[:4] for option in series.options()]
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, symbols)
        seen: set[str] = set()
        async for quote in streamer.listen(Quote):
            seen.add(quote.event_symbol)
            if len(seen) == len(symbols):
                break
    assert len(symbols) > 500


async def test_a_quote_token_is_needed(paper: RunningPaper) -> None:
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{paper.url}/dxlink") as socket:
        await socket.send_json({"type": "SETUP", "channel": 0})
        assert [(await socket.receive_json())["type"] for _ in range(2)] == ["SETUP", "AUTH_STATE"]
        await socket.send_json({"type": "CHANNEL_REQUEST", "channel": 1, "service": "FEED"})
        assert (await socket.receive_json())["error"] == "UNAUTHORIZED"
        await socket.send_json({"type": "AUTH", "channel": 0, "token": "made.up.token"})
        assert (await socket.receive_json())["error"] == "UNAUTHORIZED"
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_a_message_that_can_not_be_read_is_an_error_and_not_the_end(paper: RunningPaper) -> None:
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{paper.url}/dxlink") as socket:
        await socket.send_json({"type": "SETUP", "channel": 0})
        assert [(await socket.receive_json())["type"] for _ in range(2)] == ["SETUP", "AUTH_STATE"]
        await socket.send_str("[]")
        assert (await socket.receive_json())["error"] == "INVALID_MESSAGE"
        await socket.send_json({"type": "KEEPALIVE", "channel": 0})
        assert (await socket.receive_json())["type"] == "KEEPALIVE"


async def test_the_account_stream_tells_each_state_with_the_whole_order(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Callable[[], Any]
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    async with alerts() as streamer:
        await account.place_order(session, ticket.buy(2, "1.10", "al-7"), dry_run=False)
        states = []
        async for order in streamer.listen(PlacedOrder):
            states.append(order.status)
            if order.status is OrderStatus.FILLED:
                break
        position = await anext(aiter(streamer.listen(CurrentPosition)))
        balance = await anext(aiter(streamer.listen(AccountBalance)))
    assert states == ["Received", "Routed", "In Flight", "Live", "Filled"]
    assert order.external_identifier == "al-7"
    assert sum(fill.quantity for fill in order.legs[0].fills or []) == 2
    assert (position.symbol, position.quantity) == (ticket.option.symbol, 2)
    assert balance.cash_balance == 100_000 - 220 - Decimal("2.24")


async def test_a_heartbeat_is_acknowledged(alerts: Callable[[], Any]) -> None:
    async with alerts() as streamer:
        await streamer._subscribe(SubscriptionType.HEARTBEAT)


async def test_nothing_is_told_before_connecting_and_bad_tokens_fail(paper: RunningPaper, session: Session) -> None:
    await session.refresh()
    async with aiohttp.ClientSession() as client, client.ws_connect(paper.streamer_url) as socket:
        token = f"Bearer {session.session_token}"
        await socket.send_str(
            json.dumps({"action": "public-watchlists-subscribe", "auth-token": token, "request-id": 1})
        )
        assert (await socket.receive_json())["message"] == "connect-not-completed"
        await socket.send_str(json.dumps({"action": "connect", "auth-token": "Bearer x", "request-id": 2}))
        assert (await socket.receive_json())["status"] == "error"
        await socket.send_str("not json")
        assert (await socket.receive_json())["status"] == "error"
