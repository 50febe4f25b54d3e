"""The parts of a trade's picture that its orders, its ladder and its exit have to say."""

from decimal import Decimal

from domain.direction import Direction
from domain.identifiers import OrderRole
from domain.ledger import OrderLedger
from workflows.climb import Climb
from workflows.exit import Exit


def of_orders(ledger: OrderLedger) -> dict[str, object]:
    """What is bought and sold, and what works now."""
    working = ledger.open_orders(OrderRole.ENTRY) or ledger.open_orders(OrderRole.CLOSE)
    return {
        "filled": ledger.filled(OrderRole.ENTRY),
        "exited": ledger.filled(OrderRole.EXIT, OrderRole.CLOSE),
        "gone": ledger.gone,
        "average_price": ledger.average(OrderRole.ENTRY),
        "working_price": working[-1].request.price if working else None,
        "entries": ledger.records(OrderRole.ENTRY),
        "exits": (*ledger.records(OrderRole.EXIT), *ledger.records(OrderRole.CLOSE)),
    }


def of_climb(climb: Climb) -> dict[str, object]:
    """Where the ladder stands."""
    return {
        "rung": climb.rung,
        "started_at": climb.started_at,
        "window_ends_at": climb.window_ends_at,
        "next_rung_at": climb.next_rung_at,
    }


def of_exit(exit_: Exit) -> dict[str, object]:
    """What is out for exit in total."""
    target = exit_.target
    return {"exit_price": target.price, "exit_quantity": target.quantity} if target else {}


def realised(ledger: OrderLedger, multiplier: Decimal | int, direction: Direction = Direction.LONG) -> Decimal:
    """Dollars gained by what is sold over the average paid, or bought back under the average credit, without fees."""
    average = ledger.average(OrderRole.ENTRY) or Decimal(0)
    left = ledger.fills(OrderRole.EXIT, OrderRole.CLOSE)
    return sum((direction.gain(average, fill.price) * fill.quantity for fill in left), Decimal(0)) * multiplier
