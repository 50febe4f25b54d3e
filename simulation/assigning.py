"""Assignment in a simulation: what is short goes from the broker's book, and perhaps its buy-back goes with it."""

import asyncio

from domain.orders import LegAction
from simulation.assignments import Assignments, Loss
from simulation.broker import Order, SimulatedBroker
from simulation.plan import FAULTS_END
from simulation.positions import Positions
from simulation.surroundings import Surroundings

_AGAIN = 3.0  # seconds: nothing is short yet


class Assigning:
    """Of one seed."""

    def __init__(self, assignments: Assignments, around: Surroundings) -> None:
        self._assignments = assignments
        self._around = around
        self._broker: SimulatedBroker = around.broker
        self._positions: Positions = around.positions
        if assignments.is_strict:
            self._broker.opposes = self._is_refused

    async def run(self) -> None:
        """Each loss at its time, or once something is short, until faults end."""
        for loss in self._assignments.losses:
            await asyncio.sleep(max(0.0, loss.at - self._around.at))
            await self._until_short()
            if self._positions.short:
                self._lose(loss)

    async def _until_short(self) -> None:
        for _ in range(int(FAULTS_END / _AGAIN)):
            if self._positions.short or self._around.at >= FAULTS_END:
                return
            await asyncio.sleep(_AGAIN)

    def _lose(self, loss: Loss) -> None:
        quantity = -int(-self._positions.short * loss.part // 1)
        self._around.happened("bought back by hand" if loss.is_by_hand else "assigned")
        self._around.log(f"   {quantity} of {self._positions.short} short are gone")
        self._positions.take(quantity)
        if self._assignments.is_strict:
            self._take_orders_along()

    def _take_orders_along(self) -> None:
        for order in list(self._broker.working()):
            if order.request.action is LegAction.BUY_TO_CLOSE and order.leaves > self._positions.short:
                self._around.happened("its buy-back goes with the position")
                self._broker.end(order)

    def _is_refused(self, order: Order) -> bool:
        """Whether it would buy back more than is short."""
        refused = order.request.action is LegAction.BUY_TO_CLOSE and order.leaves > self._positions.short
        if refused:
            self._around.happened("refused, for so many are not short")
        return refused
