"""The truth about a trade's orders: what was sent, what the broker has said of it, and every fill once.

Records arrive from answers, look-ups and the stream, repeated, late and out of order. The ledger merges them so that
the result does not depend on the way they came. What each does to an order is decided by `order_states`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.order_states import BY_WORD, STANDING, Age, OrderState, Verdict, Word, after_record, after_word
from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus


@dataclass
class LedgerOrder:
    """One order we meant to send. `record` is the broker's latest; None while its fate is unknown."""

    role: OrderRole
    request: OrderRequest
    chain: str  # the identifier of the first order in its row of replacements: its own, if it replaces none
    replaces: "LedgerOrder | None" = None
    record: BrokerOrder | None = None
    never_accepted: bool = False
    fills: dict[str, Fill] = field(default_factory=dict)  # told of this very order

    @property
    def identifier(self) -> str:
        """Our name for it."""
        return self.request.identifier

    @property
    def state(self) -> OrderState:
        """Where it stands."""
        if self.record is not None:
            return OrderState.of(self.record)
        return OrderState.NEVER_ACCEPTED if self.never_accepted else OrderState.UNKNOWN

    @property
    def is_open(self) -> bool:
        """It may still execute: unknown counts as open (invariant 5)."""
        return STANDING[self.state].is_open

    @property
    def may_be_cancelled(self) -> bool:
        """Asking for its cancel makes sense: it works, and no cancel is under way."""
        return STANDING[self.state].may_cancel

    @property
    def may_be_replaced(self) -> bool:
        """It works, the broker calls it editable, and no fill is known: one would abort the replacement."""
        is_editable = self.record is not None and self.record.editable
        return STANDING[self.state].may_replace and is_editable and not self.filled

    @property
    def filled(self) -> int:
        """Contracts filled, each execution once."""
        return sum(fill.quantity for fill in self.fills.values())

    @property
    def leaves(self) -> int:
        """Contracts that may still execute: of the broker's quantity, which a replacement may not share with us."""
        quantity = self.request.quantity if self.record is None else self.record.quantity
        return max(0, quantity - self.filled) if self.is_open else 0


@dataclass(frozen=True)
class Heard:
    """What a record brought. `contradictions` are sentences: with any, nothing more may be bought for the trade."""

    order: LedgerOrder
    before: OrderStatus | None  # the status on the record that was held; None when there was none
    fills: tuple[Fill, ...] = ()  # not known before
    contradictions: tuple[str, ...] = ()


class OrderLedger:
    """All orders of one trade, in the order they were meant."""

    def __init__(self) -> None:
        self._orders: dict[str, LedgerOrder] = {}
        # By row of replacements and fill id: a fill that is told of an original and of its replacement is one fill.
        self._fills: dict[tuple[str, str], tuple[OrderRole, Fill]] = {}
        self._told_gone = 0

    def intend(self, role: OrderRole, request: OrderRequest, replaces: LedgerOrder | None = None) -> LedgerOrder:
        """Write an order down before it is sent."""
        if request.identifier in self._orders:
            raise InvariantError(f"order {request.identifier} was sent before")
        chain = request.identifier if replaces is None else replaces.chain
        order = LedgerOrder(role=role, request=request, chain=chain, replaces=replaces)
        self._orders[request.identifier] = order
        return order

    def refuse(self, identifier: str, word: Word = Word.PROVEN_ABSENT) -> None:
        """The order was refused, or is proven absent. InvariantError when the broker's record proves the contrary."""
        order = self._orders[identifier]
        state, verdict = after_word(order.state, word)
        if verdict.stops:
            held = "" if order.record is None else f" as {order.record.order_id}"
            raise InvariantError(f"order {identifier} is on the broker's record{held}")
        order.never_accepted = state is OrderState.NEVER_ACCEPTED

    def observe(self, record: BrokerOrder) -> Heard:
        """Merge a record of the broker's. InvariantError for one that is not this trade's: it is not taken in."""
        order = self._match(record)
        if order is None or not _is_for(record, order.request):
            raise InvariantError(f"order {record.order_id} ({record.identifier}) is not this trade's")
        is_twin = order.record is not None and order.record.order_id != record.order_id
        if is_twin:
            order = self._adopt(order, record)
        was, before = order.state, order.record.status if order.record else None
        new = self._count(order, record)
        verdict = _take_in(order, record)
        words = self._words(order, record, is_twin=is_twin)
        reasons = [f"it was {was.lower()}"] * verdict.stops
        reasons += [str(word) for word in words if _stops(word, was, order.state)]
        contradictions = tuple(f"order {record.order_id} ({order.identifier}): {reason}" for reason in reasons)
        return Heard(order, before, new, contradictions)

    def order(self, identifier: str) -> LedgerOrder:
        """The order of that identifier; KeyError when it was never meant."""
        return self._orders[identifier]

    def knows(self, record: BrokerOrder) -> bool:
        """Whether the record belongs to this trade."""
        return self._match(record) is not None

    def has_heard_of(self, order_id: int) -> bool:
        """Whether a record of that id was taken in."""
        return any(order.record is not None and order.record.order_id == order_id for order in self._orders.values())

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

    def lose(self, quantity: int) -> None:
        """So many in all are not in the account any more, and no order of ours did it: assigned, or bought by hand."""
        self._told_gone = max(self._told_gone, quantity)

    @property
    def gone(self) -> int:
        """How many of those there can be: what our own orders bought back was there to be bought back."""
        return max(0, min(self._told_gone, self._not_left))

    @property
    def held(self) -> int:
        """Contracts entered and not left again, nor gone: bought and not sold, or sold first and not bought back."""
        return self._not_left - self.gone

    @property
    def _not_left(self) -> int:
        return self.filled(OrderRole.ENTRY) - self.filled(OrderRole.EXIT, OrderRole.CLOSE)

    def leaves(self, role: OrderRole) -> int:
        """Contracts that open orders of that role may still execute."""
        return sum(order.leaves for order in self.open_orders(role))

    def for_sale(self, *roles: OrderRole, beside: LedgerOrder | None = None) -> int:
        """Contracts that open orders of these roles may trade away, `beside` that order and its row of replacements.

        An order and its replacement are one in the market: the larger counts.
        """
        rows: dict[str, int] = {}
        for order in (order for role in roles for order in self.open_orders(role)):
            if beside is None or order.chain != beside.chain:
                rows[order.chain] = max(rows.get(order.chain, 0), order.leaves)
        return sum(rows.values())

    def fills(self, *roles: OrderRole) -> list[Fill]:
        """Every fill of these roles, in the order it became known."""
        return [fill for role, fill in self._fills.values() if role in roles]

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

    def _adopt(self, twin: LedgerOrder, record: BrokerOrder) -> LedgerOrder:
        """A second order under one identifier is nobody's but ours: it may execute, and must come off the market."""
        name = f"{twin.identifier} ({record.order_id})"
        order = LedgerOrder(role=twin.role, request=twin.request, chain=name)
        self._orders[name] = order
        return order

    def _count(self, order: LedgerOrder, record: BrokerOrder) -> tuple[Fill, ...]:
        """Count each fill once (invariant 10), as it was told first; returns those that were not known."""
        new = []
        for fill in record.fills:
            order.fills.setdefault(fill.fill_id, fill)
            if (order.chain, fill.fill_id) not in self._fills:
                self._fills[order.chain, fill.fill_id] = order.role, fill
                new.append(fill)
        return tuple(new)

    def _words(self, order: LedgerOrder, record: BrokerOrder, *, is_twin: bool) -> list[Word]:
        """What a record says of an order beside its state."""
        said = {
            Word.FILL: bool(order.fills),
            Word.OVERFILL: order.filled > order.request.quantity,
            Word.OTHER_FILL: any(self._is_known_otherwise(order, fill) for fill in record.fills),
            Word.OTHER_TERMS: _has_other_terms(record, order.request),
            Word.OTHER_ORDER: is_twin,
        }
        return [word for word, holds in said.items() if holds]

    def _is_known_otherwise(self, order: LedgerOrder, fill: Fill) -> bool:
        _, known = self._fills[order.chain, fill.fill_id]
        return (known.quantity, known.price) != (fill.quantity, fill.price)


def average_price(fills: Iterable[Fill]) -> Decimal | None:
    """Quantity-weighted mean price; None of nothing."""
    taken = list(fills)
    quantity = sum(fill.quantity for fill in taken)
    if not quantity:
        return None
    return sum((fill.price * fill.quantity for fill in taken), Decimal(0)) / quantity


def _take_in(order: LedgerOrder, record: BrokerOrder) -> Verdict:
    """Let the table say which of the two records tells the state."""
    told, age = OrderState.told_by(record), Age.of(record, order.record)
    _, verdict = after_record(order.state, told, age)
    if verdict.takes or order.record is None:
        order.record, order.never_accepted = record, False
    # The record that tells the state need not be the one that brought the fills: it always carries them all.
    order.record = order.record.model_copy(update={"fills": tuple(order.fills.values())})
    return verdict


def _stops(word: Word, *states: OrderState) -> bool:
    """What was learnt is judged by the state before its record and by the one after it."""
    return any(BY_WORD[state][word].stops for state in states)


def _is_for(record: BrokerOrder, request: OrderRequest) -> bool:
    """The same instrument, on the same side: else its fills are none of this order's."""
    is_same = record.symbol.split() == request.symbol.split()  # its padding says nothing
    return is_same and record.action.is_buy is request.action.is_buy


def _has_other_terms(record: BrokerOrder, request: OrderRequest) -> bool:
    """A smaller quantity is the broker's to decide, as in a replacement: the rest is simply not working."""
    has_other_price = None not in (record.price, request.price) and record.price != request.price
    # Outright futures know neither open nor close. Elsewhere the broker may turn a close into an opening.
    has_other_effect = request.action not in (LegAction.BUY, LegAction.SELL) and record.action is not request.action
    is_larger = record.quantity > request.quantity
    return has_other_price or has_other_effect or is_larger or record.order_type is not request.order_type


def merged(held: BrokerOrder | None, heard: BrokerOrder) -> BrokerOrder:
    """What two records of one order tell together: the state that the table takes, and every fill once."""
    if held is None:
        return heard
    _, verdict = after_record(OrderState.told_by(held), OrderState.told_by(heard), Age.of(heard, held))
    known = {fill.fill_id for fill in held.fills}
    new = tuple(fill for fill in heard.fills if fill.fill_id not in known)
    return (heard if verdict.takes else held).model_copy(update={"fills": held.fills + new})
