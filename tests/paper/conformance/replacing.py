"""Replacing an order: a new order for an old one, in two steps that may both go wrong."""

from decimal import Decimal
from typing import Any

import pytest
from tastytrade.order import OrderStatus

from paper.trading import order_form
from paper.trading.book import Book
from paper.trading.broker import Broker
from paper.trading.order_form import ChangeForm
from paper.trading.orders import Order
from paper.trading.reservations import Reservations
from paper.trading.venue import Venue
from paper.trading.words import Status
from paper.wire import order_json, rest_orders
from tests.paper.conformance.point import Source, around, instead, nothing, point, without
from tests.paper.conformance.stage import Stage


def _obliging(replace: Any) -> Any:
    def replaced(broker: Broker, order_id: int, form: ChangeForm) -> Order:
        known = broker._book.find(order_id).replaced_by
        return replace(broker, order_id, form) if known is None else broker._book.find(known)

    return replaced


def _same_id(replace: Any) -> Any:
    def replaced(broker: Broker, order_id: int, form: ChangeForm) -> Order:
        order = broker._book.find(order_id)
        broker._book.change(order, price=form.price)
        return order

    return replaced


@point(
    Source.RECORDED,
    {
        "the order is changed": around(Broker, "replace", _same_id),
        "no link back": around(order_json, "_optional_order_fields", without("replaces-order-id")),
        "no link forward": around(order_json, "_optional_order_fields", without("replacing-order-id")),
        "it is under data.order": around(
            rest_orders, "one", lambda one: lambda request, data, *more: one(request, {"order": data}, *more)
        ),
    },
)
async def a_replacement_is_a_new_order_with_a_new_id(stage: Stage) -> None:
    """The PUT has no legs and answers 200 with the new order; the old one is `edited`, and each names the other."""
    old = await stage.resting(2)
    body = stage.ticket.buy(2, "1.06", "t-2").model_dump_json(exclude_none=True, by_alias=True, exclude={"legs"})
    answer = await stage.ask("PUT", f"{stage.orders_path}/{old}", content=body)
    new = answer.json()["data"]
    assert (answer.status_code, new["status"], new["replaces-order-id"]) == (200, "Contingent", old)
    assert (new["price"], new["size"], new["contingent-status"]) == ("1.06", 2, "Pending Order")
    assert new["id"] != old
    await stage.settled(new["id"], "Live")
    gone = await stage.account.get_order(stage.session, old)
    assert (gone.status, gone.edited, gone.replacing_order_id) == (OrderStatus.CANCELLED, True, new["id"])


def _routed_first(patch: pytest.MonkeyPatch, _: Any) -> None:
    async def finish(venue: Venue, original: Order, replacement: Order) -> None:
        venue.send(replacement)
        venue._book.move(original, Status.CANCELLED)

    patch.setattr(Venue, "_finish_replace", finish)


@point(
    Source.DOCUMENTED,
    {
        "it is routed first": _routed_first,
        "Replace Requested is skipped": around(
            Book,
            "tell",
            lambda tell: lambda book, order: None if order.status is Status.REPLACE_REQUESTED else tell(book, order),
        ),
    },
)
async def a_replacement_waits_for_the_originals_cancel(stage: Stage) -> None:
    """Contingent until the original is Cancelled, then routed: in between there is no order in the market."""
    old = await stage.resting(2)
    async with stage.listening() as wire:
        new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(2, "1.06"))).id
        told = [(order["id"], order["status"]) for order in await wire.orders_until("Live")]
    assert told == [
        (new, "Contingent"),
        (old, "Replace Requested"),
        (old, "Cancelled"),
        (new, "Routed"),
        (new, "In Flight"),
        (new, "Live"),
    ]


@point(
    Source.DOCUMENTED,
    {
        "it goes on all the same": instead(
            Venue, "_give_up", lambda venue, original, replacement: venue.send(replacement)
        ),
        "the rest of the original is forgotten": around(
            Venue,
            "_give_up",
            lambda give_up: lambda venue, original, replacement: venue._book.move(replacement, Status.CANCELLED),
        ),
    },
    cancel_seconds=0.05,
)
async def a_fill_of_the_original_aborts_its_replacement(stage: Stage) -> None:
    """The replacement ends Cancelled without having been routed, and the rest of the original is Live again."""
    old = await stage.resting(3)
    new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(3, "1.06"))).id
    await stage.quote("0.90", "1.05", 1)
    await stage.settled(new, "Cancelled")
    assert (await stage.settled(old, "Live")).leaves == 2
    assert stage.order(new).in_flight_at is None
    assert stage.paper.exchange.account.held(stage.option.symbol) == 1


@point(
    Source.ASSUMPTION,
    {
        "the whole size again": instead(
            order_form,
            "_rest",
            lambda order: [
                order_form.LegForm(**leg.model_dump(include={"instrument_type", "symbol", "action", "quantity"}))
                for leg in order.legs
            ],
        )
    },
)
async def a_replacement_is_for_what_is_left(stage: Stage) -> None:
    """The broker documents no size after a partial fill: this one is for the rest, which can't oversell."""
    old = await stage.resting(5)
    await stage.quote("0.90", "1.05", 2)
    new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(5, "1.06"))).id
    assert (await stage.account.get_order(stage.session, new)).size == 3
    await stage.settled(new, "Live", "Filled")
    assert stage.order(new).units == 3


@point(
    Source.DOCUMENTED,
    {
        "it is inherited": around(
            ChangeForm,
            "applied_to",
            lambda apply: (
                lambda form, order: apply(form, order).model_copy(
                    update={"external_identifier": form.external_identifier or order.identifier}
                )
            ),
        ),
        "its own is dropped": around(
            ChangeForm,
            "applied_to",
            lambda apply: lambda form, order: apply(form, order).model_copy(update={"external_identifier": None}),
        ),
    },
)
async def an_identifier_belongs_to_one_order_and_is_not_inherited(stage: Stage) -> None:
    """A replacement has the identifier of its own request, or none; the original keeps its own."""
    old = await stage.resting(1, "1.05", "first")
    new = await stage.account.replace_order(stage.session, old, stage.ticket.buy(1, "1.06", "second"))
    assert new.external_identifier == "second"
    await stage.settled(new.id, "Live")
    change = {"price": "1.07", "price-effect": "Debit"}
    third = (await stage.ask("PATCH", f"{stage.orders_path}/{new.id}", json=change)).json()["data"]
    assert "external-identifier" not in third
    assert (third["price"], third["size"], third["order-type"]) == ("1.07", 1, "Limit")
    assert (await stage.account.get_order(stage.session, old)).external_identifier == "first"


@point(
    Source.DOCUMENTED,
    {
        "the same answer again": around(Broker, "replace", _obliging),
        "what waits is cancelled at once": around(
            Venue,
            "cancel",
            lambda cancel: (
                lambda venue, order: (venue.withdraw if order.waits_here else lambda o: cancel(venue, o))(order)
            ),
        ),
    },
    cancel_seconds=0.05,
)
async def an_order_that_is_being_replaced_can_not_be_changed(stage: Stage) -> None:
    """A second PUT, and a DELETE, are answered 422 until one of the two orders is Live."""
    old = await stage.resting(1)
    new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(1, "1.06"))).id
    for order_id in (old, new):
        assert await stage.changes_of(order_id) == [(422, "cannot_update_order")] * 2
    await stage.settled(new, "Live")
    assert len(stage.paper.exchange.book.orders) == 2


@point(
    Source.ASSUMPTION,
    {
        "both are reserved": around(
            Reservations,
            "_set",
            lambda set_: (
                lambda self, order: (
                    set_(self, order.model_copy(update={"replaces": None, "status": "Live"}))
                    if order.replaces
                    else set_(self, order)
                )
            ),
        ),
        "neither is": instead(Reservations, "follow", nothing),
    },
    cancel_seconds=0.2,
)
async def a_replacement_ties_up_what_goes_beyond_its_original(stage: Stage) -> None:
    """Both orders are there for a moment, and only one of them can be filled."""
    old = await stage.resting(10, "1.00")
    before = (await stage.account.get_balances(stage.session)).derivative_buying_power
    new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(10, "1.02"))).id
    assert stage.order(new).status == "Contingent"
    during = (await stage.account.get_balances(stage.session)).derivative_buying_power
    assert (before, during) == (100_000 - 1000 - Decimal("11.20"), before - 20)
