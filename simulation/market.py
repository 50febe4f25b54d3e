"""The market of a simulation: a walk in ticks around the alert's price, and somebody who trades with what rests."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

from domain.ticks import TickSchedule
from simulation.broker import SimulatedBroker
from simulation.plan import Plan

_RISES_TO = Decimal("2.4")  # of the alert's price, once it doubles: past any exit
_FALLS_TO = Decimal("0.4")
_RISES_BY = Decimal("0.15")  # of what it was, in a move


class Market:
    """Moves when told to, by dice of its own."""

    def __init__(
        self, plan: Plan, ticks: TickSchedule, broker: SimulatedBroker, happened: Callable[[str], None]
    ) -> None:
        self._plan = plan
        self._ticks = ticks
        self._broker = broker
        self._happened = happened
        self._dice = Random(f"{plan.seed}/market")  # noqa: S311
        self._mid = plan.price
        self._width = self._dice.randint(1, 4)
        drift = plan.drift
        down = max(ticks.down(plan.price, -drift), ticks.at(plan.price)) if drift < 0 else plan.price
        self._target = ticks.up(plan.price, drift) if drift >= 0 else down
        self._lowest = ticks.at(Decimal(0))

    def open(self) -> None:
        """Its first quote."""
        self._quote()

    def move(self) -> None:
        """A second has passed."""
        if self._dice.random() < self._plan.restless:
            step = self._dice.choice((-1, 1, 1 if self._mid < self._target else -1))
            mid = self._ticks.up(self._mid) if step > 0 else self._ticks.down(self._mid)
            self._mid = max(mid, self._lowest)
            self._quote()
        if self._dice.random() < self._plan.busy:
            resting = [order for order in self._broker.working() if order.leaves]
            if resting:
                order = self._dice.choice(resting)
                self._broker.trade_with(order, self._dice.randint(1, order.leaves))

    def rise(self) -> None:
        """A second of the way to more than twice its price."""
        self._target = max(self._target, self._ticks.up(self._plan.price * _RISES_TO))
        if self._mid < self._target:
            self._mid = self._ticks.up(self._mid * (1 + _RISES_BY))
            self._quote()

    def fall(self) -> None:
        """A second of the way to less than half of its price."""
        self._target = min(self._target, self._ticks.floor(self._plan.price * _FALLS_TO))
        if self._mid > max(self._target, self._lowest):
            self._mid = max(self._ticks.floor(self._mid * (1 - _RISES_BY)), self._lowest)
            self._quote()

    def _quote(self) -> None:
        bid = self._ticks.floor(self._mid)
        before = self._broker.bid
        if before is not None and self._ticks.at(before) != self._ticks.at(bid):
            self._happened("the tick changes")
        self._broker.quote(bid, self._ticks.up(bid, self._width))
