"""The quote stream: one DXLink connection for a worker process, kept alive, and the newest quote of each symbol.

The SDK's streamer speaks the protocol. It neither reconnects nor subscribes again, never notices that its peer is gone,
queues without bound, and drops a quote with only one side. So this task drains it into one quote a symbol, probes it
when it is silent, and opens another when it is lost.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import httpx2
from httpx2.websockets import HTTPXWSException
from tastytrade import DXLinkStreamer
from tastytrade.dxfeed import Profile
from tastytrade.dxfeed import Quote as DxQuote
from tastytrade.utils import TastytradeError

from activities.broker.limits import Family
from activities.broker.records import price_or_none, size_or_zero
from activities.broker.session import BrokerSession
from domain.contract import Quote
from domain.errors import AlertladderError, RetryableError

log = logging.getLogger(__name__)
_TOKENS = "/api-quote-tokens"
_CONFLATE = 0.05  # seconds: the feed sends changes of a symbol at most this often
_CONNECT_WITHIN = 10.0  # seconds
_PROBE_AFTER = 15.0  # seconds of silence
_PROBE_WITHIN = 3.0  # seconds
_PROBED = "SPY"  # its profile hardly changes and is always there, market open or closed
_CANCEL_HEARD_WITHIN = 0.5  # seconds
_PAUSES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # seconds before the next connection
_STEADY = timedelta(seconds=30)  # a connection that held so long starts the pauses anew
_MOST_SYMBOLS = 400  # subscriptions of several hundred in one message fail (tastyware/tastytrade#137)
# What the SDK is known to let out of its reader: its own errors, the socket's, and those of a message it can't take.
_LOST = (TastytradeError, AlertladderError, HTTPXWSException, httpx2.HTTPError, OSError, TimeoutError)
_GARBLED = (ValueError, KeyError, IndexError, TypeError)


class QuoteStream:
    """The stream and what it last said. It starts with the first question; `close` ends it."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._held: dict[str, Quote] = {}
        self._wanted: dict[str, None] = {}  # the least recently asked first
        self._unasked: set[str] = set()
        self._subscribed: set[str] = set()
        self._news = asyncio.Event()
        self._suspected = asyncio.Event()
        self._waiting: dict[str, set[asyncio.Future[Quote]]] = {}
        self._heard_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self.connections = 0

    async def fresh(self, symbol: str, max_age: timedelta, wait: timedelta) -> Quote | None:
        """A quote no older than `max_age`, or the one that the feed sends within `wait` when asked for it anew."""
        self._start()
        held = self._held.get(symbol)
        if held is not None and self._clock() - held.at <= max_age:
            return held
        return await self._ask(symbol, wait)

    def expect(self, symbol: str) -> None:
        """Somebody will ask for it soon."""
        self._start()
        if symbol not in self._wanted:
            self._want(symbol)

    def last(self, symbol: str) -> Quote | None:
        """The newest quote, however old."""
        return self._held.get(symbol)

    def suspect(self) -> None:
        """Somebody else has a quote that the stream should have had: find out whether it still lives."""
        self._suspected.set()

    async def close(self) -> None:
        """End the connection."""
        # A cancel that meets the SDK's task group as it ends for another reason is swallowed: ask until it is heard.
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_CANCEL_HEARD_WITHIN)

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _ask(self, symbol: str, wait: timedelta) -> Quote | None:
        """Subscribe, or subscribe again: either way the feed answers with what it has now."""
        answer: asyncio.Future[Quote] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(symbol, set())
        waiting.add(answer)
        self._want(symbol)
        try:
            async with asyncio.timeout(wait.total_seconds()):
                return await answer
        except TimeoutError:
            return None
        finally:
            waiting.discard(answer)
            if not waiting and self._waiting.get(symbol) is waiting:
                del self._waiting[symbol]

    def _want(self, symbol: str) -> None:
        self._wanted.pop(symbol, None)
        self._wanted[symbol] = None
        self._unasked.add(symbol)
        self._news.set()

    async def _run(self) -> None:
        """Connections one after the other, for ever."""
        failures = 0
        while True:
            began = self._clock()
            try:
                await self._connect()
            except* _LOST as group:
                log.warning("the quote stream is lost: %s", _told(group))
            except* _GARBLED as group:
                log.warning("the quote stream said what can't be read: %s", _told(group))
            failures = 0 if self._clock() - began > _STEADY else failures + 1
            pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  spreads reconnects, guards nothing

    async def _connect(self) -> None:
        """One connection, from handshake to loss. The SDK's streamer must be left by the task that entered it."""
        async with AsyncExitStack() as stack:
            streamer = DXLinkStreamer(self._session.sdk)
            stack.callback(_release, streamer)
            async with asyncio.timeout(_CONNECT_WITHIN):  # a peer that says nothing would hold the handshake for ever
                await self._session.read(_TOKENS, Family.LOGIN)  # renews a refused login, which the SDK would not
                await stack.enter_async_context(streamer)
            self.connections += 1
            self._subscribed = set()
            self._unasked = set(self._wanted)
            self._news.set()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(streamer))
                tasks.create_task(self._subscribe(streamer))
                tasks.create_task(self._probe(streamer))

    async def _listen(self, streamer: DXLinkStreamer) -> None:
        async for event in streamer.listen(DxQuote):
            self._hear(event)

    def _hear(self, event: DxQuote) -> None:
        symbol = event.event_symbol
        self._heard_at = asyncio.get_running_loop().time()
        quote = Quote(
            symbol=symbol,
            bid=price_or_none(event.bid_price),
            ask=price_or_none(event.ask_price),
            bid_size=size_or_zero(event.bid_size),
            ask_size=size_or_zero(event.ask_size),
            at=self._clock(),
        )
        self._held[symbol] = quote
        for answer in self._waiting.pop(symbol, ()):
            if not answer.done():
                answer.set_result(quote)

    async def _subscribe(self, streamer: DXLinkStreamer) -> None:
        """Ask for what is wanted, all that piled up in one message; let go of what nobody asked for lately."""
        while True:
            await self._news.wait()
            self._news.clear()
            asked, self._unasked = self._unasked, set()
            for symbol in list(self._wanted)[:-_MOST_SYMBOLS]:
                del self._wanted[symbol]
                self._held.pop(symbol, None)
            gone = self._subscribed - self._wanted.keys()
            if drop := gone | (asked & self._subscribed):
                await streamer.unsubscribe(DxQuote, drop)
            if asked := asked & self._wanted.keys():
                await streamer.subscribe(DxQuote, asked, _CONFLATE)
            self._subscribed = (self._subscribed - gone) | asked

    async def _probe(self, streamer: DXLinkStreamer) -> None:
        """Prove that the peer lives when it is silent or suspected. RetryableError when it doesn't answer."""
        loop = asyncio.get_running_loop()
        self._suspected.clear()
        await streamer.subscribe(Profile, [_PROBED])
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PROBE_AFTER):
                    await self._suspected.wait()
            if not self._suspected.is_set() and loop.time() - self._heard_at < _PROBE_AFTER:
                continue
            while streamer.get_event_nowait(Profile):
                pass  # only what comes from here on proves anything
            await streamer.unsubscribe(Profile, [_PROBED])
            await streamer.subscribe(Profile, [_PROBED])
            try:
                async with asyncio.timeout(_PROBE_WITHIN):
                    await streamer.get_event(Profile)
            except TimeoutError:
                raise RetryableError("it does not answer") from None
            self._suspected.clear()
            self._heard_at = loop.time()


def _release(streamer: DXLinkStreamer) -> None:
    """Close the queues that the SDK's streamer leaves open."""
    for sender in streamer._send.values():
        sender.close()
    for receiver in streamer._recv.values():
        receiver.close()


def _told(group: BaseExceptionGroup[Any]) -> str:
    """Kinds and words of all errors inside; nested groups are how the SDK's tasks report."""
    told = [
        _told(error) if isinstance(error, BaseExceptionGroup) else f"{type(error).__name__}: {error}"
        for error in group.exceptions
    ]
    return "; ".join(told)
