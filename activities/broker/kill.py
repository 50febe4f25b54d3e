"""The kill: straight at the broker, without Temporal, worker or bot. It takes off what this program has in the market.

Orders that are not ours are never touched (invariant 21). Positions are sold only as far as our own orders bought them,
and bought back only as far as our own orders sold them first.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from activities.broker.limits import Family
from activities.broker.orders import Orders
from activities.broker.own_fills import net_bought
from activities.broker.positions import position
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of, price_or_none
from activities.broker.session import BrokerSession
from domain.broker import CancelOrder, OrderById, PlaceOrder
from domain.direction import Direction
from domain.errors import AlertladderError, RefusedError, RetryableError
from domain.identifiers import OrderRole, TradeId, is_kills, kill_identifier, role_of
from domain.orders import OrderRequest, OrderType, Outcome, TimeInForce

_LOOKS = 30
_LOOK_PAUSE = 0.5  # seconds
# An order that was on its way when the kill's mark was left reaches the broker's list within this.
_STRAGGLERS = timedelta(seconds=6)
_MOST_PASSES = 10
_BOUGHT_SINCE = timedelta(days=60)
_CALL = timedelta(seconds=10)


@dataclass
class Killed:
    """What came of it: orders by id with how they ended, what was sold, and what could not be done, in words."""

    ended: dict[int, str] = field(default_factory=dict)
    sold: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stuck: set[int] = field(default_factory=set)  # orders that would not come off
    left_alone: int = 0  # working orders that are not ours


class KillSwitch:
    """One account's. `say` is told each step as it is made.

    It looks again after `stragglers`: a list may be stale, and an order may have been on its way.
    """

    def __init__(
        self,
        session: BrokerSession,
        orders: Orders,
        say: Callable[[str], None],
        stragglers: timedelta = _STRAGGLERS,
    ) -> None:
        self._session = session
        self._orders = orders
        self._say = say
        self._stragglers = stragglers

    async def pull(self, *, exits: bool, positions: bool) -> Killed:
        """Take off our entries; our exits too when asked; and sell what our orders bought when that is asked."""
        killed = Killed()
        roles = tuple(OrderRole) if exits or positions else (OrderRole.ENTRY,)
        await self._clear(roles, killed)
        await asyncio.sleep(self._stragglers.total_seconds())
        for _ in range(_MOST_PASSES):
            if not await self._clear(roles, killed):
                break
        if positions:
            await self._sell(killed)
        return killed

    async def _clear(self, roles: tuple[OrderRole, ...], killed: Killed) -> int:
        """One look at the list, and everything off it that must go; how many those were."""
        ours, killed.left_alone = _sorted(await self._patiently(self._orders.live))
        asked = {int(raw["id"]) for raw in ours if role_of(identifier_of(raw)) in roles and _may_work(raw)}
        working = asked - killed.ended.keys() - killed.stuck  # the list may lag behind the orders' own records
        await asyncio.gather(*[self._take_off(order_id, killed) for order_id in working])
        return len(working)

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
        killed.stuck.add(order_id)
        killed.failed.append(f"order {order_id} is not off the market")

    async def _sell(self, killed: Killed) -> None:
        """What our orders bought and did not sell, and the account still holds; what they sold first, the other way."""
        since = (datetime.now(UTC) - _BOUGHT_SINCE).date()
        net = net_bought(await self._patiently(lambda: self._orders.history(since)))
        reply = await self._session.read(f"{self._session.account_path}/positions", Family.POSITIONS)
        for raw in reply.items or ():
            held = position(raw)
            ours = 0 if held is None else net.get(held.symbol, 0)
            if held is None or ours * held.quantity <= 0:
                continue
            way = Direction.LONG if ours > 0 else Direction.SHORT
            quantity = min(abs(int(held.quantity)), abs(ours))
            await self._sell_one(held.symbol, str(raw.get("instrument-type")), quantity, way, killed)

    async def _sell_one(self, symbol: str, instrument_type: str, quantity: int, way: Direction, killed: Killed) -> None:
        """At the market; where that is refused, at the far quote. Sent once each: the unknown is for a person."""
        number, words = len(killed.sold) + len(killed.failed), way.words
        for attempt, price in enumerate((None, await self._far(symbol, instrument_type, way))):
            if attempt and price is None:
                break
            request = OrderRequest(
                identifier=kill_identifier(datetime.now(UTC), number, attempt),
                symbol=symbol,
                instrument_type=instrument_type,
                action=way.closes_by(is_future=instrument_type == "Future"),
                quantity=quantity,
                order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
                time_in_force=TimeInForce.DAY,
                price=price,
            )
            answer = await self._orders.place(PlaceOrder(order=request, not_after=datetime.now(UTC) + _CALL))
            if answer.outcome is Outcome.ACCEPTED:
                killed.sold.append(f"{quantity} {symbol} {'at market' if price is None else f'@ {price}'}")
                self._say(f"{words.leaving} {killed.sold[-1]}")
                return
            if answer.outcome is Outcome.UNKNOWN:
                break
        killed.failed.append(f"{quantity} {symbol} could not be {words.left}: {answer.code} {answer.message}")

    async def _far(self, symbol: str, instrument_type: str, way: Direction) -> Decimal | None:
        side = "ask" if way.is_short else "bid"
        key = "future" if instrument_type == "Future" else "equity" if instrument_type == "Equity" else "equity-option"
        try:
            reply = await self._session.read("/market-data/by-type", Family.QUOTES, {f"{key}[]": symbol})
        except AlertladderError:
            return None
        return next((price_or_none(raw.get(side)) for raw in reply.items or ()), None)

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
    """Our trades', and how many working orders are somebody else's."""
    ours, others = [], 0
    for raw in rows:
        if TradeId.of_order(identifier_of(raw)) is not None:
            ours.append(raw)
        else:
            others += not is_kills(identifier_of(raw)) and _may_work(raw)
    return ours, others


def _may_work(raw: dict[str, Any]) -> bool:
    """An order that can't be read may work: it is better cancelled."""
    try:
        return not broker_order(raw).status.is_terminal
    except UnreadableRecordError:
        return True
