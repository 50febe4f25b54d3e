"""The demo's judgement: it must find what is wrong in an exchange's book, or its exit code means nothing."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from domain.refusals import RefusalCode
from domain.trade import TradeState
from tests.workers.test_ladder_view import view
from workers.demo.scenes import Scene
from workers.demo.verdict import complaints

SCENE = Scene(
    title="fills",
    text="BTO 4 UBER 78p 12/04 @ 0.75",
    state=TradeState.HOLDING,
    symbol="UBER  261204P00078000",
    fills=((4, Decimal("0.77")),),
    exit=(2, Decimal("1.54")),
    last_order_type="Limit",
)


def wire(order_id: int, action: str, quantity: int, price: str, status: str, fills: list[tuple[int, str]]) -> Any:
    legs = [
        {
            "action": action,
            "quantity": quantity,
            "fills": [{"quantity": count, "fill-price": at} for count, at in fills],
        }
    ]
    identifier = f"al-1-2-0e{order_id:02}"
    return {
        "id": order_id,
        "status": status,
        "price": price,
        "order-type": "Limit",
        "legs": legs,
        "external-identifier": identifier,
    }


@pytest.fixture
def book() -> Any:
    return {
        "orders": [
            wire(1, "Buy to Open", 4, "0.77", "Filled", [(4, "0.77")]),
            wire(2, "Sell to Close", 2, "1.54", "Live", []),
            wire(3, "Buy to Open", 9, "1.00", "Live", []) | {"external-identifier": "somebody else's"},
        ]
    }


def test_a_book_as_it_should_be_has_no_complaint(book: Any) -> None:
    assert complaints(SCENE, view(TradeState.HOLDING), book) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda orders: orders[0]["legs"][0]["fills"][0].update({"quantity": 3}), "bought"),
        (lambda orders: orders[0].update({"status": "Live"}), "entry orders still working"),
        (lambda orders: orders[0].update({"order-type": "Market"}), "the last entry order"),
        (lambda orders: orders[1].update({"price": "1.50"}), "standing exits"),
        (lambda orders: orders[1].update({"status": "Cancelled"}), "standing exits"),
        (lambda orders: orders.append(deepcopy(orders[1])), "was sent twice"),
    ],
)
def test_every_kind_of_wrong_is_found(book: Any, change: Any, complaint: str) -> None:
    change(book["orders"])
    assert any(complaint in found for found in complaints(SCENE, view(TradeState.HOLDING), book))


def test_a_refused_alert_with_an_order_is_wrong(book: Any) -> None:
    scene = Scene(title="refused", text="", state=TradeState.REFUSED, refusal=RefusalCode.EXPIRY_NOT_LISTED)
    assert len(complaints(scene, view(TradeState.REFUSED), book)) >= 2
