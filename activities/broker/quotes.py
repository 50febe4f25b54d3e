"""Quotes: one DXLink stream for the whole process, and REST for what it does not say.

The SDK's streamer never notices that its peer is gone, and drops one-sided quotes. So the feed restarts a stream that
has been silent too long, and a contract without a fresh quote is asked for over REST.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
from httpx2.websockets import HTTPXWSException
from tastytrade import DXLinkStreamer
from tastytrade.dxfeed import Quote as DxQuote
from tastytrade.utils import TastytradeError

from activities.broker.session import BrokerSession, Json
from domain.contract import Contract, InstrumentType, Quote
from domain.errors import AlertladderError

logger = logging.getLogger(__name__)

# How long the stream has for the first quote of a contract before REST is asked.
_FIRST_QUOTE = timedelta(milliseconds=300)
# An older quote of the stream may still hold, or the stream may be dead: REST tells.
_FRESH = timedelta(seconds=5)
# A stream with subscriptions that says nothing for this long is taken for dead; busy names tick every second.
_SILENCE = timedelta(seconds=60)
_BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds
_MOST_SYMBOLS = 400  # a subscription message of more is refused by the feed
_STREAM_FAILURES = (
    httpx2.HTTPError,
    HTTPXWSException,
    TastytradeError,
    AlertladderError,
    OSError,
    TimeoutError,
    IndexError,
)
_REST_FIELDS = {
    InstrumentType.EQUITY: "equity",
    InstrumentType.EQUITY_OPTION: "equity-option",
    InstrumentType.FUTURE: "future",
}


class QuoteFeed:
    """The newest quote of every contract that was ever asked for. `start` runs the stream, `close` ends it."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._session = session
        self._clock = clock
        self._quotes: dict[str, Quote] = {}
        self._wanted: dict[str, None] = {}  # streamer symbols, the least recently asked for first
        self._changed = asyncio.Event()
        self._arrived = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def newest(self, contract: Contract) -> Quote | None:
        """The newest quote; None when neither the stream nor REST has any. RetryableError when REST can't be asked."""
        self._want(contract.streamer_symbol)
        quote = await self._from_stream(contract.streamer_symbol)
        if quote is not None and self._clock() - quote.at <= _FRESH:
            return quote.model_copy(update={"symbol": contract.symbol})
        try:
            return await self._from_rest(contract)
        except AlertladderError:
            if quote is None:
                raise
            return quote.model_copy(update={"symbol": contract.symbol})  # its age is for the caller to judge

    async def close(self) -> None:
        """End the stream."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _want(self, symbol: str) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._stream_for_ever())
        is_new = self._wanted.pop(symbol, symbol) is symbol
        self._wanted[symbol] = None
        if is_new:
            while len(self._wanted) > _MOST_SYMBOLS:
                self._wanted.pop(next(iter(self._wanted)))
            self._changed.set()

    async def _from_stream(self, symbol: str) -> Quote | None:
        async with self._arrived:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FIRST_QUOTE.total_seconds()):
                    await self._arrived.wait_for(lambda: symbol in self._quotes)
        return self._quotes.get(symbol)

    async def _from_rest(self, contract: Contract) -> Quote | None:
        params = {_REST_FIELDS[contract.instrument_type]: contract.symbol}
        answer = await self._session.read("/market-data/by-type", params)
        found = [item for item in answer["data"]["items"] if item.get("symbol") == contract.symbol]
        return _rest_quote(contract.symbol, found[0], self._clock()) if found else None

    async def _stream_for_ever(self) -> None:
        """Keep a stream open. The SDK neither reconnects nor subscribes again."""
        failures = 0
        while True:
            started = self._clock()
            try:
                await self._stream_once()
            except* _STREAM_FAILURES as group:
                logger.warning("quote stream lost: %s", "; ".join(type(e).__name__ for e in group.exceptions))
            self._quotes.clear()  # what they say now is not known
            failures = 0 if self._clock() - started > _SILENCE else failures + 1
            await asyncio.sleep(_BACKOFF[min(failures, len(_BACKOFF)) - 1])

    async def _stream_once(self) -> None:
        async with DXLinkStreamer(self._session.sdk) as streamer, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._subscribe(streamer))
            while True:
                async with asyncio.timeout(_SILENCE.total_seconds()):
                    event = await streamer.get_event(DxQuote)
                await self._take(event)

    async def _subscribe(self, streamer: DXLinkStreamer) -> None:
        """Subscribe what is wanted, and follow the changes; one message at a time, the first one opens the channel."""
        subscribed: set[str] = set()
        while True:
            self._changed.clear()
            wanted = set(self._wanted)
            if gone := subscribed - wanted:
                await streamer.unsubscribe(DxQuote, gone)
            if new := wanted - subscribed:
                await streamer.subscribe(DxQuote, new, refresh_interval=0)
            subscribed = wanted
            await self._changed.wait()

    async def _take(self, event: DxQuote) -> None:
        self._quotes[event.event_symbol] = Quote(
            symbol=event.event_symbol,
            bid=_price(event.bid_price),
            ask=_price(event.ask_price),
            bid_size=_size(event.bid_size),
            ask_size=_size(event.ask_size),
            at=self._clock(),
        )
        async with self._arrived:
            self._arrived.notify_all()


def _rest_quote(symbol: str, raw: Json, at: datetime) -> Quote:
    return Quote(
        symbol=symbol,
        bid=_price(raw.get("bid")),
        ask=_price(raw.get("ask")),
        bid_size=_size(raw.get("bid-size")),
        ask_size=_size(raw.get("ask-size")),
        at=at,
        source="rest",
    )


def _price(value: Any) -> Decimal | None:
    """A price, or None for what is no price: nothing, NaN, zero."""
    number = Decimal(str(value)) if value is not None else Decimal("NaN")
    return number if number.is_finite() and number > 0 else None


def _size(value: Any) -> Decimal:
    number = Decimal(str(value)) if value is not None else Decimal(0)
    return number if number.is_finite() else Decimal(0)
