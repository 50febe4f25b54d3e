"""The broker's REST routes for market time: the session that is, the one before and the one after, and the holidays."""

from collections.abc import Callable
from datetime import date, timedelta

from aiohttp import web

from paper.exchange import Exchange
from paper.listings.calendar import Hours, MarketCalendar
from paper.listings.sessions import Hours as TradingHours
from paper.wire.answers import listed, one
from paper.wire.order_json import Json, iso

_PRE_MARKET = timedelta(hours=1)
_EXTENDED = timedelta(hours=4)
_ON_SHARES = ("Equity", "CBOED", "Equity Offering")  # collections with the hours of the stock exchange
_DAY = timedelta(days=1)


class MarketTimeRoutes:
    """/market-time."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/market-time/sessions/current", self._sessions),
            web.get("/market-time/equities/sessions/current", self._equities_session),
            web.get("/market-time/equities/holidays", self._holidays),
            web.get("/market-time/futures/holidays/{exchange}", self._futures_holidays),
        ]

    async def _sessions(self, request: web.Request) -> web.Response:
        names = request.query.getall("instrument-collections[]", ["Equity"])
        return listed(request, [self._session_json(name) for name in names])

    async def _equities_session(self, request: web.Request) -> web.Response:
        return one(request, self._session_json("Equity"))

    def _session_json(self, name: str) -> Json:
        """The session of today; on a day without one, the next."""
        calendar, today, on_shares = self._exchange.calendar, self._exchange.listings.today, name in _ON_SHARES
        hours_on = _share_hours if on_shares else MarketCalendar.futures_hours
        current = _nearest(calendar, today, _DAY, hours_on)
        wire = _hours_json(current, name, on_shares=on_shares)
        del wire["session-date"]
        after = _nearest(calendar, current.day + _DAY, _DAY, hours_on)
        before = _nearest(calendar, current.day - _DAY, -_DAY, hours_on)
        return {
            **wire,
            "state": self._exchange.sessions.state(TradingHours.REGULAR if on_shares else TradingHours.FUTURES),
            "next-session": _hours_json(after, name, on_shares=on_shares),
            "previous-session": _hours_json(before, name, on_shares=on_shares),
        }

    async def _holidays(self, request: web.Request) -> web.Response:
        calendar = self._exchange.calendar
        return self._two_years(request, calendar.holidays, calendar.half_days)

    async def _futures_holidays(self, request: web.Request) -> web.Response:
        """One calendar for every futures exchange."""
        calendar = self._exchange.calendar
        return self._two_years(request, calendar.futures_holidays, calendar.futures_half_days)

    def _two_years(
        self, request: web.Request, holidays: Callable[[int], list[date]], half_days: Callable[[int], list[date]]
    ) -> web.Response:
        year = self._exchange.listings.today.year
        days = {
            "market-holidays": [*holidays(year), *holidays(year + 1)],
            "market-half-days": [*half_days(year), *half_days(year + 1)],
        }
        return one(request, {key: [day.isoformat() for day in values] for key, values in days.items()})


def _share_hours(calendar: MarketCalendar, day: date) -> Hours | None:
    return calendar.hours(day) if calendar.is_session(day) else None


def _nearest(
    calendar: MarketCalendar, day: date, step: timedelta, hours_on: Callable[[MarketCalendar, date], Hours | None]
) -> Hours:
    """The session on `day`, or the first one in the direction of `step`."""
    while (hours := hours_on(calendar, day)) is None:
        day += step
    return hours


def _hours_json(hours: Hours, name: str, *, on_shares: bool) -> Json:
    around = (_PRE_MARKET, _EXTENDED) if on_shares else (timedelta(0), timedelta(0))
    return {
        "instrument-collection": name,
        "session-date": hours.day.isoformat(),
        "start-at": iso(hours.opens_at - around[0]),
        "open-at": iso(hours.opens_at),
        "close-at": iso(hours.closes_at),
        "close-at-ext": iso(hours.closes_at + around[1]),
    }
