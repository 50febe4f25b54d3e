"""Faults that orders meet at the venue, and somebody else's hand in the account."""

from typing import Any

from tastytrade.order import OrderStatus

from paper.control.arming import Arming
from paper.faults import Faults
from paper.trading.book import Book
from tests.paper.conformance.fault_requests import NEVER, OURS
from tests.paper.conformance.point import Break, instead, nothing, point
from tests.paper.conformance.stage import Stage


@point(OURS, NEVER)
async def the_venue_can_reject_what_the_broker_accepted(stage: Stage) -> None:
    """reject_next: Rejected with its reason instead of Live."""
    await stage.control.fault("reject_next", reason="No opening orders")
    order_id = (await stage.place(stage.ticket.buy(1, "1.10"))).id
    await stage.settled(order_id, "Rejected")
    assert (await stage.account.get_order(stage.session, order_id)).reject_reason == "No opening orders"


@point(OURS, NEVER)
async def the_venue_can_cancel_unasked(stage: Stage) -> None:
    """cancel_next: Live, then Cancelled or Removed, though nobody asked for it: a refusal in all but name."""
    for ends in ("Cancelled", "Removed"):
        await stage.control.fault("cancel_next", ends=ends)
        order_id = (await stage.place(stage.ticket.buy(1, "1.05"))).id
        order = await stage.settled(order_id, ends)
        assert order.live_at is not None


@point(OURS, NEVER)
async def a_fill_can_race_a_cancel_and_come_after_it(stage: Stage) -> None:
    """fill_during_cancel: fills between the request and its end, fill_after_cancel: once it is Cancelled already."""
    await stage.control.fault("fill_during_cancel", quantity=1)
    await stage.control.fault("fill_after_cancel", quantity=1)
    order_id = await stage.resting(3)
    await stage.account.delete_order(stage.session, order_id)
    order = await stage.settled(order_id, "Cancelled")
    assert order.filled == 1
    await stage.until(lambda: order.filled == 2, "a fill came after the cancel")
    seen = await stage.account.get_order(stage.session, order_id)
    assert (seen.status, len(seen.legs[0].fills or [])) == (OrderStatus.CANCELLED, 2)
    assert stage.paper.exchange.account.held(stage.option.symbol) == 2


@point(OURS, NEVER)
async def a_cancel_can_take_long(stage: Stage) -> None:
    """delay_cancel: the order stays Cancel Requested, and can be filled all that time."""
    slow, quick = await stage.resting(1, "1.05"), await stage.resting(1, "1.04")
    await stage.control.fault("delay_cancel", seconds=60)
    for order_id in (slow, quick):
        await stage.account.delete_order(stage.session, order_id)
    await stage.settled(quick, "Cancelled")
    assert stage.order(slow).status == "Cancel Requested"
    await stage.quote("0.95", "1.05")
    assert stage.order(slow).status == "Filled"


@point(OURS, NEVER)
async def a_fill_can_race_a_replacement(stage: Stage) -> None:
    """fill_during_cancel, for replacements: the new order is given up, the old one works on."""
    await stage.control.fault("fill_during_cancel", on="replace", quantity=1)
    old = await stage.resting(3)
    new = (await stage.account.replace_order(stage.session, old, stage.ticket.buy(3, "1.06"))).id
    await stage.settled(new, "Cancelled", "Live")
    assert (stage.order(new).status, stage.order(old).status, stage.order(old).filled) == ("Cancelled", "Live", 1)


@point(OURS, NEVER)
async def an_order_can_fill_in_lots(stage: Stage) -> None:
    """lots: pieces of these sizes, then whatever is left; each is told."""
    await stage.control.fault("lots", lots=[1, 2])
    async with stage.listening() as wire:
        await stage.place(stage.ticket.buy(5, "1.10"))
        told = [len(order["legs"][0]["fills"]) for order in await wire.orders_until("Filled")]
    assert told[-3:] == [1, 2, 3]
    assert [execution.quantity for execution in stage.paper.exchange.book.executions] == [1, 2, 2]


ALL_SHOWN: dict[str, Break] = {"all of it is shown": instead(Book, "seen", lambda _, order: order)}


@point(OURS, NEVER | ALL_SHOWN)
async def filled_can_be_told_before_the_last_fill_is_attached(stage: Stage) -> None:
    """late_fill_detail: Filled with a fill missing, in answers and on the stream; complete a moment later."""
    await stage.control.fault("late_fill_detail", seconds=0.05)
    async with stage.listening() as wire:
        order_id = (await stage.place(stage.ticket.buy(2, "1.10"))).id
        first = (await wire.orders_until("Filled"))[-1]
        assert (first["legs"][0]["fills"], first["legs"][0]["remaining-quantity"]) == ([], 2)
        early = await stage.account.get_order(stage.session, order_id)
        assert (early.status, early.legs[0].fills) == (OrderStatus.FILLED, [])
        second = (await wire.orders_until("Filled"))[-1]
    assert [fill["quantity"] for fill in second["legs"][0]["fills"]] == [2]


def _idle(arming: Arming, fault: Any) -> None:
    fault.fired = 1


@point(OURS, {"nobody trades": instead(Arming, "_trade_by_hand", _idle)})
async def somebody_else_can_trade_in_the_account(stage: Stage) -> None:
    """manual_order and manual_cancel: a person's order, which has no identifier, and the cancel of one of ours."""
    ours = await stage.resting()
    theirs = await stage.control.fault("manual_order", symbol=stage.option.symbol, side="buy", quantity=2, price="1.10")
    await stage.settled(theirs["order_id"] or ours, "Filled")
    seen = await stage.account.get_order(stage.session, theirs["order_id"])
    assert (seen.external_identifier, seen.source) == (None, "WEB")
    await stage.control.fault("manual_cancel", symbol=stage.option.symbol)
    await stage.settled(ours, "Cancelled")


@point(
    OURS,
    {
        "it goes on": instead(Faults, "holding", lambda *_: iter(())),
        "nothing is told": instead(Faults, "_tell", nothing),
    },
)
async def trading_can_be_halted(stage: Stage) -> None:
    """halt: orders are taken and rest, nothing fills; when it is lifted, everything does that could have."""
    await stage.control.fault("halt", symbol="UBER")
    order_id = (await stage.place(stage.ticket.buy(1, "1.10"))).id
    await stage.settled(order_id, "Live", "Filled")
    assert stage.order(order_id).status == "Live"
    [row] = (await stage.data("/market-data/by-type", equity="UBER"))["items"]
    assert row["is-trading-halted"]
    assert row["halt-start-time"] > 1_600_000_000_000
    await stage.control.clear_faults()
    await stage.settled(order_id, "Filled")
