"""What an order takes from the book."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.contract import InstrumentType
from paper.market.quote import Quote
from paper.trading.matching import Take, at_the_limit, marketable
from paper.trading.orders import Leg, Order
from paper.trading.words import Action, OrderType, TimeInForce

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def quote(bid: str | None, ask: str | None, bid_size: int = 2, ask_size: int = 2) -> Quote:
    sides = [None if price is None else Decimal(price) for price in (bid, ask)]
    return Quote(sides[0], sides[1], bid_size, ask_size, NOW)


def leg(action: Action, quantity: int, symbol: str = "A") -> Leg:
    return Leg(symbol=symbol, instrument_type=InstrumentType.EQUITY_OPTION, action=action, quantity=quantity)


def order(*legs: Leg, price: str | None = None, effect: str = "Debit") -> Order:
    return Order(
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=list(legs),
        underlying="UBER",
        underlying_type=InstrumentType.EQUITY,
        price=None if price is None else Decimal(price),
        price_effect=None if price is None else effect,
    )


@pytest.mark.parametrize(
    ("limit", "taken"),
    [("1.10", Take(2, (Decimal("1.10"),))), ("1.25", Take(2, (Decimal("1.10"),))), ("1.09", None)],
)
def test_a_buyer_pays_the_ask_and_never_more_than_the_limit(limit: str, taken: Take | None) -> None:
    assert marketable(order(leg(Action.BUY_TO_OPEN, 5), price=limit), [quote("1.00", "1.10")]) == taken


@pytest.mark.parametrize(("limit", "units"), [("1.00", 2), ("0.95", 2), ("1.01", 0)])
def test_a_seller_gets_the_bid_and_never_less_than_the_limit(limit: str, units: int) -> None:
    selling = order(leg(Action.SELL_TO_CLOSE, 5), price=limit, effect="Credit")
    take = marketable(selling, [quote("1.00", "1.10")])
    assert (take.units if take else 0) == units


def test_a_market_order_takes_no_more_than_is_displayed() -> None:
    assert marketable(order(leg(Action.BUY_TO_OPEN, 5)), [quote("1.00", "1.10", ask_size=3)]) == Take(
        3, (Decimal("1.10"),)
    )


@pytest.mark.parametrize("far", [quote("1.00", None), quote("1.00", "1.10", ask_size=0), None])
def test_nothing_is_taken_from_an_empty_side(far: Quote | None) -> None:
    assert marketable(order(leg(Action.BUY_TO_OPEN, 5)), [far]) is None


def test_a_lot_bounds_one_execution() -> None:
    take = marketable(order(leg(Action.BUY_TO_OPEN, 5)), [quote("1.00", "1.10", ask_size=9)], lot=1)
    assert take is not None
    assert take.units == 1


def test_a_spread_fills_whole_units_at_its_net_price() -> None:
    legs = leg(Action.BUY_TO_OPEN, 2, "A"), leg(Action.SELL_TO_OPEN, 4, "B")
    quotes = [quote("2.90", "3.00", ask_size=1), quote("1.00", "1.10", bid_size=9)]
    assert marketable(order(*legs, price="1.00"), quotes) == Take(1, (Decimal("3.00"), Decimal("1.00")))
    assert marketable(order(*legs, price="0.99"), quotes) is None


def test_a_resting_order_gets_its_own_price_and_no_better_one() -> None:
    resting = order(leg(Action.BUY_TO_OPEN, 2), price="1.05")
    assert marketable(resting, [quote("0.90", "0.98")], resting=True) == Take(2, (Decimal("1.05"),))


@pytest.mark.parametrize(
    ("legs", "price", "effect", "taken"),
    [
        ((leg(Action.BUY_TO_OPEN, 1, "A"), leg(Action.SELL_TO_OPEN, 1, "B")), "2.00", "Debit", ("3.00", "1.00")),
        ((leg(Action.SELL_TO_OPEN, 1, "A"), leg(Action.SELL_TO_OPEN, 1, "B")), "0.70", "Credit", ("0.00", "0.70")),
        ((leg(Action.SELL_TO_OPEN, 3, "A"), leg(Action.BUY_TO_OPEN, 1, "B")), "5.00", "Credit", ("2.0334", "1.1002")),
    ],
)
def test_the_legs_of_a_resting_spread_come_to_its_net_price_and_never_below(
    legs: tuple[Leg, Leg], price: str, effect: str, taken: tuple[str, str]
) -> None:
    quotes = [quote("2.40", "2.50", 9, 9), quote("1.00", "1.10", 9, 9)]
    take = marketable(order(*legs, price=price, effect=effect), quotes, resting=True)
    assert take is not None
    assert take.prices == tuple(Decimal(one) for one in taken)


@pytest.mark.parametrize(("limit", "prices"), [("1.50", ("2.50", "1.00")), ("1.20", ("2.20", "1.00"))])
def test_a_fill_that_nobody_saw_coming_is_at_the_limit_of_a_spread_too(limit: str, prices: tuple[str, str]) -> None:
    spread = order(leg(Action.BUY_TO_OPEN, 1, "A"), leg(Action.SELL_TO_OPEN, 1, "B"), price=limit)
    assert at_the_limit(spread, [Decimal("2.30"), Decimal("1.00")]) == tuple(Decimal(price) for price in prices)
