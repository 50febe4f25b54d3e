"""The book of the broker in memory: orders, executions, and everything that happened to them, in order.

The tests look here, not at the trade's own state. Nothing in it knows how the trade is meant to behave.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.audit import AuditEvent
from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus, OrderType

_OPENING = (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_OPEN, LegAction.BUY)


class Happening(StrEnum):
    """What can happen to an order."""

    ACCEPTED = "accepted"
    FILLED = "filled"
    CHANGED = "changed"


@dataclass(frozen=True)
class BookEvent:
    """One happening, and the order as it was right after it. `at` is the Temporal server's time."""

    at: datetime
    happening: Happening
    order: BrokerOrder


@dataclass
class Book:
    """Orders by id, in the order they were accepted, and what the market shows."""

    now: Callable[[], datetime]
    bid: Decimal = Decimal("0.70")
    ask: Decimal = Decimal("0.80")
    size: int = 1000  # contracts that one match may execute; 0: none
    orders: dict[int, BrokerOrder] = field(default_factory=dict)
    history: list[BookEvent] = field(default_factory=list)
    dry_runs: list[OrderRequest] = field(default_factory=list)
    placed: list[OrderRequest] = field(default_factory=list)  # every request that reached the broker, taken or not
    audit: list[AuditEvent] = field(default_factory=list)
    unheard: list[BrokerOrder] = field(default_factory=list)  # changes that the stream has not told yet
    fills_made: int = 0

    @property
    def entries(self) -> list[BrokerOrder]:
        """What opens, on whichever side."""
        return [order for order in self.orders.values() if order.action in _OPENING]

    @property
    def exits(self) -> list[BrokerOrder]:
        """What closes, on whichever side."""
        return [order for order in self.orders.values() if order.action not in _OPENING]

    @property
    def buys(self) -> list[BrokerOrder]:
        """The entry orders of a trade that buys first."""
        return [order for order in self.orders.values() if order.action.is_buy]

    @property
    def sells(self) -> list[BrokerOrder]:
        """The exit orders of a trade that buys first."""
        return [order for order in self.orders.values() if not order.action.is_buy]

    def working(self) -> list[BrokerOrder]:
        """Orders that are not at their end."""
        return [order for order in self.orders.values() if not order.status.is_terminal]

    def working_sells(self) -> list[tuple[int, Decimal | None]]:
        """The exits in the market: (quantity left, price)."""
        return [(o.quantity - o.filled, o.price) for o in self.working() if not o.action.is_buy]

    def working_exits(self) -> list[tuple[int, Decimal | None]]:
        """What closes and is in the market: (quantity left, price)."""
        return [(o.quantity - o.filled, o.price) for o in self.exits if not o.status.is_terminal]

    def held(self) -> int:
        """Contracts bought less contracts sold; negative when the account is short."""
        return sum(order.filled if order.action.is_buy else -order.filled for order in self.orders.values())

    def newest(self) -> BrokerOrder:
        """The order accepted last."""
        return list(self.orders.values())[-1]

    def accept(
        self, request: OrderRequest, replaces: int | None = None, status: OrderStatus = OrderStatus.LIVE
    ) -> BrokerOrder:
        """Take an order in; it executes at once if it reaches the market."""
        order = BrokerOrder(
            order_id=1000 + len(self.orders),
            status=status,
            symbol=request.symbol,
            action=request.action,
            order_type=request.order_type,
            quantity=request.quantity,
            identifier=request.identifier,
            price=request.price,
            replaces=replaces,
            editable=True,
            updated_at=self.now(),
        )
        self._keep(Happening.ACCEPTED, order)
        if status is OrderStatus.LIVE:
            self.match(order.order_id)
        return self.orders[order.order_id]

    def match(self, order_id: int) -> None:
        """Execute what reaches the far quote, up to the size shown."""
        order = self.orders[order_id]
        far = self.ask if order.action.is_buy else self.bid
        reached = order.order_type is OrderType.MARKET or (
            order.price is not None and (far <= order.price if order.action.is_buy else far >= order.price)
        )
        if reached and self.size:
            self.fill(order_id, min(order.quantity - order.filled, self.size), far)

    def fill(self, order_id: int, quantity: int, price: Decimal | None = None) -> BrokerOrder:
        """Execute a part of an order, whatever its state; at its own price if none is given."""
        order = self.orders[order_id]
        self.fills_made += 1
        paid = price if price is not None else order.price or self.ask
        fills = (*order.fills, Fill(fill_id=f"F{self.fills_made}", quantity=quantity, price=paid))
        done = sum(fill.quantity for fill in fills) >= order.quantity
        changes = {"fills": fills, "status": OrderStatus.FILLED if done else order.status}
        return self._keep(Happening.FILLED, order.model_copy(update={**changes, "updated_at": self.now()}))

    def end(self, order_id: int, status: OrderStatus = OrderStatus.CANCELLED, why: str | None = None) -> BrokerOrder:
        """Bring an order to its end, at whose wish ever."""
        return self.change(order_id, status=status, reject_reason=why)

    def change(self, order_id: int, **changes: object) -> BrokerOrder:
        """Change an order's record."""
        changed = self.orders[order_id].model_copy(update={**changes, "updated_at": self.now()})
        return self._keep(Happening.CHANGED, changed)

    def _keep(self, happening: Happening, order: BrokerOrder) -> BrokerOrder:
        self.orders[order.order_id] = order
        self.history.append(BookEvent(at=self.now(), happening=happening, order=order))
        self.unheard.append(order)
        return order
