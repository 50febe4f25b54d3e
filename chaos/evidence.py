"""What is known of one trade from three places: the exchange's own book, the workflow, and the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from domain.alert import AlertMessage
from domain.audit import AuditEvent
from domain.identifiers import TradeId
from domain.trade import TradeView

OVER = ("Filled", "Cancelled", "Expired", "Rejected", "Removed")


@dataclass(frozen=True)
class BookFill:
    """One execution in the book."""

    fill_id: str
    quantity: int
    price: Decimal
    at: datetime


@dataclass(frozen=True)
class BookOrder:
    """One order in the book. `ended_at` is when it was off the market; a fill that is later was late."""

    order_id: int
    identifier: str | None
    symbol: str
    is_buy: bool
    quantity: int
    price: Decimal | None
    tif: str
    status: str
    received_at: datetime
    sent_at: datetime | None  # to the venue; None while, or because, the broker kept it
    ended_at: datetime | None = None
    replaces: int | None = None
    is_edited: bool = False
    fills: tuple[BookFill, ...] = ()

    @classmethod
    def of(cls, wire: Mapping[str, Any]) -> Self:
        """Read the book's JSON of a single-leg order."""
        leg = wire["legs"][0]
        fills = [
            BookFill(
                fill["fill-id"],
                int(fill["quantity"]),
                Decimal(fill["fill-price"]),
                datetime.fromisoformat(fill["filled-at"]),
            )
            for fill in leg["fills"]
        ]
        return cls(
            order_id=int(wire["id"]),
            identifier=wire.get("external-identifier"),
            symbol=leg["symbol"],
            is_buy=str(leg["action"]).startswith("Buy"),
            quantity=int(leg["quantity"]),
            price=Decimal(wire["price"]) if "price" in wire else None,
            tif=wire["time-in-force"],
            status=wire["status"],
            received_at=datetime.fromisoformat(wire["received-at"]),
            sent_at=_moment(wire.get("in-flight-at")),
            ended_at=_moment(wire.get("cancelled-at") or wire.get("terminal-at")),
            replaces=wire.get("replaces-order-id"),
            is_edited=bool(wire.get("edited")),
            fills=tuple(fills),
        )

    @property
    def is_open(self) -> bool:
        """It may still execute."""
        return self.status not in OVER

    @property
    def filled(self) -> int:
        """Contracts executed, late ones too."""
        return sum(fill.quantity for fill in self.fills)

    @property
    def filled_late(self) -> int:
        """Contracts executed after it was off the market."""
        return sum(fill.quantity for fill in self.fills if self.is_late(fill))

    @property
    def leaves(self) -> int:
        """Contracts that may still execute."""
        return self.quantity - self.filled if self.is_open else 0

    def is_late(self, fill: BookFill) -> bool:
        """Whether the fill came after the order's end."""
        return self.status in ("Cancelled", "Filled") and self.ended_at is not None and fill.at > self.ended_at

    @property
    def trade(self) -> str | None:
        """The workflow that its identifier names; None for somebody else's order."""
        found = TradeId.of_order(self.identifier)
        return found.workflow_id if found else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Evidence:
    """One trade, seen from outside. `closed_at` is None while its workflow runs."""

    workflow_id: str
    message: AlertMessage
    asked: int  # contracts that the alert asks for
    view: TradeView | None  # None: nobody could answer
    runs: int  # executions that Temporal knows under the workflow's id
    status: str  # of the execution: RUNNING, COMPLETED ...
    closed_at: datetime | None
    orders: Sequence[BookOrder]
    rows: Sequence[AuditEvent]
    begun: int = 1  # acknowledgements that said the message was new
    born_old: bool = False  # its message was too old already when it was delivered first

    @property
    def entries(self) -> list[BookOrder]:
        """What was to buy, oldest first."""
        return sorted((order for order in self.orders if order.is_buy), key=lambda order: order.order_id)

    @property
    def sales(self) -> list[BookOrder]:
        """What was to sell, oldest first."""
        return sorted((order for order in self.orders if not order.is_buy), key=lambda order: order.order_id)

    @property
    def bought(self) -> int:
        """Contracts, by the book."""
        return sum(order.filled for order in self.entries)

    @property
    def sold(self) -> int:
        """Contracts, by the book."""
        return sum(order.filled for order in self.sales)

    @property
    def average(self) -> Decimal | None:
        """The true average price of what was bought; None of nothing."""
        cost = sum((fill.price * fill.quantity for order in self.entries for fill in order.fills), Decimal(0))
        return cost / self.bought if self.bought else None
