"""The price ladder of one contract."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from domain.contract import InstrumentType
from domain.ticks import TickSchedule
from paper.control.ladder import Level, Own, levels, own_levels
from paper.market.quote import Quote
from paper.trading.orders import Leg, Order
from paper.trading.words import Action, OrderType, Status, TimeInForce

PENNY = TickSchedule.flat("0.01")
PILOT = TickSchedule.split("0.01", "3", "0.05")
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def quote(bid: str | None, ask: str | None) -> Quote:
    sides = [None if price is None else Decimal(price) for price in (bid, ask)]
    return Quote(sides[0], sides[1], 10, 20, NOW)


def order(number: int, price: str, quantity: int = 1, action: Action = Action.BUY_TO_OPEN, legs: int = 1) -> Order:
    symbols = ("UBER  261204P00078000", "UBER  261204P00080000")[:legs]
    kind = InstrumentType.EQUITY_OPTION
    return Order(
        id=number,
        status=Status.LIVE,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=[Leg(symbol=each, instrument_type=kind, action=action, quantity=quantity) for each in symbols],
        underlying="UBER",
        underlying_type=InstrumentType.EQUITY,
        price=Decimal(price),
        price_effect="Debit",
    )


def shown(
    bid: str | None, ask: str | None, own: Mapping[Decimal, Own] | None = None, ticks: TickSchedule = PENNY
) -> list[Level]:
    return list(levels(ticks, quote(bid, ask), own or {}))


def test_four_ticks_are_shown_beyond_the_touch_and_all_between() -> None:
    rows = shown("1.00", "1.02")
    assert [row.price for row in rows] == [
        *("1.06", "1.05", "1.04", "1.03", "1.02", "1.01", "1.00", "0.99", "0.98", "0.97", "0.96")
    ]
    assert [row.price for row in rows if row.ask_size == 20] == ["1.02"]
    assert [row.price for row in rows if row.bid_size == 10] == ["1.00"]
    assert not any(row.gap for row in rows)


def test_the_tick_changes_where_the_schedule_says_so() -> None:
    assert [row.price for row in shown("2.99", "3.00", ticks=PILOT)][:6] == [
        *("3.20", "3.15", "3.10", "3.05", "3.00", "2.99")
    ]


def test_a_wide_market_shows_a_gap_in_its_middle() -> None:
    rows = shown("1.00", "2.00")
    assert len(rows) == 4 + 1 + 5 + 5 + 1 + 4
    assert [row.price for row in rows if row.gap] == ["1.05"]


def test_no_price_is_below_zero_and_a_bid_of_nothing_is_none() -> None:
    assert [row.price for row in shown("0.01", "0.02")][-2:] == ["0.02", "0.01"]
    assert all(row.bid_size is None for row in shown("0", "0.01"))


def test_a_market_with_one_side_no_side_or_no_number_still_has_a_ladder() -> None:
    assert shown(None, "1.00")[4].ask_size == 20
    assert shown(None, None) == []
    assert shown("NaN", "1.00") == shown(None, "1.00")
    crossed = shown("1.05", "1.00")
    assert [row.price for row in crossed if row.bid_size] == ["1.05"]
    assert [row.price for row in crossed if row.ask_size] == ["1.00"]


def test_our_orders_stand_at_their_prices_with_what_is_before_the_first() -> None:
    queue = {1: 7, 2: 3, 3: None}
    sell = order(3, "2.00", 5, Action.SELL_TO_CLOSE)
    own = own_levels([order(1, "0.99", 2), order(2, "0.99", 4), sell], queue.get)
    rows = {row.price: row for row in shown("1.00", "1.01", own)}
    mine = rows["0.99"]
    assert (mine.buying, mine.selling, mine.orders, mine.ahead) == (6, 0, 2, 3)
    far = rows["2.00"]
    assert (far.selling, far.ahead) == (5, None)
    assert rows["1.05"].gap, "the prices between the market and a far order of ours are left out"


def test_spreads_sleeping_stops_and_orders_that_are_over_are_not_on_the_ladder() -> None:
    over = order(1, "1.00")
    over.status = Status.CANCELLED
    stop = order(2, "1.00").model_copy(update={"order_type": OrderType.STOP_LIMIT, "stop_trigger": Decimal(2)})
    assert own_levels([over, stop, order(3, "1.00", legs=2)], lambda _: None) == {}


def test_of_very_many_own_prices_the_nearest_are_shown() -> None:
    own = own_levels([order(n, f"{n}.00") for n in range(1, 101)], lambda _: 0)
    rows = shown("50.00", "50.01", own)
    assert len([row for row in rows if row.orders]) == 12
    assert {row.price for row in rows if row.orders} >= {"45.00", "50.00", "55.00"}
