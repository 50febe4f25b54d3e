"""The broker's REST routes for the session and the account: token, account, balances, positions."""

from typing import Any

from aiohttp import web

from paper.exchange import Exchange
from paper.refusals import NotPermittedError
from paper.trading.account import Position
from paper.wire.account_json import balance_json, position_json
from paper.wire.answers import json_body, listed, one
from paper.wire.order_json import iso
from paper.wire.tokens import Tokens

_OPENED = "2020-01-02T15:00:00.000+00:00"
_REVOKED = "bad"  # the refresh token that stands for a revoked grant
_OFF = (
    "has-intraday-equities-margin",
    "is-aggregated-at-clearing",
    "is-closed",
    "is-closing-only",
    "is-cryptocurrency-closing-only",
    "is-cryptocurrency-enabled",
    "is-frozen",
    "is-full-equity-margin-required",
    "is-futures-closing-only",
    "is-futures-intra-day-enabled",
    "is-in-day-trade-equity-maintenance-call",
    "is-in-margin-call",
    "is-pattern-day-trader",
    "is-risk-reducing-only",
    "is-small-notional-futures-intra-day-enabled",
    "is-roll-the-day-forward-enabled",
    "are-far-otm-net-options-restricted",
    "is-equity-offering-enabled",
    "is-equity-offering-closing-only",
)


class AccountRoutes:
    """/oauth/token, /customers/me, and /accounts/{number} but for its orders and transactions."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._number = exchange.settings.account_number

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        account = "/accounts/{account}"
        return [
            web.post("/oauth/token", self._token),
            web.get("/customers/me/accounts", self._accounts),
            web.get("/customers/me/accounts/{account}", self._account),
            web.get(f"{account}/trading-status", self._trading_status),
            web.get(f"{account}/balances", self._balance),
            web.get(f"{account}/balances/{{currency}}", self._balance),
            web.get(f"{account}/positions", self._positions),
        ]

    async def _token(self, request: web.Request) -> web.Response:
        """Its answers have no envelope, and its errors a shape of their own."""
        body = await json_body(request)
        known = isinstance(body, dict) and body.get("refresh_token") and body.get("client_secret")
        if not known or body.get("grant_type") != "refresh_token" or body.get("refresh_token") == _REVOKED:
            refusal = {"error_code": "invalid_grant", "error_description": "Grant revoked"}
            return web.json_response(refusal, status=400)
        life = self._exchange.settings.token_life
        token = self._tokens.issue("access", life)
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": int(life)})

    async def _accounts(self, request: web.Request) -> web.Response:
        return listed(request, [{"account": self._account_json(), "authority-level": "owner"}])

    async def _account(self, request: web.Request) -> web.Response:
        self._check_account(request)
        return one(request, self._account_json())

    async def _trading_status(self, request: web.Request) -> web.Response:
        self._check_account(request)
        status: dict[str, Any] = dict.fromkeys(_OFF, False)
        status |= {
            "account-number": self._number,
            "id": 1,
            "day-trade-count": 0,
            "equities-margin-calculation-type": "Reg T",
            "fee-schedule-name": "default",
            "futures-margin-rate-multiplier": "1.0",
            "small-notional-futures-margin-rate-multiplier": "1.0",
            "is-futures-enabled": True,
            "options-level": "No Restrictions",
            "short-calls-enabled": True,
            "updated-at": iso(self._exchange.clock()),
        }
        return one(request, status)

    async def _balance(self, request: web.Request) -> web.Response:
        self._check_account(request)
        exchange = self._exchange
        balance = balance_json(exchange.account, exchange.buying_power, exchange.available(), exchange.clock())
        return one(request, balance)

    async def _positions(self, request: web.Request) -> web.Response:
        self._check_account(request)
        query, exchange = request.query, self._exchange
        underlyings = query.getall("underlying-symbol[]", [])
        marked = query.get("include-marks", "").lower() == "true"
        rows = [
            position_json(position, self._number, exchange.buying_power.mark(position) if marked else None)
            for position in exchange.account.positions.values()
            if (position.quantity or query.get("include-closed-positions", "").lower() == "true")
            and query.get("symbol", position.symbol) == position.symbol
            and query.get("instrument-type", position.instrument_type) == position.instrument_type
            and (not underlyings or position.underlying in underlyings)
            and query.get("underlying-product-code", self._product(position)) == self._product(position)
        ]
        return listed(request, rows)

    def _product(self, position: Position) -> str:
        """The code of the future that a position is in or on; empty for anything else."""
        instrument = self._exchange.listings.find(position.symbol)
        return "" if instrument is None else instrument.product

    def _account_json(self) -> dict[str, Any]:
        return {
            "account-number": self._number,
            "account-type-name": "Individual",
            "nickname": "Paper",
            "opened-at": _OPENED,
            "created-at": _OPENED,
            "day-trader-status": False,
            "investment-objective": "SPECULATION",
            "is-closed": False,
            "is-firm-error": False,
            "is-firm-proprietary": False,
            "is-foreign": False,
            "is-futures-approved": True,
            "is-test-drive": False,
            "margin-or-cash": "Margin",
            "suitable-options-level": "No Restrictions",
        }

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._number:
            raise NotPermittedError
