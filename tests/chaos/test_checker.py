from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chaos.checker import check_trade, check_whole
from chaos.evidence import BookFill, BookOrder, Evidence
from domain.audit import AuditKind
from domain.chain import GENESIS, Fault, FaultKind, Verdict
from domain.identifiers import OrderRole
from domain.refusals import Refusal, RefusalCode
from domain.trade import TradeState
from tests.chaos.trades import BORN, TRADE, at, good_orders, good_trade

MOST_AGE = timedelta(seconds=20)
WHOLE = Verdict(rows=0, head=GENESIS)
HAND = BookOrder(
    order_id=9,
    identifier=None,
    symbol="AAPL",
    is_buy=True,
    quantity=1,
    price=Decimal("0.05"),
    tif="Day",
    status="Live",
    received_at=BORN,
    sent_at=BORN,
)


def change_order(trade: Evidence, order_id: int, **changes: object) -> Evidence:
    orders = [replace(order, **changes) if order.order_id == order_id else order for order in trade.orders]
    return replace(trade, orders=orders)


def change_view(trade: Evidence, **changes: object) -> Evidence:
    assert trade.view is not None
    return replace(trade, view=trade.view.model_copy(update=changes))


def change_row(trade: Evidence, kind: AuditKind, **changes: object) -> Evidence:
    """The first row of that kind."""
    first = next(row for row in trade.rows if row.kind is kind)
    rows = [row.model_copy(update=changes) if row is first else row for row in trade.rows]
    return replace(trade, rows=rows)


def without_row(trade: Evidence, kind: AuditKind) -> Evidence:
    first = next(row for row in trade.rows if row.kind is kind)
    return replace(trade, rows=[row for row in trade.rows if row is not first])


def doubled_row(trade: Evidence, kind: AuditKind) -> Evidence:
    first = next(row for row in trade.rows if row.kind is kind)
    again = first.model_copy(update={"event_id": f"{TRADE.workflow_id}:{len(trade.rows) + 1}"})
    return replace(trade, rows=[*trade.rows, again])


def one_more(trade: Evidence, order_id: int, like: int, **changes: object) -> Evidence:
    """Another order, as one of the trade's but for the changes."""
    model = next(order for order in trade.orders if order.order_id == like)
    fields = {"order_id": order_id, "replaces": None, "fills": (), **changes}
    return replace(trade, orders=[*trade.orders, replace(model, **fields)])


def broken(trade: Evidence) -> set[int]:
    return {violation.invariant for violation in check_trade(trade, MOST_AGE)}


def broken_whole(orders: list[BookOrder], by_hand: tuple[int, ...] = (), **changes: object) -> set[int]:
    whole: dict[str, object] = {
        "trades": [TRADE.workflow_id],
        "listed": Counter([TRADE.workflow_id]),
        "chain": WHOLE,
    } | changes
    found = check_whole(orders, dict.fromkeys(by_hand, "AAPL"), **whole)  # type: ignore[arg-type]
    return {violation.invariant for violation in found}


MUTILATIONS: dict[str, tuple[int, Callable[[Evidence], Evidence]]] = {
    "the alert was traded twice": (1, lambda t: replace(t, runs=2)),
    "a message was new twice": (1, lambda t: replace(t, begun=2)),
    "the first order came long after the alert": (3, lambda t: change_order(t, 1, received_at=at(60), ended_at=at(61))),
    "an alert that was too old has orders": (3, lambda t: replace(t, born_old=True)),
    "a replacement was sent before its original ended": (5, lambda t: change_order(t, 1, ended_at=at(3.0))),
    "an entry order was sent beside the first": (5, lambda t: change_order(t, 2, replaces=None)),
    "a filled trade is given one more entry": (7, lambda t: one_more(t, 4, 1, received_at=at(4), ended_at=at(5))),
    "more is working than was sized": (7, lambda t: change_order(t, 1, quantity=7)),
    "more was bought than sized": (12, lambda t: change_view(t, sized=5)),
    "the entry's price falls": (8, lambda t: change_order(t, 2, price=Decimal("0.74"))),
    "an entry order is left working": (
        9,
        lambda t: one_more(t, 4, 1, status="Live", received_at=at(9), ended_at=None),
    ),
    "a fill is not written down": (10, lambda t: without_row(t, AuditKind.FILL)),
    "a fill is written down twice": (10, lambda t: doubled_row(t, AuditKind.FILL)),
    "a fill is written down that the book has not": (10, lambda t: change_row(t, AuditKind.FILL, fill_id="F9")),
    "the exit is for too little money": (14, lambda t: change_order(t, 3, price=Decimal("1.50"))),
    "the exit was priced from another average": (14, lambda t: change_order(t, 3, price=Decimal("1.53"))),
    "more is for sale than is held": (15, lambda t: change_order(t, 3, quantity=7)),
    "the exit was sent before anything was bought": (15, lambda t: change_order(t, 3, received_at=at(2.2))),
    "the exit is gone": (16, lambda t: replace(t, orders=[order for order in t.orders if order.is_buy])),
    "the exit was cancelled": (16, lambda t: change_order(t, 3, status="Cancelled", ended_at=at(5))),
    "the exit is too small": (16, lambda t: change_order(t, 3, quantity=2)),
    "the exit is for all that is held": (16, lambda t: change_order(t, 3, quantity=6)),
    "the exit ends with the day": (16, lambda t: change_order(t, 3, tif="Day")),
    "it counts fewer than it bought": (19, lambda t: change_view(t, filled=4)),
    "it counts another average": (19, lambda t: change_view(t, average_price=Decimal("0.75"))),
    "it counts a sale that the book has not": (19, lambda t: change_view(t, exited=1)),
    "it says that nothing was bought": (
        19,
        lambda t: replace(change_view(t, state=TradeState.NO_FILL), status="COMPLETED", closed_at=at(20)),
    ),
    "an order has no intent": (22, lambda t: without_row(t, AuditKind.INTENT)),
    "an order was meant twice": (22, lambda t: doubled_row(t, AuditKind.INTENT)),
    "an order was meant after it was sent": (22, lambda t: change_row(t, AuditKind.INTENT, at=at(1.5))),
    "an order was spoken of before it was meant": (
        22,
        lambda t: change_row(t, AuditKind.INTENT, event_id=f"{TRADE.workflow_id}:99"),
    ),
    "an order is not what was meant": (22, lambda t: change_row(t, AuditKind.INTENT, quantity=2)),
    "an order has another price than was meant": (22, lambda t: change_row(t, AuditKind.INTENT, price=Decimal(1))),
    "a row is missing": (23, lambda t: without_row(t, AuditKind.ORDER)),
    "nothing was written down": (23, lambda t: replace(t, rows=[])),
    "it never came to rest": (30, lambda t: change_view(t, state=TradeState.WORKING)),
    "it does not answer": (30, lambda t: replace(t, view=None)),
    "its workflow failed": (30, lambda t: replace(t, status="FAILED", closed_at=at(9))),
    "its workflow ended while it holds": (30, lambda t: replace(t, status="COMPLETED", closed_at=at(9))),
    "a person was called for no reason": (
        30,
        lambda t: replace(change_view(t, state=TradeState.NEEDS_OPERATOR), status="COMPLETED", closed_at=at(9)),
    ),
}


def test_nothing_is_wrong_with_a_trade_that_is_right() -> None:
    assert check_trade(good_trade(), MOST_AGE) == []


@pytest.mark.parametrize("what", MUTILATIONS)
def test_a_trade_that_is_mutilated_breaks_its_invariant(what: str) -> None:
    number, mutilate = MUTILATIONS[what]
    assert number in broken(mutilate(good_trade()))


def test_a_replacement_that_waited_in_vain_could_never_execute() -> None:
    trade = one_more(good_trade(), 4, 1, received_at=at(2.4), sent_at=None, ended_at=at(2.7), price=Decimal("0.77"))
    assert {5, 7}.isdisjoint(broken(trade))


def test_a_fill_after_its_order_ended_is_no_fault_of_the_trade_that_sent_the_next() -> None:
    late = (BookFill("F0", 1, Decimal("0.76"), at(2.9)),)
    trade = change_order(good_trade(), 1, fills=late)
    assert {7, 12}.isdisjoint(broken(trade))


def test_more_than_sized_by_a_late_fill_must_call_a_person() -> None:
    late = (BookFill("F0", 1, Decimal("0.76"), at(2.9)),)
    trade = change_view(change_order(good_trade(), 1, fills=late), filled=7)
    assert 30 not in broken(trade)
    called = replace(change_view(trade, state=TradeState.NEEDS_OPERATOR), status="COMPLETED", closed_at=at(9))
    assert 30 not in broken(called)


def test_an_alert_that_was_too_old_is_right_when_it_is_refused_without_an_order() -> None:
    refusal = Refusal(code=RefusalCode.TOO_OLD, detail="")
    refused = change_view(
        replace(good_trade(), born_old=True, orders=[], status="COMPLETED", closed_at=at(9)),
        state=TradeState.REFUSED,
        refusal=refusal,
        filled=0,
        average_price=None,
    )
    rows = [row for row in refused.rows if row.kind is AuditKind.ALERT]
    assert check_trade(replace(refused, rows=rows), MOST_AGE) == []


def test_an_exit_that_is_sold_after_its_trade_was_cancelled_need_not_be_counted() -> None:
    sold = change_order(
        good_trade(), 3, status="Filled", ended_at=at(99), fills=(BookFill("F3", 3, Decimal("1.52"), at(99)),)
    )
    cancelled = replace(change_view(sold, state=TradeState.CANCELLED), status="CANCELED", closed_at=at(50))
    assert check_trade(cancelled, MOST_AGE) == []
    assert {10, 19} <= broken(sold)


def test_nothing_is_wrong_with_a_whole_that_is_right() -> None:
    assert broken_whole([*good_orders(), HAND], by_hand=(9,)) == set()


def test_an_order_sent_twice_under_one_name_is_seen() -> None:
    orders = good_orders()
    assert broken_whole([*orders, replace(orders[0], order_id=8)]) == {6}


def test_an_order_of_no_accepted_alert_is_seen() -> None:
    stray = TRADE.model_copy(update={"message_id": 5}).order_identifier(OrderRole.ENTRY, 0)
    assert broken_whole([replace(good_orders()[0], identifier=stray)]) == {1}


def test_a_workflow_of_no_alert_and_an_alert_without_its_workflow_are_seen() -> None:
    assert broken_whole([], listed=Counter(["alert-1-5", TRADE.workflow_id])) == {1}
    assert broken_whole([], listed=Counter()) == {1}


@pytest.mark.parametrize(
    "touched",
    [{"status": "Cancelled"}, {"is_edited": True}, {"quantity": 2}, {"price": Decimal("0.10")}],
)
def test_a_persons_order_that_was_touched_is_seen(touched: dict[str, object]) -> None:
    assert broken_whole([replace(HAND, **touched)], by_hand=(9,)) == {21}  # type: ignore[arg-type]


def test_a_persons_order_that_is_gone_is_seen() -> None:
    assert broken_whole([], by_hand=(9,)) == {21}


def test_an_audit_log_that_was_changed_is_seen() -> None:
    fault = Fault(seq=3, kind=FaultKind.ALTERED, detail="")
    assert broken_whole([], chain=Verdict(rows=3, head=GENESIS, fault=fault)) == {24}
