"""What is told of an order, in answers, lists and messages."""

from itertools import count
from typing import Any

from paper.refusals import Refusal
from paper.trading.broker import Broker, RefusedOrderError
from paper.wire import account_stream, order_json
from tests.paper.conformance.point import Source, around, instead, point, with_changes, without
from tests.paper.conformance.stage import Stage, body

IDENTIFIER = "external-identifier"


@point(
    Source.DOCUMENTED,
    {
        "it is dropped": around(order_json, "_optional_order_fields", without(IDENTIFIER)),
        "it is not told": around(account_stream, "order_json", without(IDENTIFIER)),
        "it is cut": around(
            order_json, "_optional_order_fields", with_changes(lambda wire: {IDENTIFIER: wire[IDENTIFIER][:8]})
        ),
    },
)
async def the_external_identifier_is_echoed_wherever_the_order_is(stage: Stage) -> None:
    """It stands in the answer, in every look-up and list, and in every message of the stream."""
    tag = "alert-20261125-0001/entry/0/abcdefgh"
    async with stage.listening() as wire:
        placed = await stage.place(stage.ticket.buy(1, "1.05", tag))
        told = await wire.orders_until("Live")
    found = [
        placed,
        await stage.account.get_order(stage.session, placed.id),
        *await stage.account.get_live_orders(stage.session),
        *await stage.account.get_order_history(stage.session),
    ]
    assert [order.external_identifier for order in found] == [tag] * 4
    assert {order[IDENTIFIER] for order in told} == {tag}


def _unique(place: Any) -> Any:
    def placed(broker: Broker, form: Any) -> Any:
        if any(order.identifier == form.external_identifier for order in broker._book.orders.values()):
            raise RefusedOrderError([Refusal("duplicate", "This identifier was used before.")])
        return place(broker, form)

    return placed


def _idempotent(place: Any) -> Any:
    known: dict[str, Any] = {}

    def placed(broker: Broker, form: Any) -> Any:
        if form.external_identifier not in known:
            known[form.external_identifier] = place(broker, form)
        return known[form.external_identifier]

    return placed


@point(
    Source.DOCUMENTED,
    {
        "a second one is refused": around(Broker, "place", _unique),
        "a second one is the first": around(Broker, "place", _idempotent),
    },
)
async def the_external_identifier_is_a_tag_and_never_a_key(stage: Stage) -> None:
    """Placing the same order with the same identifier twice makes two orders: there is no idempotency."""
    order = stage.ticket.buy(1, "1.05", "same")
    assert (await stage.place(order)).id != (await stage.place(order)).id
    assert len(await stage.account.get_live_orders(stage.session)) == 2


RECORD = {
    "id", "account-number", "cancellable", "editable", "edited", "order-type", "price", "price-effect", "size",
    "status", "time-in-force", "underlying-symbol", "underlying-instrument-type", "updated-at", "received-at",
    "global-request-id", "ext-client-order-id", "external-identifier", "source", "legs",
}  # fmt: skip
_NUMBERS = count(1)
LEG = {"action", "instrument-type", "symbol", "quantity", "remaining-quantity", "fills"}


@point(
    Source.RECORDED,
    {
        "no updated-at": around(account_stream, "order_json", without("updated-at")),
        "seconds instead of milliseconds": instead(order_json, "epoch_ms", lambda at: int(at.timestamp())),
        "a price as a number": around(
            order_json, "_optional_order_fields", with_changes(lambda wire: {"price": float(wire["price"])})
        ),
        "underscored keys": around(
            order_json, "_leg_json", with_changes(lambda wire: {"remaining_quantity": wire.pop("remaining-quantity")})
        ),
    },
)
async def every_message_has_the_whole_order_in_the_brokers_shapes(stage: Stage) -> None:
    """Never a diff: dasherised keys, `updated-at` in epoch milliseconds, prices as strings, quantities as integers."""
    async with stage.listening() as wire:
        placed = await stage.ask("POST", stage.orders_path, content=body(stage.ticket.buy(1, "1.10")))
        told = await wire.orders_until("Filled")
    for order in (placed.json()["data"]["order"], *told, await stage.data(f"{stage.orders_path}/{told[0]['id']}")):
        assert order.keys() >= RECORD
        assert all(leg.keys() >= LEG for leg in order["legs"])
        assert isinstance(order["id"], int)
        assert 1_600_000_000_000 < order["updated-at"] < 4_000_000_000_000
        assert (order["price"], order["price-effect"], order["size"]) == ("1.1", "Debit", 1)
        assert order["received-at"].endswith("+00:00")
    fill = told[-1]["legs"][0]["fills"][0]
    assert fill.keys() >= {"fill-id", "quantity", "fill-price", "filled-at", "destination-venue", "ext-exec-id"}
    assert (fill["fill-price"], fill["quantity"]) == ("1.1", 1)


@point(
    Source.DOCUMENTED,
    {
        "only what is new": around(
            account_stream,
            "order_json",
            with_changes(lambda wire: {"legs": [{**leg, "fills": leg["fills"][-1:]} for leg in wire["legs"]]}),
        ),
        "an id of its own in each message": around(
            order_json, "_fill_json", with_changes(lambda _: {"fill-id": f"X-{next(_NUMBERS)}"})
        ),
    },
)
async def every_message_repeats_all_fills_with_the_same_ids(stage: Stage) -> None:
    """A client that adds up what it hears counts fills twice: `fill-id` tells them apart, and never changes."""
    order_id = await stage.resting(3)
    async with stage.listening() as wire:
        for size in (1, 2):
            await stage.quote("0.90", "1.05", size)
        heard = [[fill["fill-id"] for fill in order["legs"][0]["fills"]] for order in await wire.orders_until("Filled")]
    assert [len(ids) for ids in heard] == [1, 2]
    assert heard[1][0] == heard[0][0] != heard[1][1]
    fills = (await stage.account.get_order(stage.session, order_id)).legs[0].fills or []
    assert [fill.fill_id for fill in fills] == heard[1]


@point(
    Source.DOCUMENTED,
    {
        "a state of its own": around(
            account_stream,
            "order_json",
            with_changes(lambda wire: {"status": "Partially Filled"} if wire["legs"][0]["fills"] else {}),
        ),
        "nothing remains": around(order_json, "_leg_json", with_changes(lambda _: {"remaining-quantity": 0})),
    },
)
async def a_partly_filled_order_stays_live(stage: Stage) -> None:
    """There is no state for it: `remaining-quantity` is less than `quantity`."""
    order_id = await stage.resting(5)
    async with stage.listening() as wire:
        await stage.quote("0.90", "1.05", 2)
        order = (await wire.orders_until("Live"))[-1]
    assert (order["legs"][0]["quantity"], order["legs"][0]["remaining-quantity"]) == (5, 3)
    assert stage.order(order_id).filled == 2
