"""The broker's REST routes for margin and limits: the report, what an underlying takes, how much may be ordered."""

from decimal import Decimal

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.catalogue import UNDERLYINGS
from paper.refusals import NotFoundError, NotPermittedError
from paper.wire.answers import one
from paper.wire.order_json import Json, decimal_text, epoch_ms, signed

_CALCULATION = "Reg T"
_LIMITS = {
    "equity-order-size": 50_000,
    "equity-option-order-size": 10_000,
    "future-order-size": 2_500,
    "future-option-order-size": 2_500,
    "underlying-opening-order-limit": 500,
    "equity-position-size": 500_000,
    "equity-option-position-size": 20_000,
    "future-position-size": 5_000,
    "future-option-position-size": 5_000,
}  # the broker's defaults; this exchange does not enforce them
_EFFECTIVE = {
    "long-equity-initial": "1.0",
    "long-equity-maintenance": "1.0",
    "short-equity-initial": "1.5",
    "short-equity-maintenance": "1.5",
    "naked-option-standard": "0.2",
    "naked-option-minimum": "0.1",
    "naked-option-floor": "0.0",
}  # what buying power is computed with here


class MarginRoutes:
    """/margin, and the margin requirements and limits of an account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._number = exchange.settings.account_number

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        account = "/accounts/{account}"
        return [
            web.get("/margin/accounts/{account}/requirements", self._report),
            web.get(f"{account}/margin-requirements/{{symbol}}/effective", self._effective),
            web.get(f"{account}/position-limit", self._limits),
        ]

    async def _report(self, request: web.Request) -> web.Response:
        """The whole account, and a group for each underlying with a position."""
        self._check_account(request)
        exchange, power = self._exchange, self._exchange.buying_power
        worth = {p.symbol: power.value(p) for p in exchange.account.positions.values()}
        equity, requirement = exchange.account.cash + sum(worth.values(), Decimal(0)), power.requirement()
        open_positions = [p for p in exchange.account.positions.values() if p.quantity]
        underlyings = sorted({position.underlying for position in open_positions})
        return one(
            request,
            {
                "account-number": self._number,
                "description": "Total",
                "margin-calculation-type": _CALCULATION,
                "option-level": "No Restrictions",
                **signed("margin-requirement", -requirement),
                **signed("initial-requirement", -requirement),
                **signed("maintenance-requirement", -requirement),
                **signed("margin-equity", equity),
                **signed("option-buying-power", exchange.available()),
                **signed("reg-t-margin-requirement", -requirement),
                **signed("reg-t-option-buying-power", exchange.available()),
                **signed("maintenance-excess", equity - requirement),
                "last-state-timestamp": epoch_ms(exchange.clock()),
                "groups": [self._group_json(underlying) for underlying in underlyings],
            },
        )

    async def _effective(self, request: web.Request) -> web.Response:
        self._check_account(request)
        symbol = request.match_info["symbol"]
        if symbol not in UNDERLYINGS:
            raise NotFoundError(f"margin requirements for {symbol}")
        return one(request, {"underlying-symbol": symbol, **_EFFECTIVE})

    async def _limits(self, request: web.Request) -> web.Response:
        self._check_account(request)
        return one(request, {"account-number": self._number, **_LIMITS})

    def _group_json(self, underlying: str) -> Json:
        """What one underlying's positions tie up; what they would free is the same."""
        requirement = self._exchange.buying_power.requirement(underlying)
        return {
            "description": underlying,
            "code": underlying,
            "underlying-symbol": underlying,
            "underlying-type": "Future" if underlying.startswith("/") else "Equity",
            "margin-calculation-type": _CALCULATION,
            **signed("margin-requirement", -requirement),
            **signed("initial-requirement", -requirement),
            **signed("maintenance-requirement", -requirement),
            **signed("buying-power", -requirement),
            "price-increase-percent": decimal_text(Decimal("0.0")),
            "price-decrease-percent": decimal_text(Decimal("0.0")),
            "groups": [],
        }

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._number:
            raise NotPermittedError
