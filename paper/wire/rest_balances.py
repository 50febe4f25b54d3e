"""The broker's REST routes for what the account was worth: balance snapshots, and the history of net liquidation."""

from datetime import date, datetime, timedelta

from aiohttp import web

from paper.exchange import Exchange
from paper.refusals import InvalidRequestError, NotPermittedError
from paper.wire.answers import listed, page
from paper.wire.balance_history import BalanceHistory, Bar, Day
from paper.wire.order_json import Json, decimal_text

_PAGE = 250
_BACK = {
    "1d": timedelta(days=1),
    "1m": timedelta(days=30),
    "3m": timedelta(days=91),
    "6m": timedelta(days=182),
    "1y": timedelta(days=365),
    "all": timedelta(days=365 * 10),
}
_TIMES_OF_DAY = ("BOD", "EOD")
_FINE = timedelta(days=2)


class BalanceRoutes:
    """/accounts/{number}/balance-snapshots and /net-liq/history."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._history = BalanceHistory(exchange)

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/accounts/{account}/balance-snapshots", self._snapshots),
            web.get("/accounts/{account}/net-liq/history", self._net_liq),
        ]

    async def _snapshots(self, request: web.Request) -> web.Response:
        """Newest first. Today's end of day is what the balances are now."""
        self._check_account(request)
        time_of_day = request.query.get("time-of-day", "EOD")
        if time_of_day not in _TIMES_OF_DAY:
            raise InvalidRequestError([("time-of-day", "does not have a valid value")])
        first, last = _asked_days(request)
        days = [day for day in reversed(self._history.days) if first <= day.day <= last]
        return page(request, days, _PAGE, write=lambda day: _snapshot_json(day, time_of_day))

    async def _net_liq(self, request: web.Request) -> web.Response:
        """Bars of five minutes for the last day or two, of a day for longer spans."""
        self._check_account(request)
        since = self._since(request)
        bars = self._history.bars(since)
        if self._exchange.clock() - since > _FINE:
            bars = [day.bar for day in self._history.days if day.bar.start >= since]
        return listed(request, [_bar_json(bar) for bar in bars])

    def _since(self, request: web.Request) -> datetime:
        start, back = request.query.get("start-time"), request.query.get("time-back")
        if start is not None:
            try:
                return datetime.fromisoformat(start).astimezone()
            except ValueError as error:
                raise InvalidRequestError([("start-time", "is invalid")]) from error
        if back not in _BACK:
            raise InvalidRequestError([("time-back", "does not have a valid value")])
        return self._exchange.clock() - _BACK[back]

    def _check_account(self, request: web.Request) -> None:
        if request.match_info["account"] != self._exchange.settings.account_number:
            raise NotPermittedError


def _asked_days(request: web.Request) -> tuple[date, date]:
    one_day = _day(request, "snapshot-date")
    if one_day is not None:
        return one_day, one_day
    return _day(request, "start-date") or date.min, _day(request, "end-date") or date.max


def _day(request: web.Request, key: str) -> date | None:
    text = request.query.get(key)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequestError([(key, "is invalid")]) from error


def _snapshot_json(day: Day, time_of_day: str) -> Json:
    balance = day.first if time_of_day == "BOD" else day.last
    return {**balance, "snapshot-date": day.day.isoformat(), "time-of-day": time_of_day}


def _bar_json(bar: Bar) -> Json:
    figures = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close}
    return {
        **{key: decimal_text(figure) for key, figure in figures.items()},
        **{f"pending-cash-{key}": "0.0" for key in figures},
        **{f"total-{key}": decimal_text(figure) for key, figure in figures.items()},
        "time": f"{bar.start:%Y-%m-%d %H:%M:%S}+00",
    }
