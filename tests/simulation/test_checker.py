"""The checker's own sums, on a book that is written by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from domain.contract import Quote
from domain.orders import Fill, LegAction, OrderRequest, OrderStatus, OrderType
from simulation.broker import Habits, Order, SimulatedBroker
from simulation.checker import Checker
from simulation.promises import Book, Promised, Rules

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
MARKET = Quote(symbol="UBER", bid=Decimal("3.15"), ask=Decimal("3.20"), at=NOON)
TRADE, OTHER = "alert-1-1", "alert-1-2"
RULES = Rules(
    price=Decimal("2.98"),
    ceiling=Decimal("3.25"),
    penny_pilot=True,
    money=Decimal(1200),
    open_trades=1,
    entries_a_day=2,
    duplicate_window=10.0,
)


class Bench:
    """A checker, a book, a clock and a desk that can be halted."""

    def __init__(self) -> None:
        self.at = 0.0
        self.is_halted = False
        self.broker = SimulatedBroker(Habits(), Random(1), self.now)
        self.checker = Checker(Book(self.broker), RULES, lambda: self.at, lambda: self.is_halted)
        for trade in (TRADE, OTHER):
            self.checker.promised[trade] = Promised(trade, NOON, sized=4)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at)

    @property
    def broken(self) -> set[int]:
        return {violation.invariant for violation in self.checker.found}

    def order(
        self,
        action: LegAction,
        quantity: int,
        *,
        filled: int = 0,
        status: OrderStatus = OrderStatus.LIVE,
        trade: str = TRADE,
    ) -> Order:
        """A new order in the book, seen by the checker."""
        number = len(self.broker.orders) + 1
        request = asked(action, quantity, identifier=f"al-{number}")
        order = Order(number, request, request.identifier, quantity, self.now())
        self.broker.orders[number] = order
        self.checker.promised[trade].intents.add(request.identifier)
        self.checker.step(order, trade)
        order.status = status
        if filled:
            order.fills.append(Fill(fill_id=f"F{number}", quantity=filled, price=Decimal("2.98")))
        self.checker.step(order, trade)
        return order


def asked(action: LegAction, quantity: int, price: str = "2.98", identifier: str = "al-9") -> OrderRequest:
    return OrderRequest(
        identifier=identifier,
        symbol="UBER",
        instrument_type="Equity Option",
        action=action,
        quantity=quantity,
        order_type=OrderType.LIMIT,
        price=Decimal(price),
    )


BUY, SELL = LegAction.BUY_TO_OPEN, LegAction.SELL_TO_CLOSE


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.checker.admitted(TRADE, NOON)
    return bench


def test_an_entry_of_the_size_breaks_nothing(bench: Bench) -> None:
    bench.order(BUY, 4)
    assert bench.broken == set()


def test_an_entry_of_less_than_what_is_unfilled_breaks_7(bench: Bench) -> None:
    bench.order(BUY, 3)
    assert bench.broken == {7}


def test_an_order_in_the_market_without_a_decision_breaks_4(bench: Bench) -> None:
    bench.order(BUY, 4, trade=OTHER)
    assert bench.broken == {4}


def test_a_second_entry_order_breaks_5_and_7(bench: Bench) -> None:
    bench.order(BUY, 4)
    bench.order(BUY, 4)
    assert {5, 7} <= bench.broken


def test_what_is_bought_late_must_be_made_room_for_in_time(bench: Bench) -> None:
    dead = bench.order(BUY, 4, status=OrderStatus.CANCELLED)
    bench.order(BUY, 4)
    dead.fills.append(Fill(fill_id="late", quantity=1, price=Decimal("2.98")))
    dead.unforeseen = 1
    bench.checker.step(dead, TRADE)
    bench.checker.in_time.look(5.0, is_hindered=False)
    assert bench.broken == set()
    bench.checker.in_time.look(7.0, is_hindered=False)
    assert bench.broken == {7}


def test_a_hindrance_puts_a_debt_off(bench: Bench) -> None:
    bench.order(BUY, 4, filled=4, status=OrderStatus.FILLED)
    bench.checker.in_time.look(9.0, is_hindered=True)
    bench.checker.in_time.look(160.0, is_hindered=False)
    assert bench.broken == set()
    bench.checker.in_time.look(170.0, is_hindered=False)
    assert bench.broken == {16}


def test_an_exit_that_lacks_while_the_desk_is_halted_breaks_17_too(bench: Bench) -> None:
    bench.order(BUY, 4, filled=4, status=OrderStatus.FILLED)
    bench.is_halted = True
    bench.checker.in_time.look(11.0, is_hindered=False)
    assert bench.broken == {16, 17}


def test_more_for_sale_than_is_held_breaks_15(bench: Bench) -> None:
    bench.order(BUY, 4, filled=1)
    bench.order(SELL, 2)
    assert 15 in bench.broken


@pytest.mark.parametrize(
    ("prices", "broken"),
    [
        (("2.98", "2.99", "3.00", "3.05"), set()),
        (("2.99",), {8}),  # begins above the alert's price
        (("2.98", "3.00"), {8}),  # two ticks
        (("2.98", "2.97"), {8}),  # away from the market
        (("2.98", "2.99", "3.00", "3.01"), {8}),  # not on tick
    ],
)
def test_prices_climb_tick_by_tick(bench: Bench, prices: tuple[str, ...], broken: set[int]) -> None:
    bench.checker.quoted(TRADE, MARKET, is_market=True)
    for price in prices:
        bench.checker.asked(TRADE, asked(BUY, 4, price), None)
    assert bench.broken == broken


def test_a_step_by_a_quote_that_is_no_market_breaks_8(bench: Bench) -> None:
    bench.checker.quoted(TRADE, MARKET, is_market=True)
    bench.checker.asked(TRADE, asked(BUY, 4), None)
    bench.checker.quoted(TRADE, None, is_market=False)
    bench.checker.asked(TRADE, asked(BUY, 4), None)
    assert bench.broken == set()
    bench.checker.asked(TRADE, asked(BUY, 4, "2.99"), None)
    assert bench.broken == {8}


def test_a_change_of_an_order_that_is_not_the_trades_own_breaks_21(bench: Bench) -> None:
    bench.order(BUY, 4)
    bench.checker.asked(TRADE, None, 1)
    assert bench.broken == set()
    bench.checker.asked(TRADE, None, 2)
    assert bench.broken == {21}


def test_the_desks_limits_hold_over_all_trades(bench: Bench) -> None:
    bench.checker.admitted(OTHER, NOON + timedelta(seconds=5))
    assert [violation.invariant for violation in bench.checker.found] == [26, 26]  # a twin, and one too many


def test_more_spoken_for_than_there_is_breaks_26(bench: Bench) -> None:
    bench.order(BUY, 4)
    bench.order(BUY, 4, trade=OTHER)
    assert 26 in bench.broken  # twice 4 at 2.98 are 2,384 of 1,200 dollars


def test_a_trade_that_begins_while_the_desk_is_halted_breaks_27(bench: Bench) -> None:
    bench.is_halted = True
    bench.checker.sized(TRADE, 4)
    assert bench.broken == {27}


def test_a_first_order_for_an_old_alert_breaks_3(bench: Bench) -> None:
    bench.checker.left(TRADE, NOON + timedelta(seconds=10.5), is_first=True)
    assert bench.broken == {3}


def test_calls_without_end_break_28(bench: Bench) -> None:
    bench.order(BUY, 4)
    for _ in range(41):
        bench.checker.asked(TRADE, None, 1)
    assert 28 in bench.broken
