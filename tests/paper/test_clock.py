"""The exchange's clock, put forward: what comes due happens, in its order, and is not forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.contract import InstrumentType
from paper.clock import DrivenClock
from paper.exchange import Exchange
from paper.listings.calendar import NEW_YORK
from paper.listings.sessions import Hours
from paper.settings import PaperSettings, SessionMode
from paper.trading.order_form import OrderForm
from paper.trading.orders import Order

HALF_DAY = datetime(2026, 11, 27, 12, 59, tzinfo=NEW_YORK)


def test_the_clock_runs_on_from_where_it_was_put_and_never_goes_back() -> None:
    real = [datetime(2026, 11, 23, 16, 0, tzinfo=UTC)]
    clock = DrivenClock(lambda: real[0])
    clock.go_to(HALF_DAY)
    real[0] += timedelta(minutes=2)
    assert clock() == HALF_DAY + timedelta(minutes=2)
    with pytest.raises(ValueError, match="already"):
        clock.go_to(HALF_DAY)


@pytest.fixture
async def monday(tmp_path: Path) -> Any:
    def open_exchange() -> Exchange:
        settings = PaperSettings(db=tmp_path / "paper.db", session=SessionMode.REAL).hurried()
        exchange = Exchange(settings, clock=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=NEW_YORK))
        exchanges.append(exchange)
        return exchange

    exchanges: list[Exchange] = []
    yield open_exchange
    for exchange in exchanges[-1:]:
        await exchange.close()


def resting(exchange: Exchange, identifier: str, **more: Any) -> Order:
    leg = {"instrument-type": "Equity", "symbol": "UBER", "action": "Buy to Open", "quantity": 1}
    form: dict[str, Any] = {"order-type": "Limit", "time-in-force": "Day", "legs": [leg], "price": "1.00"}
    body = form | {"price-effect": "Debit", "external-identifier": identifier} | more
    return exchange.broker.place(OrderForm.model_validate(body)).order


async def test_day_orders_expire_at_the_close_that_was_jumped_over_and_others_stay(monday: Any) -> None:
    exchange = monday()
    day, gtc = resting(exchange, "day"), resting(exchange, "gtc", **{"time-in-force": "GTC"})
    ends, stays = (
        resting(exchange, name, **{"time-in-force": "GTD", "gtc-date": day_of})
        for name, day_of in (("ends", "2026-11-23"), ("stays", "2026-11-24"))
    )
    extended = resting(exchange, "ext", **{"time-in-force": "Ext"})
    exchange.set_clock(datetime(2026, 11, 23, 16, 1, tzinfo=NEW_YORK))
    assert (day.status, extended.status, ends.status) == ("Expired", "Routed", "Expired")
    exchange.set_clock(datetime(2026, 11, 24, 10, 0, tzinfo=NEW_YORK))
    assert extended.status == "Expired"
    assert {gtc.status.is_terminal, stays.status.is_terminal} == {False}


async def test_an_order_for_tomorrow_is_not_ended_by_todays_close(monday: Any) -> None:
    exchange = monday()
    exchange.set_clock(datetime(2026, 11, 23, 17, 0, tzinfo=NEW_YORK))
    order = resting(exchange, "tomorrow")
    assert order.status == "Received"
    exchange.set_clock(datetime(2026, 11, 24, 9, 31, tzinfo=NEW_YORK))
    assert order.status == "Routed"


async def test_a_half_day_closes_at_one(monday: Any) -> None:
    exchange = monday()
    exchange.set_clock(HALF_DAY)
    assert exchange.sessions.is_open(Hours.REGULAR)
    order = resting(exchange, "day")
    exchange.set_clock(HALF_DAY + timedelta(minutes=1))
    assert not exchange.sessions.is_open(Hours.REGULAR)
    assert order.status == "Expired"


async def test_a_close_that_nobody_was_there_for_is_made_up_for(monday: Any, tmp_path: Path) -> None:
    first: Exchange = monday()
    order = resting(first, "day")
    await first.close()
    second: Exchange = monday()
    assert second.clock() == first.clock()
    second.clock.ahead += timedelta(days=1)  # the machine was off
    second.start()
    assert second.book.orders[order.id].status == "Expired"


async def test_the_day_of_the_listings_turns_with_the_clock(monday: Any) -> None:
    exchange = monday()
    before = exchange.listings.chain("SPY")[0].expiry.day
    exchange.set_clock(datetime(2026, 12, 1, 10, 0, tzinfo=NEW_YORK))
    assert exchange.listings.chain("SPY")[0].expiry.day > before
    assert exchange.listings.today.isoformat() == "2026-12-01"


async def test_the_market_moves_for_the_time_that_is_skipped(monday: Any) -> None:
    exchange = monday()
    before = exchange.market.walks.spots
    exchange.set_clock(datetime(2026, 11, 30, 10, 0, tzinfo=NEW_YORK))
    assert exchange.market.walks["SPY"] != before["SPY"]
    assert exchange.market.walks["SPY"] == pytest.approx(before["SPY"], rel=0.1)


async def test_a_clock_too_far_ahead_is_refused_and_a_driven_one_is_kept(monday: Any) -> None:
    exchange = monday()
    with pytest.raises(ValueError, match="days"):
        exchange.set_clock(exchange.clock() + timedelta(days=300))
    exchange.set_clock(HALF_DAY)
    await exchange.close()
    assert monday().clock() == HALF_DAY


def test_hours_follow_the_kind_of_instrument() -> None:
    kinds: Iterator[Hours] = map(Hours.of, InstrumentType)
    assert set(kinds) == {Hours.REGULAR, Hours.FUTURES}


async def test_a_new_book_starts_when_the_settings_say_and_an_old_one_goes_on(tmp_path: Path) -> None:
    start = datetime(2026, 7, 2, 9, 30, tzinfo=NEW_YORK)
    settings = PaperSettings(db=tmp_path / "paper.db", at=start)
    real = [datetime(2026, 11, 23, 16, 0, tzinfo=UTC)]
    first = Exchange(settings, clock=lambda: real[0])
    assert (first.clock(), first.listings.today.isoformat()) == (start, "2026-07-02")
    assert (
        first.calendar.is_session(datetime(2026, 7, 3, tzinfo=NEW_YORK).date()) is False
    )  # Independence Day, observed
    await first.close()
    real[0] += timedelta(hours=1)
    second = Exchange(settings, clock=lambda: real[0])
    assert second.clock() == start + timedelta(hours=1)
    await second.close()
