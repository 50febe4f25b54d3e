"""The simulated market: seeded, on tick, and never more than what is displayed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from paper.listings.calendar import MarketCalendar
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from paper.market.market import Market
from paper.market.quote import Interest, Level, Quote

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
PUT = "UBER  261204P00080000"


def new_market(seed: int = 1) -> Market:
    return Market(Listings(MarketCalendar(NOW.date()), lambda: NOW), seed, lambda: NOW)


@pytest.fixture
def market() -> Market:
    return new_market()


def instrument(market: Market, symbol: str = PUT) -> Instrument:
    found = market.listings.find(symbol)
    assert found is not None
    return found


def pinned(bid: str | None, ask: str | None, size: int = 2) -> Quote:
    sides = [None if price is None else Decimal(price) for price in (bid, ask)]
    return Quote(sides[0], sides[1], size, size, NOW)


def test_the_same_seed_gives_the_same_quotes() -> None:
    first, second, other = new_market(7), new_market(7), new_market(8)
    for market in (first, second, other):
        for _ in range(50):
            market.step(60)
    assert first.walks.spots == second.walks.spots != other.walks.spots
    assert first.quote(instrument(first)) == second.quote(instrument(second))


@pytest.mark.parametrize(
    "symbol",
    [
        "SPY",
        "SENS",
        "/ESZ6",
        "/CLF7",
        "/GCG7",
        "/ZNH7",
        PUT,
        "SPXW  261130C06700000",
        "BRKB  261218P00500000",
        "./ESZ6 EW1Z6 261204C6725",
        "./CLF7 LOF7  261216P60",
    ],
)
def test_quotes_are_on_tick_and_two_sided(market: Market, symbol: str) -> None:
    found = instrument(market, symbol)
    for _ in range(20):
        market.step(30)
        quote = market.quote(found)
        assert quote.bid is not None
        assert quote.ask is not None
        assert found.ticks.is_on(quote.bid)
        assert found.ticks.is_on(quote.ask)
        assert quote.bid < quote.ask


def test_wide_ticks_and_far_months_are_quoted_wider(market: Market) -> None:
    def width(symbol: str) -> Decimal:
        quote = market.quote(instrument(market, symbol))
        assert quote.bid is not None
        assert quote.ask is not None
        return quote.ask - quote.bid

    assert width("BRKB  261218P00500000") > width("AAPL  261218P00270000")
    assert width("UBER  271119P00080000") > width(PUT)


def test_an_option_on_a_future_is_priced_on_that_future(market: Market) -> None:
    front, next_month = instrument(market, "/ESZ6"), instrument(market, "/ESH7")
    assert market.spot(instrument(market, "./ESZ6 EW1Z6 261204C6725")) == market.spot(front)
    assert market.spot(instrument(market, "./ESH7 EW3Z6 261218C6725")) == market.spot(next_month) > market.spot(front)


def test_a_worthless_option_has_no_bid_to_sell_to(market: Market) -> None:
    quote = market.quote(instrument(market, "F     261127C00055000"))
    assert quote.takeable(buying=False) is None
    assert quote.takeable(buying=True) is not None


def test_indices_and_their_futures_move_with_the_fund(market: Market) -> None:
    for _ in range(30):
        market.step(600)
    spots = market.walks.spots
    assert spots["SPX"] / 6700 == pytest.approx(spots["SPY"] / 670)
    assert spots["ES"] / 6712.25 == pytest.approx(spots["SPY"] / 670)


def test_a_pinned_quote_stays_through_steps_until_unpinned(market: Market) -> None:
    market.pin(PUT, pinned("1.00", "1.10"))
    market.step(3600)
    assert market.quote(instrument(market)) == pinned("1.00", "1.10")
    market.unpin(PUT)
    assert market.quote(instrument(market)) != pinned("1.00", "1.10")


def test_a_displayed_size_is_there_once(market: Market) -> None:
    market.pin(PUT, pinned("1.00", "1.10", size=2))
    market.take(instrument(market), 2, buying=True)
    assert market.quote(instrument(market)).takeable(buying=True) is None
    market.pin(PUT, pinned("1.00", "1.10", size=2))
    assert market.quote(instrument(market)).takeable(buying=True) == (Decimal("1.10"), 2)


def test_an_emptied_level_of_the_model_gives_way_to_the_next(market: Market) -> None:
    found = instrument(market)
    before = market.quote(found)
    assert before.ask is not None
    market.take(found, before.ask_size, buying=True)
    after = market.quote(found)
    assert after.ask == found.ticks.up(before.ask)
    assert after.ask_size > 0


def test_only_watched_quotes_are_told_of_and_fills_do_not_wake_orders(market: Market) -> None:
    shown: list[str] = []
    moved: list[str] = []
    market.shown.append(shown.append)
    market.moved.append(moved.append)
    market.watch("SPY")
    for _ in range(20):
        market.step(60)
    assert set(shown) == set(moved) == {"SPY"}
    moved.clear()
    market.take(instrument(market, "SPY"), 1, buying=True)
    assert moved == []


def test_the_walk_goes_on_from_where_it_was_left() -> None:
    first, second = new_market(), new_market()
    first.walks.advance(3600)
    second.walks.restore({**first.walks.spots, "GONE": 1.0})
    assert second.walks.spots == first.walks.spots


def test_a_third_friday_series_is_priced_by_its_own_end(market: Market) -> None:
    worth = market.worth(instrument(market))
    assert worth is not None
    assert -1 < worth.delta < 0
    assert market.worth(instrument(market, "SPY")) is None
    assert instrument(market).expiry is not None
    assert instrument(market).expiry.day == date(2026, 12, 4)  # type: ignore[union-attr]


def test_our_own_resting_order_is_part_of_what_everybody_sees(market: Market) -> None:
    market.pin(PUT, pinned("1.00", "1.10", size=2))
    market.own_interest = lambda _: Interest(bid=Level(Decimal("1.05"), 3), ask=Level(Decimal("1.10"), 4))
    seen = market.displayed(instrument(market))
    assert (seen.bid, seen.bid_size, seen.ask, seen.ask_size) == (Decimal("1.05"), 3, Decimal("1.10"), 6)
    assert market.quote(instrument(market)) == pinned("1.00", "1.10", size=2)


def test_an_order_that_waits_for_size_at_the_far_price_does_not_cross_the_display(market: Market) -> None:
    market.pin(PUT, pinned("1.00", "1.10", size=2))
    market.own_interest = lambda _: Interest(bid=Level(Decimal("1.10"), 3))
    assert market.displayed(instrument(market)) == pinned("1.00", "1.10", size=2)


def test_a_pinned_underlying_takes_its_options_and_its_followers_along(market: Market) -> None:
    before = market.quote(instrument(market)).mid
    market.pin("UBER", pinned("70.00", "70.02"))
    market.pin("SPY", pinned("335.00", "335.00"))
    market.step(600)
    after = market.quote(instrument(market)).mid
    assert before is not None
    assert after is not None
    assert after > before + 5  # an 80 put with the share at 70
    assert market.walks["SPX"] == pytest.approx(3350)
    market.unpin("UBER")
    market.step(1)
    assert market.walks["UBER"] == pytest.approx(70, rel=0.01)
