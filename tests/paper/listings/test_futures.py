"""The months of the futures, checked against what the broker listed and against the exchange's own rules."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from paper.listings.calendar import MarketCalendar
from paper.listings.catalogue import FUTURES
from paper.listings.futures import FuturesMonth, listed_months


@pytest.fixture(scope="module")
def calendar() -> MarketCalendar:
    return MarketCalendar(date(2026, 6, 12))


def months(calendar: MarketCalendar, code: str, today: date) -> dict[str, FuturesMonth]:
    return {month.symbol: month for month in listed_months(FUTURES[code], calendar, today)}


def active(calendar: MarketCalendar, code: str, today: date) -> str:
    return next(month.symbol for month in listed_months(FUTURES[code], calendar, today) if month.is_active)


def test_the_months_of_es_end_as_the_broker_listed_them(calendar: MarketCalendar) -> None:
    listed = months(calendar, "ES", date(2026, 6, 12))
    assert [(symbol, month.last_day) for symbol, month in listed.items()] == [
        ("/ESM6", date(2026, 6, 18)),  # the third Friday is Juneteenth
        ("/ESU6", date(2026, 9, 18)),
        ("/ESZ6", date(2026, 12, 18)),
        ("/ESH7", date(2027, 3, 19)),
        ("/ESM7", date(2027, 6, 17)),
        ("/ESU7", date(2027, 9, 17)),
    ]
    assert listed["/ESM6"].expires_at == datetime(2026, 6, 18, 13, 30, tzinfo=UTC)
    assert listed["/ESZ6"].expires_at == datetime(2026, 12, 18, 14, 30, tzinfo=UTC)
    assert listed["/ESZ6"].streamer_symbol == "/ESZ26:XCME"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 6, 12), "/ESM6"),  # four sessions before the end: recorded as still active
        (date(2026, 6, 15), "/ESU6"),
        (date(2026, 6, 18), "/ESU6"),  # the last day
        (date(2026, 6, 19), "/ESU6"),
    ],
)
def test_the_active_month_of_es_rolls_four_sessions_before_the_end(
    calendar: MarketCalendar, today: date, expected: str
) -> None:
    listed = months(calendar, "ES", today)
    assert active(calendar, "ES", today) == expected
    assert listed["/ESZ6" if expected == "/ESU6" else "/ESU6"].is_next


@pytest.mark.parametrize(
    ("symbol", "last_day"),
    [
        ("/CLF7", date(2026, 12, 21)),  # the 25th is Christmas: four sessions before it
        ("/CLG7", date(2027, 1, 20)),  # the 25th is a Monday: three sessions before it
    ],
)
def test_crude_stops_before_the_25th(calendar: MarketCalendar, symbol: str, last_day: date) -> None:
    assert months(calendar, "CL", date(2026, 12, 1))[symbol].last_day == last_day


def test_gold_is_rolled_before_first_notice_not_before_its_end(calendar: MarketCalendar) -> None:
    december = months(calendar, "GC", date(2026, 11, 20))["/GCZ6"]
    assert (december.first_notice, december.last_day) == (date(2026, 11, 30), date(2026, 12, 29))
    assert active(calendar, "GC", date(2026, 11, 23)) == "/GCZ6"
    assert active(calendar, "GC", date(2026, 11, 25)) == "/GCG7"


def test_treasuries_end_seven_sessions_before_the_month_does(calendar: MarketCalendar) -> None:
    december = months(calendar, "ZN", date(2026, 11, 20))["/ZNZ6"]
    assert december.last_day == date(2026, 12, 21)
    assert december.expires_at == datetime(2026, 12, 21, 18, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "tick_value"),
    [("ES", "12.5"), ("MES", "1.25"), ("MNQ", "0.5"), ("RTY", "5"), ("YM", "5"), ("CL", "10"), ("GC", "10"),
     ("MGC", "1"), ("ZN", "15.625"), ("ZB", "31.25")],
)  # fmt: skip
def test_a_tick_is_worth_what_the_exchange_says(code: str, tick_value: str) -> None:
    assert FUTURES[code].tick * FUTURES[code].multiplier == Decimal(tick_value)
