"""A trade's surroundings in a simulation: its time, which may halt, its misfortunes, and all that trades share.

All trades of a seed share one `Surroundings`; each has a `SimulatedWorld` of its own, as each workflow has.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from domain.broker import AccountState
from domain.contract import Contract
from domain.desk import CallCover
from domain.desk_book import DeskBook
from simulation.broker import Order, SimulatedBroker
from simulation.misfortunes import HINDRANCES, TURNS
from simulation.plan import ENDS, FAULTS_END, Plan
from simulation.positions import Positions
from simulation.underlying import Underlying
from simulation.virtual_time import VirtualLoop

# Seconds until a misfortune's last trace is gone: a look-up over half a minute, a sweep each minute.
_IS_OVER_IT = 75.0
_BALANCE_AGE = timedelta(seconds=30)  # as the desk's workflow has it


@dataclass
class _Waiter:
    condition: Callable[[], bool]
    done: asyncio.Future[bool]


class Surroundings:
    """Everything outside the trades, and the seed's misfortunes."""

    def __init__(
        self, plan: Plan, broker: SimulatedBroker, desk: DeskBook, contract: Contract, start: datetime
    ) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop), "a simulation runs in virtual time"  # noqa: S101
        self.plan = plan
        self.broker = broker
        self.desk = desk
        self.contract = contract
        self.positions = Positions(plan.seed, broker, lambda: self.at)
        self.underlying = Underlying(plan.seed, plan.guarding.on_underlying)
        self.call_cover: Callable[[str | None], CallCover] | None = None  # of a trade that would sell shares
        self.log: Callable[[str], None] = lambda _: None
        self.fired: list[str] = []
        self.hindered_at = -1000.0  # when something last kept a trade from hearing, asking or being answered
        self._loop = loop
        self._start = start
        self._dice = Random(f"{plan.seed}/world")  # noqa: S311
        self._hidden: dict[int, float] = {}  # order id -> until when no look-up finds it
        self._waiters: list[_Waiter] = []
        self._is_stirred = False
        loop.idle = self._wake_waiters

    def now(self) -> datetime:
        """Our clock, with its jumps."""
        at = self._loop.time()
        skew = sum(seconds for when, seconds in self.plan.clock_jumps if when <= at)
        return self._start + timedelta(seconds=at + skew)

    def account(self) -> AccountState:
        """Balances: what was not spent on what is held."""
        unit = self.contract.multiplier
        spent = sum(
            (fill.price * fill.quantity * (unit if order.is_buy else -unit) for order in self.broker.orders.values()
             for fill in order.fills), Decimal(0)
        )  # fmt: skip
        money = self.plan.house.money
        left = money - spent
        return AccountState(
            account_number="5WX00042", net_liquidating_value=money, cash=left, buying_power=left, at=self.now()
        )

    def refresh_balance(self) -> None:
        """Have the desk know balances that are fresh enough."""
        known, now = self.desk.account, self.now()
        if known is None or self.desk.reference is None or now - known.at >= _BALANCE_AGE:
            self.desk.hear_account(self.account(), now)

    def true_time(self) -> datetime:
        """The exchange's clock."""
        return self._start + timedelta(seconds=self._loop.time())

    @property
    def at(self) -> float:
        """Seconds since the beginning."""
        return self._loop.time()

    def chance(self, what: str, chance: float) -> bool:
        """Whether this misfortune happens now; none does once faults have ended."""
        if not chance or self.at >= FAULTS_END or self._dice.random() >= chance:
            return False
        self.happened(what)
        return True

    def happened(self, what: str) -> None:
        """Count a misfortune."""
        self.fired.append(what)
        if what in HINDRANCES:
            self.hindered_at = self.at
        elif what not in TURNS:
            raise ValueError(f"{what} has no line in the tables")
        self.log(f"!! {what}")

    def uniform(self, low: float, high: float) -> float:
        """A number between two."""
        return self._dice.uniform(low, high)

    def is_down(self) -> bool:
        """Whether no workflow can go on now."""
        return any(window.covers(self.at) for window in (*self.plan.crashes, *self.plan.outages))

    def is_broker_down(self) -> bool:
        """Whether no request reaches the broker now."""
        is_down = any(window.covers(self.at) for window in self.plan.broker_outages)
        if is_down:
            self.happened("broker down")
        return is_down

    async def until_up(self) -> None:
        """Wait for the end of what is down."""
        if any(window.covers(self.at) for window in self.plan.outages):
            self.happened("nothing goes on")
        while self.is_down():
            windows = [window for window in (*self.plan.crashes, *self.plan.outages) if window.covers(self.at)]
            await asyncio.sleep(max(window.ends for window in windows) - self.at)

    def crashed_since(self, began: float) -> bool:
        """Whether the worker died after `began`."""
        return any(began < window.begins <= self.at for window in self.plan.crashes)

    def is_hindered(self) -> bool:
        """Whether something goes wrong now, or did so lately that not everybody needs to be over it."""
        plan = self.plan
        covered = (*plan.crashes, *plan.outages, *plan.silences, *plan.broker_outages)
        if any(window.begins <= self.at < window.ends + _IS_OVER_IT for window in covered):
            return True
        return self.at < self.hindered_at + _IS_OVER_IT

    def near(self, ticks: int) -> Decimal:
        """The price so many ticks above the bid, or below it; where trades sell first, below the ask, or above it."""
        bid, schedule = self.broker.bid or self.plan.price, self.contract.ticks
        if self.plan.shorts is not None:
            ask = self.broker.ask or self.plan.price
            return max(schedule.down(ask, ticks), schedule.finest.at(ask)) if ticks >= 0 else schedule.up(ask, -ticks)
        return schedule.up(bid, ticks) if ticks >= 0 else max(schedule.down(bid, -ticks), schedule.finest.at(bid))

    def until_expiry(self) -> float:
        """Seconds."""
        return ENDS - self.at

    def later(self, after: float, act: Callable[[], None]) -> None:
        """What was given up goes on all the same."""
        self._loop.call_later(after, act)

    def hide(self, order: Order) -> None:
        """No look-up finds this order for a while."""
        self._hidden[order.order_id] = self.at + self.uniform(1, 25)

    def is_visible(self, order: Order) -> bool:
        """Whether look-ups find it."""
        return self._hidden.get(order.order_id, 0.0) <= self.at

    def stir(self) -> None:
        """Something reached a trade: what it waits for may hold now."""
        self._is_stirred = True

    async def wait(self, condition: Callable[[], bool], within: float | None) -> bool:
        """Until the condition holds; False when the time was up before."""
        self.stir()
        waiter = _Waiter(condition, self._loop.create_future())
        self._waiters.append(waiter)
        timer = None if within is None else self._loop.call_later(within, self._time_is_up, waiter)
        try:
            return await waiter.done
        finally:
            self._waiters.remove(waiter)
            if timer is not None:
                timer.cancel()

    def _time_is_up(self, waiter: _Waiter) -> None:
        if waiter.done.done():
            return
        if self.is_down():  # a durable timer fires when somebody is there again
            ends = max(w.ends for w in (*self.plan.crashes, *self.plan.outages) if w.covers(self.at))
            self._loop.call_later(ends - self.at, self._time_is_up, waiter)
        else:
            self.stir()
            waiter.done.set_result(waiter.condition())

    def _wake_waiters(self) -> bool:
        """All stands still: whose condition holds now goes on, as a workflow's do after each of its tasks."""
        if not self._is_stirred or self.is_down():
            return False
        woken = [waiter for waiter in self._waiters if not waiter.done.done() and waiter.condition()]
        for waiter in woken:
            waiter.done.set_result(True)
        self._is_stirred = bool(woken)
        return self._is_stirred
