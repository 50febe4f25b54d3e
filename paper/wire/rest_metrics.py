"""The broker's REST routes for market metrics: what the model takes for volatility, expiry by expiry.

Companies here pay no dividend and report no earnings, so those lists are empty. What this exchange has no notion of is
left out, but for the market capitalisation, which clients insist on: it is zero.
"""

from decimal import Decimal

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.catalogue import UNDERLYINGS, Underlying
from paper.listings.series import Series
from paper.refusals import InvalidRequestError, NotFoundError
from paper.wire.answers import listed
from paper.wire.order_json import Json, decimal_text, iso

_EVENTS = "/market-metrics/historic-corporate-events"


class MetricsRoutes:
    """/market-metrics."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/market-metrics", self._metrics),
            web.get(f"{_EVENTS}/dividends/{{symbol}}", self._no_events),
            web.get(f"{_EVENTS}/earnings-reports/{{symbol}}", self._no_events),
        ]

    async def _metrics(self, request: web.Request) -> web.Response:
        """Unknown symbols are left out."""
        if "symbols" not in request.query:
            raise InvalidRequestError([("symbols", "is missing")])
        symbols = dict.fromkeys(request.query["symbols"].split(","))
        return listed(request, [self._metrics_json(UNDERLYINGS[s]) for s in symbols if s in UNDERLYINGS])

    async def _no_events(self, request: web.Request) -> web.Response:
        if request.match_info["symbol"] not in UNDERLYINGS:
            raise NotFoundError(f"Equity {request.match_info['symbol']}")
        return listed(request, [])

    def _metrics_json(self, underlying: Underlying) -> Json:
        at = iso(self._exchange.clock())
        percent = decimal_text(round(Decimal(str(underlying.volatility)) * 100, 2))
        return {
            "symbol": underlying.symbol,
            "implied-volatility-index": decimal_text(underlying.volatility),
            "implied-volatility-index-5-day-change": "0.0",
            "implied-volatility-30-day": percent,
            "historical-volatility-30-day": percent,
            "iv-hv-30-day-difference": "0.0",
            "implied-volatility-updated-at": at,
            "liquidity-rating": 4,
            "market-cap": "0.0",
            "listed-market": "XNAS",
            "lendability": "Easy To Borrow",
            "borrow-rate": "0.0",
            "updated-at": at,
            "option-expiration-implied-volatilities": [
                self._expiry_json(series) for series in self._exchange.listings.chain(underlying.symbol)
            ],
        }

    def _expiry_json(self, series: Series) -> Json:
        market = self._exchange.market
        options = list(series.options())
        spot = market.spot(options[0])
        nearest = min(options, key=lambda option: abs(float(option.strike or 0) - spot))
        return {
            "expiration-date": series.expiry.day.isoformat(),
            "option-chain-type": "Standard",
            "settlement-type": series.root.settlement.value,
            "implied-volatility": decimal_text(round(market.volatility(nearest), 9)),
        }
