"""A trade's surroundings in a simulation: calls that may fail in every way the real ones do, and a time that may halt.

All trades of a seed share one `Surroundings`; each has a `SimulatedWorld` of its own, as each workflow has.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from domain.audit import AuditEvent, AuditKind
from domain.broker import AccountState, ContractListing
from domain.contract import Contract, ContractQuery, Quote
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.orders import BrokerOrder, OrderAnswer, OrderRequest, Outcome
from domain.refusals import Refusal, RefusalCode
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble
from simulation.broker import NotChangeableError, Order, SimulatedBroker
from simulation.plan import FAULTS_END, Plan
from simulation.virtual_time import VirtualLoop
from workflows.changes import Change

_TIME_OUT = 5.0  # seconds, of a request
_NOTICED = 4.0  # seconds until a call that died with its worker is given up
_MUST_START = timedelta(seconds=5)
_REFUSED = OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="it can't be changed any more")


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
        self.money = Decimal(100_000)
        self.calls = 0  # that would change an order, by anybody of ours
        self.log: Callable[[str], None] = lambda _: None
        self.fired: list[str] = []
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
        spent = sum(
            (fill.price * fill.quantity * (100 if order.is_buy else -100) for order in self.broker.orders.values()
             for fill in order.fills), Decimal(0)
        )  # fmt: skip
        left = self.money - spent
        return AccountState(
            account_number="5WX00042", net_liquidating_value=self.money, cash=left, buying_power=left, at=self.now()
        )

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
        self.log(f"!! {what}")

    def uniform(self, low: float, high: float) -> float:
        """A number between two."""
        return self._dice.uniform(low, high)

    def is_down(self) -> bool:
        """Whether no workflow can go on now."""
        return any(window.covers(self.at) for window in (*self.plan.crashes, *self.plan.outages))

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

    def broker_later(self, send: Callable[[], Order], after: float) -> None:
        """A request that was given up reaches the broker all the same."""
        self._loop.call_later(after, _send_or_not, send)

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


def _send_or_not(send: Callable[[], Order]) -> None:
    with contextlib.suppress(NotChangeableError):
        send()


class SimulatedWorld:
    """One trade's world. `history` is what is durable; the store of the audit gets it from there."""

    def __init__(self, around: Surroundings, on_state: Callable[[TradeState], None]) -> None:
        self.history: list[AuditEvent] = []
        self.intents: set[str] = set()
        self.shown: TradeView | None = None
        self.troubles: list[Trouble] = []
        self._around = around
        self._on_state = on_state

    def now(self) -> datetime:
        """Our clock."""
        return self._around.now()

    def knows(self, change: Change) -> bool:  # noqa: ARG002
        """Every trade here is of today."""
        return True

    async def until(self, condition: Callable[[], bool], within: timedelta | None, why: str) -> bool:  # noqa: ARG002
        """A durable timer that a condition can end early."""
        if condition() or (within is not None and within <= timedelta(0)):
            return condition()
        return await self._around.wait(condition, None if within is None else within.total_seconds())

    async def admit(self, request: TradeRequest) -> Admission:
        """The real desk's book."""
        await self._trip()
        asked = AdmissionRequest(workflow_id=request.trade_id.workflow_id, request=request)
        return self._around.desk.admit(asked, self.now())

    async def reserve(self, contract: Contract, unit_cost: Decimal, worst_unit_cost: Decimal) -> Reservation:
        """The real desk's book, with the broker's balance."""
        await self._trip()
        around = self._around
        around.desk.hear_account(around.account(), self.now())
        workflow_id = self.history[0].workflow_id
        asked = ReservationRequest(
            workflow_id=workflow_id,
            contract_symbol=contract.symbol,
            unit_cost=unit_cost,
            worst_unit_cost=worst_unit_cost,
        )
        return around.desk.reserve(asked)

    async def find_contract(self, query: ContractQuery) -> ContractListing:  # noqa: ARG002
        """The one contract there is."""
        await self._trip()
        if self._around.chance("listing fails", self._around.plan.weather.failed_read / 4):
            return ContractListing(refusal=Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="simulated"))
        return ContractListing(contract=self._around.contract)

    async def quote(self, contract: Contract) -> Quote | None:  # noqa: ARG002
        """What the market shows, or something wrong."""
        await self._trip()
        broker, at = self._around.broker, self.now()
        wrong = ("no quote", "stale quote", "crossed quote", "one-sided quote")[int(self._around.uniform(0, 4))]
        if not self._around.chance(wrong, self._around.plan.weather.bad_quote):
            return self._quoted(broker.bid, broker.ask, at)
        if wrong == "no quote":
            return None
        if wrong == "stale quote":
            return self._quoted(broker.bid, broker.ask, at - timedelta(seconds=60))
        crossed = wrong == "crossed quote"
        return self._quoted(broker.ask, broker.bid, at) if crossed else self._quoted(None, broker.ask, at)

    async def place(self, order: OrderRequest, send_by: datetime | None = None) -> OrderAnswer:
        """One attempt."""
        latest = self.now() + _MUST_START
        latest = min(latest, send_by or latest)
        self._around.log(f"place {order.identifier[-4:]} {order.action} {order.quantity} @ {order.price}")

        def send() -> Order:
            return self._around.broker.accept(order, order.identifier)

        return await self._order_call(send, latest)

    async def check(self, order: OrderRequest) -> OrderAnswer:
        """Dry runs are not simulated."""
        raise NotImplementedError

    async def replace(self, order_id: int, order: OrderRequest) -> OrderAnswer:
        """One attempt."""
        self._around.log(f"replace {order_id} by {order.identifier[-4:]} @ {order.price}")

        def send() -> Order:
            original = self._around.broker.orders[order_id]
            self._around.broker.check_changeable(original)
            return self._around.broker.accept(order, order.identifier, original)

        return await self._order_call(send, self.now() + _MUST_START)

    async def cancel(self, order_id: int) -> OrderAnswer:
        """Ask."""
        self._around.log(f"cancel {order_id}")

        def send() -> Order:
            order = self._around.broker.orders[order_id]
            self._around.broker.cancel(order)
            return order

        return await self._order_call(send, None)

    async def read(self, order_id: int) -> BrokerOrder | None:
        """One record."""
        await self._trip()
        order = self._around.broker.orders[order_id]
        if self._around.chance("read fails", self._around.plan.weather.failed_read) or not self._around.is_visible(
            order
        ):
            return None
        return order.record()

    async def search(self, identifier: str, since: datetime) -> tuple[BrokerOrder, ...] | None:  # noqa: ARG002
        """All with that identifier that can be seen."""
        await self._trip()
        if self._around.chance("read fails", self._around.plan.weather.failed_read):
            return None
        orders = self._around.broker.orders.values()
        return tuple(o.record() for o in orders if o.identifier == identifier and self._around.is_visible(o))

    def record(self, event: AuditEvent) -> None:
        """Durable at once: it is in the history before anything that comes after it."""
        self.history.append(event)
        if event.kind is AuditKind.INTENT and event.identifier is not None:
            self.intents.add(event.identifier)

    async def all_written(self) -> None:
        """Once the store is there."""
        for window in self._around.plan.audit_outages:
            if window.covers(self._around.at):
                self._around.happened("audit store down")
                await asyncio.sleep(window.ends - self._around.at)

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:  # noqa: ARG002
        """A signal."""
        self._around.desk.hear_trade(report)

    def call_operator(self, account_number: str, trouble: Trouble) -> None:  # noqa: ARG002
        """Kept."""
        self.troubles.append(trouble)

    def mark(self, state: TradeState, symbol: str) -> None:  # noqa: ARG002
        """For the trace."""
        self._around.log(f"state {state}")
        self._on_state(state)

    def mark_result(self, pnl: Decimal) -> None:
        """For the trace."""
        self._around.log(f"realised {pnl}")

    def show(self, view: TradeView) -> None:
        """Kept."""
        self.shown = view

    def _quoted(self, bid: Decimal | None, ask: Decimal | None, at: datetime) -> Quote:
        return Quote(symbol=self._around.contract.symbol, bid=bid, ask=ask, at=at)

    async def _trip(self) -> None:
        await asyncio.sleep(self._around.uniform(0.005, 0.08))
        await self._around.until_up()
        self._around.stir()

    async def _order_call(self, send: Callable[[], Order], latest: datetime | None) -> OrderAnswer:
        """Send once, and answer as the activity would: accepted, refused, or unknown."""
        around, began = self._around, self._around.at
        await asyncio.sleep(around.uniform(0.005, 0.04))
        if around.is_down():  # nobody took the call
            await around.until_up()
            if latest is not None and self.now() > latest:
                return OrderAnswer(outcome=Outcome.REFUSED, code="not_started", message="nobody took it in time")
        if latest is not None and self.now() > latest:
            return OrderAnswer(outcome=Outcome.REFUSED, code="too_late", message="the alert is too old")
        answer = await self._carried_out(send)
        if around.crashed_since(began):
            around.happened("killed with a call under way")
            await around.until_up()
            await asyncio.sleep(max(0.0, _NOTICED - (around.at - began)))
            answer = OrderAnswer(outcome=Outcome.UNKNOWN, code="activity_failed", message="its worker died")
        await around.until_up()
        around.stir()
        return answer

    async def _carried_out(self, send: Callable[[], Order]) -> OrderAnswer:
        around, weather = self._around, self._around.plan.weather
        for code, chance in (
            ("throttled", weather.throttled),
            ("unauthorised", weather.unauthorised),
            ("margin_check_failed", weather.refused / 3),
        ):
            if around.chance(code, chance):
                return OrderAnswer(outcome=Outcome.REFUSED, code=code, message="simulated")
        for what, chance in (("error before", weather.error_before), ("lost request", weather.lost_request)):
            if around.chance(what, chance):
                await asyncio.sleep(_TIME_OUT if what == "lost request" else 0.02)
                return OrderAnswer(outcome=Outcome.UNKNOWN, code="server_error", message=what)
        if around.chance("late arrival", weather.late_arrival):
            around.broker_later(send, around.uniform(_TIME_OUT, 3 * _TIME_OUT))
            await asyncio.sleep(_TIME_OUT)
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="timeout", message="late arrival")
        return await self._sent(send)

    async def _sent(self, send: Callable[[], Order]) -> OrderAnswer:
        around, weather = self._around, self._around.plan.weather
        try:
            order = send()
        except NotChangeableError:
            return _REFUSED
        record = order.record()
        if around.chance("stale look-up", weather.stale_lookup):
            around.hide(order)
        await asyncio.sleep(around.uniform(0.005, 0.04))
        if around.chance("lost answer", weather.lost_answer):
            await asyncio.sleep(_TIME_OUT)
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="timeout", message="lost answer")
        if around.chance("error after", weather.error_after):
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="server_error", message="error after")
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=record)
