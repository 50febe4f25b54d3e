"""The account watch of a simulation: a stream that loses, repeats, delays and garbles, and the sweeps below it.

It keeps the contract of the real one (`activities/broker/watch.py`) in virtual time: after each connection, after each
record that can't be read, and once a minute, every order of ours is read by REST and told to its trade.
"""

import asyncio
from collections.abc import Mapping

from domain.identifiers import TradeId
from domain.orders import BrokerOrder
from simulation.broker import Order
from simulation.surroundings import Surroundings
from workflows.trade_story import TradeStory

_SWEEP_EVERY = 60.0  # seconds
_SWEEP_GAP = 1.0


class SimulatedWatch:
    """Tells each trade what the broker has of its orders. `stories` by workflow id."""

    def __init__(self, around: Surroundings, stories: Mapping[str, TradeStory]) -> None:
        self._around = around
        self._stories = stories
        self._sweep_now = asyncio.Event()
        around.broker.changed.append(self._changed)

    async def run(self) -> None:
        """Sweep for ever; the stream works by itself."""
        while True:
            self._sweep_now.clear()
            await self._around.until_up()
            self._sweep()
            await asyncio.sleep(_SWEEP_GAP)
            try:
                async with asyncio.timeout(self._until_next_sweep()):
                    await self._sweep_now.wait()
            except TimeoutError:
                continue

    def _until_next_sweep(self) -> float:
        """A minute, or the end of a silence: the stream's liveness probe ends it with a new connection."""
        now = self._around.at
        ends = [window.ends - now for window in self._around.plan.silences if window.covers(now)]
        return min([_SWEEP_EVERY, *ends])

    def _sweep(self) -> None:
        if self._around.is_broker_down() or self._around.chance("sweep fails", self._around.plan.weather.failed_read):
            self._sweep_now.set()
            return
        for order in list(self._around.broker.orders.values()):
            if self._around.is_visible(order):
                self._tell(order.identifier, order.record())

    def _changed(self, order: Order) -> None:
        around, weather = self._around, self._around.plan.weather
        if any(window.covers(around.at) for window in around.plan.silences):
            around.happened("stream silent")
            return
        if (
            order.identifier is None
            or not around.is_visible(order)
            or around.chance("message lost", weather.message_lost)
        ):
            return
        if around.chance("message unreadable", weather.message_unreadable):
            self._sweep_now.set()
            return
        copies = 2 if around.chance("message repeated", weather.message_repeated) else 1
        for _ in range(copies):
            late = around.chance("message late", weather.message_late)
            delay = around.uniform(1, 20) if late else around.uniform(0.002, 0.06)
            asyncio.get_running_loop().call_later(delay, self._tell, order.identifier, order.record())

    def _tell(self, identifier: str | None, record: BrokerOrder) -> None:
        trade = TradeId.of_order(identifier)
        story = None if trade is None else self._stories.get(trade.workflow_id)
        if story is None:
            return
        if self._around.is_down():  # a signal waits in the history
            asyncio.get_running_loop().call_later(0.5, self._tell, identifier, record)
            return
        story.hear(record)
        self._around.stir()
