"""Watching prices for a trade until one reaches one of its levels: by the stream, and confirmed before it counts."""

import asyncio
import logging
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.broker.quotes import QuoteFeed
from activities.broker.underlying import Underlyings
from activities.interfaces import PriceActivities
from domain.contract import Contract, Quote, Underlying
from domain.errors import AlertladderError
from domain.protection import Level, PriceReached, PriceWatch

log = logging.getLogger(__name__)
_LOOK_EVERY = 0.5  # seconds: the stream's last word costs nothing
_ASK_EVERY = 15.0  # seconds: whether the stream, or its silence, still holds
_PATIENCE = 3.0  # seconds: the underlying must not hold up what is waited for beside it


class _Market(NamedTuple):
    """What a watch looks at now; None: nothing is waited for there, or nobody can tell."""

    own: Contract | None
    underlying: Underlying | None


class _Prices(NamedTuple):
    own: Decimal | None
    underlying: Decimal | None


class PriceWatcher(PriceActivities):
    """The watches of one worker process, on its quotes."""

    def __init__(self, quotes: QuoteFeed, underlyings: Underlyings) -> None:
        self._quotes = quotes
        self._underlyings = underlyings

    @activity.defn(name="watch_price")
    async def watch_price(self, asked: PriceWatch) -> PriceReached:
        """Return when the middle of the market has reached a level, and held it. Heartbeats with the best price."""
        watch = asked
        for best in activity.info().heartbeat_details[:1]:
            watch = watch if best is None else watch.at_best(Decimal(str(best)))
        stopping = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            while not stopping.done():
                looking = asyncio.ensure_future(self._look(watch))
                await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not looking.done():
                    looking.cancel()
                    break
                found = looking.result()
                if isinstance(found, PriceReached):
                    return found
                watch = found
        finally:
            stopping.cancel()
        message = "the worker stops; another one goes on watching"
        raise ApplicationError(message, type="Retryable", category=ApplicationErrorCategory.BENIGN)

    async def _look(self, watch: PriceWatch) -> PriceWatch | PriceReached:
        """One stretch between two questions to the broker: what was seen, or the level that was reached."""
        market = await self._market(watch)
        prices = await self._asked(market)
        loop = asyncio.get_running_loop()
        ask_at = loop.time() + _ASK_EVERY
        while loop.time() < ask_at:
            levels = watch.all_reached_by(*prices)
            for level in levels:  # each is confirmed: one that nobody can confirm must not hide another
                if (held := await self._holds(watch, level)) is not None:
                    return PriceReached(level=level, price=held, best=watch.best)
            if prices.own is not None and all(level.is_on_underlying for level in levels):
                watch = watch.at_best(prices.own)
            await self._pause(watch, _LOOK_EVERY)
            prices = self._last(market)
        return watch

    async def _holds(self, watch: PriceWatch, level: Level) -> Decimal | None:
        """Ask the broker anew, at once and after a while: the price, if the level held; one odd quote is none."""
        price = None
        for pause in (timedelta(0), watch.confirm):
            await self._pause(watch, pause.total_seconds())
            prices = await self._asked_about(level, watch.contract)
            if level not in watch.all_reached_by(*prices):
                return None
            price = prices.underlying if level.is_on_underlying else prices.own
        return price

    async def _asked_about(self, level: Level, contract: Contract) -> _Prices:
        if level.is_on_underlying:
            return _Prices(None, await self._newest_soon(await self._underlying(contract)))
        return _Prices(await self._newest(contract), None)

    async def _pause(self, watch: PriceWatch, seconds: float) -> None:
        """Sleep, and say that somebody watches: a worker that died is noticed by its silence."""
        ends = asyncio.get_running_loop().time() + seconds
        while True:
            activity.heartbeat(None if watch.best is None else str(watch.best))
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_EVERY))

    async def _market(self, watch: PriceWatch) -> _Market:
        """Where its levels are: the underlying counts while the option's own market is open."""
        underlying = await self._underlying(watch.contract) if watch.watches_underlying else None
        return _Market(watch.contract if watch.watches_own else None, underlying)

    async def _underlying(self, contract: Contract) -> Underlying | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._underlyings.now(contract)
        except (AlertladderError, TimeoutError) as error:
            log.warning("nobody can tell what %s is an option on: %s", contract, error)
            return None

    async def _asked(self, market: _Market) -> _Prices:
        """The newest prices, both at once."""
        return _Prices(*await asyncio.gather(self._newest(market.own), self._newest_soon(market.underlying)))

    async def _newest_soon(self, watched: Underlying | None) -> Decimal | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._newest(watched)
        except TimeoutError:
            log.warning("no quote of %s to watch in time", watched)
            return None

    async def _newest(self, watched: Contract | Underlying | None) -> Decimal | None:
        if watched is None:
            return None
        try:
            return _price(await self._quotes.newest(watched))
        except AlertladderError as error:
            log.warning("no quote of %s to watch: %s", watched, error)
            return None

    def _last(self, market: _Market) -> _Prices:
        """What the stream said last, however long ago: nothing has changed since."""
        last = self._quotes.stream.last
        own, underlying = (_price(None if one is None else last(one.streamer_symbol)) for one in market)
        return _Prices(own, underlying)


def _price(quote: Quote | None) -> Decimal | None:
    """The middle of a market with both sides; anything else tells nothing."""
    if quote is None or not quote.is_two_sided or quote.is_crossed:
        return None
    return quote.mid
