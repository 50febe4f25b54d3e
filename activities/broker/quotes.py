"""The newest quote of a contract: from the stream when it has a fresh one, else from REST."""

from collections.abc import Callable
from datetime import datetime, timedelta

from activities.broker.quote_stream import QuoteStream
from activities.broker.rest_quotes import RestQuotes
from activities.broker.session import BrokerSession
from domain.contract import Contract, Quote, Underlying
from domain.errors import RetryableError

# The stream speaks only when a quote changes. One that is older may still hold, or its market may have lost a side, or
# the stream may be dead: so it is asked for again.
_FRESH = timedelta(seconds=1)
_STREAM_WAIT = timedelta(milliseconds=300)


class QuoteFeed:
    """Quotes for one worker process."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime]) -> None:
        self.stream = QuoteStream(session, clock)
        self._rest = RestQuotes(session, clock)

    async def newest(self, contract: Contract | Underlying, wait: timedelta = _STREAM_WAIT) -> Quote | None:
        """The newest quote, by the contract's order symbol; None when neither source has one.

        RetryableError when REST can't be asked and the stream never said anything. An old quote of the stream is given
        when it is all there is: `at` tells.
        """
        quote = await self.stream.fresh(contract.streamer_symbol, _FRESH, wait)
        if quote is None:
            quote = await self._without_stream(contract)
        return quote and quote.model_copy(update={"symbol": contract.symbol})

    def expect(self, contract: Contract) -> None:
        """A question will follow: have the answer by then."""
        self.stream.expect(contract.streamer_symbol)

    async def close(self) -> None:
        """End the stream."""
        await self.stream.close()
        await self._rest.close()

    async def _without_stream(self, contract: Contract | Underlying) -> Quote | None:
        try:
            quote = await self._rest.read(contract)
        except RetryableError:
            if (held := self.stream.last(contract.streamer_symbol)) is None:
                raise
            return held
        if quote is not None and quote.is_two_sided:
            self.stream.suspect()
        return quote
