"""The broker's REST routes for quotes: by type, of one symbol, and tokens for the quote stream."""

from collections.abc import Iterator
from decimal import Decimal

from aiohttp import web

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.listings.catalogue import UNDERLYINGS
from paper.listings.series import Instrument
from paper.refusals import InvalidRequestError, NotFoundError
from paper.wire.answers import one
from paper.wire.order_json import Json, decimal_text, dumps, iso
from paper.wire.tokens import QUOTE_TOKEN_LIFE, Tokens

_MOST_SYMBOLS = 100
_BY_TYPE = {
    "equity": "Equity",
    "equity-option": "Equity Option",
    "future": "Future",
    "future-option": "Future Option",
    "index": "Index",
}


class MarketRoutes:
    """/market-data and /api-quote-tokens."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens

    def routes(self) -> list[web.RouteDef]:
        """The paths; by-type comes before the one for a single symbol."""
        return [
            web.get("/market-data/by-type", self._by_type),
            web.get("/market-data/{kind}/{symbol:.+}", self._single),
            web.get("/api-quote-tokens", self._quote_token),
        ]

    async def _by_type(self, request: web.Request) -> web.Response:
        """Unknown symbols are left out, as the broker leaves them out."""
        asked = [(kind, symbol) for key, kind in _BY_TYPE.items() for symbol in request.query.getall(key, [])]
        if len(asked) > _MOST_SYMBOLS:
            raise InvalidRequestError([("symbols", f"more than {_MOST_SYMBOLS}")])
        items = [row for kind, symbol in asked for row in self._market_data(kind, symbol)]
        body = {"data": {"items": items}, "context": request.path, "pagination": None}
        return web.json_response(body, dumps=dumps)

    async def _single(self, request: web.Request) -> web.Response:
        kind, symbol = request.match_info["kind"], request.match_info["symbol"]
        if kind == InstrumentType.FUTURE_OPTION:
            symbol = f"./{symbol.removeprefix('./')}"  # HTTP clients take the `./` out of an address
        rows = list(self._market_data(kind, symbol))
        if not rows:
            raise NotFoundError(f"market data for {request.match_info['symbol']}")
        return one(request, rows[0])

    def _market_data(self, kind: str, symbol: str) -> Iterator[Json]:
        instrument = self._exchange.listings.find(symbol)
        if instrument is not None and kind in _kinds(instrument):
            yield self._market_data_json(instrument, kind)

    def _market_data_json(self, instrument: Instrument, kind: str) -> Json:
        quote = self._exchange.display.quote(instrument)
        halted_since = self._exchange.display.halted_since(instrument)
        today = self._exchange.listings.today
        prices = {"bid": quote.bid, "ask": quote.ask, "mark": quote.mid, "last": quote.mid}
        if quote.bid is not None and quote.ask is not None:
            prices["mid"] = quote.mid
        return {
            "symbol": instrument.symbol,
            "instrument-type": kind,
            "updated-at": iso(quote.at),
            **{key: decimal_text(price) for key, price in prices.items() if price is not None},
            "bid-size": decimal_text(quote.bid_size),
            "ask-size": decimal_text(quote.ask_size),
            "close-price-type": "Unknown",
            "prev-close-price-type": "Final",
            "prev-close": decimal_text(instrument.start_price or quote.mid or Decimal(0)),
            "summary-date": today.isoformat(),
            "prev-close-date": self._exchange.calendar.session_before(today).isoformat(),
            "is-trading-halted": halted_since >= 0,
            "halt-start-time": halted_since,
            "halt-end-time": -1,
        }

    async def _quote_token(self, request: web.Request) -> web.Response:
        token = self._tokens.issue("quote", QUOTE_TOKEN_LIFE)
        url = str(request.url.origin().with_scheme("ws") / "dxlink")
        return one(request, {"token": token, "dxlink-url": url, "level": "api"})


def _kinds(instrument: Instrument) -> tuple[str, ...]:
    """What an instrument may be asked for as: an index is listed with the shares, too."""
    known = UNDERLYINGS.get(instrument.symbol)
    return ("Index", "Equity") if known is not None and known.is_index else (instrument.instrument_type.value,)
