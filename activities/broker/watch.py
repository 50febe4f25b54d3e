"""The account watch's activity: every change of an order of ours becomes a signal to its trade.

The stream has no sequence numbers and replays nothing, so after each connect the day's orders are read over REST, and
a record that can't be read is read again the same way.
"""

import asyncio
import contextlib
import logging
import random
from collections import OrderedDict

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.broker.orders import BrokerOrders
from activities.broker.records import UnreadableRecord, broker_order, is_single_leg
from activities.broker.session import BrokerSession, Json
from activities.broker.stream import AccountStream
from activities.interfaces import WatchActivities
from domain.broker import OrderById, WatchAccount
from domain.errors import AlertladderError
from domain.identifiers import IDENTIFIER_PREFIX, TradeId
from domain.orders import BrokerOrder, OrderStatus

logger = logging.getLogger(__name__)

_BACKOFF = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # seconds
_HEARTBEAT = 1.0  # seconds
_REMEMBERED = 5000  # orders
_ON_ITS_WAY = frozenset(
    {
        OrderStatus.RECEIVED,
        OrderStatus.ROUTED,
        OrderStatus.IN_FLIGHT,
        OrderStatus.CANCEL_REQUESTED,
        OrderStatus.REPLACE_REQUESTED,
    }
)
# The sweep finds what the stream lost. The broker asks not to poll its live orders: this is once a minute.
_SWEEP_EVERY = 60.0  # seconds


class TastytradeWatch(WatchActivities):
    """Watches one account for as long as its activity runs."""

    def __init__(self, session: BrokerSession, orders: BrokerOrders, client: Client) -> None:
        self._session = session
        self._orders = orders
        self._client = client
        self._told: OrderedDict[int, BrokerOrder] = OrderedDict()
        self._connections = 0

    @activity.defn(name="watch_account")
    async def watch_account(self, request: WatchAccount) -> None:
        """Watch until the worker stops or the activity is cancelled; another attempt begins with a re-read."""
        watching = asyncio.create_task(self._watch_for_ever())
        stopping = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            while not (watching.done() or stopping.done()):
                activity.heartbeat(request.account_number, self._connections)
                await asyncio.wait({watching, stopping}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (watching, stopping):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        raise RuntimeError("the worker stops; another one goes on watching")

    async def _watch_for_ever(self) -> None:
        failures = 0
        while True:
            try:
                async with AccountStream.open(self._session) as stream:
                    self._connections += 1
                    failures = 0
                    await self._follow(stream)
            except AlertladderError as error:
                logger.warning("account watch: %s", error)
            failures += 1
            pause = _BACKOFF[min(failures, len(_BACKOFF)) - 1]
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  spreads reconnects, guards nothing

    async def _follow(self, stream: AccountStream) -> None:
        """Subscribed first, read second: nothing can fall between."""
        sweeping = asyncio.create_task(self._sweep_for_ever())
        try:
            async for message in stream.notifications():
                if message["type"] == "Order":
                    await self._take(message.get("data") or {})
                elif message["type"] == "Unreadable":
                    await self._sweep()
        finally:
            sweeping.cancel()

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self._sweep()
            except AlertladderError as error:
                logger.warning("account watch: sweep failed: %s", error)
                await asyncio.sleep(1.0)
            else:
                await asyncio.sleep(_SWEEP_EVERY)

    async def _sweep(self) -> None:
        for order in sorted(await self._orders.todays(), key=lambda order: order.order_id):
            await self._tell(order)

    async def _take(self, raw: Json) -> None:
        if not str(raw.get("external-identifier") or "").startswith(IDENTIFIER_PREFIX) or not is_single_leg(raw):
            return  # somebody else's order (invariant 21)
        try:
            order = broker_order(raw)
        except UnreadableRecord as error:
            logger.warning("account watch: %s, reading it again", error)
            order = await self._orders.read(OrderById(order_id=int(raw.get("id") or 0)))
        await self._tell(order)

    async def _tell(self, order: BrokerOrder) -> None:
        """Signal the trade, once for each change."""
        trade = TradeId.of_order(order.identifier)
        if trade is None or not _is_news(self._told.get(order.order_id), order):
            return
        try:
            await self._client.get_workflow_handle(trade.workflow_id).signal("order_update", order)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise AlertladderError(f"{trade.workflow_id} could not be told: {error}") from error
            logger.warning("order %s changed, but its trade %s is over", order.order_id, trade.workflow_id)
        self._remember(order)

    def _remember(self, order: BrokerOrder) -> None:
        self._told[order.order_id] = order
        self._told.move_to_end(order.order_id)
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


def _is_news(told: BrokerOrder | None, order: BrokerOrder) -> bool:
    """Whether a trade must hear of it: an order's existence, its fills and its ends; not each hop on its way."""
    if told is None or told.fills != order.fills:
        return True
    return order != told and order.status not in _ON_ITS_WAY
