"""Quotes by REST, for what the stream does not say: one-sided markets, and everything while it is down.

Two requests a second are allowed, of a hundred symbols each; so the questions of a burst share requests.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from activities.broker.limits import Family
from activities.broker.records import price_or_none, size_or_zero
from activities.broker.session import BrokerSession
from domain.contract import Contract, InstrumentType, Quote, Underlying
from domain.errors import AlertladderError, RetryableError

_PATH = "/market-data/by-type"
_MOST_SYMBOLS = 100
_PATIENCE = timedelta(seconds=3)
_KEYS = {
    InstrumentType.EQUITY: "equity",
    InstrumentType.EQUITY_OPTION: "equity-option",
    InstrumentType.FUTURE: "future",
}


class RestQuotes:
    """Questions in, shared requests out."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._waiting: dict[str, tuple[str, asyncio.Future[Quote | None]]] = {}
        self._sender: asyncio.Task[None] | None = None

    async def read(self, contract: Contract | Underlying) -> Quote | None:
        """The quote of one contract; None when the broker has none. RetryableError when it can't be asked."""
        if contract.symbol not in self._waiting:
            future = asyncio.get_running_loop().create_future()
            self._waiting[contract.symbol] = (_key(contract), future)
        answer = self._waiting[contract.symbol][1]
        if self._sender is None or self._sender.done():
            self._sender = asyncio.get_running_loop().create_task(self._send())
        return await asyncio.shield(answer)

    async def close(self) -> None:
        """Stop asking."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    async def _send(self) -> None:
        """One request after the other while anybody waits. What is asked while pacing holds one back goes with it."""
        while self._waiting:
            batch: dict[str, tuple[str, asyncio.Future[Quote | None]]] = {}
            try:
                await self._session.pacing.take(Family.QUOTES, _PATIENCE)
                batch = self._next_batch()
                quotes = await self._request(batch)
            except AlertladderError as error:
                for _, answer in (batch or self._next_batch()).values():
                    answer.set_exception(RetryableError(str(error)))
                    answer.exception()  # whoever waited may have left
                continue
            for symbol, (_, answer) in batch.items():
                answer.set_result(quotes.get(symbol))

    def _next_batch(self) -> dict[str, tuple[str, asyncio.Future[Quote | None]]]:
        return {symbol: self._waiting.pop(symbol) for symbol in list(self._waiting)[:_MOST_SYMBOLS]}

    async def _request(self, batch: dict[str, tuple[str, asyncio.Future[Quote | None]]]) -> dict[str, Quote]:
        asked = [(key, symbol) for symbol, (key, _) in batch.items()]
        reply = await self._session.read(_PATH, None, asked)
        rows = [row for row in reply.items or () if isinstance(row, dict) and row.get("symbol") in batch]
        return {row["symbol"]: self._quote(row) for row in rows}

    def _quote(self, row: dict[str, Any]) -> Quote:
        return Quote(
            symbol=row["symbol"],
            bid=price_or_none(row.get("bid")),
            ask=price_or_none(row.get("ask")),
            bid_size=size_or_zero(row.get("bid-size")),
            ask_size=size_or_zero(row.get("ask-size")),
            at=self._clock(),
            source="rest",
        )


def _key(contract: Contract | Underlying) -> str:
    """The word of the request under which the broker has it."""
    if isinstance(contract, Contract):
        return _KEYS[contract.instrument_type]
    return "index" if contract.is_index else "equity"
