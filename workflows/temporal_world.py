"""The world as Temporal gives it: activities, durable timers, and an audit outbox that is part of the history.

Every time-out and retry policy of a trade stands here, with its reason.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutType
from temporalio.exceptions import TimeoutError as ActivityTimeoutError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import BrokerActivities, DeskActivities, PriceActivities
    from domain.audit import AuditEvent
    from domain.broker import (
        CancelOrder,
        ContractListing,
        CoverRequest,
        OrderById,
        OrderByIdentifier,
        PlaceOrder,
        PositionRequest,
        QuoteRequest,
        ReplaceOrder,
    )
    from domain.closing import CloseRequest
    from domain.contract import Contract, ContractQuery, Quote
    from domain.desk import Admission, AdmissionRequest, CallCover, Reservation, ReservationRequest, TradeReport
    from domain.identifiers import desk_workflow_id
    from domain.orders import BrokerOrder, OrderAnswer, OrderRequest, Outcome
    from domain.protection import PriceReached, PriceWatch
    from domain.refusals import Refusal, RefusalCode
    from domain.trade import TradeRequest, TradeState, TradeView
    from domain.trouble import Trouble
    from workflows.card_poster import CardPoster
    from workflows.changes import Change
    from workflows.outbox import Outbox
    from workflows.page import page
    from workflows.paging import call_operator
    from workflows.search_attributes import PNL, SYMBOL, TRADE_STATE

# A read may be repeated: three quick attempts, then the caller decides without it.
_READ_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), backoff_coefficient=2.0, maximum_attempts=3)
_READ_TIME = timedelta(seconds=8)
_READ_TIME_IN_ALL = timedelta(seconds=12)
# A worker that died with a call that may be repeated is noticed by this: the alert grows old meanwhile.
_BEAT = timedelta(seconds=2.5)
# A cancel may be repeated too: asking twice is harmless, and it is what takes risk off.
_CANCEL_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_attempts=3)
# A retry of "place order" is a second order: one attempt, whatever happens.
_ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)
# No worker took it within this time: nothing was sent, and by then the price is stale.
_ORDER_MUST_START = timedelta(seconds=5)
# Above the HTTP time-outs (connect 2 s, read 5 s, and a token refresh before), so that an answer is not cut off.
_ORDER_TIME = timedelta(seconds=15)
# A worker that died with an order in flight is noticed by this, and the order looked up, long before that.
_ORDER_BEAT = timedelta(seconds=2.5)
# A price is watched for as long as a trade holds. A worker that died is noticed by this, and another goes on.
_LONGEST_WATCH = timedelta(days=60)
_WATCH_BEAT = timedelta(seconds=20)
_WATCH_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), backoff_coefficient=1.0)
# The desk's answer is one for ever (update id), so asking again is safe.
_DESK_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=1))
_DESK_TIME = timedelta(seconds=5)
_SHORTEST = timedelta(milliseconds=1)
_DESK_TIME_IN_ALL = timedelta(seconds=20)


class TemporalWorld:
    """A trade's surroundings inside its workflow; `cards` only where a chat shows it."""

    def __init__(self, cards: CardPoster | None = None) -> None:
        self._outbox = Outbox()
        self._cards = cards
        self._calls: set[asyncio.Task[None]] = set()
        self._always_waits = self.knows(Change.WAITS_BY_TIMERS)

    def now(self) -> datetime:
        """Workflow time."""
        return workflow.now()

    def knows(self, change: Change) -> bool:
        """A marker in the history of every trade that asked; a replay of one that was past this point finds none."""
        return workflow.patched(change.value)

    async def until(self, condition: Callable[[], bool], within: timedelta | None, why: str) -> bool:
        """A durable timer that a condition can end early."""
        if condition():
            return True
        if within is not None and within <= timedelta(0):
            if not self._always_waits:
                return False
            within = _SHORTEST
        try:
            await workflow.wait_condition(condition, timeout=within, timeout_summary=why)
        except TimeoutError:
            return condition()  # both in one workflow task: the fact outweighs the clock
        return True

    async def admit(self, request: TradeRequest) -> Admission:
        """An update of the desk's workflow, through an activity: a workflow can't update another by itself."""
        asked = AdmissionRequest(workflow_id=request.trade_id.workflow_id, request=request)
        try:
            return await workflow.execute_activity_method(
                DeskActivities.admit,
                asked,
                start_to_close_timeout=_DESK_TIME,
                schedule_to_close_timeout=_DESK_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_DESK_RETRIES,
                summary=f"May we trade {request.alert}?",
            )
        except ActivityError as error:
            return Admission(refusal=_unreachable("the desk", error))

    async def reserve(
        self,
        contract: Contract,
        unit_cost: Decimal,
        worst_unit_cost: Decimal,
        assignment: Decimal | None = None,
        cover: CallCover | None = None,
    ) -> Reservation:
        """Size and buying power, from the desk."""
        asked = ReservationRequest(
            workflow_id=workflow.info().workflow_id,
            contract_symbol=contract.symbol,
            unit_cost=unit_cost,
            worst_unit_cost=worst_unit_cost,
            assignment=assignment,
            cover=cover,
        )
        try:
            return await workflow.execute_activity_method(
                DeskActivities.reserve,
                asked,
                start_to_close_timeout=_DESK_TIME,
                schedule_to_close_timeout=_DESK_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_DESK_RETRIES,
                summary=f"How many {contract} at {unit_cost:.2f} each?",
            )
        except ActivityError as error:
            return Reservation(refusal=_unreachable("the desk", error))

    async def call_cover(self, contract: Contract, seller: str | None = None) -> CallCover | None:
        """The account's shares."""
        try:
            return await workflow.execute_activity_method(
                BrokerActivities.read_call_cover,
                CoverRequest(contract=contract, seller=seller),
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=f"Which shares cover {'calls on ' * (seller is not None)}{contract}?",
            )
        except ActivityError:
            return None

    async def position(self, contract: Contract) -> Decimal | None:
        """The broker's list."""
        try:
            answer = await workflow.execute_activity_method(
                BrokerActivities.read_position,
                PositionRequest(contract=contract),
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=f"How many {contract} does the account hold?",
            )
        except ActivityError:
            return None
        return answer.quantity

    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """The broker's listings."""
        try:
            return await workflow.execute_activity_method(
                BrokerActivities.find_contract,
                query,
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=f"Is {query.symbol} {query.strike or ''} {query.expiry or ''} listed?",
            )
        except ActivityError as error:
            return ContractListing(refusal=_unreachable("the broker", error))

    async def quote(self, contract: Contract) -> Quote | None:
        """The newest quote."""
        return await self._quote(QuoteRequest(contract=contract), f"Quote {contract}")

    async def underlying_quote(self, contract: Contract) -> Quote | None:
        """The underlying's, by the same activity."""
        return await self._quote(QuoteRequest(contract=contract, of_underlying=True), f"Quote {contract.underlying}")

    async def _quote(self, asked: QuoteRequest, summary: str) -> Quote | None:
        try:
            answer = await workflow.execute_activity_method(
                BrokerActivities.take_quote,
                asked,
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=summary,
            )
        except ActivityError:
            return None
        return answer.quote

    async def watch_price(self, watch: PriceWatch, until: Callable[[], bool]) -> PriceReached | None:
        """An activity that runs as long as the trade does, on one worker after the other."""
        watching = workflow.start_activity_method(
            PriceActivities.watch_price,
            watch,
            start_to_close_timeout=_LONGEST_WATCH,
            heartbeat_timeout=_WATCH_BEAT,
            retry_policy=_WATCH_RETRIES,
            summary=f"{watch.contract}: {watch}",
        )
        await workflow.wait_condition(lambda: watching.done() or until())
        if not watching.done():
            watching.cancel()
        try:
            return await watching
        except ActivityError:  # cancelled, or over after weeks: whoever asks begins anew
            return None

    async def place(self, order: OrderRequest, send_by: datetime | None = None) -> OrderAnswer:
        """One attempt. A failed activity says nothing about the order, unless it never started."""
        not_after = workflow.now() + _ORDER_MUST_START
        return await self._order_call(
            workflow.execute_activity_method(
                BrokerActivities.place_order,
                PlaceOrder(order=order, not_after=min(not_after, send_by or not_after), dry_run=False),
                schedule_to_start_timeout=_ORDER_MUST_START,
                start_to_close_timeout=_ORDER_TIME,
                heartbeat_timeout=_ORDER_BEAT,
                retry_policy=_ONE_ATTEMPT,
                summary=_sentence(order),
            )
        )

    async def replace(self, order_id: int, order: OrderRequest) -> OrderAnswer:
        """One attempt: a replacement is a new order too."""
        return await self._order_call(
            workflow.execute_activity_method(
                BrokerActivities.replace_order,
                ReplaceOrder(order_id=order_id, order=order, not_after=workflow.now() + _ORDER_MUST_START),
                schedule_to_start_timeout=_ORDER_MUST_START,
                start_to_close_timeout=_ORDER_TIME,
                heartbeat_timeout=_ORDER_BEAT,
                retry_policy=_ONE_ATTEMPT,
                summary=f"Replace {order_id}: {_sentence(order)}",
            )
        )

    async def cancel(self, order_id: int) -> OrderAnswer:
        """Ask for a cancel."""
        return await self._order_call(
            workflow.execute_activity_method(
                BrokerActivities.cancel_order,
                CancelOrder(order_id=order_id),
                start_to_close_timeout=_ORDER_TIME,
                heartbeat_timeout=_ORDER_BEAT,
                schedule_to_close_timeout=_ORDER_TIME * 2,
                retry_policy=_CANCEL_RETRIES,
                summary=f"Cancel order {order_id}",
            )
        )

    async def check(self, order: OrderRequest) -> OrderAnswer:
        """The broker's dry-run check of an order; places nothing."""
        return await self._order_call(
            workflow.execute_activity_method(
                BrokerActivities.place_order,
                PlaceOrder(order=order, not_after=workflow.now() + _ORDER_TIME, dry_run=True),
                start_to_close_timeout=_ORDER_TIME,
                heartbeat_timeout=_ORDER_BEAT,
                retry_policy=_ONE_ATTEMPT,
                summary=f"DRY RUN {_sentence(order)}",
            )
        )

    async def read(self, order_id: int) -> BrokerOrder | None:
        """One order's record."""
        try:
            return await workflow.execute_activity_method(
                BrokerActivities.read_order,
                OrderById(order_id=order_id),
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=f"Read order {order_id}",
            )
        except ActivityError:
            return None

    async def search(self, identifier: str, since: datetime) -> tuple[BrokerOrder, ...] | None:
        """Look an order up by our identifier."""
        try:
            found = await workflow.execute_activity_method(
                BrokerActivities.find_order,
                OrderByIdentifier(identifier=identifier, since=since),
                start_to_close_timeout=_READ_TIME,
                schedule_to_close_timeout=_READ_TIME_IN_ALL,
                heartbeat_timeout=_BEAT,
                retry_policy=_READ_RETRIES,
                summary=f"Does order {identifier} exist?",
            )
        except ActivityError:
            return None
        return found.orders

    def record(self, event: AuditEvent) -> None:
        """Put an event in the outbox."""
        self._outbox.put(event)

    async def all_written(self) -> None:
        """Wait until the audit store has everything, and an operator's troubles are on their way."""
        await self._outbox.emptied()
        await workflow.wait_condition(lambda: not self._calls)
        if self._cards is not None:
            await self._cards.settle()

    def call_operator(self, account_number: str, trouble: Trouble) -> None:
        """By way of the desk, which tells each trouble once; without a desk, straight."""
        task = asyncio.create_task(call_operator(account_number, (trouble,)))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:
        """A signal; without a desk there is nobody to tell: it starts anew with the broker's balances."""
        desk = workflow.get_external_workflow_handle(desk_workflow_id(account_number))
        try:
            await desk.signal("trade_report", report)
        except ApplicationError:
            workflow.logger.warning("the desk is not running")

    async def ask_to_close(self, workflow_id: str, request: CloseRequest) -> bool:
        """A signal."""
        try:
            await workflow.get_external_workflow_handle(workflow_id).signal("close_asked", request)
        except ApplicationError:
            return False
        return True

    async def take_back_close(self, workflow_id: str, request_id: str) -> None:
        """A signal; a trade that is over sells nothing anyway."""
        try:
            await workflow.get_external_workflow_handle(workflow_id).signal("close_taken_back", request_id)
        except ApplicationError:
            workflow.logger.info("trade %s is over already", workflow_id)

    def mark(self, state: TradeState, symbol: str) -> None:
        """Search attributes."""
        workflow.upsert_search_attributes([TRADE_STATE.value_set(state.value), SYMBOL.value_set(symbol)])

    def mark_result(self, pnl: Decimal) -> None:
        """A search attribute."""
        workflow.upsert_search_attributes([PNL.value_set(float(pnl))])

    def show(self, view: TradeView) -> None:
        """The page inside the workflow, and the card in the chat."""
        workflow.set_current_details(page(view))
        if self._cards is not None:
            self._cards.show(view)

    async def _order_call(self, call: Awaitable[OrderAnswer]) -> OrderAnswer:
        try:
            return await call
        except ActivityError as error:
            if isinstance(error.cause, ActivityTimeoutError) and error.cause.type is TimeoutType.SCHEDULE_TO_START:
                return OrderAnswer(outcome=Outcome.REFUSED, code="not_started", message="no worker took it in time")
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="activity_failed", message=_cause(error))


def _sentence(order: OrderRequest) -> str:
    price = "market" if order.price is None else f"@ {order.price}"
    return f"{order.action} {order.quantity} {order.symbol} {price} ({order.identifier})"


def _unreachable(whom: str, error: ActivityError) -> Refusal:
    return Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail=f"{whom}: {_cause(error)}")


def _cause(error: ActivityError) -> str:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return f"{cause.type}: {cause.message}"
    if isinstance(cause, ActivityTimeoutError):
        return f"timed out ({cause.type.name.lower() if cause.type else 'unknown'})"
    return str(cause)
