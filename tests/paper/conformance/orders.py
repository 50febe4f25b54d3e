"""An order's life: its states, what is told of it, and what may be done to it."""

from typing import Any

from tastytrade.order import OrderStatus, OrderTimeInForce

from paper.trading.book import Book
from paper.trading.broker import Broker
from paper.trading.matcher import Matcher
from paper.trading.orders import Order
from paper.trading.preflight import Preflight
from paper.trading.venue import Venue
from paper.trading.words import TERMINAL, Status
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage

GTC = OrderTimeInForce.GTC


def _silent_about(status: Status) -> Any:
    return lambda tell: lambda book, order: None if order.status is status else tell(book, order)


@point(
    Source.DOCUMENTED,
    {
        "In Flight is skipped": around(Book, "tell", _silent_about(Status.IN_FLIGHT)),
        "Live is skipped": around(Book, "tell", _silent_about(Status.LIVE)),
    },
)
async def an_order_goes_through_every_state_in_its_order(stage: Stage) -> None:
    """Received, Routed, In Flight, Live and Filled are each told, in this order."""
    async with stage.listening() as wire:
        await stage.place(stage.ticket.buy(1, "1.10"))
        states = [order["status"] for order in await wire.orders_until("Filled")]
    assert states == ["Received", "Routed", "In Flight", "Live", "Filled"]


@point(
    Source.DOCUMENTED,
    {
        "it is routed at once": instead(Matcher, "is_open", lambda *_: True),
        "the open forgets it": instead(Venue, "open_bell", nothing),
        "no warning": instead(Preflight, "warnings", lambda *_: []),
    },
)
async def an_order_placed_while_closed_is_received_and_routed_at_the_open(stage: Stage) -> None:
    """It stays Received, with the warning `tif_next_valid_sesssion` (sic), and goes on when the market opens."""
    await stage.control.session("closed")
    answer = await stage.account.place_order(stage.session, stage.ticket.buy(1, "1.05"), dry_run=False)
    assert answer.order.status is OrderStatus.RECEIVED
    assert [warning.code for warning in answer.warnings or []] == ["tif_next_valid_sesssion"]
    await stage.control.session("open")
    await stage.settled(answer.order.id, "Live")


@point(
    Source.RECORDED,
    {
        "always changeable": instead(Order, "is_changeable", property(lambda order: not order.status.is_terminal)),
        "never changeable": instead(Order, "is_changeable", False),
        "changeable while Received": instead(
            Order, "is_changeable", property(lambda order: order.status in (Status.LIVE, Status.RECEIVED))
        ),
    },
)
async def an_order_can_be_cancelled_and_edited_only_once_it_is_live(stage: Stage) -> None:
    """`cancellable` and `editable` turn true at Live; before that DELETE and PUT are answered 422."""
    placed = await stage.place(stage.ticket.buy(1, "1.05"))
    assert (placed.status, placed.cancellable, placed.editable) == (OrderStatus.ROUTED, False, False)
    await stage.settled(placed.id, "Live")
    live = await stage.account.get_order(stage.session, placed.id)
    assert (live.cancellable, live.editable) == (True, True)
    await stage.control.session("closed")
    waiting = await stage.place(stage.ticket.buy(1, "1.05"))
    assert (waiting.status, waiting.cancellable, waiting.editable) == (OrderStatus.RECEIVED, False, False)
    assert await stage.changes_of(waiting.id) == [(422, "cannot_update_order")] * 2


def _cancels_at_once(venue: Venue, order: Order) -> None:
    venue._book.move(order, Status.CANCELLED)


@point(
    Source.DOCUMENTED,
    {
        "it is done at once": instead(Venue, "cancel", _cancels_at_once),
        "the confirmation never comes": around(
            Book, "move", lambda move: lambda book, order, to: None if to is Status.CANCELLED else move(book, order, to)
        ),
    },
)
async def a_cancel_is_a_request(stage: Stage) -> None:
    """DELETE answers 200 with the order in Cancel Requested, no longer cancellable; Cancelled comes on the stream."""
    order_id = await stage.resting()
    async with stage.listening() as wire:
        answer = await stage.ask("DELETE", f"{stage.orders_path}/{order_id}")
        asked = answer.json()["data"]
        assert (answer.status_code, asked["status"], asked["cancellable"]) == (200, "Cancel Requested", False)
        cancelled = (await wire.orders_until("Cancelled"))[-1]
    assert {"cancelled-at", "terminal-at"} <= cancelled.keys()


@point(
    Source.DOCUMENTED,
    {
        "the market is left at once": instead(
            Status, "is_in_the_market", property(lambda status: status is Status.LIVE)
        ),
    },
    cancel_seconds=0.1,
)
async def an_order_can_be_filled_until_its_cancel_is_confirmed(stage: Stage) -> None:
    """What is Cancel Requested still trades, and may end as Filled."""
    order_id = await stage.resting()
    await stage.account.delete_order(stage.session, order_id)
    await stage.quote("0.90", "1.05")
    assert stage.order(order_id).status == "Filled"
    assert (await stage.account.get_order(stage.session, order_id)).status is OrderStatus.FILLED


def _obliging(cancel: Any) -> Any:
    def cancelled(broker: Broker, order_id: int) -> Order:
        order = broker._book.find(order_id)
        return order if order.status in TERMINAL else cancel(broker, order_id)

    return cancelled


@point(
    Source.DOCUMENTED,
    {"a cancel is always welcome": around(Broker, "cancel", _obliging)},
)
async def an_order_that_is_over_can_not_be_changed(stage: Stage) -> None:
    """DELETE, PUT and PATCH of a terminal order are answered 422 `cannot_update_order`."""
    order_id = (await stage.place(stage.ticket.buy(1, "1.10"))).id
    await stage.settled(order_id, "Filled")
    path = f"{stage.orders_path}/{order_id}"
    cancel = await stage.ask("DELETE", path)
    expected = {"code": "cannot_update_order", "message": "the order could not be cancelled"}
    assert (cancel.status_code, cancel.json()["error"]) == (422, expected)
    patch = await stage.ask("PATCH", path, json={"price": "1.06", "price-effect": "Debit"})
    assert (patch.status_code, patch.json()["error"]["code"]) == (422, "cannot_update_order")
    assert await stage.changes_of(order_id) == [(422, "cannot_update_order")] * 2
