"""The exchange as a whole, without a socket: time passes as the test says."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.market.quote import Quote
from paper.settings import PaperSettings, SessionMode
from paper.trading.broker import RefusedOrderError
from paper.trading.order_form import LegForm, OrderForm
from paper.trading.orders import Order
from paper.trading.words import Action, OrderType, TimeInForce

PUT = "UBER  261127P00080000"
OPEN = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # a Friday that closes at 18:00


class Clock:
    """The time a test says it is."""

    def __init__(self) -> None:
        self.now = OPEN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def exchange(clock: Clock) -> AsyncIterator[Exchange]:
    made = Exchange(PaperSettings(session=SessionMode.REAL).hurried(), clock)
    made.start()
    yield made
    await made.close()


def form(quantity: int = 1, price: str = "1.05", **more: Any) -> OrderForm:
    leg = LegForm(
        instrument_type=InstrumentType.EQUITY_OPTION, symbol=PUT, action=Action.BUY_TO_OPEN, quantity=quantity
    )
    base = {"order_type": OrderType.LIMIT, "time_in_force": TimeInForce.DAY, "legs": (leg,)}
    return OrderForm(**base | {"price": Decimal(price), "price_effect": "Debit"} | more)


async def placed(exchange: Exchange, happens: Callable[..., Any], asked: OrderForm, status: str = "Live") -> Order:
    order = exchange.broker.place(asked).order
    await happens(lambda: order.status == status, exchange.book.order_changed)
    return order


def pin(exchange: Exchange, bid: str, ask: str, size: int = 10) -> None:
    exchange.pin(PUT, Quote(Decimal(bid), Decimal(ask), size, size, exchange.clock()))


async def test_a_day_order_expires_at_the_early_close_of_a_half_day(
    exchange: Exchange, clock: Clock, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.10")
    order = await placed(exchange, happens, form())
    clock.now = OPEN + timedelta(hours=3)
    exchange.ring_bells()
    assert order.status == "Expired"
    assert exchange.book.reserved == 0


async def test_a_gtc_order_expires_when_its_contract_does(
    exchange: Exchange, clock: Clock, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.10")
    order = await placed(exchange, happens, form(time_in_force=TimeInForce.GTC))
    clock.now = OPEN + timedelta(hours=2, minutes=59)
    exchange.ring_bells()
    assert order.status == "Live"
    clock.now = OPEN + timedelta(hours=3)
    exchange.ring_bells()
    assert order.status == "Expired"


async def test_a_dated_order_expires_at_the_close_of_its_day(
    exchange: Exchange, clock: Clock, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.10")
    today = await placed(exchange, happens, form(time_in_force=TimeInForce.GTD, gtc_date=OPEN.date()))
    leg = form().legs[0].model_copy(update={"symbol": "UBER  261204P00080000"})
    exchange.pin(leg.symbol, Quote(Decimal("1.10"), Decimal("1.20"), 10, 10, exchange.clock()))
    dated = form(time_in_force=TimeInForce.GTD, gtc_date=date(2026, 12, 4), legs=(leg,))
    later = await placed(exchange, happens, dated)
    clock.now = OPEN + timedelta(hours=3)
    exchange.ring_bells()
    assert (today.status, later.status) == ("Expired", "Live")


async def test_an_order_that_reaches_the_venue_after_the_bell_is_expired(
    exchange: Exchange, clock: Clock, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.05")
    order = exchange.broker.place(form()).order
    clock.now = OPEN + timedelta(hours=3)
    await happens(lambda: order.status == "Expired", exchange.book.order_changed)
    assert order.filled == 0


async def test_immediate_or_cancel_leaves_nothing_behind(exchange: Exchange, happens: Callable[..., Any]) -> None:
    pin(exchange, "1.00", "1.05", size=2)
    order = await placed(exchange, happens, form(5, time_in_force=TimeInForce.IOC), "Cancelled")
    assert order.filled == 2


async def test_older_orders_fill_first(exchange: Exchange, happens: Callable[..., Any]) -> None:
    pin(exchange, "1.00", "1.10")
    first = await placed(exchange, happens, form(2))
    second = await placed(exchange, happens, form(2))
    pin(exchange, "1.00", "1.05", size=3)
    assert (first.filled, second.filled) == (2, 1)


async def test_reservations_follow_the_rest_of_an_order(exchange: Exchange, happens: Callable[..., Any]) -> None:
    pin(exchange, "1.00", "1.05", size=2)
    order = await placed(exchange, happens, form(5))
    assert order.leaves == 3
    assert exchange.book.reserved == 3 * Decimal("105") + 3 * Decimal("1.12")
    assert exchange.available() == exchange.account.cash - exchange.book.reserved


async def test_orders_together_never_reserve_more_than_there_is(
    exchange: Exchange, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.10")
    exchange.set_cash(Decimal(250))
    await placed(exchange, happens, form(2))
    with pytest.raises(RefusedOrderError, match="margin_check_failed"):
        exchange.broker.place(form(1))


async def test_what_an_order_says_it_costs_is_what_its_fill_costs(
    exchange: Exchange, happens: Callable[..., Any]
) -> None:
    pin(exchange, "1.00", "1.05")
    before = exchange.account.cash
    assessment = exchange.broker.assess(form(4))
    await placed(exchange, happens, form(4), "Filled")
    assert exchange.account.cash - before == assessment.effect.change
