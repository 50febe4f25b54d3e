"""One trade's world in a simulation, with calls that may fail in every way the real ones do."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditEvent, AuditKind
from domain.broker import ContractListing
from domain.closing import CloseRequest
from domain.contract import Contract, ContractQuery, Quote
from domain.desk import Admission, AdmissionRequest, CallCover, Reservation, ReservationRequest, TradeReport
from domain.orders import BrokerOrder, LegAction, OrderAnswer, OrderRequest, Outcome
from domain.protection import PriceReached, PriceWatch
from domain.refusals import Refusal, RefusalCode
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble
from simulation.broker import Order
from simulation.order_calls import MUST_START, Observer, OrderCalls
from simulation.requests import Requests
from simulation.surroundings import Surroundings
from workflows.changes import Change

_GUARDS = {  # the longer words first: the shorter ones begin them
    "the stop on the underlying": "to sell: by a stop on the underlying",
    "the target on the underlying": "to sell: by a target on the underlying",
    "the stop": "to sell: by a stop",
    "the trail": "to sell: by a trail",
    "the target": "to sell: by a target",
    "the clock": "to sell: by the clock",
}


class SimulatedWorld:
    """One trade's world. `history` is what is durable; the store of the audit gets it from there."""

    def __init__(
        self,
        around: Surroundings,
        workflow_id: str,
        observer: Observer,
        requests: Requests,
        on_state: Callable[[TradeState], None],
    ) -> None:
        self.history: list[AuditEvent] = []
        self.intents: set[str] = set()
        self.shown: TradeView | None = None
        self.troubles: list[Trouble] = []
        self._around = around
        self._workflow_id = workflow_id
        self._observer = observer
        self._requests = requests
        self._calls = OrderCalls(around, observer, workflow_id)
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
        answer = self._around.desk.admit(asked, self.now())
        if answer.closes:
            self._observer.let_in(self._workflow_id, answer.closes, self.now())
        elif answer.terms is not None:
            self._observer.admitted(self._workflow_id, self.now())
        return answer

    async def reserve(
        self,
        contract: Contract,
        unit_cost: Decimal,
        worst_unit_cost: Decimal,
        assignment: Decimal | None = None,
        cover: CallCover | None = None,
    ) -> Reservation:
        """The real desk's book, with the broker's balance."""
        await self._trip()
        self._around.refresh_balance()
        asked = ReservationRequest(
            workflow_id=self._workflow_id,
            contract_symbol=contract.symbol,
            unit_cost=unit_cost,
            worst_unit_cost=worst_unit_cost,
            assignment=assignment,
            cover=cover,
        )
        answer = self._around.desk.reserve(asked)
        self._observer.sized(self._workflow_id, answer.quantity)
        return answer

    async def call_cover(self, contract: Contract, seller: str | None = None) -> CallCover | None:  # noqa: ARG002
        """The account's shares; puts need none."""
        if self._around.call_cover is None:
            return None
        await self._trip()
        return None if self._around.is_broker_down() else self._around.call_cover(seller)

    async def position(self, contract: Contract) -> Decimal | None:  # noqa: ARG002
        """The broker's list; nobody can tell where hands that trade beside us have the same contract."""
        if self._around.plan.assignments is None:
            return None
        await self._trip()
        if self._fails_to_read():
            self._around.happened("the position can't be read")
            return None
        return Decimal(self._around.positions.listed)

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
        is_good = not self._around.chance(wrong, self._around.plan.weather.bad_quote)
        quote = self._quoted(broker.bid, broker.ask, at) if is_good else self._wrongly_quoted(wrong, at)
        self._observer.quoted(self._workflow_id, quote, is_market=is_good)
        return quote

    async def underlying_quote(self, contract: Contract) -> Quote | None:
        """What the underlying shows, or nothing."""
        await self._trip()
        price = None if self._fails_to_read() else self._around.underlying.price
        self._observer.underlying_quoted(self._workflow_id, price)
        return None if price is None else Quote(symbol=contract.underlying, bid=price, ask=price, at=self.now())

    async def watch_price(self, watch: PriceWatch, until: Callable[[], bool]) -> PriceReached | None:
        """Looks at the market once a second."""
        while not await self.until(until, timedelta(seconds=1), "a price"):
            price = self._quoted(self._around.broker.bid, self._around.broker.ask, self.now()).mid
            if price is None:
                continue
            watch, underlying = watch.at_best(price), self._around.underlying.price
            if (level := watch.reached_by(price, underlying)) is not None:
                reached = underlying if level.is_on_underlying else price
                return PriceReached(level=level, price=reached, best=watch.best)
        return None

    async def place(self, order: OrderRequest, send_by: datetime | None = None) -> OrderAnswer:
        """One attempt."""
        latest = self.now() + MUST_START
        latest = min(latest, send_by or latest)
        self._around.log(f"place {order.identifier[-4:]} {order.action} {order.quantity} @ {order.price}")

        def send(sent_at: datetime) -> Order:
            return self._around.broker.accept(order, order.identifier, sent_at=sent_at)

        return await self._calls.call(send, latest, order)

    async def check(self, order: OrderRequest) -> OrderAnswer:
        """What the broker says of an option that is sold first; nothing is placed."""
        await self._trip()
        if self._around.is_broker_down() or self._around.chance(
            "listing fails", self._around.plan.weather.failed_read / 4
        ):
            return OrderAnswer(outcome=Outcome.UNKNOWN, message="simulated")
        is_short = order.action is LegAction.SELL_TO_OPEN
        return OrderAnswer(
            outcome=Outcome.ACCEPTED if is_short else Outcome.REFUSED, code="" if is_short else "no_short"
        )

    async def replace(self, order_id: int, order: OrderRequest) -> OrderAnswer:
        """One attempt."""
        self._around.log(f"replace {order_id} by {order.identifier[-4:]} @ {order.price}")

        def send(sent_at: datetime) -> Order:
            original = self._around.broker.orders[order_id]
            self._around.broker.check_changeable(original)
            return self._around.broker.accept(order, order.identifier, original, sent_at)

        return await self._calls.call(send, self.now() + MUST_START, order, order_id)

    async def cancel(self, order_id: int) -> OrderAnswer:
        """Ask."""
        self._around.log(f"cancel {order_id}")

        def send(_: datetime) -> Order:
            order = self._around.broker.orders[order_id]
            self._around.broker.cancel(order)
            return order

        return await self._calls.call(send, None, None, order_id)

    async def read(self, order_id: int) -> BrokerOrder | None:
        """One record."""
        await self._trip()
        order = self._around.broker.orders[order_id]
        return None if self._fails_to_read() or not self._around.is_visible(order) else order.record()

    async def search(self, identifier: str, since: datetime) -> tuple[BrokerOrder, ...] | None:  # noqa: ARG002
        """All with that identifier that can be seen."""
        await self._trip()
        if self._fails_to_read():
            return None
        orders = self._around.broker.orders.values()
        return tuple(o.record() for o in orders if o.identifier == identifier and self._around.is_visible(o))

    def record(self, event: AuditEvent) -> None:
        """Durable at once: it is in the history before anything that comes after it."""
        self.history.append(event)
        self._observer.wrote(self._workflow_id, event)
        if event.kind is AuditKind.INTENT and event.identifier is not None:
            self.intents.add(event.identifier)
        if event.kind is AuditKind.CLOSING and event.code == "asked":
            for what in [what for by, what in _GUARDS.items() if event.detail.startswith(by)][:1]:
                self._around.happened(what)

    async def all_written(self) -> None:
        """Once the store is there."""
        for window in self._around.plan.audit_outages:
            if window.covers(self._around.at):
                self._around.happened("audit store down")
                await asyncio.sleep(window.ends - self._around.at)

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:  # noqa: ARG002
        """A signal."""
        self._around.desk.hear_trade(report)

    async def ask_to_close(self, workflow_id: str, request: CloseRequest) -> bool:
        """A signal, or a failure when the trade is over."""
        return await self._requests.ask(workflow_id, request)

    async def take_back_close(self, workflow_id: str, request_id: str) -> None:
        """A signal."""
        await self._requests.take_back(workflow_id, request_id)

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

    def _wrongly_quoted(self, wrong: str, at: datetime) -> Quote | None:
        broker = self._around.broker
        if wrong == "no quote":
            return None
        if wrong == "stale quote":
            return self._quoted(broker.bid, broker.ask, at - timedelta(seconds=60))
        crossed = wrong == "crossed quote"
        return self._quoted(broker.ask, broker.bid, at) if crossed else self._quoted(None, broker.ask, at)

    def _quoted(self, bid: Decimal | None, ask: Decimal | None, at: datetime) -> Quote:
        return Quote(symbol=self._around.contract.symbol, bid=bid, ask=ask, at=at)

    def _fails_to_read(self) -> bool:
        around = self._around
        return around.is_broker_down() or around.chance("read fails", around.plan.weather.failed_read)

    async def _trip(self) -> None:
        await asyncio.sleep(self._around.uniform(0.005, 0.08))
        await self._around.until_up()
        self._around.stir()
