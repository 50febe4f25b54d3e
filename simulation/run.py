"""One seed, from its plan to its verdict: the same seed gives the same trace, step by step."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.contract import Contract, InstrumentType
from domain.desk_book import DeskBook
from domain.identifiers import TradeId, snowflake_at
from domain.orders import LegAction, OrderRequest, OrderType
from domain.settings import Allowlist, DeskLimits, DeskPolicy, LadderSettings, Reprice
from domain.ticks import TickSchedule
from domain.trade import TradeRequest, TradeState
from simulation.broker import NotChangeableError, Order, SimulatedBroker
from simulation.checker import Checker, Promised, Violation
from simulation.plan import ENDS, FAULTS_END, AlertPlan, Plan
from simulation.virtual_time import run_virtually
from simulation.watch import SimulatedWatch
from simulation.world import SimulatedWorld, Surroundings
from workflows.trade_story import TradeStory

_START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_ACCOUNT = "5WX00042"
_CHANNEL, _AUTHOR = 222, 111
_AT_REST = FAULTS_END + 180.0  # seconds: every look-up and retry that began in time is over
_STANDS_STILL = _AT_REST - 19.0  # so that nobody is looked at in the middle of a fill
_TICK, _SLOW_TICK = 1.0, 20.0  # seconds between two moves of the market, and once nothing is to be seen any more
_PATIENCE = ENDS + 3600.0


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
        self._dice = Random(f"{plan.seed}/market")  # noqa: S311
        self._trace: list[str] = []
        self._worlds: dict[str, SimulatedWorld] = {}
        self._stories: dict[str, TradeStory] = {}

    async def run(self) -> Verdict:
        self._set_up()
        loop = asyncio.get_running_loop()
        watch = SimulatedWatch(self._around, self._stories)
        beside = [loop.create_task(work) for work in (watch.run(), self._market(), self._misfortunes(), self._look())]
        trades = [loop.create_task(self._trade(number, alert)) for number, alert in enumerate(self._plan.alerts)]
        _, unfinished = await asyncio.wait(trades, timeout=_PATIENCE)
        for task in (*beside, *unfinished):
            task.cancel()
        await asyncio.gather(*beside, *unfinished, return_exceptions=True)
        if unfinished:
            self._checker.violations.append(Violation(30, self._around.at, f"{len(unfinished)} trades never ended"))
        for task in trades:
            if task not in unfinished:
                task.result()
        self._last_look()
        return self._verdict()

    def _set_up(self) -> None:
        plan = self._plan
        ticks = TickSchedule.split("0.01", "3", "0.05") if plan.penny_pilot else TickSchedule.flat("0.01")
        contract = Contract(
            symbol="UBER  261204P00078000",
            streamer_symbol=".UBER261204P78",
            instrument_type=InstrumentType.EQUITY_OPTION,
            underlying="UBER",
            multiplier=Decimal(100),
            ticks=ticks,
            expiry=date(2026, 12, 4),
            expires_at=_START + timedelta(seconds=ENDS),
            strike=Decimal(78),
            option_type=OptionType.PUT,
        )
        now = _START
        self._broker = SimulatedBroker(plan.habits, Random(f"{plan.seed}/broker"), lambda: self._around.true_time())  # noqa: S311
        policy = DeskPolicy(
            allowlist=Allowlist(users=frozenset({_AUTHOR}), channels=frozenset({_CHANNEL})),
            limits=DeskLimits(duplicate_window=timedelta(seconds=1)),
            ladder=LadderSettings(reprice=Reprice.REPLACE if plan.replaces else Reprice.CANCEL_AND_PLACE),
        )
        self._around = Surroundings(plan, self._broker, DeskBook(policy=policy), contract, now)
        self._around.log = self._note
        self._checker = Checker(self._broker, policy.ladder.max_steps)
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
        self._checker.step(self._around.at, order, workflow_id)

    def _promise(self, workflow_id: str) -> None:
        """What the checker may know of a trade: its intents and its size, from what it wrote down."""
        world = self._worlds[workflow_id]
        promised = self._checker.promised.setdefault(workflow_id, Promised(workflow_id, intents=world.intents))
        if promised.ceiling is None:
            promised.ceiling = self._ceiling()
        if promised.sized is None:
            sized = [row.quantity for row in world.history if row.kind.value == "sized"]
            promised.sized = sized[-1] if sized else None

    def _ceiling(self) -> Decimal:
        """A tenth above the alert's price, or four ticks above it where that is more."""
        price, ticks = self._plan.price, self._around.contract.ticks
        return max(ticks.floor(price * Decimal("1.1")), ticks.up(price, 4))

    async def _trade(self, number: int, alert: AlertPlan) -> None:
        await asyncio.sleep(alert.posted_at)
        posted_at = self._around.true_time()
        message = AlertMessage(
            channel_id=_CHANNEL,
            message_id=snowflake_at(posted_at, number),
            author_id=_AUTHOR,
            author_name="ann",
            text="simulated",
            posted_at=posted_at,
        )
        read = Alert(
            action=Action.BTO, symbol="UBER", strike=Decimal(78), option_type=OptionType.PUT, expiry=date(2026, 12, 4),
            quantity=alert.quantity, price=self._plan.price,
        )  # fmt: skip
        request = TradeRequest(message=message, alert=read, account_number=_ACCOUNT)
        workflow_id = request.trade_id.workflow_id
        await asyncio.sleep(alert.delay)
        world = SimulatedWorld(self._around, on_state=partial(self._moved, workflow_id))
        self._worlds[workflow_id] = world
        story = self._stories[workflow_id] = TradeStory(request, world)
        if alert.cancelled_at is not None:
            wait = max(0.0, alert.cancelled_at - self._around.at)
            asyncio.get_running_loop().call_later(wait, self._cancel, story)
        await story.run()

    def _moved(self, workflow_id: str, state: TradeState) -> None:
        self._promise(workflow_id)
        self._checker.has_moved(self._around.at, workflow_id, state)

    def _cancel(self, story: TradeStory) -> None:
        self._around.happened("cancelled by an operator")
        story.wind_down("cancelled by an operator")
        self._around.stir()

    async def _market(self) -> None:
        """A walk in ticks around the alert's price, and somebody who now and then trades with what rests."""
        ticks, price = self._around.contract.ticks, self._plan.price
        mid, width = price, self._dice.randint(1, 4)
        while True:
            bid = ticks.floor(mid)
            self._broker.quote(bid, ticks.up(bid, width))
            await asyncio.sleep(_TICK if self._around.at < _STANDS_STILL else _SLOW_TICK)
            if self._dice.random() < self._plan.restless:
                target = (
                    ticks.up(price, self._plan.drift)
                    if self._plan.drift >= 0
                    else max(ticks.down(price, -self._plan.drift), ticks.at(price))
                )
                step = self._dice.choice((-1, 1, 1 if mid < target else -1))
                mid = max(ticks.up(mid) if step > 0 else ticks.down(mid), ticks.at(Decimal(0)))
            if self._dice.random() < self._plan.busy:
                resting = [order for order in self._broker.working() if order.leaves]
                if resting:
                    order = self._dice.choice(resting)
                    self._broker.trade_with(order, self._dice.randint(1, order.leaves))

    async def _misfortunes(self) -> None:
        """What comes from outside at its time: hands that trade beside us, and the close."""
        coming: list[tuple[float, Callable[[], None]]] = [(at, self._trade_by_hand) for at in self._plan.manual]
        for window in self._plan.halts:
            coming += [(window.begins, self._halt), (window.ends, self._go_on)]
        coming += [(at, partial(self._around.happened, "the clock jumps")) for at, _ in self._plan.clock_jumps]
        coming += [(at, self._cancel_by_hand) for at in self._plan.manual_cancels]
        if self._plan.closes_at is not None:
            coming.append((self._plan.closes_at, self._close))
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

    def _close(self) -> None:
        self._around.happened("the market closes")
        self._broker.close()

    async def _look(self) -> None:
        """Once everything must have come to rest."""
        await asyncio.sleep(_AT_REST)
        self._look_at_all()

    def _look_at_all(self) -> None:
        for workflow_id, story in self._stories.items():
            self._promise(workflow_id)
            self._checker.at_rest(self._around.at, workflow_id, story.view())

    def _last_look(self) -> None:
        for workflow_id, world in self._worlds.items():
            self._promise(workflow_id)
            state = self._stories[workflow_id].view().state
            if state is not TradeState.NEEDS_OPERATOR:
                left_exit = state is TradeState.CANCELLED
                self._checker.written(self._around.at, workflow_id, world.history, left_exit=left_exit)

    def _verdict(self) -> Verdict:
        text = "\n".join(self._trace)
        return Verdict(
            seed=self._plan.seed,
            trace_hash=hashlib.sha256(text.encode()).hexdigest()[:16],
            trace=tuple(self._trace),
            violations=tuple(self._checker.violations),
            fired=Counter(self._around.fired),
            states=tuple(story.view().state for story in self._stories.values()),
        )
