"""Complex orders: brackets and either-ors, and what becomes of their parts."""

from decimal import Decimal
from typing import Any

import pytest
from tastytrade.order import OCOOrder, OrderAction, OrderStatus, OrderTimeInForce, OTOCOOrder, StopOrder
from tastytrade.utils import TastytradeError

from paper.trading import broker
from paper.trading.complex_orders import ComplexOrders
from paper.trading.orders import Order
from paper.wire import order_json
from tests.paper.conformance.point import Source, around, instead, none_found, nothing, point, without
from tests.paper.conformance.stage import Stage

GTC = OrderTimeInForce.GTC


def parts(stage: Stage) -> dict[str, Any]:
    leg = stage.option.build_leg(2, OrderAction.SELL_TO_CLOSE)
    return {
        "take_profit": stage.ticket.sell(2, "2.20", "tp", time_in_force=GTC),
        "stop_loss": StopOrder(time_in_force=GTC, legs=[leg], stop_trigger=Decimal("0.50"), external_identifier="sl"),
    }


async def bracket(stage: Stage) -> Any:
    order = OTOCOOrder(trigger_order=stage.ticket.buy(2, "1.05", "entry"), **parts(stage))
    return (await stage.account.place_complex_order(stage.session, order, dry_run=False)).complex_order


@point(
    Source.DOCUMENTED,
    {
        "nothing follows": instead(ComplexOrders, "_advance", nothing),
        "both work on": around(ComplexOrders, "_cancel_all", lambda _: nothing),
        "no tag": around(order_json, "_optional_order_fields", without("complex-order-tag")),
        "it isn't told": around(
            order_json,
            "_optional_order_fields",
            without("contingent-status"),
        ),
    },
)
async def a_bracket_waits_for_its_entry_and_then_one_order_cancels_the_other(stage: Stage) -> None:
    """The two are Contingent, "Pending Order", until the entry is filled; the fill of one cancels the other."""
    placed = await bracket(stage)
    await stage.settled(placed.trigger_order.id, "Live")
    waiting = (await stage.account.get_complex_order(stage.session, placed.id)).orders
    assert [(order.status, order.contingent_status, order.complex_order_tag) for order in waiting] == [
        (OrderStatus.CONTINGENT, "Pending Order", "OTOCO::order")
    ] * 2
    await stage.quote("0.95", "1.05")
    for part in (placed.take_profit, placed.stop_loss):
        await stage.settled(part.id, "Live")
    await stage.quote("0.40", "0.60")
    await stage.settled(placed.stop_loss.id, "Filled")
    await stage.settled(placed.take_profit.id, "Cancelled")
    assert (await stage.account.get_complex_order(stage.session, placed.id)).terminal_at is not None


@point(Source.RECORDED, {"any two will do": instead(broker, "complex_rules", none_found)})
async def an_either_or_is_one_limit_and_one_stop(stage: Stage) -> None:
    """Anything else is refused with `invalid_oco_order_type_combo`."""
    await stage.held(2)
    order = OCOOrder(**parts(stage))
    body = order.model_dump(exclude_none=True, by_alias=True, mode="json")
    body["orders"] = [body["orders"][0]] * 2
    answer = await stage.ask("POST", f"/accounts/{stage.account.account_number}/complex-orders", json=body)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["error"]["errors"]] == ["invalid_oco_order_type_combo"]
    assert len(stage.paper.exchange.book.orders) == 1


@point(
    Source.ASSUMPTION,
    {
        "some are left behind": instead(Order, "is_on_its_way", False),
        "only what is Live": around(
            ComplexOrders,
            "_cancel_all",
            lambda cancel: lambda self, orders: cancel(self, [order for order in orders if not order.waits_here]),
        ),
    },
    hop_seconds=0.03,
)
async def the_cancel_of_a_complex_order_is_of_all_its_parts_or_refused(stage: Stage) -> None:
    """While a part is on its way to the venue it is a 422; then what waits is Cancelled at once, what is Live soon."""
    placed = await bracket(stage)
    with pytest.raises(TastytradeError, match="cannot_update_order"):
        await stage.account.delete_complex_order(stage.session, placed.id)
    await stage.settled(placed.trigger_order.id, "Live")
    await stage.account.delete_complex_order(stage.session, placed.id)
    assert {stage.order(part.id).status for part in (placed.take_profit, placed.stop_loss)} == {"Cancelled"}
    await stage.settled(placed.trigger_order.id, "Cancelled")
