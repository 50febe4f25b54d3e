"""What working orders tie up: each as if the older ones that go the same way in its underlying had been filled.

Orders that sell compete for what covers them, and orders that buy for the margin they set free: neither may count on
what another one has claimed. Of an either-or only one order is filled, so its parts don't compete. A part that waits
for its trigger ties up nothing yet.

While there are a few orders in an underlying, each of them follows what the others do. Beyond that an order is reckoned
when it is placed and when it is filled in part only, beside all the others, older or not: that is on the safe side.
"""

from collections import Counter, defaultdict
from decimal import Decimal

from paper.trading.buying_power import BuyingPower, Claims, Effect, claims_of
from paper.trading.orders import Order
from paper.trading.words import ComplexType, Status

_ZERO = Decimal(0)
_A_FEW = 25  # orders in one underlying


class Reservations:
    """The dollars set aside for each open order; `total` for all of them."""

    def __init__(self, power: BuyingPower) -> None:
        self._power = power
        self._amounts: dict[int, Decimal] = {}
        self._seen: dict[int, tuple[int, bool, Decimal | None]] = {}  # what each was like when it was last reckoned
        self._tied: set[int] = set()  # the orders whose amount depends on what is held
        self._open: dict[str, dict[int, Order]] = {}  # by underlying
        self._claims: dict[int, dict[str, int]] = {}
        self._together: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)  # by underlying, and whether sold
        self.total = _ZERO

    def follow(self, order: Order) -> None:
        """Set aside what an order ties up as it stands now, and nothing once it is over."""
        here = self._open.setdefault(order.underlying, {})
        if not order.status.is_terminal:
            here[order.id] = order
            self._set_if_changed(order)
        elif here.pop(order.id, None) is not None:
            self.total -= self._amounts.pop(order.id)
            self._tied.discard(order.id)
            del self._seen[order.id]
            self._claim(order, {})
            self.refresh(order.underlying)

    def refresh(self, underlying: str) -> None:
        """Reckon anew after positions in the underlying changed, or orders in it ended."""
        here = self._open.get(underlying, {})
        for order in here.values() if len(here) <= _A_FEW else ():
            if order.id in self._tied or self._power.ties_margin(order):
                self._set(order)

    def mark(self) -> None:
        """Reckon anew what is naked after the market moved; the rest doesn't depend on it."""
        for here in self._open.values():
            for order in here.values() if len(here) <= _A_FEW else ():
                if order.sells and self._amounts[order.id]:
                    self._set(order)

    def effect(self, order: Order, instead_of: Order | None = None, after: Order | None = None) -> Effect:
        """What placing `order` would do beside the orders that work already.

        Or in the place of one of them, or when the order that it waits for (`after`) is filled.
        """
        freed = _ZERO if instead_of is None else self._amounts.get(instead_of.id, _ZERO)
        return self._power.effect(order, self.total - freed, self._beside(order, instead_of), after)

    def _set_if_changed(self, order: Order) -> None:
        """Most steps of an order's life leave it as it is."""
        state = (order.leaves, order.status is Status.CONTINGENT, order.price)
        if self._seen.get(order.id) != state:
            self._seen[order.id] = state
            self._claim(order, {} if _waits(order) else claims_of(order))
            self._set(order)

    def _claim(self, order: Order, claims: dict[str, int]) -> None:
        together = self._together[order.underlying, order.sells]
        together.subtract(self._claims.pop(order.id, {}))
        if claims:
            self._claims[order.id] = claims
            together.update(claims)
        else:
            for symbol in [symbol for symbol, quantity in together.items() if not quantity]:
                del together[symbol]

    def _set(self, order: Order) -> None:
        amount = _ZERO if _waits(order) else self._power.reservation(order, self._beside(order))
        if order.status is Status.CONTINGENT and order.replaces is not None:
            # It takes its original's place: until that is out of the market, only what goes beyond it is tied up.
            amount = max(amount - self._amounts.get(order.replaces, _ZERO), _ZERO)
        (self._tied.add if self._power.ties_margin(order) else self._tied.discard)(order.id)
        self.total += amount - self._amounts.get(order.id, _ZERO)
        self._amounts[order.id] = amount

    def _beside(self, order: Order, instead_of: Order | None = None) -> Claims:
        """What the orders claim that an order has to stand beside."""
        if not self._power.ties_margin(order):
            return {}
        here = self._open.get(order.underlying, {})
        replaced = order.replaces if instead_of is None else instead_of.id
        if len(here) <= _A_FEW:
            older = (one for one in here.values() if one.sells is order.sells and (not order.id or one.id < order.id))
            beside: Counter[str] = Counter()
            for other in older:
                if other.id != replaced and not _exclude_each_other(order, other):
                    beside.update(self._claims.get(other.id, {}))
            return beside
        others = self._together[order.underlying, order.sells].copy()
        excluded = [other.id for other in here.values() if order.complex_id and _exclude_each_other(order, other)]
        for number in {order.id, replaced, *excluded}:
            others.subtract(self._claims.get(number or 0, {}))
        return others


def _waits(order: Order) -> bool:
    """Whether it is the part of a complex order whose trigger is not filled."""
    return order.status is Status.CONTINGENT and order.replaces is None


def _exclude_each_other(one: Order, other: Order) -> bool:
    """Whether the fill of one cancels the other."""
    kind = (one.complex_tag or "").partition("::")[0]
    return one.complex_id is not None and one.complex_id == other.complex_id and ComplexType(kind).is_either_or
