"""One seed, from its plan to its verdict: the same seed gives the same trace, step by step."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from domain.audit import AuditKind
from domain.command import Halt, Person, Resume
from domain.desk_book import DeskBook
from domain.identifiers import TradeId
from domain.orders import LegAction, OrderRequest, OrderType
from domain.ticks import TickSchedule
from domain.trade import TradeState
from simulation import stage
from simulation.assigning import Assigning
from simulation.broker import NotChangeableError, Order, SimulatedBroker
from simulation.checker import Checker
from simulation.closing_alerts import ClosingAlerts
from simulation.in_the_end import InTheEnd
from simulation.market import Market
from simulation.people import People
from simulation.plan import ENDS, FAULTS_END, AlertPlan, Plan, Posted
from simulation.promises import Book, Promised, Violation
from simulation.reconciling import Reconciling
from simulation.requests import Requests
from simulation.surroundings import Surroundings
from simulation.virtual_time import run_virtually
from simulation.watch import SimulatedWatch
from simulation.world import SimulatedWorld
from simulation.writing_calls import WritingCalls
from workflows.close_story import CloseStory
from workflows.trade_story import TradeStory

_AT_REST = FAULTS_END + 180.0  # seconds: every look-up and retry that began in time is over
_STANDS_STILL = _AT_REST - 19.0  # so that nobody is looked at in the middle of a fill
_TICK, _SLOW_TICK = 1.0, 20.0  # seconds between two moves of the market, and once nothing is to be seen any more
_PATIENCE = ENDS + 3600.0

_OPERATOR = Person(name="operator", via="simulation")


@dataclass(frozen=True)
class Verdict:
    """What became of one seed."""

    seed: int
    trace_hash: str
    trace: tuple[str, ...]
    violations: tuple[Violation, ...]
    fired: Counter[str]
    states: tuple[TradeState, ...]

    def without_trace(self) -> "Verdict":
        """The same, short."""
        return replace(self, trace=())


def run_seed(seed: int) -> Verdict:
    """Run it from beginning to end."""
    return run_virtually(_Simulation(Plan.draw(seed)).run())


class _Simulation:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._dice = Random(f"{plan.seed}/hands")  # noqa: S311
        self._trace: list[str] = []
        self._worlds: dict[str, SimulatedWorld] = {}
        self._stories: dict[str, TradeStory] = {}
        self._running: dict[str, TradeStory] = {}

    async def run(self) -> Verdict:
        self._set_up()
        loop = asyncio.get_running_loop()
        watch = SimulatedWatch(self._around, self._running)
        works = [watch.run(), self._time_passes(), self._misfortunes(), *self._losses(), *self._calls()]
        beside = [loop.create_task(work) for work in works]
        trades = [loop.create_task(self._trade(number, alert)) for number, alert in enumerate(self._plan.alerts)]
        closings = enumerate(self._plan.sellers.alerts)
        trades += [loop.create_task(self._closing_alerts.run(number, alert)) for number, alert in closings]
        _, unfinished = await asyncio.wait(trades, timeout=_PATIENCE)
        for task in (*beside, *unfinished):
            task.cancel()
        await asyncio.gather(*beside, *unfinished, return_exceptions=True)
        self._checker.found.expect(30, self._around.at, not unfinished, f"{len(unfinished)} never ended")
        for task in trades:
            if task not in unfinished:
                task.result()
        self._last_look()
        return self._verdict()

    def _losses(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What is short goes from the account, and reconciliation tells its trade."""
        assignments = self._plan.assignments
        if assignments is not None:
            self._checker.watch_positions(self._around.positions, assignments.looks_every)
            yield Assigning(assignments, self._around).run()
            yield Reconciling(assignments, self._around, self._running, self._checker.told_gone).run()

    def _calls(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Calls are sold that shares of the trades cover."""
        if self._plan.covered is not None:
            calls = WritingCalls(
                self._plan.covered, self._around, self._book, self._checker.found, self._checker.in_time
            )
            self._checker.calls, self._checker.sales.kept_of = calls, calls.kept_of
            self._around.call_cover = calls.seen_by
            yield calls.run()

    def _set_up(self) -> None:
        plan = self._plan
        ticks = TickSchedule.split("0.01", "3", "0.05") if plan.penny_pilot else TickSchedule.flat("0.01")
        self._broker = SimulatedBroker(plan.habits, Random(f"{plan.seed}/broker"), lambda: self._around.true_time())  # noqa: S311
        self._around = Surroundings(
            plan, self._broker, DeskBook(policy=stage.policy(plan)), stage.traded(plan, ticks), stage.START
        )
        self._around.log = self._note
        self._market = Market(plan, ticks, self._broker, self._around.happened)
        rules, book = stage.rules(plan, ticks), Book(self._broker)
        self._book = book
        self._checker = Checker(book, rules, lambda: self._around.at, lambda: not self._around.desk.standing.admits)
        self._closings: dict[str, CloseStory] = {}
        self._requests = Requests(self._around, self._checker.sales, self._running, self._closings)
        self._people = People(self._around, self._requests)
        self._closing_alerts = ClosingAlerts(
            plan, self._around, self._checker.sales, self._checker.found, self._closings, self._world_of
        )
        self._in_the_end = InTheEnd(book, rules, self._checker.found)
        self._broker.changed.append(self._book_changed)
        self._broker.happens = self._around.chance

    def _note(self, line: str) -> None:
        self._trace.append(f"{self._around.at:9.3f} {line}")

    def _book_changed(self, order: Order) -> None:
        name = "by hand" if order.identifier is None else order.identifier[-4:]
        self._note(f"  {order.order_id} {name} {order.status} {order.filled}/{order.quantity}")
        trade = TradeId.of_order(order.identifier)
        workflow_id = None if trade is None else trade.workflow_id
        if workflow_id is not None:
            self._promise(workflow_id)
        self._checker.step(order, workflow_id)

    def _promise(self, workflow_id: str) -> None:
        """Its size, from what it wrote down, as soon as that stands there."""
        promised = self._checker.promised[workflow_id]
        if promised.sized is None:
            rows = self._worlds[workflow_id].history
            sized = [row.quantity for row in rows if row.kind is AuditKind.SIZED]
            promised.sized = sized[-1] if sized else None

    async def _trade(self, number: int, alert: AlertPlan) -> None:
        await asyncio.sleep(alert.posted_at)
        request = stage.request(number, alert, self._plan, self._around.true_time())
        workflow_id = request.trade_id.workflow_id
        await asyncio.sleep(alert.delay)
        if alert.kind is not Posted.FRESH:
            self._around.happened("a message that starts nothing")
        world = self._worlds[workflow_id] = self._world_of(workflow_id, partial(self._moved, workflow_id))
        self._checker.promised[workflow_id] = Promised(
            workflow_id,
            request.message.posted_at,
            request.message.author_id,
            alert.kind is Posted.FRESH,
            named=alert.quantity,
            intents=world.intents,
        )
        story = self._stories[workflow_id] = self._running[workflow_id] = TradeStory(request, world)
        if alert.cancelled_at is not None:
            wait = max(0.0, alert.cancelled_at - self._around.at)
            asyncio.get_running_loop().call_later(wait, self._cancel, workflow_id)
        self._people.begin(workflow_id, number, self._plan.sellers.of_trade(number))
        await story.run()
        del self._running[workflow_id]  # a workflow that is over hears nothing any more
        await self._requests.all_answered(workflow_id)

    def _world_of(self, workflow_id: str, on_state: Callable[[TradeState], None]) -> SimulatedWorld:
        return SimulatedWorld(self._around, workflow_id, self._checker, self._requests, on_state)

    def _moved(self, workflow_id: str, state: TradeState) -> None:
        if state is TradeState.EXPIRED:
            self._around.happened("the option expires")
        self._promise(workflow_id)
        self._checker.has_moved(workflow_id, is_end=state.is_end)
        if state.is_end:
            self._in_the_end.has_ended(self._around.at, workflow_id, state)

    def _cancel(self, workflow_id: str) -> None:
        if workflow_id in self._running:
            self._around.happened("cancelled by an operator")
            self._running[workflow_id].wind_down("cancelled by an operator")
            self._checker.sales.wound_down(workflow_id)
            self._around.stir()

    async def _time_passes(self) -> None:
        """The market moves, and once everything must have come to rest, each trade is looked at."""
        self._market.open()
        while self._around.at < _STANDS_STILL:
            await asyncio.sleep(_TICK)
            self._market.move()
            self._turn()
            self._around.underlying.move(self._around.at)
            self._checker.market(self._broker.bid, self._broker.ask, self._around.underlying.price)
            self._checker.in_time.look(self._around.at, is_hindered=self._around.is_hindered())
        await asyncio.sleep(_AT_REST - self._around.at)
        self._look_at_all()
        while True:
            await asyncio.sleep(_SLOW_TICK)
            self._market.move()
            self._checker.moved(self._broker.bid, self._broker.ask, self._around.underlying.price)

    def _turn(self) -> None:
        """It rises or falls for long, whichever began last."""
        far = self._market.rise if self._plan.shorts is None else self._market.fall
        ways = ((self._plan.doubles_at, far), (self._plan.guarding.falls_at, self._market.fall))
        begun = [(at, turn) for at, turn in ways if at is not None and self._around.at >= at]
        if begun:
            _, turn = max(begun, key=lambda each: each[0])
            turn()

    async def _misfortunes(self) -> None:
        """What comes from outside at its time: hands that trade beside us, halts, and the close."""
        plan = self._plan
        coming: list[tuple[float, Callable[[], None]]] = [(at, self._trade_by_hand) for at in plan.manual]
        for window in plan.halts:
            coming += [(window.begins, self._halt), (window.ends, self._go_on)]
        for window in plan.desk_halts:
            coming += [(window.begins, self._halt_desk), (window.ends, self._lift_desk_halt)]
        coming += [(at, partial(self._around.happened, "the clock jumps")) for at, _ in plan.clock_jumps]
        coming += [(at, self._cancel_by_hand) for at in plan.manual_cancels]
        coming += [(window.begins, partial(self._around.happened, "worker killed")) for window in plan.crashes]
        if plan.closes_at is not None:
            coming.append((plan.closes_at, self._close))
        if plan.guarding.falls_at is not None:
            coming.append((plan.guarding.falls_at, partial(self._around.happened, "the price falls by half")))
        if plan.doubles_at is not None:
            coming.append((plan.doubles_at, partial(self._around.happened, "the price doubles")))
        for at, act in sorted(coming, key=lambda each: each[0]):
            await asyncio.sleep(max(0.0, at - self._around.at))
            act()

    def _trade_by_hand(self) -> None:
        self._around.happened("order by hand")
        request = OrderRequest(
            identifier="by-hand",
            symbol=self._around.contract.symbol,
            instrument_type="Equity Option",
            action=LegAction.BUY_TO_OPEN,
            quantity=self._dice.randint(1, 5),
            order_type=OrderType.LIMIT,
            price=self._plan.price,
        )
        self._broker.accept(request)

    def _cancel_by_hand(self) -> None:
        working = [order for order in self._broker.working() if order.identifier]
        if working:
            order = self._dice.choice(working)
            try:
                self._broker.cancel(order)
            except NotChangeableError:
                return
            order.ended_unasked = True
            self._around.happened("cancel by hand")

    def _halt(self) -> None:
        self._around.happened("trading halt")
        self._broker.is_halted = True

    def _go_on(self) -> None:
        self._broker.is_halted = False

    def _halt_desk(self) -> None:
        """As the desk's workflow does: every trade that is entering is told to stop."""
        self._around.happened("the desk is halted")
        for workflow_id in self._around.desk.halt(Halt(by=_OPERATOR, reason="simulated"), self._around.now()):
            if (story := self._stories.get(workflow_id)) is not None:
                story.stop_entry("simulated")
        self._around.stir()

    def _lift_desk_halt(self) -> None:
        now, desk = self._around.now(), self._around.desk
        for code in (None, "0000"):
            desk.resume(Resume(by=_OPERATOR, code=code), "0000", now)

    def _close(self) -> None:
        self._around.happened("the market closes")
        self._broker.close()

    def _look_at_all(self) -> None:
        self._checker.at_rest()
        for workflow_id, story in self._stories.items():
            self._in_the_end.at_rest(self._around.at, workflow_id, story.view())

    def _last_look(self) -> None:
        for workflow_id, world in self._worlds.items():
            promised, view = self._checker.promised[workflow_id], self._stories[workflow_id].view()
            self._in_the_end.written(self._around.at, promised, world.history, view, self._around.fired)

    def _verdict(self) -> Verdict:
        text = "\n".join(self._trace)
        return Verdict(
            seed=self._plan.seed,
            trace_hash=hashlib.sha256(text.encode()).hexdigest()[:16],
            trace=tuple(self._trace),
            violations=tuple(self._checker.found),
            fired=Counter(self._around.fired),
            states=tuple(story.view().state for story in self._stories.values()),
        )
