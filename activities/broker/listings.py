"""Finding the contract that an alert names among what the broker lists, with its tick schedule from the broker."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from activities.broker.session import BrokerSession, Json
from domain.alert import OptionType
from domain.broker import ContractListing
from domain.contract import Contract, ContractQuery, InstrumentType
from domain.errors import RefusedError
from domain.refusals import Refusal, RefusalCode
from domain.symbols import INDEX_ROOTS, parse_occ, plain
from domain.ticks import Tick, TickSchedule

_NEW_YORK = ZoneInfo("America/New_York")
_CLOSE = 16  # o'clock in New York; the chain's nested form does not tell when a contract stops trading
_SHARES = 100
_NEAREST = 3


class BrokerListings:
    """The broker's instruments. Chains are kept for their New York day: the second alert costs no request."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._session = session
        self._clock = clock
        self._day = date.min
        self._kept: dict[str, asyncio.Future[Json]] = {}

    async def find(self, query: ContractQuery) -> ContractListing:
        """The contract, or a refusal. RetryableError when the broker can't be asked."""
        try:
            if query.symbol.startswith("/"):
                return await self._future(query)
            if query.strike is None or query.expiry is None or query.option_type is None:
                return await self._equity(query)
            return await self._option(query, query.strike, query.expiry, query.option_type)
        except RefusedError as error:
            return _refused(RefusalCode.UNKNOWN_SYMBOL, f"{query.symbol}: {error.message}")

    async def _option(
        self, query: ContractQuery, strike: Decimal, expiry: date, option_type: OptionType
    ) -> ContractListing:
        underlying = _underlying(query.symbol)
        chain = await self._once_a_day(f"/option-chains/{quote(underlying, safe='')}/nested")
        roots = [root for root in chain["data"]["items"] if _is_standard(root)]
        if not roots:
            return _refused(RefusalCode.UNKNOWN_SYMBOL, f"{query.symbol} has no standard options")
        listed = [(root, series) for root in roots for series in root["expirations"] if _day(series) == expiry]
        if not listed:
            days = {_day(series) for root in roots for series in root["expirations"]}
            return _refused(RefusalCode.EXPIRY_NOT_LISTED, f"{expiry}; listed nearest: {_nearest_days(days, expiry)}")
        root, series = max(listed, key=lambda pair: _preference(query.symbol, *pair))
        row = next((row for row in series["strikes"] if Decimal(str(row["strike-price"])) == strike), None)
        if row is None:
            near = _nearest_strikes([Decimal(str(row["strike-price"])) for row in series["strikes"]], strike)
            return _refused(RefusalCode.STRIKE_NOT_LISTED, f"{plain(strike)}; listed nearest: {near}")
        return ContractListing(contract=_option_contract(root, series, row, underlying, strike, option_type))

    async def _equity(self, query: ContractQuery) -> ContractListing:
        symbol = _underlying(query.symbol)
        answer = await self._once_a_day(f"/instruments/equities/{quote(symbol, safe='')}")
        raw = answer["data"]
        if raw.get("is-index") or raw.get("is-closing-only") or not raw.get("active", True):
            return _refused(RefusalCode.NOT_TRADEABLE, symbol)
        return ContractListing(
            contract=Contract(
                symbol=raw["symbol"],
                streamer_symbol=raw.get("streamer-symbol") or raw["symbol"],
                instrument_type=InstrumentType.EQUITY,
                underlying=raw["symbol"],
                multiplier=Decimal(1),
                ticks=_ticks(raw.get("tick-sizes") or [{"value": "0.01"}]),
            )
        )

    async def _future(self, query: ContractQuery) -> ContractListing:
        root, contract = _future_root(query.symbol)
        answer = await self._once_a_day("/instruments/futures", {"product-code[]": root})
        raws = answer["data"]["items"]
        if contract:
            found = [raw for raw in raws if raw["symbol"] == query.symbol]
        else:
            found = [raw for raw in raws if raw.get("active-month")] or [
                raw for raw in raws if raw.get("next-active-month")
            ]
        if not found:
            return _refused(RefusalCode.UNKNOWN_SYMBOL, query.symbol)
        raw = found[0]
        if raw.get("is-closing-only") or not raw.get("is-tradeable", True):
            return _refused(RefusalCode.NOT_TRADEABLE, raw["symbol"])
        return ContractListing(contract=_future_contract(raw))

    async def _once_a_day(self, path: str, params: Json | None = None) -> Json:
        """Read a path once per New York day, however many ask at the same time; a failure is not kept."""
        today = self._clock().astimezone(_NEW_YORK).date()
        if today != self._day:
            self._day = today
            self._kept.clear()
        key = f"{path}?{params}"
        if key not in self._kept:
            self._kept[key] = asyncio.ensure_future(self._session.read(path, params))
            self._kept[key].add_done_callback(lambda read: self._forget_failed(key, read))
        return await asyncio.shield(self._kept[key])

    def _forget_failed(self, key: str, read: "asyncio.Future[Json]") -> None:
        if read.cancelled() or read.exception() is not None:
            self._kept.pop(key, None)


def _underlying(symbol: str) -> str:
    """The broker's underlying: BRK.B is BRK/B, SPXW is SPX."""
    return INDEX_ROOTS.get(symbol, symbol).replace(".", "/")


def _future_root(symbol: str) -> tuple[str, bool]:
    """The product code, and whether a contract month was named: "/ES" -> ES, "/ESZ6" -> ES."""
    body = symbol.removeprefix("/")
    named = len(body) > 2 and body[-1].isdigit() and body[-2].isalpha()
    return (body[:-2], True) if named else (body, False)


def _is_standard(root: Json) -> bool:
    return root.get("option-chain-type") == "Standard" and int(root.get("shares-per-contract") or 0) == _SHARES


def _preference(asked: str, root: Json, series: Json) -> tuple[bool, bool]:
    """Of several roots on one day: the one that was asked for by name, else the one that settles in the afternoon."""
    return root["root-symbol"] == asked and asked in INDEX_ROOTS, series.get("settlement-type") == "PM"


def _option_contract(
    root: Json, series: Json, row: Json, underlying: str, strike: Decimal, option_type: OptionType
) -> Contract:
    symbol = row[option_type.value]
    parsed = parse_occ(symbol)
    expiry = _day(series)
    return Contract(
        symbol=symbol,
        streamer_symbol=row.get(f"{option_type.value}-streamer-symbol") or (parsed.streamer if parsed else symbol),
        instrument_type=InstrumentType.EQUITY_OPTION,
        underlying=underlying,
        multiplier=Decimal(_SHARES),
        ticks=_ticks(root["tick-sizes"]),
        expiry=expiry,
        expires_at=datetime(expiry.year, expiry.month, expiry.day, _CLOSE, tzinfo=_NEW_YORK),
        strike=strike,
        option_type=option_type,
    )


def _future_contract(raw: Json) -> Contract:
    sizes = raw.get("tick-sizes") or [{"value": raw["tick-size"]}]
    return Contract(
        symbol=raw["symbol"],
        streamer_symbol=raw["streamer-symbol"],
        instrument_type=InstrumentType.FUTURE,
        underlying=f"/{raw['product-code']}",
        multiplier=Decimal(str(raw["notional-multiplier"])),
        ticks=_ticks(sizes),
        expiry=date.fromisoformat(raw["expiration-date"]),
        expires_at=_moment(raw.get("stops-trading-at")),
    )


def _ticks(sizes: Sequence[Json]) -> TickSchedule:
    ticks = [Tick(value=Decimal(str(size["value"])), threshold=_decimal(size.get("threshold"))) for size in sizes]
    return TickSchedule(
        ticks=tuple(
            sorted(ticks, key=lambda tick: tick.threshold if tick.threshold is not None else Decimal("Infinity"))
        )
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(series: Json) -> date:
    return date.fromisoformat(series["expiration-date"])


def _nearest_days(days: Iterable[date], wanted: date) -> str:
    nearest = sorted(sorted(days, key=lambda day: abs((day - wanted).days))[:_NEAREST])
    return ", ".join(str(day) for day in nearest)


def _nearest_strikes(strikes: Iterable[Decimal], wanted: Decimal) -> str:
    nearest = sorted(sorted(strikes, key=lambda strike: abs(strike - wanted))[:_NEAREST])
    return ", ".join(plain(strike) for strike in nearest)


def _refused(code: RefusalCode, detail: str) -> ContractListing:
    return ContractListing(refusal=Refusal(code=code, detail=detail))
