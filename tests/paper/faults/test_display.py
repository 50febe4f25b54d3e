"""Quotes shown wrongly, over REST and the quote stream, while the venue goes by the true ones."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, DXLinkStreamer, Session
from tastytrade.dxfeed import Profile, Quote
from tastytrade.market_data import MarketData, get_market_data_by_type

from paper.control.client import Control, ControlError
from paper.server import RunningPaper
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]


@pytest.fixture(autouse=True)
async def quoted(control: Control, ticket: Any) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)


async def by_rest(session: Session, symbol: str) -> MarketData:
    return (await get_market_data_by_type(session, options=[symbol]))[0]


async def by_stream(streamer: DXLinkStreamer, symbol: str) -> tuple[Decimal, Decimal]:
    async for quote in streamer.listen(Quote):
        if quote.event_symbol == symbol:
            return quote.bid_price, quote.ask_price
    raise AssertionError("the stream ended")


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


async def test_a_crossed_quote_is_shown_everywhere_and_matched_nowhere(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    option = ticket.option
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [option.streamer_symbol])
        assert await by_stream(streamer, option.streamer_symbol) == (Decimal("1.0"), Decimal("1.1"))
        await control.fault("crossed_quote", symbol=option.symbol)
        assert await by_stream(streamer, option.streamer_symbol) == (Decimal("1.1"), Decimal("1.0"))
        shown = await by_rest(session, option.symbol)
        assert (shown.bid, shown.ask) == (Decimal("1.1"), Decimal("1.0"))
        await settled(await place(account, session, ticket.buy(1, "1.05")), "Live")
        order = await settled(await place(account, session, ticket.buy(1, "1.10")), "Filled")
        assert order.legs[0].fills[0].price == Decimal("1.10")
        assert (await control.faults())[0]["fired"] >= 2
        await control.clear_faults()
        ours_is_the_bid = (Decimal("1.05"), Decimal("1.1"))
        while await by_stream(streamer, option.streamer_symbol) != ours_is_the_bid:
            pass


@pytest.mark.parametrize(("bid", "ask"), [("1.05", "1.05"), (None, "1.05")])
async def test_a_quote_without_a_spread_is_crossed_by_a_tick(
    session: Session, control: Control, put: Any, bid: str | None, ask: str
) -> None:
    await control.quote(put.symbol, bid, ask)
    await control.fault("crossed_quote", symbol=put.symbol)
    shown = await by_rest(session, put.symbol)
    assert (shown.bid, shown.ask) == (Decimal("1.06"), Decimal("1.05"))


@pytest.mark.parametrize(("missing", "bid", "ask"), [("bid", None, Decimal("1.1")), ("ask", Decimal(1), None)])
async def test_a_one_sided_quote_lacks_the_side_that_was_named(
    session: Session, control: Control, put: Any, missing: str, bid: Any, ask: Any
) -> None:
    await control.fault("one_sided_quote", symbol=put.streamer_symbol, missing=missing)
    shown = await by_rest(session, put.symbol)
    assert (shown.bid, shown.ask) == (bid, ask)
    assert Decimal(0) in (shown.bid_size, shown.ask_size)


async def test_a_frozen_quote_keeps_its_price_and_time_while_the_market_moves_on(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    before = await by_rest(session, ticket.option.symbol)
    await control.fault("frozen_quote", symbol=ticket.option.symbol)
    await control.quote(ticket.option.symbol, "1.40", "1.50", 50, 50)
    frozen = await by_rest(session, ticket.option.symbol)
    assert (frozen.ask, frozen.updated_at) == (Decimal("1.1"), before.updated_at)
    await settled(await place(account, session, ticket.buy(1, "1.10")), "Live")  # what is shown can't be had
    await control.clear_faults()
    assert (await by_rest(session, ticket.option.symbol)).ask == Decimal("1.5")


async def test_a_frozen_quote_of_a_market_that_stands_still_hits_nobody(
    session: Session, control: Control, put: Any
) -> None:
    await control.fault("frozen_quote", symbol=put.symbol, may_be_unused=True)
    await by_rest(session, put.symbol)
    assert [fault["fired"] for fault in await control.faults()] == [0]


async def test_nan_is_dropped_by_the_sdk_and_absent_in_rest(
    session: Session, control: Control, put: Any, paper: RunningPaper
) -> None:
    await control.fault("nan_quote", symbol=put.symbol)
    shown = await by_rest(session, put.symbol)
    assert (shown.bid, shown.ask, shown.mark) == (None, None, None)
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [put.streamer_symbol])
        await streamer.subscribe(Quote, ["SPY"])
        assert (await streamer.get_event(Quote)).event_symbol == "SPY"
    assert paper.exchange.faults.armed[0].fired == 2


async def test_a_symbol_without_quotes_is_silent_on_the_stream_alone(
    session: Session, control: Control, put: Any
) -> None:
    await control.fault("no_quotes", symbol=put.symbol)
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Quote, [put.streamer_symbol])
        await streamer.subscribe(Quote, ["SPY"])
        assert (await streamer.get_event(Quote)).event_symbol == "SPY"
        assert (await by_rest(session, put.symbol)).ask == Decimal("1.1")
        await control.clear_faults()
        assert await by_stream(streamer, put.streamer_symbol) == (Decimal("1.0"), Decimal("1.1"))


async def test_a_condition_ends_by_itself_after_its_seconds(session: Session, control: Control, put: Any) -> None:
    async with DXLinkStreamer(session) as streamer:
        await control.fault("crossed_quote", symbol=put.symbol, seconds=0.1)
        await streamer.subscribe(Quote, [put.streamer_symbol])
        assert await by_stream(streamer, put.streamer_symbol) == (Decimal("1.1"), Decimal("1.0"))
        assert await by_stream(streamer, put.streamer_symbol) == (Decimal("1.0"), Decimal("1.1"))
    assert (await control.faults())[0]["is_over"]


async def test_a_halt_is_told_and_lets_nothing_fill_until_it_is_lifted(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    async with DXLinkStreamer(session) as streamer:
        await streamer.subscribe(Profile, ["UBER"])
        assert (await streamer.get_event(Profile)).trading_status == "ACTIVE"
        await control.fault("halt", symbol=ticket.option.symbol)  # halts what it is on
        halted = await streamer.get_event(Profile)
        assert (halted.trading_status, halted.halt_start_time > 0) == ("HALTED", True)
        shown = await session._get("/market-data/by-type", params={"equity-option": ticket.option.symbol})
        assert (shown["items"][0]["is-trading-halted"], shown["items"][0]["halt-start-time"] > 0) == (True, True)
        limit = await place(account, session, ticket.buy(1, "1.10"))
        market = await place(account, session, ticket.market_buy(1))
        for order_id in (limit, market):
            await settled(order_id, "Live")
        await control.quote(ticket.option.symbol, "0.90", "1.00", 50, 50)
        assert (await control.book())["fills"] == []
        await control.clear_faults()
        for order_id in (limit, market):
            await settled(order_id, "Filled")
        assert (await streamer.get_event(Profile)).trading_status == "ACTIVE"


async def test_a_halt_of_another_underlying_halts_nothing_here(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("halt", symbol="AAPL", may_be_unused=True)
    await settled(await place(account, session, ticket.buy(1, "1.10")), "Filled")
    assert [fault["fired"] for fault in await control.faults()] == [0]


async def test_a_condition_of_what_is_not_listed_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="record_not_found"):
        await control.fault("halt", symbol="NOPE")
