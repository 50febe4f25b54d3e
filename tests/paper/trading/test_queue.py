"""The queue at a price: who trades first, and how often others come."""

from datetime import UTC, datetime
from decimal import Decimal
from statistics import mean

import pytest

from domain.contract import InstrumentType
from paper.market.quote import Quote
from paper.trading.orders import Leg, Order
from paper.trading.queue import Flow, Queue, arrival_rate, flow_in, standing_before
from paper.trading.words import Action, OrderType, Status, TimeInForce

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
PUT = "UBER  261204P00080000"
TICK = Decimal("0.01")
QUOTE = Quote(Decimal("1.00"), Decimal("1.10"), 20, 30, NOW)
BUSY = Flow(rate=1.0, size=5)


def resting(number: int, price: str, quantity: int = 3, action: Action = Action.BUY_TO_OPEN) -> Order:
    leg = Leg(symbol=PUT, instrument_type=InstrumentType.EQUITY_OPTION, action=action, quantity=quantity)
    return Order(
        id=number,
        status=Status.LIVE,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=[leg],
        underlying="UBER",
        underlying_type=InstrumentType.EQUITY,
        price=Decimal(price),
        price_effect="Debit" if action.is_buy else "Credit",
    )


def in_line(*orders: Order, seed: int = 1) -> Queue:
    queue = Queue(seed)
    for order in orders:
        queue.join(order, QUOTE, TICK)
    return queue


def seconds_until_first_trade(price: str, seed: int) -> float:
    order = resting(1, price)
    queue = in_line(order, seed=seed)
    for step in range(1, 4000):
        if queue.pass_time(PUT, [order], QUOTE, flow_in(InstrumentType.EQUITY_OPTION), 0.25):
            return step * 0.25
    return 1000.0


@pytest.mark.parametrize(
    ("price", "buying", "before"),
    [("1.01", True, 0), ("1.00", True, 20), ("0.98", True, 60), ("1.10", False, 30), ("1.09", False, 0)],
)
def test_a_new_order_stands_behind_all_who_are_there(price: str, buying: bool, before: int) -> None:
    assert standing_before(QUOTE, Decimal(price), TICK, buying=buying) == before


def test_the_more_an_order_gives_away_the_more_people_take_it() -> None:
    rates = [arrival_rate(BUSY, QUOTE, Decimal(price), buying=True) for price in ("0.98", "1.00", "1.05", "1.09")]
    assert rates == sorted(rates)
    assert rates[2] == pytest.approx(BUSY.rate)
    selling = arrival_rate(BUSY, QUOTE, Decimal("1.01"), buying=False)
    assert selling == pytest.approx(rates[3])


@pytest.mark.parametrize("quote", [Quote(None, Decimal(1), 0, 5, NOW), Quote(Decimal(1), Decimal(1), 5, 5, NOW)])
def test_nobody_comes_where_the_market_has_not_two_sides(quote: Quote) -> None:
    assert arrival_rate(BUSY, quote, Decimal(1), buying=True) == 0


def test_an_order_inside_the_spread_waits_shorter_than_one_behind_the_bid() -> None:
    inside = mean(seconds_until_first_trade("1.08", seed) for seed in range(20))
    middle = mean(seconds_until_first_trade("1.05", seed) for seed in range(20))
    behind = mean(seconds_until_first_trade("1.00", seed) for seed in range(20))
    assert 2 < inside < middle < behind


def test_those_who_stand_before_trade_first() -> None:
    order = resting(1, "1.00")
    queue = in_line(order)
    ahead = [queue.ahead(1)]
    while not (trades := queue.pass_time(PUT, [order], QUOTE, BUSY, 0.5)):
        ahead.append(queue.ahead(1))
    assert ahead[0] == 20
    assert ahead == sorted(ahead, reverse=True)
    assert queue.ahead(1) == 0
    assert 1 <= trades[0].units <= 3


def test_orders_at_one_price_stand_in_their_own_order_and_the_better_price_goes_first() -> None:
    first, second, better = resting(1, "1.05", 500), resting(2, "1.05", 500), resting(3, "1.06", 500)
    queue = in_line(first, second, better)
    taken: dict[int, int] = {1: 0, 2: 0, 3: 0}
    for _ in range(40):
        for trade in queue.pass_time(PUT, [first, second, better], QUOTE, BUSY, 1):
            taken[trade.order.id] += trade.units
    assert taken[2] == 0  # the first at that price was never done
    assert taken[1] > 0
    assert taken[3] > 0


def test_a_trade_is_never_for_more_than_the_order_has_left() -> None:
    order = resting(1, "1.09", 1)
    trades = in_line(order).pass_time(PUT, [order], QUOTE, Flow(rate=20, size=50), 5)
    assert [trade.units for trade in trades] == [1]


def test_when_the_market_falls_away_an_order_is_the_best_and_first() -> None:
    order = resting(1, "1.00")
    queue = in_line(order)
    away = Quote(Decimal("0.90"), Decimal("1.10"), 20, 30, NOW)
    queue.pass_time(PUT, [order], away, Flow(rate=1e-9, size=1), 0.1)
    assert queue.ahead(1) == 0
    queue.leave(1)
    assert queue.ahead(1) is None


def test_the_same_seed_and_orders_give_the_same_trades() -> None:
    def run(seed: int) -> list[list[int]]:
        order = resting(1, "1.05", 10_000)
        queue = in_line(order, seed=seed)
        return [[t.units for t in queue.pass_time(PUT, [order], QUOTE, BUSY, 0.5)] for _ in range(50)]

    assert run(7) == run(7) != run(8)
