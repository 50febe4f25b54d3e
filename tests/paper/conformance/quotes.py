"""What the quote stream sends: snapshots, changes, what has no price; and how the stream ends."""

import asyncio
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from tastytrade import DXLinkStreamer
from tastytrade.dxfeed import Greeks, Quote, Summary, Trade

from paper.wire import dx_events, dx_feed, dxlink
from paper.wire.dx_feed import Feed
from paper.wire.outbox import Outbox
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.quote_streams import FIELDS, SETUP, data_of, feeding, said, wanted
from tests.paper.conformance.stage import Stage


def _in_its_own_order(send: Any) -> Any:
    return lambda feed, channel, event, names, symbols: send(feed, channel, event, sorted(names), symbols)


@point(
    Source.DOCUMENTED,
    {
        "fields in another order": around(Feed, "_send_events", _in_its_own_order),
        "objects": around(
            dx_feed,
            "dumps",
            lambda dumps: (
                lambda message: dumps(
                    message | {"data": ["Quote", [{"bidPrice": 1}]] if message["type"] == "FEED_DATA" else None}
                )
            ),
        ),
        "numbers as strings": instead(dx_events, "_number", str),
    },
)
async def events_are_compact_with_the_fields_in_the_order_asked_for(stage: Stage) -> None:
    """`["Quote", [flat values]]`, each event with exactly the fields of FEED_SETUP."""
    async with feeding(stage) as wire:
        await wire.say(**wanted(stage.option.streamer_symbol))
        assert await data_of(wire, stage.option.streamer_symbol) == [1.1, stage.option.streamer_symbol, 1.0, 50.0]


def _silent_subscription(patch: pytest.MonkeyPatch, _: Any) -> None:
    subscribe, send = Feed.subscribe, Feed._send

    def quiet(feed: Feed, channel: Any, asked: Any) -> bool:
        patch.setattr(Feed, "_send", nothing)
        done = subscribe(feed, channel, asked)
        patch.setattr(Feed, "_send", send)
        return done

    patch.setattr(Feed, "subscribe", quiet)


@point(
    Source.DOCUMENTED,
    {
        "only changes": _silent_subscription,
        "only the snapshot": instead(Feed, "changed", nothing),
        "a removal is ignored": instead(Feed, "_remove", nothing),
    },
)
async def a_subscription_is_answered_at_once_and_then_with_each_change(stage: Stage) -> None:
    """The present quote first, then what changed; nothing more once it is removed."""
    symbol = stage.option.streamer_symbol
    async with feeding(stage) as wire:
        await wire.say(**wanted(symbol, "SPY"))
        assert (await data_of(wire, symbol))[0] == 1.1
        await stage.quote("1.05", "1.15")
        assert (await data_of(wire, symbol))[0] == 1.15
        await wire.say(type="FEED_SUBSCRIPTION", channel=1, remove=[{"type": "Quote", "symbol": symbol}])
        await wire.say(type="KEEPALIVE", channel=0)
        await wire.until(lambda message: message["type"] == "KEEPALIVE")  # so it was heard
        await stage.quote("1.06", "1.16")
        await stage.quote("600.00", "600.01", symbol="SPY")
        heard = await wire.until(lambda message: "SPY" in message["data"][1] and 600.01 in message["data"][1])
    assert all(symbol not in message["data"][1] for message in heard)


@point(
    Source.DOCUMENTED,
    {
        "zero": instead(dx_events, "_number", lambda price: 0.0 if price is None else float(price)),
        "null": instead(dx_events, "_number", lambda price: None if price is None else float(price)),
    },
)
async def a_side_without_a_price_is_nan_as_a_string(stage: Stage) -> None:
    """JSON has no NaN: it is written "NaN", and the SDK drops such a quote without a word."""
    symbol = stage.option.streamer_symbol
    await stage.quote(None, "1.10")
    async with feeding(stage) as wire:
        await wire.say(**wanted(symbol))
        ask, _, bid, _ = await data_of(wire, symbol)
    assert (ask, bid) == (1.1, "NaN")


@point(
    Source.RECORDED,
    {
        "it is an error": around(
            Feed, "_add", lambda add: lambda feed, channel, key: add(feed, channel, key) or _refuse(feed, key)
        )
    },
)
async def a_symbol_that_is_not_listed_is_met_with_silence(stage: Stage) -> None:
    """Nothing is said of it, and the others of the same subscription are served."""
    async with feeding(stage) as wire:
        await wire.say(**wanted(".NOPE261204P1", "SPY"))
        assert (await data_of(wire, "SPY"))[1] == "SPY"
        assert await said(wire, {"type": "KEEPALIVE", "channel": 0}) == ["KEEPALIVE"]


def _refuse(feed: Feed, key: Any) -> bool:
    feed._outbox.send(dx_feed.dumps({"type": "ERROR", "channel": 0, "error": "BAD_ACTION", "message": key[1]}))
    return False


@point(
    Source.DOCUMENTED,
    {
        "it waits for ever": around(
            Outbox, "heard", lambda heard: lambda box, _, **more: heard(box, lambda: 60.0, **more)
        ),
        "a ping will do": around(
            Outbox, "heard", lambda heard: lambda box, patience, **_: heard(box, patience, pings_count=True)
        ),
    },
)
async def a_client_that_sends_no_message_in_time_is_told_timeout(stage: Stage) -> None:
    """After as long as it promised, a minute at most; the websocket's own pings don't count."""
    async with stage.socket("/dxlink") as wire:
        await said(wire, SETUP | {"keepaliveTimeout": 0.1}, 2)
        deadline = asyncio.get_running_loop().time() + 0.1 + stage.patience
        await wire.socket.ping()
        while (heard := await wire.frame()).type is aiohttp.WSMsgType.PONG:
            assert asyncio.get_running_loop().time() < deadline, "its pings keep it alive"
            await wire.socket.ping()
        assert heard.json()["error"] == "TIMEOUT"
        assert await wire.closed_with() == 1008


@point(Source.RECORDED, {"another code": instead(dxlink, "RECONNECT", (1000, "bye"))})
async def a_restart_closes_the_quote_stream_with_1012(stage: Stage) -> None:
    """It happens routinely at the broker; the client connects and subscribes anew."""
    async with feeding(stage) as wire:
        await stage.control.fault("stream_reconnect", on="quotes")
        assert await wire.closed_with() == 1012


@point(
    Source.DOCUMENTED,
    {
        "all in one": lambda patch, _: (
            patch.setattr(dx_feed, "_BATCH", 10**6),
            patch.setattr(dx_feed, "MAX_MESSAGE", 10**9),
            patch.setattr("paper.wire.outbox.MAX_MESSAGE", 10**9),
        ),
    },
)
async def hundreds_of_quotes_come_in_messages_under_64_kib(stage: Stage) -> None:
    """A chain is sent in batches; a subscription of more than 64 KiB closes the connection with 1009."""
    chain = stage.paper.exchange.listings.chain("SPY")
    symbols = [option.streamer_symbol for series in chain[:14] for option in series.options()]
    assert len(symbols) > 1500
    async with feeding(stage) as wire:
        for start in range(0, len(symbols), 500):
            await wire.say(**wanted(*symbols[start : start + 500]))
        seen: set[str] = set()
        while len(seen) < len(symbols):
            message = await wire.frame()
            assert len(message.data) < 65_536
            seen |= set(message.json()["data"][1][1 :: len(FIELDS)])
        await wire.say(**wanted(*symbols))
        assert await wire.closed_with() == 1009


@point(
    Source.DOCUMENTED,
    {
        "no greeks": instead(dx_events, "_greeks", lambda *_: {}),
        "nothing of the day before": instead(dx_events, "_of_the_day", lambda *_: {}),
        "no times": instead(dx_events, "epoch_ms", lambda _: None),
    },
    streams=True,
)
async def the_sdks_streamer_reads_quotes_greeks_trades_and_summaries(stage: Stage) -> None:
    """Its own models take every event that the broker grants, with the size that is left after a fill."""
    symbol = stage.option.streamer_symbol
    async with DXLinkStreamer(stage.session) as streamer, asyncio.timeout(stage.patience):
        await streamer.subscribe(Quote, [symbol])
        quote = await streamer.get_event(Quote)
        assert (quote.event_symbol, quote.bid_price, quote.ask_size) == (symbol, 1, 50)
        await stage.place(stage.ticket.buy(3, "1.10"))
        assert (await streamer.get_event(Quote)).ask_size == 47
        for event, name in ((Greeks, symbol), (Trade, "SPY"), (Summary, "SPY")):
            await streamer.subscribe(event, [name])
        assert -1 < (await streamer.get_event(Greeks)).delta < 0
        assert (await streamer.get_event(Trade)).price > 0
        assert (await streamer.get_event(Summary)).prev_day_close_price == Decimal(670)
