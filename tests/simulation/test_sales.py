"""The checker's sums about sales, on rows and a book that are written by hand."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.alert import AlertMessage
from domain.audit import AuditEvent, AuditKind
from domain.closing import CloseOutcome, CloseRequest, CloseResult
from domain.contract import Quote
from domain.identifiers import TradeId
from domain.orders import Fill, LegAction, OrderRequest, OrderStatus, OrderType
from simulation.broker import Order
from simulation.promises import Rules
from simulation.sale_prices import SalePrices
from simulation.sales import Sales
from tests.simulation.test_checker import NOON, RULES, TRADE, Bench

PRICE = Decimal("2.98")


class Floor(Bench):
    """Four were bought; what is written down and asked is told to the checker."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0
        self.checker.admitted(TRADE, NOON)
        entry = self.order(LegAction.BUY_TO_OPEN, 4, filled=4, status=OrderStatus.FILLED)
        self.writes(AuditKind.FILL, side="Buy to Open", quantity=4, identifier=entry.identifier)

    @property
    def sales(self) -> Sales:
        return self.checker.sales

    def writes(self, kind: AuditKind, **facts: object) -> None:
        self.rows += 1
        row = {"event_id": f"{TRADE}:{self.rows}", "at": self.now(), "workflow_id": TRADE, "kind": kind, "detail": ""}
        self.checker.wrote(TRADE, AuditEvent.model_validate(row | facts))

    def asks(self, name: str = "one", **portion: object) -> CloseRequest:
        fields = {"request_id": name, "by": name, "asked_at": NOON} | portion
        request = CloseRequest.model_validate(fields)
        self.sales.asked(TRADE, request)
        return request

    def serves(self, name: str = "one") -> None:
        self.writes(AuditKind.CLOSING, code="asked", detail=f"{name} asks to sell something")

    def answers(self, name: str = "one", outcome: CloseOutcome = CloseOutcome.SOLD, **facts: Any) -> None:
        self.writes(AuditKind.CLOSING, code=str(outcome), detail=str(outcome))
        result = CloseResult(request_id=name, workflow_id=TRADE, by=name, outcome=outcome, **facts)
        self.sales.answered(TRADE, result)

    def sells(self, quantity: int, *, filled: int = 0, status: OrderStatus = OrderStatus.LIVE) -> Order:
        """A closing order: written, sent, and in the book."""
        number = len(self.broker.orders) + 1
        identifier = f"al-1-1-0c{number:0>2}"
        self.writes(AuditKind.INTENT, identifier=identifier, quantity=quantity)
        request = OrderRequest(
            identifier=identifier,
            symbol="UBER",
            instrument_type="Equity Option",
            action=LegAction.SELL_TO_CLOSE,
            quantity=quantity,
            order_type=OrderType.LIMIT,
            price=PRICE,
        )
        self.sales.quoted(TRADE, quote("2.96", "3.00"), is_market=True)
        self.sales.sent(TRADE, request)
        order = Order(number, request, identifier, quantity, self.now())
        self.broker.orders[number] = order
        self.checker.promised[TRADE].intents.add(identifier)
        self.checker.step(order, TRADE)
        if filled:
            order.fills.append(Fill(fill_id=f"F{number}", quantity=filled, price=PRICE))
        order.status = status
        self.checker.step(order, TRADE)
        if filled:
            self.writes(AuditKind.FILL, side="Sell to Close", quantity=filled, identifier=identifier)
        return order

    def passes(self, seconds: float) -> None:
        self.at += seconds
        self.checker.in_time.look(self.at, is_hindered=False)

    def message(self, author_id: int) -> AlertMessage:
        """Posted at noon."""
        return AlertMessage(channel_id=1, message_id=9, author_id=author_id, text="STC", posted_at=NOON)


def quote(bid: str, ask: str) -> Quote:
    return Quote(symbol="UBER", bid=Decimal(bid), ask=Decimal(ask), at=NOON)


@pytest.fixture
def floor() -> Floor:
    return Floor()


def test_the_trade_of_these_tests_is_one() -> None:
    trade = TradeId.of_order("al-1-1-0c01")
    assert trade is not None
    assert trade.workflow_id == TRADE


def test_half_of_it_sold_breaks_nothing(floor: Floor) -> None:
    floor.asks(fraction=Decimal("0.5"))
    floor.serves()
    floor.sells(2, filled=2, status=OrderStatus.FILLED)
    floor.answers(asked=2, sold=2, held=2)
    assert floor.broken == set()


@pytest.mark.parametrize(
    ("portion", "rules", "sold"),
    [
        ({}, {}, 5),
        ({"fraction": Decimal(1)}, {}, 5),
        ({"fraction": Decimal("0.5")}, {}, 2),
        ({"fraction": Decimal("0.1")}, {}, 1),
        ({"fraction": Decimal("0.1")}, {"trims_one": False}, 0),
        ({"partial": True}, {"partial_percent": 30}, 1),
        ({"quantity": 5}, {}, 3),  # half of the author's ten, of the six that were bought
    ],
)
def test_how_much_a_request_may_sell(portion: dict[str, object], rules: dict[str, object], sold: int) -> None:
    request = CloseRequest.model_validate({"request_id": "1", "by": "ann", "asked_at": NOON} | portion)
    by = Rules(PRICE, PRICE, True, **rules)  # type: ignore[arg-type]
    assert by.to_sell(request, 10, 6, 5) == sold


@pytest.mark.parametrize("quantity", [1, 3])
def test_more_or_less_than_what_was_asked_for_breaks_7(floor: Floor, quantity: int) -> None:
    floor.asks(fraction=Decimal("0.5"))
    floor.serves()
    floor.sells(quantity)
    assert floor.broken == {7}


def test_a_sale_that_nobody_asked_for_breaks_4(floor: Floor) -> None:
    floor.sells(2)
    assert floor.broken == {4}


def test_a_request_that_is_served_twice_breaks_7(floor: Floor) -> None:
    floor.asks(fraction=Decimal("0.5"))
    for _ in range(2):
        floor.serves()
        floor.answers(outcome=CloseOutcome.NOT_SOLD, asked=2)
    assert floor.broken == {7}


def test_two_closing_orders_at_once_break_5(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.sells(2)
    floor.sells(2)
    assert 5 in floor.broken


def test_a_sale_beside_an_exit_that_made_no_room_breaks_15(floor: Floor) -> None:
    floor.order(LegAction.SELL_TO_CLOSE, 2)
    floor.asks()
    floor.serves()
    floor.sells(4)
    assert floor.broken == {15}


def test_all_that_says_sold_and_is_held_breaks_19(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.sells(4, filled=3, status=OrderStatus.CANCELLED)
    floor.answers(asked=4, sold=4)
    assert floor.broken == {19}


def test_what_is_not_sold_must_have_its_exit_again_in_time(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.sells(4, status=OrderStatus.CANCELLED)
    floor.passes(12)
    assert floor.broken == set()
    floor.answers(outcome=CloseOutcome.NOT_SOLD, asked=4, held=4)
    floor.passes(5)
    assert floor.broken == set()
    floor.passes(6)
    assert floor.broken == {16}


def test_a_request_that_is_served_by_no_order_breaks_30_and_17_while_the_desk_is_halted(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.is_halted = True
    floor.passes(16)
    assert floor.broken == {17, 30}


def test_what_is_taken_back_must_come_off_in_time_and_not_go_out_again(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    order = floor.sells(4)
    floor.sales.taken_back(TRADE, "one")
    floor.passes(5)
    assert floor.broken == set()
    floor.passes(2)
    assert floor.broken == {9}
    floor.checker.found.clear()
    order.status = OrderStatus.CANCELLED
    floor.checker.step(order, TRADE)
    floor.sells(4)
    assert floor.broken == {9}


def test_a_cancelled_trade_that_sells_breaks_9(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.sales.wound_down(TRADE)
    floor.sells(4)
    assert floor.broken == {9}


def test_a_purchase_after_somebody_asked_to_sell_breaks_9(floor: Floor) -> None:
    floor.asks()
    floor.checker.quoted(TRADE, quote("2.96", "3.00"), is_market=True)
    bought = OrderRequest(
        identifier="al-1-1-0e09",
        symbol="UBER",
        instrument_type="Equity Option",
        action=LegAction.BUY_TO_OPEN,
        quantity=1,
        order_type=OrderType.LIMIT,
        price=PRICE,
    )
    floor.checker.asked(TRADE, bought, None)  # on its way when the request came
    assert floor.broken == set()
    floor.passes(0.1)
    floor.checker.asked(TRADE, bought, None)
    assert floor.broken == {9}


def test_who_asks_for_more_must_not_wait_for_who_asked_for_less(floor: Floor) -> None:
    floor.order(LegAction.SELL_TO_CLOSE, 2)
    floor.asks(fraction=Decimal("0.5"))
    floor.serves()
    floor.sells(2)
    floor.asks("all")
    floor.passes(14)
    assert floor.broken == set()
    floor.passes(2)
    assert floor.broken == {30}


def test_another_answer_to_the_same_request_breaks_7(floor: Floor) -> None:
    floor.asks()
    floor.serves()
    floor.answers(outcome=CloseOutcome.NOT_SOLD, asked=4, held=4)
    result = CloseResult(request_id="one", workflow_id=TRADE, by="one", outcome=CloseOutcome.SOLD, asked=4, sold=4)
    floor.sales.answered(TRADE, result)
    assert floor.broken == {7}


def test_a_trade_that_is_over_and_leaves_somebody_without_an_answer_breaks_30(floor: Floor) -> None:
    floor.sales.are_answered(TRADE, 1)
    assert floor.broken == {30}


def prices(*told: str | None, limit: str | None = None, urgency: str = "ladder", **rules: Any) -> list[str]:
    """What is wrong with these prices, sent one after the other in a market of 2.95 to 3.05; None: at the market."""
    asked = {"request_id": "1", "by": "ann", "asked_at": NOON, "limit": limit, "urgency": urgency}
    by = Rules(PRICE, PRICE, True, **rules)
    sale = SalePrices(by, CloseRequest.model_validate(asked))
    sale.quoted(quote("2.95", "3.05"), is_market=True)
    return [wrong for price in told for wrong in sale.wrong_with(None if price is None else Decimal(price))]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (("3.00", "2.99", "2.98", "2.97"), {}),  # from the mid
        (("3.10", "3.05", "3.00", "2.99"), {"limit": "3.10"}),
        (("3.00",), {"limit": "2.50"}),  # never below the market that is there
        ((None,), {"urgency": "now"}),
        ((None, "2.95"), {"urgency": "now"}),  # where a market order is refused
        (("3.00", None), {"closes_at_market": True}),
    ],
)
def test_prices_that_go_down_as_they_should(told: tuple[str | None, ...], asked: dict[str, Any]) -> None:
    assert prices(*told, **asked) == []


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (("2.99",), {}),  # begins below the mid
        (("3.00",), {"limit": "3.10"}),  # begins below the price that was named
        (("3.00", "3.05"), {}),  # upwards
        (("3.00", "2.98"), {}),  # two ticks
        (("3.00", "2.99", "2.98", "2.97", "2.96"), {}),  # five prices
        (("3.00",), {"urgency": "now"}),
        ((None, "2.90"), {"urgency": "now"}),  # not the bid's
        ((None,), {}),
        (("3.00", None), {}),  # the bid is five ticks away
    ],
)
def test_prices_that_should_not_be(told: tuple[str | None, ...], asked: dict[str, Any]) -> None:
    assert len(prices(*told, **asked)) == 1


def test_nothing_is_offered_below_the_floor() -> None:
    sale = SalePrices(RULES, CloseRequest(request_id="1", by="ann", asked_at=NOON))
    sale.quoted(quote("0.04", "0.04"), is_market=True)
    told = [sale.wrong_with(Decimal(price)) for price in ("0.04", "0.03", "0.02", "0.01", "0.00")]
    assert [len(wrong) for wrong in told[:4]] == [0, 0, 0, 0]
    assert any("below" in wrong for wrong in told[4])


def test_a_step_by_a_quote_that_is_no_market_is_wrong() -> None:
    sale = SalePrices(RULES, CloseRequest(request_id="1", by="ann", asked_at=NOON))
    sale.quoted(quote("2.95", "3.05"), is_market=True)
    assert sale.wrong_with(Decimal("3.00")) == []
    sale.quoted(None, is_market=False)
    assert sale.wrong_with(Decimal("3.00")) == []
    assert len(sale.wrong_with(Decimal("2.99"))) == 1


def test_an_alert_that_is_too_old_or_anothers_may_not_close(floor: Floor) -> None:
    message = floor.message(author_id=7)
    floor.checker.promised[TRADE].author_id = 7
    floor.sales.posted("alert-1-9", message, is_first=True)
    floor.checker.let_in("alert-1-9", (TRADE,), NOON)
    assert floor.broken == set()
    floor.checker.let_in("alert-1-9", (TRADE,), NOON + timedelta(seconds=11))
    assert floor.broken == {3}
    floor.checker.promised[TRADE].author_id = 8
    floor.checker.let_in("alert-1-9", (TRADE,), NOON)
    assert floor.broken == {2, 3}
