"""Options on futures: roots, expiries and symbols, as the broker listed them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.contract import InstrumentType
from paper.listings.calendar import MarketCalendar
from paper.listings.catalogue import FUTURES
from paper.listings.future_options import ROOTS, FutureSeries, future_series
from paper.listings.futures import listed_months
from paper.listings.instruments import Listings
from paper.listings.series import future_options


@pytest.fixture(scope="module")
def calendar() -> MarketCalendar:
    return MarketCalendar(date(2026, 6, 12))


def series(calendar: MarketCalendar, code: str, today: date) -> dict[str, FutureSeries]:
    chain = future_series(listed_months(FUTURES[code], calendar, today), calendar, today)
    return {one.contract: one for one in chain}


def test_the_series_recorded_from_the_broker_are_listed_with_its_words(calendar: MarketCalendar) -> None:
    quarterly = series(calendar, "ES", date(2026, 9, 14))["ESZ6"]
    monday = series(calendar, "ES", date(2026, 6, 29))["E1AN6"]
    friday = series(calendar, "ES", date(2026, 9, 14))["EW3U6"]
    assert (quarterly.expiry, quarterly.settlement, quarterly.future.symbol) == (
        (date(2026, 12, 18), "Regular"),
        "AM",
        "/ESZ6",
    )
    assert quarterly.expires_at == datetime(2026, 12, 18, 14, 30, tzinfo=UTC)
    assert (monday.expiry, monday.settlement, monday.future.symbol) == ((date(2026, 7, 6), "Weekly"), "PM", "/ESU6")
    assert monday.expires_at == datetime(2026, 7, 6, 20, 0, tzinfo=UTC)
    # On the quarterly Friday the September future is over: what expires in the afternoon delivers December.
    assert (friday.expiry, friday.future.symbol) == ((date(2026, 9, 18), "Weekly"), "/ESZ6")


@pytest.mark.parametrize(
    "symbols",
    [
        ("./ESZ6 EW3U6 260918P6700", "./EW3U26P6700:XCME"),
        ("./ESZ6 ESZ6  261218P6600", "./ESZ26P6600:XCME"),
        ("./CLX6 LOX6  261015C60.5", "./LOX26C60.5:XNYM"),
    ],
)
def test_an_option_is_found_by_the_brokers_symbols(calendar: MarketCalendar, symbols: tuple[str, str]) -> None:
    listings = Listings(calendar, lambda: datetime(2026, 9, 14, 15, 0, tzinfo=UTC))
    option = listings.find_streamer(symbols[1])
    assert option is not None
    assert (option.symbol, option.streamer_symbol) == symbols
    assert option == listings.find_any(symbols[0])
    assert option.instrument_type is InstrumentType.FUTURE_OPTION
    assert listings.find(option.underlying) is not None


@pytest.mark.parametrize(
    "symbol",
    [
        "./ESU6 EW3U6 260918P6700",  # the wrong future
        "./ESZ6 EW3U6 260917P6700",  # the wrong day
        "./ESZ6 EW3U6 260918P6700.5",
        "./ESZ6 EW3U6 260918P6.7.0",
        "./ESZ6  EW3U6 260918P6700",  # one space too many
        "./EW3U26P6700:XNYM",
        "./ESZ6",
    ],
)
def test_what_is_almost_an_option_is_not_found(calendar: MarketCalendar, symbol: str) -> None:
    listings = Listings(calendar, lambda: datetime(2026, 9, 14, 15, 0, tzinfo=UTC))
    assert listings.find_any(symbol) is None


def test_one_root_a_session_and_the_end_of_the_month_before_the_week(calendar: MarketCalendar) -> None:
    listed = series(calendar, "ES", date(2026, 11, 23))
    by_day = {one.expiry.day: contract for contract, one in listed.items() if one.settlement == "PM"}
    assert len(by_day) == sum(one.settlement == "PM" for one in listed.values())
    assert [by_day[day] for day in sorted(by_day)[:7]] == ["E4AX6", "E4BX6", "E4CX6", "EW4X6", "EWX6", "E1BZ6", "E1CZ6"]
    assert listed["EWX6"].expiry.kind == "End-Of-Month"


def test_thanksgiving_friday_is_a_half_day_and_good_friday_gives_thursday_its_root(calendar: MarketCalendar) -> None:
    assert series(calendar, "ES", date(2026, 11, 23))["EW4X6"].expires_at == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    easter = series(calendar, "ES", date(2027, 3, 22))
    assert easter["EW4H7"].expiry.day == date(2027, 3, 25)
    assert "E4DH7" not in easter


@pytest.mark.parametrize(("contract", "day"), [("LOF7", date(2026, 12, 16)), ("LOG7", date(2027, 1, 14))])
def test_crude_options_end_before_their_future(calendar: MarketCalendar, contract: str, day: date) -> None:
    listed = series(calendar, "CL", date(2026, 12, 1))[contract]
    assert listed.expiry.day == day
    assert listed.future.symbol == f"/CL{contract[-2:]}"


def test_every_root_that_is_listed_is_a_known_product(calendar: MarketCalendar) -> None:
    for code, roots in ROOTS.items():
        assert {one.root for one in series(calendar, code, date(2026, 9, 14)).values()} <= set(roots)


def test_options_pay_the_futures_multiplier_on_its_own_tick_schedule(calendar: MarketCalendar) -> None:
    option = next(future_options(series(calendar, "ES", date(2026, 9, 14))["EW3U6"]))
    assert option.multiplier == 50
    ticks = [option.ticks.at(Decimal(price)) for price in (4, 19, 99, 100)]
    assert ticks == [Decimal("0.05"), Decimal("0.1"), Decimal("0.25"), Decimal("0.5")]
