"""The broker's REST routes for orders: dry run, place, replace, cancel, and looking them up."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.calendar import new_york_day
from paper.refusals import InvalidRequestError, NotFoundError, NotPermittedError, PreflightError
from paper.trading.broker import Assessment, RefusedOrderError
from paper.trading.order_form import ChangeForm, OrderForm, read_form
from paper.trading.orders import Order
from paper.wire.answers import json_body, one, page, read_day, read_moment
from paper.wire.order_json import Json, effect_json, fees_json, messages_json, order_json

ResultT = TypeVar("ResultT")

_LIVE_PAGE = 100
_LIVE_MOST = 200
_SEARCH_PAGE = 50
_DATED_SEARCHES = "20261012"  # from this Accept-Version on a search must say from when


class OrderRoutes:
    """Everything under /accounts/{number}/orders."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._number = exchange.settings.account_number

    def routes(self) -> list[web.RouteDef]:
        """The literal paths come before those with an order's id."""
        orders = "/accounts/{account}/orders"
        return [
            web.post(f"{orders}/dry-run", self._dry_run),
            web.post(orders, self._place),
            web.get(f"{orders}/live", self._live),
            web.get(orders, self._search),
            web.get(f"{orders}/{{order_id}}", self._get),
            web.post(f"{orders}/{{order_id}}/dry-run", self._dry_run_change),
            web.put(f"{orders}/{{order_id}}", self._replace),
            web.patch(f"{orders}/{{order_id}}", self._replace),
            web.delete(f"{orders}/{{order_id}}", self._cancel),
        ]

    async def _dry_run(self, request: web.Request) -> web.Response:
        self._check_account(request)
        assessment = self._exchange.broker.assess(read_form(OrderForm, await json_body(request)))
        return one(request, self._assessed(assessment), 201)

    async def _dry_run_change(self, request: web.Request) -> web.Response:
        order_id = self._order_id(request)
        assessment = self._exchange.broker.assess_change(order_id, read_form(ChangeForm, await json_body(request)))
        return one(request, self._assessed(assessment), 201)

    async def _place(self, request: web.Request) -> web.Response:
        self._check_account(request)
        form = read_form(OrderForm, await json_body(request))
        assessment = unless_refused(lambda: self._exchange.broker.place(form))
        return one(request, self._accepted(assessment), 201)

    async def _replace(self, request: web.Request) -> web.Response:
        order_id = self._order_id(request)
        form = read_form(ChangeForm, await json_body(request))
        replacement = unless_refused(lambda: self._exchange.broker.replace(order_id, form))
        return one(request, order_json(replacement, self._number))

    async def _cancel(self, request: web.Request) -> web.Response:
        return one(request, self._seen(self._exchange.broker.cancel(self._order_id(request))))

    async def _get(self, request: web.Request) -> web.Response:
        return one(request, self._seen(self._exchange.book.find(self._order_id(request))))

    async def _live(self, request: web.Request) -> web.Response:
        """Orders of the current day in any state, and older ones that still work."""
        self._check_account(request)
        today = self._exchange.listings.today
        orders = [order for order in self._exchange.book.visible() if _is_current(order, today)]
        return page(request, orders, _LIVE_PAGE, _LIVE_MOST, write=self._seen)

    async def _search(self, request: web.Request) -> web.Response:
        self._check_account(request)
        dated = {"start-date", "start-at"} & set(request.query)
        if request.headers.get("Accept-Version", "") >= _DATED_SEARCHES and not dated:
            raise InvalidRequestError([("start-date", "is missing")])
        orders = [order for order in self._exchange.book.visible() if _is_sought(order, request)]
        if request.query.get("sort", "Desc") == "Asc":
            orders.reverse()
        return page(request, orders, _SEARCH_PAGE, _LIVE_MOST, write=self._seen)

    def _assessed(self, assessment: Assessment) -> Json:
        payload = self._accepted(assessment)
        if assessment.refusals:
            # A refused dry run still says what the order would have cost.
            effect = {"buying-power-effect": payload["buying-power-effect"]}
            raise PreflightError(assessment.refusals, effect)
        return payload

    def _accepted(self, assessment: Assessment) -> Json:
        return {"order": order_json(assessment.order, self._number)} | assessment_json(assessment)

    def _seen(self, order: Order) -> Json:
        return order_json(self._exchange.book.seen(order), self._number)

    def _order_id(self, request: web.Request) -> int:
        self._check_account(request)
        text = request.match_info["order_id"]
        if not text.isdigit():
            raise NotFoundError(f"Order with id {text}")
        return int(text)

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._number:
            raise NotPermittedError


def unless_refused(act: Callable[[], ResultT]) -> ResultT:
    """What `act` gives; the broker's answer when it breaks a rule."""
    try:
        return act()
    except RefusedOrderError as refused:
        raise PreflightError(refused.refusals) from refused


def assessment_json(assessment: Assessment) -> Json:
    """What an order costs, and what the broker adds to it."""
    return {
        "buying-power-effect": effect_json(assessment.effect, is_spread=len(assessment.order.legs) > 1),
        "fee-calculation": fees_json(assessment.effect.fees),
        "warnings": messages_json(assessment.warnings),
    }


def _is_current(order: Order, today: date) -> bool:
    """Still open, or ended today: a GTC order of last week that was filled this morning, too."""
    return order.terminal_at is None or new_york_day(order.terminal_at) == today


def _is_sought(order: Order, request: web.Request) -> bool:
    query = request.query
    wanted = query.getall("status[]", [order.status.value])
    return (
        order.status.value in wanted
        and query.get("underlying-symbol", order.underlying) == order.underlying
        and query.get("underlying-instrument-type", order.underlying_type) == order.underlying_type
        and query.get("futures-symbol", order.underlying).removeprefix("/") == order.underlying.removeprefix("/")
        and _is_within(order, request)
    )


def _is_within(order: Order, request: web.Request) -> bool:
    query, day, received = request.query, _day(order), _received(order)
    return (
        ("start-date" not in query or day >= read_day(query["start-date"], "start-date"))
        and ("end-date" not in query or day <= read_day(query["end-date"], "end-date"))
        and ("start-at" not in query or received >= read_moment(query["start-at"], "start-at"))
        and ("end-at" not in query or received <= read_moment(query["end-at"], "end-at"))
    )


def _day(order: Order) -> date:
    return new_york_day(_received(order))


def _received(order: Order) -> datetime:
    if order.received_at is None:
        raise AssertionError("an order on record was received")
    return order.received_at
