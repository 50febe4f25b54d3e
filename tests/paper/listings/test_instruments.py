"""What is listed on a given day, and how it is found."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.contract import InstrumentType
from paper.listings.calendar import MarketCalendar
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.listings.instruments import Listings

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def listings() -> Listings:
    return Listings(MarketCalendar(date(2026, 11, 23)), lambda: NOW)


def test_an_option_is_found_by_both_of_its_symbols(listings: Listings) -> None:
    option = listings.find("UBER  261204P00078000")
    assert option is not None
    assert option is listings.find_streamer(".UBER261204P78")
    assert option.strike == 78
    assert option.expires_at == datetime(2026, 12, 4, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "symbol",
    [
        "UBER  261205P00078000",  # a Saturday
        "UBER  261225P00078000",  # a holiday
        "UBER  261204P00078300",  # no such strike
        "UBER 261204P00078000",  # one space too few
        "XYZ   261204P00078000",
        "UBER  260231P00078000",  # no such day
        "XYZ",
        "/ESX6",
        "",
    ],
)
def test_what_is_not_listed_is_not_found(listings: Listings, symbol: str) -> None:
    assert listings.find(symbol) is None


def test_a_streamer_symbol_without_an_instrument_is_not_found(listings: Listings) -> None:
    assert listings.find_streamer(".UBER261204P78.3") is None


def test_every_option_of_every_chain_is_found_again(listings: Listings) -> None:
    for symbol in ("F", "BRK/B"):
        options = [option for series in listings.chain(symbol) for option in series.options()]
        assert options
        assert all(listings.find(option.symbol) == option for option in options)
        assert all(listings.find_streamer(option.streamer_symbol) == option for option in options)


def test_spx_has_an_am_root_and_a_pm_root_on_the_third_friday(listings: Listings) -> None:
    roots = {series.root.symbol: series for series in listings.chain("SPX") if series.expiry.day == date(2026, 12, 18)}
    assert set(roots) == {"SPX", "SPXW"}
    assert roots["SPX"].expires_at == datetime(2026, 12, 17, 21, 0, tzinfo=UTC)
    assert roots["SPXW"].expires_at == datetime(2026, 12, 18, 21, 0, tzinfo=UTC)


def test_tick_classes_differ_by_root(listings: Listings) -> None:
    at = {root: listings.chain(root)[0].root.ticks.at(Decimal(4)) for root in ("SPY", "AAPL", "BRK/B")}
    assert at == {"SPY": Decimal("0.01"), "AAPL": Decimal("0.05"), "BRK/B": Decimal("0.1")}


def test_the_listing_has_an_index_a_slash_and_a_sub_dollar_share() -> None:
    assert UNDERLYINGS["SPX"].is_index
    assert "BRK/B" in UNDERLYINGS
    assert any(underlying.price < 1 for underlying in UNDERLYINGS.values())


def test_futures_have_one_active_month_and_one_after_it(listings: Listings) -> None:
    for code in FUTURES:
        months = listings.months(code)
        assert sum(month.is_active for month in months) == 1
        assert sum(month.is_next for month in months) == 1


def test_a_future_is_found_by_both_of_its_symbols(listings: Listings) -> None:
    future = listings.find("/ESZ6")
    assert future is not None
    assert future is listings.find_streamer("/ESZ26:XCME")
    assert (future.instrument_type, future.multiplier) == (InstrumentType.FUTURE, 50)


def test_an_expiry_leaves_the_list_when_its_day_is_over() -> None:
    clock = [datetime(2026, 11, 27, 20, 0, tzinfo=UTC)]
    listings = Listings(MarketCalendar(date(2026, 11, 23)), lambda: clock[0])
    assert listings.find("UBER  261127P00078000") is not None
    clock[0] = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    assert listings.find("UBER  261127P00078000") is None
