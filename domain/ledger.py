"""The truth about a trade's orders: what was sent, what the broker has said of it, and every fill once.

Records arrive from answers, look-ups and the stream, repeated, late and out of order. The ledger merges them so that
the result does not depend on the way they came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.orders import BrokerOrder, Fill, OrderRequest, OrderStatus


@dataclass
class LedgerOrder:
    """One order we meant to send. `record` is the broker's latest; None while its fate is unknown."""

    role: OrderRole
    request: OrderRequest
    record: BrokerOrder | None = None
    never_accepted: bool = False
    fills: dict[str, Fill] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """Our name for it."""
        return self.request.identifier

    @property
    def is_open(self) -> bool:
        """It may still execute: unknown counts as open (invariant 5)."""
        if self.never_accepted:
            return False
        return self.record is None or not self.record.is_settled

    @property
    def filled(self) -> int:
        """Contracts filled, each execution once."""
        return sum(fill.quantity for fill in self.fills.values())

    @property
    def leaves(self) -> int:
        """Contracts that may still execute: of the broker's quantity, which a replacement may not share with us."""
        quantity = self.request.quantity if self.record is None else self.record.quantity
        return quantity - self.filled if self.is_open else 0


class OrderLedger:
    """All orders of one trade, in the order they were meant."""

    def __init__(self) -> None:
        self._orders: dict[str, LedgerOrder] = {}

    def intend(self, role: OrderRole, request: OrderRequest) -> LedgerOrder:
        """Write an order down before it is sent."""
        if request.identifier in self._orders:
            raise InvariantError(f"order {request.identifier} was sent before")
        order = LedgerOrder(role=role, request=request)
        self._orders[request.identifier] = order
        return order

    def refuse(self, identifier: str) -> None:
        """The order was definitely never accepted. A broker's record of it contradicts that (invariant 13)."""
        order = self._orders[identifier]
        if order.record is not None:
            raise InvariantError(f"order {identifier} is on the broker's record as {order.record.order_id}")
        order.never_accepted = True

    def observe(self, record: BrokerOrder) -> tuple[Fill, ...]:
        """Merge a record of the broker's; returns the fills it brought that were not known before."""
        order = self._match(record)
        if order is None:
            raise InvariantError(f"order {record.order_id} ({record.identifier}) is not this trade's")
        order.never_accepted = False
        newest = record if order.record is None else newer(order.record, record)
        new = {fill.fill_id: fill for fill in record.fills if fill.fill_id not in order.fills}
        order.fills.update(new)
        # The record that tells the state need not be the one that brought the fills: it always carries them all.
        order.record = newest.model_copy(update={"fills": tuple(order.fills.values())})
        return tuple(new.values())

    def order(self, identifier: str) -> LedgerOrder:
        """The order of that identifier; KeyError when it was never meant."""
        return self._orders[identifier]

    def knows(self, record: BrokerOrder) -> bool:
        """Whether the record belongs to this trade."""
        return self._match(record) is not None

    def orders(self, role: OrderRole) -> list[LedgerOrder]:
        """All orders of that role, oldest first."""
        return [order for order in self._orders.values() if order.role is role]

    def open_orders(self, role: OrderRole) -> list[LedgerOrder]:
        """Those that may still execute."""
        return [order for order in self.orders(role) if order.is_open]

    def count(self, role: OrderRole) -> int:
        """How many were ever meant: the next one's sequence number."""
        return len(self.orders(role))

    def filled(self, *roles: OrderRole) -> int:
        """Contracts filled over all orders of these roles."""
        return sum(fill.quantity for fill in self.fills(*roles))

    def leaves(self, role: OrderRole) -> int:
        """Contracts that open orders of that role may still execute."""
        return sum(order.leaves for order in self.open_orders(role))

    def fills(self, *roles: OrderRole) -> list[Fill]:
        """Every fill of these roles, in the order it became known."""
        return [fill for order in self._orders.values() if order.role in roles for fill in order.fills.values()]

    def average(self, *roles: OrderRole) -> Decimal | None:
        """The true average fill price, unrounded; None before the first fill."""
        return average_price(self.fills(*roles))

    def records(self, role: OrderRole) -> tuple[BrokerOrder, ...]:
        """The broker's records of that role's orders."""
        return tuple(order.record for order in self.orders(role) if order.record is not None)

    def _match(self, record: BrokerOrder) -> LedgerOrder | None:
        by_id = {order.record.order_id: order for order in self._orders.values() if order.record is not None}
        if record.order_id in by_id:
            return by_id[record.order_id]
        named = self._orders.get(record.identifier or "")
        if record.replaces in by_id and (named is None or named.record is not None):
            # A broker may copy the original's identifier to the replacement: then it is the one not heard of yet.
            role = by_id[record.replaces].role
            unheard = [order for order in self.orders(role) if order.record is None]
            return unheard[-1] if unheard else None
        return named


def average_price(fills: Iterable[Fill]) -> Decimal | None:
    """Quantity-weighted mean price; None of nothing."""
    taken = list(fills)
    quantity = sum(fill.quantity for fill in taken)
    if not quantity:
        return None
    return sum((fill.price * fill.quantity for fill in taken), Decimal(0)) / quantity


def newer(held: BrokerOrder, heard: BrokerOrder) -> BrokerOrder:
    """Which of two records of one order tells its state: an end is final (invariant 11), else the later word counts.

    `Filled` outlasts every other end, so that a fill that won a race against a cancel is seen however they come.
    """
    if held.order_id != heard.order_id:
        raise InvariantError(f"orders {held.order_id} and {heard.order_id} carry one identifier {held.identifier}")
    if _finality(held) != _finality(heard):
        return max(held, heard, key=_finality)
    if held.updated_at and heard.updated_at and heard.updated_at < held.updated_at:
        return held
    return heard


def merged(held: BrokerOrder | None, heard: BrokerOrder) -> BrokerOrder:
    """What two records of one order tell together: the newer state, and every fill once."""
    if held is None:
        return heard
    known = {fill.fill_id for fill in held.fills}
    new = tuple(fill for fill in heard.fills if fill.fill_id not in known)
    return newer(held, heard).model_copy(update={"fills": held.fills + new})


def _finality(record: BrokerOrder) -> int:
    return record.status.is_terminal + (record.status is OrderStatus.FILLED)
