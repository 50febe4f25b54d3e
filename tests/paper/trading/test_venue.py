"""What the venue does with orders on their way, and with what an earlier run left half done."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from paper.trading.orders import Order
from paper.trading.words import Action, Status, TimeInForce
from tests.paper.trading.floor import Floor, leg

PUT = "UBER  261204P00080000"
SPX = "SPXW  261204P06700000", "SPXW  261204P06690000"
ES = "./ESZ6 EW1Z6 261204P6700", "./ESZ6 EW1Z6 261204P6690"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    made = Floor(tmp_path / "paper.db")
    made.mark(PUT, "2.00")
    return made


async def resumed(floor: Floor, happens: Callable[..., Any], expected: dict[int, str]) -> None:
    """Start an exchange on the book as it is, and await these states."""
    floor.restart()
    floor.exchange.start()
    book = floor.exchange.book
    try:
        await happens(
            lambda: all(book.orders[n].status == status for n, status in expected.items()), book.order_changed
        )
    finally:
        await floor.exchange.close()


def replaced(floor: Floor) -> tuple[Order, Order]:
    """An order of five that is being replaced by another."""
    book = floor.exchange.book
    original, replacement = floor.order(leg(PUT, Action.BUY_TO_OPEN, 5)), floor.order(
        leg(PUT, Action.BUY_TO_OPEN, 5), accepted=False
    )  # fmt: skip
    book.accept(replacement, Status.CONTINGENT, replaces=original.id)
    book.move(original, Status.REPLACE_REQUESTED, replaced_by=replacement.id)
    return original, replacement


async def test_a_replacement_goes_on_where_a_crash_left_it(floor: Floor, happens: Callable[..., Any]) -> None:
    original, replacement = replaced(floor)
    await resumed(floor, happens, {original.id: "Cancelled", replacement.id: "Live"})


async def test_an_original_whose_replacement_was_given_up_at_the_crash_works_on(
    floor: Floor, happens: Callable[..., Any]
) -> None:
    original, replacement = replaced(floor)
    floor.exchange.book.execute(original, 2, [Decimal("1.00")])
    floor.exchange.book.move(replacement, Status.CANCELLED)
    await resumed(floor, happens, {original.id: "Live", replacement.id: "Cancelled"})


async def test_an_original_whose_replacement_was_withdrawn_at_the_crash_comes_to_its_end(
    floor: Floor, happens: Callable[..., Any]
) -> None:
    original, replacement = replaced(floor)
    floor.exchange.book.move(replacement, Status.CANCELLED)
    await resumed(floor, happens, {original.id: "Cancelled", replacement.id: "Cancelled"})


async def test_an_immediate_order_does_not_rest_because_of_a_crash(floor: Floor, happens: Callable[..., Any]) -> None:
    order = floor.order(leg(PUT, Action.BUY_TO_OPEN, 5))
    floor.exchange.book.change(order, time_in_force=TimeInForce.IOC)
    await resumed(floor, happens, {order.id: "Cancelled"})


@pytest.mark.parametrize(
    ("legs", "price", "off"),
    [
        ((PUT,), "3.01", True),
        ((PUT, PUT.replace("80000", "75000")), "3.01", False),
        ((PUT, PUT.replace("80000", "75000")), "3.015", True),
        (SPX, "3.05", False),
        (SPX, "3.01", True),
        (ES, "30.05", False),
        (ES, "30.01", True),
    ],
)
def test_a_spread_has_a_tick_of_its_own(floor: Floor, legs: tuple[str, ...], price: str, off: bool) -> None:
    actions = (Action.BUY_TO_OPEN, Action.SELL_TO_OPEN)
    order = floor.order(*(leg(symbol, action, 1) for symbol, action in zip(legs, actions, strict=False)), price=price)
    assert floor.exchange.venue._is_off_tick(order) == off
