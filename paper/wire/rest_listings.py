"""The broker's REST routes for what is listed: shares, options, chains and futures."""

from collections.abc import Callable
from datetime import date

from aiohttp import web

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.listings.instruments import FuturesMonth
from paper.refusals import NotFoundError
from paper.wire.answers import listed, one, page
from paper.wire.listing_json import equity_json, future_json, nested_json, option_json
from paper.wire.order_json import Json, dumps

_LIST_PAGE = 250


class ListingRoutes:
    """/instruments and /option-chains. A chain is written once a day: it is large, and asked for often."""

    def __init__(self, exchange: Exchange) -> None:
        self._listings = exchange.listings
        self._written: dict[tuple[str, date], bytes] = {}

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/instruments/equities", self._equities),
            web.get("/instruments/equities/active", self._equities),
            web.get("/instruments/equities/{symbol}", self._equity),
            web.get("/instruments/equity-options", self._options),
            web.get("/instruments/equity-options/{symbol}", self._option),
            web.get("/instruments/futures", self._futures),
            web.get("/instruments/futures/{symbol}", self._future),
            web.get("/option-chains/{symbol}", self._chain),
            web.get("/option-chains/{symbol}/nested", self._nested),
        ]

    async def _equities(self, request: web.Request) -> web.Response:
        wanted = request.query.getall("symbol[]", [])
        found = [UNDERLYINGS[symbol] for symbol in wanted or UNDERLYINGS if symbol in UNDERLYINGS]
        return page(request, [equity_json(underlying) for underlying in found], _LIST_PAGE)

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

    async def _futures(self, request: web.Request) -> web.Response:
        codes = [code.removeprefix("/") for code in request.query.getall("product-code[]", [])]
        symbols = [f"/{symbol.removeprefix('/')}" for symbol in request.query.getall("symbol[]", [])]
        months = [month for code in FUTURES for month in self._listings.months(code)]
        if symbols:
            months = [month for month in months if month.symbol in symbols]
        elif codes:
            months = [month for month in months if month.product.code in codes]
        return page(request, [future_json(month) for month in months], _LIST_PAGE)

    async def _future(self, request: web.Request) -> web.Response:
        symbol = f"/{request.match_info['symbol'].removeprefix('/')}"
        return one(request, future_json(self._month(symbol)))

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
        today, key = self._listings.today, (request.path, self._listings.today)
        if key not in self._written:
            items = write(request.match_info["symbol"], today)
            if not items:
                raise NotFoundError(f"option chain for {request.match_info['symbol']}")
            self._written = {known: text for known, text in self._written.items() if known[1] == today}
            self._written[key] = dumps({"data": {"items": items}, "context": request.path}).encode()
        return web.Response(body=self._written[key], content_type="application/json")

    def _option_json(self, symbol: str) -> Json | None:
        option = self._listings.find(symbol)
        if option is None or option.instrument_type is not InstrumentType.EQUITY_OPTION:
            return None
        return option_json(option, self._listings.today)

    def _month(self, symbol: str) -> FuturesMonth:
        months = [month for code in FUTURES for month in self._listings.months(code)]
        found = next((month for month in months if month.symbol == symbol), None)
        if found is None:
            raise NotFoundError(f"Future {symbol}")
        return found
