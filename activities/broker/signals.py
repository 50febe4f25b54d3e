"""Telling trades of their orders: each new record becomes one signal to the workflow that its identifier names.

Records of one trade go out in the order they came; trades don't wait for each other.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.identifiers import TradeId
from domain.orders import BrokerOrder, OrderStatus

log = logging.getLogger(__name__)
SIGNAL = "order_update"
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
_PAUSES = (0.1, 0.5, 2.0, 5.0)  # seconds between attempts to reach Temporal


class TradeSignals:
    """The way from records to trades. `told` and `gone` count signals, and those whose trade is over.

    `on_gone` hears of every record whose trade is over.
    """

    def __init__(self, client: Client, on_gone: Callable[[BrokerOrder], Awaitable[None]]) -> None:
        self._client = client
        self._on_gone = on_gone
        self._newest: OrderedDict[int, BrokerOrder] = OrderedDict()
        self._lanes: dict[str, deque[BrokerOrder]] = {}
        self._senders: set[asyncio.Task[None]] = set()
        self._given_up = False
        self.told = 0
        self.gone = 0

    @property
    def all_told(self) -> bool:
        """Nothing is on its way, and nothing was given up since `begin`."""
        return not self._lanes and not self._given_up

    def begin(self) -> None:
        """All that is known will be told, or told again if it was given up."""
        self._given_up = False

    def tell(self, order: BrokerOrder, *, is_told: bool = False) -> None:
        """Send a record on its way, unless it is not a trade's of ours or no news to it.

        `is_told`: another has told it, so that only what comes after it is news.
        """
        trade = TradeId.of_order(order.identifier)
        held = self._newest.get(order.order_id)
        if trade is None or not _is_news(held, order):
            return
        self._remember(order)
        if is_told and held is None:
            return
        lane = self._lanes.get(trade.workflow_id)
        if lane is None:
            lane = self._lanes[trade.workflow_id] = deque()
            sender = asyncio.get_running_loop().create_task(self._send(trade.workflow_id, lane))
            self._senders.add(sender)
            sender.add_done_callback(self._senders.discard)
        lane.append(order)

    async def close(self) -> None:
        """Drop what is still on its way; the next watch reads it again."""
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)

    async def _send(self, workflow_id: str, lane: deque[BrokerOrder]) -> None:
        try:
            while lane:
                await self._signal(workflow_id, lane.popleft())
        finally:
            del self._lanes[workflow_id]

    async def _signal(self, workflow_id: str, order: BrokerOrder) -> None:
        handle = self._client.get_workflow_handle(workflow_id)
        for pause in (*_PAUSES, None):
            try:
                await handle.signal(SIGNAL, order)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    self.gone += 1
                    log.info("order %s is %s, and trade %s is over", order.order_id, order.status, workflow_id)
                    await self._on_gone(order)
                    return
                log.warning("trade %s could not be told of order %s: %s", workflow_id, order.order_id, error)
            else:
                self.told += 1
                return
            if pause is not None:
                await asyncio.sleep(pause)
        self._newest.pop(order.order_id, None)  # the next sweep tells it again
        self._given_up = True

    def _remember(self, order: BrokerOrder) -> None:
        self._newest[order.order_id] = order
        self._newest.move_to_end(order.order_id)
        while len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)


def _is_news(told: BrokerOrder | None, order: BrokerOrder) -> bool:
    """A trade must hear of an order's existence, its fills and its ends; each hop on its way would fill its history."""
    if told is None or told.fills != order.fills:
        return True
    return order != told and order.status not in _ON_ITS_WAY
