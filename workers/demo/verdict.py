"""Whether the demo's trades ended as they should, by the exchange's own book: not by what we believe of ourselves."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.identifiers import TradeId
from domain.trade import TradeView
from workers.demo.scenes import Scene

_ENDS = {"Filled", "Cancelled", "Expired", "Rejected", "Removed", "Partially Removed"}
WireOrder = Mapping[str, Any]


def complaints(scene: Scene, view: TradeView, book: Mapping[str, Any]) -> list[str]:
    """Everything about one trade that is not as the scene says; empty when all is well."""
    orders = [order for order in book["orders"] if _belongs(order, view.workflow_id)]
    buys = [order for order in orders if _action(order).startswith("Buy")]
    sells = [order for order in orders if not _action(order).startswith("Buy")]
    found = []
    if view.state is not scene.state:
        found.append(f"the trade is {view.state}, not {scene.state}")
    if scene.refusal is not None and (view.refusal is None or view.refusal.code is not scene.refusal):
        found.append(f"refused as {view.refusal}, not as {scene.refusal}")
    if scene.refusal is not None and orders:
        found.append(f"refused, and yet the exchange has {len(orders)} orders of it")
    if sorted(_fills(buys)) != sorted(scene.fills):
        found.append(f"bought {_fills(buys)}, not {list(scene.fills)}")
    if working := [order["id"] for order in buys if order["status"] not in _ENDS]:
        found.append(f"entry orders still working: {working}")
    if scene.last_order_type and buys and _newest(buys)["order-type"] != scene.last_order_type:
        found.append(f"the last entry order is a {_newest(buys)['order-type']}, not a {scene.last_order_type}")
    standing = [(_quantity(order), Decimal(order["price"])) for order in sells if order["status"] not in _ENDS]
    if standing != ([scene.exit] if scene.exit else []):
        found.append(f"standing exits {standing}, not {scene.exit}")
    return found + _named_twice(orders)


def _belongs(order: WireOrder, workflow_id: str) -> bool:
    trade = TradeId.of_order(order.get("external-identifier"))
    return trade is not None and trade.workflow_id == workflow_id


def _fills(orders: Iterable[WireOrder]) -> list[tuple[int, Decimal]]:
    fills = [fill for order in orders for leg in order["legs"] for fill in leg["fills"]]
    return [(int(Decimal(str(fill["quantity"]))), Decimal(fill["fill-price"])) for fill in fills]


def _action(order: WireOrder) -> str:
    return str(order["legs"][0]["action"])


def _quantity(order: WireOrder) -> int:
    return int(Decimal(str(order["legs"][0]["quantity"])))


def _newest(orders: Sequence[WireOrder]) -> WireOrder:
    return max(orders, key=lambda order: int(order["id"]))


def _named_twice(orders: Iterable[WireOrder]) -> list[str]:
    names = [order["external-identifier"] for order in orders]
    return [f"{name} was sent twice" for name in sorted(set(names)) if names.count(name) > 1]
