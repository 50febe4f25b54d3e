"""What our own orders came to by their fills, whoever else trades in the account."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from activities.broker.records import UnreadableRecordError, broker_order
from domain.identifiers import TradeId, is_kills
from domain.orders import BrokerOrder


def net_bought(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """What our trades bought and did not sell, by symbol; what an earlier kill is selling counts as sold.

    Negative is what they sold first and did not buy back.

    Each fill counts once, by its id: a replacement's record may tell those of the order that it replaced.
    """
    net: defaultdict[str, int] = defaultdict(int)
    counted: set[tuple[str, str]] = set()
    for order in _readable(rows):
        if is_kills(order.identifier):
            quantity = order.filled if order.status.is_terminal else order.quantity
            net[order.symbol] += quantity if order.action.is_buy else -quantity
        elif TradeId.of_order(order.identifier) is not None:
            for fill in order.fills:
                if (order.symbol, fill.fill_id) not in counted:
                    counted.add((order.symbol, fill.fill_id))
                    net[order.symbol] += fill.quantity if order.action.is_buy else -fill.quantity
    return net


def _readable(rows: Iterable[dict[str, Any]]) -> Iterable[BrokerOrder]:
    for raw in rows:
        try:
            yield broker_order(raw)
        except UnreadableRecordError:
            continue
