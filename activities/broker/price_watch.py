"""Watching a price for a trade until it reaches one of its levels: by the stream, and confirmed before it counts."""

import asyncio
import logging
from datetime import timedelta
from decimal import Decimal

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.broker.quotes import QuoteFeed
from activities.interfaces import PriceActivities
from domain.contract import Quote
from domain.errors import AlertladderError
from domain.protection import Level, PriceReached, PriceWatch

log = logging.getLogger(__name__)
_LOOK_EVERY = 0.5  # seconds: the stream's last word costs nothing
_ASK_EVERY = 15.0  # seconds: whether the stream, or its silence, still holds
_OLDEST = timedelta(seconds=5)


class PriceWatcher(PriceActivities):
    """The watches of one worker process, on its quotes."""

    def __init__(self, quotes: QuoteFeed) -> None:
        self._quotes = quotes

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
        quote = await self._asked(watch)
        loop = asyncio.get_running_loop()
        ask_at = loop.time() + _ASK_EVERY
        while loop.time() < ask_at:
            price = _price(quote)
            if price is not None:
                level = watch.reached_by(price)
                if level is not None and (held := await self._holds(watch, level)) is not None:
                    return PriceReached(level=level, price=held, best=watch.best)
                watch = watch if level is not None else watch.at_best(price)
            await self._pause(watch, _LOOK_EVERY)
            quote = self._quotes.stream.last(watch.contract.streamer_symbol)
        return watch

    async def _holds(self, watch: PriceWatch, level: Level) -> Decimal | None:
        """Ask the broker anew, at once and after a while: the price, if the level held; one odd quote is none."""
        price = None
        for pause in (timedelta(0), watch.confirm):
            await self._pause(watch, pause.total_seconds())
            price = _price(await self._asked(watch))
            if price is None or watch.reached_by(price) is not level:
                return None
        return price

    async def _pause(self, watch: PriceWatch, seconds: float) -> None:
        """Sleep, and say that somebody watches: a worker that died is noticed by its silence."""
        ends = asyncio.get_running_loop().time() + seconds
        while True:
            activity.heartbeat(None if watch.best is None else str(watch.best))
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_EVERY))

    async def _asked(self, watch: PriceWatch) -> Quote | None:
        try:
            return await self._quotes.newest(watch.contract)
        except AlertladderError as error:
            log.warning("no quote of %s to watch: %s", watch.contract, error)
            return None


def _price(quote: Quote | None) -> Decimal | None:
    """The middle of a market with both sides; anything else tells nothing."""
    if quote is None or not quote.is_two_sided or quote.is_crossed:
        return None
    return quote.mid
