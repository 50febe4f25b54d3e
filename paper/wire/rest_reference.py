"""The broker's REST routes for reference: symbol search, the risk-free rate, precisions, and what has no market here.

There are no cryptocurrencies, warrants or currency pairs: lists of them are empty, a single one is not found.
"""

from collections.abc import Iterator

from aiohttp import web

from domain.contract import InstrumentType
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.market.pricing import RATE
from paper.refusals import NotFoundError
from paper.wire.answers import listed, one
from paper.wire.order_json import Json, decimal_text

_MOST_FOUND = 20
_ABSENT = {
    "/instruments/cryptocurrencies": "Cryptocurrency",
    "/instruments/warrants": "Warrant",
    "/instruments/currency-pairs": "Currency Pair",
}


class ReferenceRoutes:
    """/symbols/search, the public configuration, and the instruments that aren't."""

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        absent = [web.get(path, self._none) for path in _ABSENT]
        absent += [web.get(f"{path}/{{symbol:.+}}", self._unknown) for path in _ABSENT]
        return [
            web.get("/symbols/search/{text:.+}", self._search),
            web.get("/margin-requirements-public-configuration", self._configuration),
            web.get("/instruments/quantity-decimal-precisions", self._precisions),
            *absent,
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """By the beginning of the symbol first, then by what the description says."""
        text = request.match_info["text"].upper()
        names = dict(_names())
        found = [symbol for symbol in names if symbol.startswith(text)]
        found += [symbol for symbol, words in names.items() if text in words.upper() and symbol not in found]
        return listed(request, [{"symbol": symbol, "description": names[symbol]} for symbol in found[:_MOST_FOUND]])

    async def _configuration(self, request: web.Request) -> web.Response:
        return one(request, {"risk-free-rate": decimal_text(RATE)})

    async def _precisions(self, request: web.Request) -> web.Response:
        """Everything trades in whole units here."""
        rows: list[Json] = [
            {"instrument-type": kind.value, "value": 0, "minimum-increment-precision": 0} for kind in InstrumentType
        ]
        return listed(request, rows)

    async def _none(self, request: web.Request) -> web.Response:
        return listed(request, [])

    async def _unknown(self, request: web.Request) -> web.Response:
        kind = next(kind for path, kind in _ABSENT.items() if request.path.startswith(path))
        raise NotFoundError(f"{kind} {request.match_info['symbol']}")


def _names() -> Iterator[tuple[str, str]]:
    for underlying in UNDERLYINGS.values():
        yield underlying.symbol, underlying.description
    for product in FUTURES.values():
        yield f"/{product.code}", product.description
