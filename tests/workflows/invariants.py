"""What must always be true of a broker's book, whatever went wrong: the design's promises, read from the broker's side.

Nothing here uses the trade's own arithmetic: quantities are added up from the book's history, event by event.
"""

from collections import Counter
from decimal import Decimal
from enum import StrEnum

from domain.audit import AuditEvent, AuditKind
from domain.identifiers import role_of
from domain.orders import BrokerOrder, LegAction, OrderStatus, OrderType
from domain.trade import TradeState, TradeView
from tests.fakes.book import Book, BookEvent, Happening

MOST_STEPS = 3
_OPENING = (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_OPEN, LegAction.BUY)


class Promise(StrEnum):
    """The promises that a broker which misbehaves may break for us; a test says so beforehand."""

    ONE_ENTRY_AT_A_TIME = "5, 6"
    NEVER_MORE_THAN_SIZED = "7, 12"
    FILLS_TOLD = "10, 19"
    NEVER_SHORT = "15"


def broken_promises(book: Book, sized: int) -> set[Promise]:
    """Replays the book's history; the promises that did not hold at every moment of it."""
    orders: dict[int, BrokerOrder] = {}
    broken: set[Promise] = set()
    for event in book.history:
        if _is_new_entry(event) and any(_may_execute(o, orders) for o in orders.values() if _opens(o)):
            broken.add(Promise.ONE_ENTRY_AT_A_TIME)
        orders[event.order.order_id] = event.order
        entries = [order for order in orders.values() if _opens(order)]
        bought = sum(order.filled for order in entries)
        if sum(_may_execute(order, orders) for order in entries) > 1:
            broken.add(Promise.ONE_ENTRY_AT_A_TIME)
        if bought + sum(_leaves(order, orders) for order in entries) > sized:
            broken.add(Promise.NEVER_MORE_THAN_SIZED)
        if not _is_covered(orders, bought):
            broken.add(Promise.NEVER_SHORT)
    return broken


def assert_next_quantity_is_the_rest(book: Book, sized: int) -> None:
    """Each entry order is for exactly what was unfilled when it came (invariant 7)."""
    filled: dict[int, int] = {}
    for event in book.history:
        if _is_new_entry(event):
            assert event.order.quantity == sized - sum(filled.values()), event
        if _opens(event.order):
            filled[event.order.order_id] = event.order.filled


def assert_ladder_climbs(book: Book, ceiling: Decimal, floor: Decimal, tick: Decimal) -> None:
    """On tick, never away from the market, never past its guard, so many steps and one conversion (invariant 8)."""
    opening = [order for order in book.placed if order.action in _OPENING and order.order_type is OrderType.LIMIT]
    climbed = [order.price for order in opening if order.price is not None]
    sells = any(order.action is LegAction.SELL_TO_OPEN for order in opening)
    assert climbed == sorted(climbed, reverse=sells)
    assert all((price >= floor if sells else price <= ceiling) and price % tick == 0 for price in climbed)
    assert len(set(climbed)) <= 1 + MOST_STEPS + 1


def assert_told_once(view: TradeView, book: Book, audit: list[AuditEvent]) -> None:
    """Every execution counts once, in the trade's own sums and in its audit rows (invariants 10 and 19)."""
    assert view.filled == sum(order.filled for order in book.entries)
    assert view.exited == sum(order.filled for order in book.exits)
    told = Counter(event.fill_id for event in audit if event.kind is AuditKind.FILL)
    assert told == Counter(fill.fill_id for order in book.orders.values() for fill in order.fills)


def assert_overfill_is_not_clamped(view: TradeView, sized: int) -> None:
    """More filled than sized is a person's business (invariant 12)."""
    assert view.filled <= sized or view.state is TradeState.NEEDS_OPERATOR


def assert_written_once(audit: list[AuditEvent], workflow_id: str, *, is_over: bool) -> None:
    """Each row once; a trade that is over has left none out, whatever order they arrived in (invariants 22, 23)."""
    numbers = [int(event.event_id.removeprefix(f"{workflow_id}:")) for event in audit]
    assert len(numbers) == len(set(numbers)), numbers
    if is_over:
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def in_order(audit: list[AuditEvent]) -> list[AuditEvent]:
    """The rows as the trade numbered them."""
    return sorted(audit, key=lambda event: int(event.event_id.rpartition(":")[2]))


def _opens(order: BrokerOrder) -> bool:
    return order.action in _OPENING


def _is_new_entry(event: BookEvent) -> bool:
    return event.happening is Happening.ACCEPTED and _opens(event.order) and event.order.replaces is None


def _is_covered(orders: dict[int, BrokerOrder], bought: int) -> bool:
    """Never short: what is sold and what is out for sale is held (invariant 15), and one exit at most is out.

    What was sold first, the other way: never long by what buys it back.
    """
    exits = [order for order in orders.values() if not _opens(order)]
    standing = Counter(role_of(order.identifier) for order in exits if _may_execute(order, orders))
    is_held = sum(order.filled + _leaves(order, orders) for order in exits) <= bought
    return is_held and all(count == 1 for count in standing.values())


def _may_execute(order: BrokerOrder, orders: dict[int, BrokerOrder]) -> bool:
    """A contingent replacement waits for its original's end: the two are one order in the market."""
    waits = order.status is OrderStatus.CONTINGENT and not orders[order.replaces or 0].status.is_terminal
    return not order.status.is_terminal and not waits


def _leaves(order: BrokerOrder, orders: dict[int, BrokerOrder]) -> int:
    return order.quantity - order.filled if _may_execute(order, orders) else 0
