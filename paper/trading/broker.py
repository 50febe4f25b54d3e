"""The broker's counter: judges orders, accepts them, and takes requests to replace and cancel them."""

from typing import NamedTuple

from paper.faults import FaultKind, Faults, On, Subject
from paper.refusals import CannotUpdateError, Refusal
from paper.trading.book import Book
from paper.trading.buying_power import Effect
from paper.trading.complex_orders import ComplexOrder, ComplexOrders
from paper.trading.order_form import ChangeForm, ComplexForm, OrderForm
from paper.trading.orders import Order
from paper.trading.preflight import Preflight, complex_rules
from paper.trading.venue import Venue
from paper.trading.words import ComplexType


class Assessment(NamedTuple):
    """An order as it would be, what it would cost, and what speaks against it."""

    order: Order
    effect: Effect
    refusals: list[Refusal]
    warnings: list[Refusal]


class ComplexAssessment(NamedTuple):
    """A complex order as it would be, part by part, and what speaks against it."""

    type: ComplexType
    trigger: Assessment | None
    orders: list[Assessment]
    refusals: list[Refusal]

    @property
    def decisive(self) -> Assessment:
        """The part whose effect counts: the trigger, or of an either-or the dearer order."""
        return self.trigger or min(self.orders, key=lambda part: part.effect.change)


class RefusedOrderError(Exception):
    """The order breaks rules; nothing happened."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals


class Broker:
    """What a client may do about orders."""

    def __init__(
        self, book: Book, preflight: Preflight, venue: Venue, complex_orders: ComplexOrders, faults: Faults
    ) -> None:
        self._book = book
        self._preflight = preflight
        self._venue = venue
        self._complex_orders = complex_orders
        self._faults = faults

    def assess(self, form: OrderForm, instead_of: Order | None = None, after: Order | None = None) -> Assessment:
        """What would happen to this order beside the orders that work already.

        Or in the place of one of them, or when the order that it waits for (`after`) is filled.
        """
        order = self._preflight.order_of(form, after)
        effect = self._book.reservations.effect(order, instead_of, after)
        return Assessment(
            order, effect, self._preflight.refusals(order, effect, after), self._preflight.warnings(order)
        )

    def assess_complex(self, form: ComplexForm) -> ComplexAssessment:
        """What would happen to a complex order."""
        trigger = None if form.trigger_order is None else self.assess(form.trigger_order)
        after = None if trigger is None else trigger.order
        orders = [self.assess(part, after=after) for part in form.orders]
        parts = [*([] if trigger is None else [trigger]), *orders]
        between = complex_rules(form.type, [part.order for part in orders], after)
        refusals = [*between, *(refusal for part in parts for refusal in part.refusals)]
        return ComplexAssessment(form.type, trigger, orders, refusals)

    def place_complex(self, form: ComplexForm) -> tuple[ComplexOrder, ComplexAssessment]:
        """Accept a complex order; RefusedOrderError when it or one of its parts breaks a rule."""
        assessment = self.assess_complex(form)
        if assessment.refusals:
            raise RefusedOrderError(assessment.refusals)
        trigger = None if assessment.trigger is None else assessment.trigger.order
        orders = [part.order for part in assessment.orders]
        return self._complex_orders.place(form.type, orders, trigger), assessment

    def place(self, form: OrderForm) -> Assessment:
        """Accept an order and send it to the venue; RefusedOrderError when it breaks a rule."""
        assessment = _accepted(self.assess(form))
        self._hide_if_asked(assessment.order, On.PLACE)
        self._book.accept(assessment.order)
        self._venue.send(assessment.order)
        return assessment

    def assess_change(self, order_id: int, form: ChangeForm) -> Assessment:
        """What replacing a working order would do; CannotUpdateError when it can't be replaced."""
        original = self._book.find(order_id)
        if not original.is_changeable or not original.leaves:
            raise CannotUpdateError("replaced")
        return self.assess(form.applied_to(original), original)

    def replace(self, order_id: int, form: ChangeForm) -> Order:
        """Put a new order in a working one's place; RefusedOrderError and CannotUpdateError as above."""
        assessment = _accepted(self.assess_change(order_id, form))
        original, replacement = self._book.find(order_id), assessment.order
        replacement.complex_id, replacement.complex_tag = original.complex_id, original.complex_tag
        self._hide_if_asked(replacement, On.REPLACE)
        self._venue.replace(original, replacement)
        return replacement

    def cancel(self, order_id: int) -> Order:
        """Ask for a working order's cancel; CannotUpdateError when it is over."""
        order = self._book.find(order_id)
        self._venue.cancel(order)
        return order

    def _hide_if_asked(self, order: Order, on: On) -> None:
        if fault := self._faults.take(FaultKind.STALE_LOOKUP, on, Subject.of(order)):
            self._book.conceal(order, fault.seconds)


def _accepted(assessment: Assessment) -> Assessment:
    if assessment.refusals:
        raise RefusedOrderError(assessment.refusals)
    return assessment
