"""The broker's REST routes for futures and the options on them: products, months, single options, and chains."""

from collections.abc import Callable
from datetime import date

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.catalogue import FUTURES
from paper.listings.future_options import ROOTS, FutureSeries
from paper.listings.series import future_options
from paper.refusals import NotFoundError
from paper.wire.answers import OnceADay, listed, one, page
from paper.wire.futures_json import (
    EXCHANGE,
    future_json,
    future_option_json,
    future_product_json,
    nested_future_chain_json,
    option_product_json,
)
from paper.wire.order_json import Json

_LIST_PAGE = 250
_OPTION_PRODUCTS = {root: FUTURES[code] for code, roots in ROOTS.items() for root in roots}


class FutureRoutes:
    """/instruments/future..., and /futures-option-chains."""

    def __init__(self, exchange: Exchange) -> None:
        self._listings = exchange.listings
        self._chains = OnceADay()

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/instruments/futures", self._futures),
            web.get("/instruments/futures/{symbol}", self._future),
            web.get("/instruments/future-products", self._products),
            web.get("/instruments/future-products/{exchange}/{code}", self._product),
            web.get("/instruments/future-option-products", self._option_products),
            web.get("/instruments/future-option-products/{exchange}/{root}", self._option_product),
            web.get("/instruments/future-option-products/{root}", self._option_product),
            web.get("/instruments/future-options", self._options),
            web.get("/instruments/future-options/{symbol}", self._option),
            web.get("/futures-option-chains/{code}", self._chain),
            web.get("/futures-option-chains/{code}/nested", self._nested),
        ]

    async def _futures(self, request: web.Request) -> web.Response:
        codes = [code.removeprefix("/") for code in request.query.getall("product-code[]", [])]
        symbols = [f"/{symbol.removeprefix('/')}" for symbol in request.query.getall("symbol[]", [])]
        months = [month for code in FUTURES for month in self._listings.months(code)]
        if symbols:
            months = [month for month in months if month.symbol in symbols]
        elif codes:
            months = [month for month in months if month.product.code in codes]
        return page(request, months, _LIST_PAGE, write=future_json)

    async def _future(self, request: web.Request) -> web.Response:
        symbol = f"/{request.match_info['symbol'].removeprefix('/')}"
        month = self._listings.month(symbol)
        if month is None:
            raise NotFoundError(f"Future {symbol}")
        return one(request, future_json(month))

    async def _products(self, request: web.Request) -> web.Response:
        return listed(request, [future_product_json(product) for product in FUTURES.values()])

    async def _product(self, request: web.Request) -> web.Response:
        code = request.match_info["code"]
        if code not in FUTURES or request.match_info["exchange"] != EXCHANGE:
            raise NotFoundError(f"Future Product {code}")
        return one(request, future_product_json(FUTURES[code]))

    async def _option_products(self, request: web.Request) -> web.Response:
        return listed(request, [option_product_json(product, root) for root, product in _OPTION_PRODUCTS.items()])

    async def _option_product(self, request: web.Request) -> web.Response:
        root = request.match_info["root"]
        if root not in _OPTION_PRODUCTS or request.match_info.get("exchange", EXCHANGE) != EXCHANGE:
            raise NotFoundError(f"Future Option Product {root}")
        return one(request, option_product_json(_OPTION_PRODUCTS[root], root))

    async def _options(self, request: web.Request) -> web.Response:
        rows = [self._option_json(symbol) for symbol in request.query.getall("symbol[]", [])]
        return listed(request, [row for row in rows if row is not None])

    async def _option(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        row = self._option_json(symbol)
        if row is None:
            raise NotFoundError(f"Future Option {symbol}")
        return one(request, row)

    async def _chain(self, request: web.Request) -> web.Response:
        return self._written(request, lambda chain, today: {"items": self._flat(chain, today)})

    async def _nested(self, request: web.Request) -> web.Response:
        return self._written(request, self._nested_json)

    def _written(self, request: web.Request, write: Callable[[list[FutureSeries], date], Json]) -> web.Response:
        code = request.match_info["code"].removeprefix("/")
        chain = self._listings.future_chain(code) if code in FUTURES else []
        if not chain:
            raise NotFoundError(f"option chain for {code}")
        today = self._listings.today
        return self._chains.answer(request, today, lambda: write(chain, today))

    def _flat(self, chain: list[FutureSeries], today: date) -> list[Json]:
        return [future_option_json(option, series, today) for series in chain for option in future_options(series)]

    def _nested_json(self, chain: list[FutureSeries], today: date) -> Json:
        months = self._listings.months(chain[0].future.product.code)
        return nested_future_chain_json(months, chain, today)

    def _option_json(self, symbol: str) -> Json | None:
        option = self._listings.find(symbol)
        series = None if option is None else self._listings.series_of(option)
        return None if option is None or series is None else future_option_json(option, series, self._listings.today)
