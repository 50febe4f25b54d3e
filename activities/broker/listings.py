"""From what an alert says of an instrument to the contract that the broker lists, or the reason why there is none.

Chains, shares and futures are read once a day for each underlying, so only the first alert in a name costs a request.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from activities.broker import trading_days
from activities.broker.chains import Chain, read_chain, tick_schedule
from activities.broker.daily import DailyReadings
from activities.broker.limits import Family
from activities.broker.records import number
from activities.broker.replies import Json
from activities.broker.session import BrokerSession
from domain.broker import ContractListing
from domain.contract import Contract, ContractQuery, InstrumentType, Underlying
from domain.errors import RefusedError, RetryableError
from domain.refusals import Refusal, RefusalCode
from domain.symbols import broker_symbol
from domain.ticks import TickSchedule

_FUTURE = re.compile(r"/(?P<product>[A-Z0-9]{1,4}?)(?:(?P<month>[FGHJKMNQUVXZ])(?P<year>\d{1,2}))?")
# Exchanges add strikes in the course of a day: a miss in a reading of this age is looked at again.
_MISS_HOLDS = timedelta(minutes=5)
_WORTH_A_SECOND_LOOK = (RefusalCode.EXPIRY_NOT_LISTED, RefusalCode.STRIKE_NOT_LISTED)


class Listings:
    """What the broker lists. RetryableError when it could not be asked."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._chains: DailyReadings[Chain] = DailyReadings(clock)
        self._equities: DailyReadings[Json] = DailyReadings(clock)
        self._futures: DailyReadings[list[Json]] = DailyReadings(clock)

    async def find(self, query: ContractQuery) -> ContractListing:
        """The contract of an alert."""
        symbol = query.symbol.upper()
        asked = query.model_copy(update={"symbol": symbol})
        try:
            if symbol.startswith("/"):
                return await self._find_future(asked)
            if query.strike is None:
                return await self._find_equity(broker_symbol(symbol))
            return await self._find_option(asked)
        except RefusedError as error:
            return _refused(RefusalCode.UNKNOWN_SYMBOL, f"{query.symbol}; {error}")

    async def underlying(self, contract: Contract) -> Underlying:
        """What a contract is an option on, under the broker's symbols for it."""
        symbol = contract.underlying
        share = await self._equity_or_nothing(symbol)
        streamer = share.get("streamer-symbol") or symbol
        return Underlying(symbol=symbol, streamer_symbol=streamer, is_index=share.get("is-index") is True)

    async def _find_option(self, query: ContractQuery) -> ContractListing:
        underlying = broker_symbol(query.symbol)
        listing = await self._pick(underlying, query)
        missed = listing.refusal is not None and listing.refusal.code in _WORTH_A_SECOND_LOOK
        if missed and self._chains.forget(underlying, _MISS_HOLDS):
            listing = await self._pick(underlying, query)
        return listing

    async def _pick(self, underlying: str, query: ContractQuery) -> ContractListing:
        share, chain = await asyncio.gather(
            self._equity_or_nothing(underlying), self._chains.get(underlying, lambda: self._read_chain(underlying))
        )
        if not chain.series:
            return _refused(RefusalCode.NOT_TRADEABLE, f"{underlying} has no standard options")
        for flag in ("is-closing-only", "is-options-closing-only"):
            if share.get(flag) is True:
                return _refused(RefusalCode.NOT_TRADEABLE, f"options on {underlying}: {flag}")
        picked = chain.pick(query, self._clock())
        return picked.model_copy(update={"on_index": share.get("is-index") is True})

    async def _read_chain(self, underlying: str) -> Chain:
        reply = await self._session.read(f"/option-chains/{quote(underlying, safe='')}/nested", Family.CHAINS)
        share = await self._equity_or_nothing(underlying)
        if not reply.items:
            raise RefusedError("empty_chain", f"no options on {underlying}")
        return read_chain(underlying, reply.items, _schedule(share.get("option-tick-sizes")))

    async def _find_equity(self, symbol: str) -> ContractListing:
        share = await self._equity(symbol)
        if share.get("is-index") is True:
            return _refused(RefusalCode.NOT_TRADEABLE, f"{symbol} is an index")
        if share.get("is-closing-only") is True or share.get("active") is False:
            return _refused(RefusalCode.NOT_TRADEABLE, f"{symbol} may only be closed")
        ticks = _schedule(share.get("tick-sizes"))
        if ticks is None:
            return _refused(RefusalCode.NOT_TRADEABLE, f"{symbol} has no tick sizes")
        return ContractListing(
            contract=Contract(
                symbol=symbol,
                streamer_symbol=share.get("streamer-symbol") or symbol,
                instrument_type=InstrumentType.EQUITY,
                underlying=symbol,
                multiplier=Decimal(1),
                ticks=ticks,
            )
        )

    async def _find_future(self, query: ContractQuery) -> ContractListing:
        asked = _FUTURE.fullmatch(query.symbol)
        if asked is None:
            return _refused(RefusalCode.UNKNOWN_SYMBOL, query.symbol)
        if query.strike is not None:
            return _refused(RefusalCode.NOT_TRADEABLE, "options on futures are not traded")
        product = asked["product"]
        months = await self._futures.get(product, lambda: self._read_futures(product))
        today = self._clock().astimezone(trading_days.NEW_YORK).date()
        is_named = bool(asked["month"])
        named = [month for month in months if _is_month(month, asked)] if is_named else _active_first(months, today)
        if not named:
            listed = ", ".join(sorted(str(month.get("symbol")) for month in months))
            return _refused(RefusalCode.EXPIRY_NOT_LISTED, f"{query.symbol}; listed: {listed}")
        return _future_listing(named[0], product, today)

    async def _read_futures(self, product: str) -> list[Json]:
        reply = await self._session.read("/instruments/futures", Family.FUTURES, {"product-code[]": product})
        months = [month for month in reply.items or () if isinstance(month, dict)]
        if not months:
            raise RefusedError("no_such_product", f"no futures of /{product}")
        return months

    async def _equity(self, symbol: str) -> Json:
        async def read() -> Json:
            path = f"/instruments/equities/{quote(symbol, safe='')}"
            return (await self._session.read(path, Family.EQUITIES)).data

        return await self._equities.get(symbol, read)

    async def _equity_or_nothing(self, symbol: str) -> Json:
        """An underlying's own record is a second opinion: a chain without it still counts."""
        return await _or(self._equity(symbol), {})


async def _or(reading: Awaitable[Json], otherwise: Json) -> Json:
    try:
        return await reading
    except RefusedError:
        return otherwise


def _active_first(months: Iterable[Json], today: date) -> list[Json]:
    """The month that trades most, and the one that takes over when that may only be closed."""
    marked = [month for key in ("active-month", "next-active-month") for month in months if month.get(key) is True]
    return sorted(marked, key=lambda month: not _may_be_opened(month, today))


def _is_month(month: Json, asked: "re.Match[str]") -> bool:
    """Order symbols carry one digit of the year, some venues' two."""
    found = _FUTURE.fullmatch(str(month.get("symbol")))
    if found is None or found["month"] != asked["month"] or found["product"] != asked["product"]:
        return False
    return bool(found["year"][-1] == asked["year"][-1])


def _may_be_opened(month: Json, today: date) -> bool:
    """From its first notice on, whoever is long may be delivered to: the broker lets such a month be closed only."""
    days = [day for key in ("closing-only-date", "first-notice-date") if (day := month.get(key))]
    if any(str(day) <= today.isoformat() for day in days):
        return False
    return month.get("is-closing-only") is not True and month.get("is-tradeable") is not False


def _future_listing(month: Json, product: str, today: date) -> ContractListing:
    symbol = str(month.get("symbol"))
    if not _may_be_opened(month, today) or month.get("active") is False:
        return _refused(RefusalCode.NOT_TRADEABLE, f"{symbol} may only be closed")
    try:
        ends = datetime.fromisoformat(month.get("stops-trading-at") or month["expires-at"])
        contract = Contract(
            symbol=symbol,
            streamer_symbol=month["streamer-symbol"],
            instrument_type=InstrumentType.FUTURE,
            underlying=f"/{product}",
            multiplier=number(month["notional-multiplier"]),
            ticks=tick_schedule(month.get("tick-sizes")) or TickSchedule.flat(month["tick-size"]),
            expiry=ends.date(),
            expires_at=ends,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise RetryableError(f"the record of {symbol} is unreadable: {error!r}") from error
    return ContractListing(contract=contract)


def _schedule(raw: Any) -> TickSchedule | None:
    try:
        return tick_schedule(raw)
    except (KeyError, ValueError, TypeError):
        return None


def _refused(code: RefusalCode, detail: str) -> ContractListing:
    return ContractListing(refusal=Refusal(code=code, detail=detail))
