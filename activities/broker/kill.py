"""The kill: straight at the broker, without Temporal, worker or bot. It takes off what this program has in the market.

Orders that are not ours are never touched (invariant 21). Positions are sold only as far as our own orders bought them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from activities.broker.limits import Family
from activities.broker.orders import Orders
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of, price_or_none
from activities.broker.session import BrokerSession
from activities.broker.survey import position
from domain.broker import CancelOrder, OrderById, PlaceOrder
from domain.errors import AlertladderError, RefusedError, RetryableError
from domain.identifiers import OrderRole, TradeId, role_of
from domain.orders import BrokerOrder, LegAction, OrderRequest, OrderType, Outcome, TimeInForce

_LOOKS = 30
_LOOK_PAUSE = 0.5  # seconds
_BOUGHT_SINCE = timedelta(days=60)
_CALL = timedelta(seconds=10)


@dataclass
class Killed:
    """What came of it: orders by id with how they ended, what was sold, and what could not be done, in words."""

    ended: dict[int, str] = field(default_factory=dict)
    sold: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_alone: int = 0  # working orders that are not ours


class KillSwitch:
    """One account's. `say` is told each step as it is made."""

    def __init__(self, session: BrokerSession, orders: Orders, say: Callable[[str], None]) -> None:
        self._session = session
        self._orders = orders
        self._say = say

    async def pull(self, *, exits: bool, positions: bool) -> Killed:
        """Take off our entries; our exits too when asked; and sell what our orders bought when that is asked."""
        killed = Killed()
        ours, killed.left_alone = _sorted(await self._patiently(self._orders.live))
        roles = tuple(OrderRole) if exits or positions else (OrderRole.ENTRY,)
        working = [raw for raw in ours if role_of(identifier_of(raw)) in roles and _may_work(raw)]
        await asyncio.gather(*[self._take_off(int(raw["id"]), killed) for raw in working])
        if positions:
            await self._sell(killed)
        return killed

    async def _take_off(self, order_id: int, killed: Killed) -> None:
        """Ask, and look until the broker's own record shows its end."""
        for _ in range(_LOOKS):
            try:
                record = await self._orders.read(OrderById(order_id=order_id))
            except AlertladderError:
                record = None
            if record is not None and record.status.is_terminal:
                killed.ended[order_id] = f"{record.status}, filled {record.filled} of {record.quantity}"
                self._say(f"order {order_id} is {killed.ended[order_id]}")
                return
            if record is None or record.status.awaits_cancel:
                await self._orders.cancel(CancelOrder(order_id=order_id))
            await asyncio.sleep(_LOOK_PAUSE)
        killed.failed.append(f"order {order_id} is not off the market")

    async def _sell(self, killed: Killed) -> None:
        """What our orders bought and did not sell, and the account still holds."""
        since = (datetime.now(UTC) - _BOUGHT_SINCE).date()
        ours, _ = _sorted(await self._patiently(lambda: self._orders.history(since)))
        net = _net_bought(ours)
        reply = await self._session.read(f"{self._session.account_path}/positions", Family.POSITIONS)
        for raw in reply.items or ():
            held = position(raw)
            if held is None or net.get(held.symbol, 0) <= 0 or held.quantity <= 0:
                continue
            quantity = min(held.quantity, net[held.symbol])
            await self._sell_one(held.symbol, str(raw.get("instrument-type")), quantity, killed)

    async def _sell_one(self, symbol: str, instrument_type: str, quantity: int, killed: Killed) -> None:
        """At the market; where that is refused, at the bid. Sent once each: an unknown outcome is for a person."""
        number = len(killed.sold) + len(killed.failed)
        for attempt, price in enumerate((None, await self._bid(symbol, instrument_type))):
            if attempt and price is None:
                break
            is_future = instrument_type == "Future"
            request = OrderRequest(
                identifier=f"al-kill-{datetime.now(UTC):%m%d%H%M%S}-{number}-{attempt}",
                symbol=symbol,
                instrument_type=instrument_type,
                action=LegAction.SELL if is_future else LegAction.SELL_TO_CLOSE,
                quantity=quantity,
                order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
                time_in_force=TimeInForce.DAY,
                price=price,
            )
            answer = await self._orders.place(PlaceOrder(order=request, not_after=datetime.now(UTC) + _CALL))
            if answer.outcome is Outcome.ACCEPTED:
                killed.sold.append(f"{quantity} {symbol} {'at market' if price is None else f'@ {price}'}")
                self._say(f"selling {killed.sold[-1]}")
                return
            if answer.outcome is Outcome.UNKNOWN:
                break
        killed.failed.append(f"{quantity} {symbol} could not be sold: {answer.code} {answer.message}")

    async def _bid(self, symbol: str, instrument_type: str) -> Decimal | None:
        key = "future" if instrument_type == "Future" else "equity" if instrument_type == "Equity" else "equity-option"
        try:
            reply = await self._session.read("/market-data/by-type", Family.QUOTES, {f"{key}[]": symbol})
        except AlertladderError:
            return None
        return next((price_or_none(raw.get("bid")) for raw in reply.items or ()), None)

    async def _patiently(self, read: Callable[[], Any]) -> list[dict[str, Any]]:
        for _ in range(_LOOKS):
            try:
                rows: list[dict[str, Any]] = await read()
            except RetryableError as error:
                self._say(f"{error}; trying again")
                await asyncio.sleep(_LOOK_PAUSE)
            else:
                return rows
        raise RefusedError("unreachable", "the broker's order list can't be read")


def _sorted(rows: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Ours, and how many working orders are somebody else's."""
    ours, others = [], 0
    for raw in rows:
        if TradeId.of_order(identifier_of(raw)) is not None:
            ours.append(raw)
        else:
            others += _may_work(raw)
    return ours, others


def _may_work(raw: dict[str, Any]) -> bool:
    """An order that can't be read may work: it is better cancelled."""
    try:
        return not broker_order(raw).status.is_terminal
    except UnreadableRecordError:
        return True


def _net_bought(ours: Iterable[dict[str, Any]]) -> dict[str, int]:
    net: defaultdict[str, int] = defaultdict(int)
    for order in _readable(ours):
        net[order.symbol] += order.filled if order.action.is_buy else -order.filled
    return net


def _readable(rows: Iterable[dict[str, Any]]) -> Iterable[BrokerOrder]:
    for raw in rows:
        try:
            yield broker_order(raw)
        except UnreadableRecordError:
            continue
