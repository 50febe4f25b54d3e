"""The broker's REST routes for the account's history: transactions by filter, one of them, and a day's fees."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.calendar import new_york_day
from paper.refusals import NotFoundError, NotPermittedError
from paper.trading.history import Transaction
from paper.wire.answers import one, page, read_day, read_moment
from paper.wire.order_json import Json, signed
from paper.wire.transaction_json import heading, transaction_json

_PAGE = 250
Filter = Callable[[Transaction], bool]


class TransactionRoutes:
    """Everything under /accounts/{number}/transactions."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._number = exchange.settings.account_number

    def routes(self) -> list[web.RouteDef]:
        """The literal path comes before that with a transaction's id."""
        transactions = "/accounts/{account}/transactions"
        return [
            web.get(transactions, self._search),
            web.get(f"{transactions}/total-fees", self._total_fees),
            web.get(f"{transactions}/{{number}}", self._get),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """Newest first unless asked otherwise."""
        self._check_account(request)
        filters = _filters(request.query)
        rows = [
            (number, transaction)
            for number, transaction in enumerate(self._exchange.book.history, start=1)
            if all(fits(transaction) for fits in filters)
        ]
        if request.query.get("sort", "Desc") != "Asc":
            rows.reverse()
        return page(request, rows, _PAGE, write=self._json)

    async def _get(self, request: web.Request) -> web.Response:
        self._check_account(request)
        text, history = request.match_info["number"], self._exchange.book.history
        if not text.isdecimal() or not 1 <= int(text) <= len(history):
            raise NotFoundError(f"Transaction with id {text}")
        return one(request, self._json((int(text), history[int(text) - 1])))

    async def _total_fees(self, request: web.Request) -> web.Response:
        self._check_account(request)
        text = request.query.get("date")
        day = self._exchange.listings.today if text is None else read_day(text, "date")
        fees = (entry.fees for entry in self._exchange.book.history if new_york_day(entry.at) == day)
        return one(request, signed("total-fees", -sum(fees, Decimal(0))))

    def _json(self, row: tuple[int, Transaction]) -> Json:
        return transaction_json(*row, self._number)

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._number:
            raise NotPermittedError


def _filters(query: Any) -> list[Filter]:
    """What the query asks for; InvalidRequestError for a date that is none."""
    return [*_word_filters(query), *_symbol_filters(query), *_time_filters(query)]


def _word_filters(query: Any) -> list[Filter]:
    types = {*query.getall("types[]", []), *query.getall("type", [])}
    sub_types = {*query.getall("sub-type[]", []), *query.getall("sub-type", [])}
    found: list[Filter] = []
    if types:
        found.append(lambda entry: heading(entry).type in types)
    if sub_types:
        found.append(lambda entry: heading(entry).sub_type in sub_types)
    if "action" in query:
        found.append(lambda entry: heading(entry).action == query["action"])
    return found


def _symbol_filters(query: Any) -> list[Filter]:
    found: list[Filter] = []
    if "symbol" in query:
        found.append(lambda entry: entry.symbol == query["symbol"])
    if "underlying-symbol" in query:
        found.append(lambda entry: entry.underlying == query["underlying-symbol"])
    if "futures-symbol" in query:
        found.append(lambda entry: query["futures-symbol"] in (entry.symbol, entry.underlying))
    if "instrument-type" in query:
        found.append(lambda entry: entry.instrument_type == query["instrument-type"])
    return found


def _time_filters(query: Any) -> list[Filter]:
    """Days are New York's, and the last one is included."""
    found: list[Filter] = []
    if "start-date" in query:
        first = read_day(query["start-date"], "start-date")
        found.append(lambda entry: new_york_day(entry.at) >= first)
    if "end-date" in query:
        last = read_day(query["end-date"], "end-date")
        found.append(lambda entry: new_york_day(entry.at) <= last)
    if "start-at" in query:
        start = read_moment(query["start-at"], "start-at")
        found.append(lambda entry: entry.at >= start)
    if "end-at" in query:
        end = read_moment(query["end-at"], "end-at")
        found.append(lambda entry: entry.at <= end)
    return found
