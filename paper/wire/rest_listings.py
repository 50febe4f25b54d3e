"""The broker's REST routes for shares, their options and option chains."""

from collections.abc import Callable
from datetime import date

from aiohttp import web

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.listings.catalogue import UNDERLYINGS
from paper.refusals import NotFoundError
from paper.wire.answers import OnceADay, listed, one, page
from paper.wire.listing_json import equity_json, nested_json, option_json
from paper.wire.order_json import Json

_LIST_PAGE = 250
_ACTIVE_PAGE = 1000


class ListingRoutes:
    """/instruments/equities, /instruments/equity-options and /option-chains."""

    def __init__(self, exchange: Exchange) -> None:
        self._listings = exchange.listings
        self._chains = OnceADay()

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/instruments/equities", self._equities),
            web.get("/instruments/equities/active", self._active_equities),
            web.get("/instruments/equities/{symbol}", self._equity),
            web.get("/instruments/equity-options", self._options),
            web.get("/instruments/equity-options/{symbol}", self._option),
            web.get("/option-chains/{symbol}", self._chain),
            web.get("/option-chains/{symbol}/nested", self._nested),
        ]

    async def _equities(self, request: web.Request) -> web.Response:
        wanted = request.query.getall("symbol[]", [])
        found = [UNDERLYINGS[symbol] for symbol in wanted or UNDERLYINGS if symbol in UNDERLYINGS]
        rows = [equity_json(underlying) for underlying in found]
        return page(request, [row for row in rows if _is_wanted(row, request)], _LIST_PAGE)

    async def _active_equities(self, request: web.Request) -> web.Response:
        rows = [equity_json(underlying) for underlying in UNDERLYINGS.values()]
        return page(request, [row for row in rows if _is_wanted(row, request)], _ACTIVE_PAGE)

    async def _equity(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        if symbol not in UNDERLYINGS:
            raise NotFoundError(f"Equity {symbol}")
        return one(request, equity_json(UNDERLYINGS[symbol]))

    async def _options(self, request: web.Request) -> web.Response:
        rows = [self._option_json(symbol) for symbol in request.query.getall("symbol[]", [])]
        return listed(request, [row for row in rows if row is not None])

    async def _option(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        row = self._option_json(symbol)
        if row is None:
            raise NotFoundError(f"Equity Option {symbol}")
        return one(request, row)

    async def _chain(self, request: web.Request) -> web.Response:
        return self._once_a_day(request, self._flat)

    async def _nested(self, request: web.Request) -> web.Response:
        return self._once_a_day(request, self._nested_rows)

    def _flat(self, underlying: str, today: date) -> list[Json]:
        chain = self._listings.chain(underlying)
        return [option_json(option, today) for series in chain for option in series.options()]

    def _nested_rows(self, underlying: str, today: date) -> list[Json]:
        return nested_json(self._listings.chain(underlying), today)

    def _once_a_day(self, request: web.Request, write: Callable[[str, date], list[Json]]) -> web.Response:
        underlying, today = request.match_info["symbol"], self._listings.today
        if not self._listings.chain(underlying):
            raise NotFoundError(f"option chain for {underlying}")
        return self._chains.answer(request, today, lambda: {"items": write(underlying, today)})

    def _option_json(self, symbol: str) -> Json | None:
        option = self._listings.find(symbol)
        if option is None or option.instrument_type is not InstrumentType.EQUITY_OPTION:
            return None
        return option_json(option, self._listings.today)


def _is_wanted(row: Json, request: web.Request) -> bool:
    """Whether a share passes the filters of the query."""
    asked = {key: request.query.get(key) for key in ("is-index", "is-etf")}
    flags = all(text is None or row[key] is (text.lower() == "true") for key, text in asked.items())
    return flags and request.query.get("lendability", row["lendability"]) == row["lendability"]
