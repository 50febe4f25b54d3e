"""The broker's REST routes for complex orders: one cancels the other, one triggers others."""

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.calendar import new_york_day
from paper.refusals import NotFoundError, NotPermittedError, PreflightError
from paper.trading.broker import ComplexAssessment
from paper.trading.complex_orders import ComplexOrder
from paper.trading.order_form import ComplexForm, read_form
from paper.wire.answers import json_body, one, page
from paper.wire.order_json import Json, complex_json, order_json
from paper.wire.rest_orders import assessment_json, unless_refused

_PAGE = 50
_MOST = 200


class ComplexOrderRoutes:
    """Everything under /accounts/{number}/complex-orders."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._number = exchange.settings.account_number

    def routes(self) -> list[web.RouteDef]:
        """The literal paths come before the one with an id."""
        orders = "/accounts/{account}/complex-orders"
        return [
            web.post(f"{orders}/dry-run", self._dry_run),
            web.post(orders, self._place),
            web.get(orders, self._history),
            web.get(f"{orders}/live", self._live),
            web.get(f"{orders}/{{complex_id}}", self._get),
            web.delete(f"{orders}/{{complex_id}}", self._cancel),
        ]

    async def _dry_run(self, request: web.Request) -> web.Response:
        self._check_account(request)
        assessment = self._exchange.broker.assess_complex(read_form(ComplexForm, await json_body(request)))
        if assessment.refusals:
            effect = assessment_json(assessment.decisive)["buying-power-effect"]
            raise PreflightError(assessment.refusals, {"buying-power-effect": effect})
        return one(request, {"complex-order": self._unplaced(assessment)} | assessment_json(assessment.decisive), 201)

    async def _place(self, request: web.Request) -> web.Response:
        self._check_account(request)
        form = read_form(ComplexForm, await json_body(request))
        placed, assessment = unless_refused(lambda: self._exchange.broker.place_complex(form))
        return one(request, {"complex-order": self._json(placed)} | assessment_json(assessment.decisive), 201)

    async def _history(self, request: web.Request) -> web.Response:
        self._check_account(request)
        return page(request, self._visible(), _PAGE, _MOST, write=self._json)

    async def _live(self, request: web.Request) -> web.Response:
        """Those that go on, and those that were placed or came to their end today."""
        self._check_account(request)
        current = [found for found in self._visible() if found.terminal_at is None or self._is_of_today(found)]
        return page(request, current, _PAGE, _MOST, write=self._json)

    async def _get(self, request: web.Request) -> web.Response:
        return one(request, self._json(self._found(request)))

    async def _cancel(self, request: web.Request) -> web.Response:
        found = self._found(request)
        return one(request, self._json(self._exchange.complex_orders.cancel(found.id)))

    def _found(self, request: web.Request) -> ComplexOrder:
        found = self._exchange.complex_orders.find(self._complex_id(request))
        if found not in self._visible():
            raise NotFoundError(f"Complex order with id {found.id}")
        return found

    def _visible(self) -> list[ComplexOrder]:
        book = self._exchange.book
        return [
            found
            for found in self._exchange.complex_orders.all()
            if not any(book.is_concealed(part) for part in found.parts)
        ]

    def _is_of_today(self, found: ComplexOrder) -> bool:
        moments = (found.parts[0].received_at, found.terminal_at)
        return any(at is not None and new_york_day(at) == self._exchange.listings.today for at in moments)

    def _json(self, found: ComplexOrder) -> Json:
        return complex_json(found, [self._exchange.book.seen(part) for part in found.parts], self._number)

    def _unplaced(self, assessment: ComplexAssessment) -> Json:
        wire: Json = {"account-number": self._number, "type": assessment.type.value}
        wire["orders"] = [order_json(part.order, self._number) for part in assessment.orders]
        if assessment.trigger is not None:
            wire["trigger-order"] = order_json(assessment.trigger.order, self._number)
        return wire

    def _complex_id(self, request: web.Request) -> int:
        self._check_account(request)
        text = request.match_info["complex_id"]
        if not text.isdigit():
            raise NotFoundError(f"Complex order with id {text}")
        return int(text)

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._number:
            raise NotPermittedError
