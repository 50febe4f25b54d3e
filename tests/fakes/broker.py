"""A broker in memory for the workflow's tests. It keeps a book, and misbehaves exactly as a test tells it to.

A test scripts it with moves: `broker.will("place_order", refuse("margin_check_failed"))` is the answer to the next
placement; `broker.always(...)` is the answer to every one that has no other.
"""

import asyncio
import inspect
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.interfaces import (
    AuditActivities,
    BrokerActivities,
    DeskActivities,
    OperatorActivities,
    PriceActivities,
)
from domain.alert import OptionType
from domain.audit import AuditBatch, AuditReceipt
from domain.broker import (
    AccountState,
    CancelOrder,
    ContractListing,
    CoverRequest,
    OrderById,
    OrderByIdentifier,
    OrderSearch,
    PlaceOrder,
    PositionAnswer,
    PositionRequest,
    QuoteAnswer,
    QuoteRequest,
    ReplaceOrder,
)
from domain.contract import Contract, ContractQuery, InstrumentType, Quote
from domain.desk import Admission, AdmissionRequest, CallCover, Reservation, ReservationRequest
from domain.desk_book import DeskBook
from domain.identifiers import TradeId
from domain.orders import BrokerOrder, OrderAnswer, OrderStatus, Outcome
from domain.protection import PriceReached, PriceWatch
from domain.refusals import Refusal, RefusalCode
from domain.settings import TradeTerms
from domain.ticks import TickSchedule
from domain.trouble import OperatorPage
from tests.fakes.book import Book

CONTRACT = Contract(
    symbol="UBER  261204P00078000",
    streamer_symbol=".UBER261204P78",
    instrument_type=InstrumentType.EQUITY_OPTION,
    underlying="UBER",
    multiplier=Decimal(100),
    ticks=TickSchedule.split("0.01", "3", "0.05"),
    expiry=date(2026, 12, 4),
    strike=Decimal(78),
    option_type=OptionType.PUT,
)
NOT_UPDATABLE = OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="terminal")

Move: TypeAlias = Callable[["FakeBroker", Any], Any]
"""One reaction to a request: returns the answer (it may be awaited), or None to go on as usual."""


class FakeBroker(BrokerActivities, PriceActivities, DeskActivities, AuditActivities, OperatorActivities):
    """The activities of one account, on a book in memory."""

    def __init__(self, client: Client) -> None:
        self.book = Book(now=self.now)
        self.terms = TradeTerms()
        self.quantity = 4
        self.contract = CONTRACT
        self.desk: DeskBook | None = None  # admits everything without one
        self.shares = 0  # of the underlying
        self.hidden: set[str] = set()  # identifiers that look-ups do not see yet
        self.stream_is_up = True
        self.pages: list[OperatorPage] = []  # what an operator was told
        self.watches: list[PriceWatch] = []  # the prices that were to be watched
        self.underlying: Decimal | None = Decimal(80)  # what the contract is an option on costs; None: nobody quotes it
        self.calls: list[str] = []  # every activity that began, by name
        self._client = client
        self._next: defaultdict[str, deque[Move]] = defaultdict(deque)
        self._always: dict[str, Move] = {}
        self._clock = datetime(2000, 1, 1, tzinfo=UTC)
        self._news = asyncio.Event()

    def will(self, name: str, *moves: Move) -> None:
        """Script the next requests of one activity."""
        self._next[name].extend(moves)

    def always(self, name: str, move: Move) -> None:
        """Script all requests of one activity that have no move of their own."""
        self._always[name] = move

    def now(self) -> datetime:
        """The server's time: when the running activity began, or the last one that did."""
        if activity.in_activity():
            self._clock = max(self._clock, activity.info().started_time)
        self._news.set()
        return self._clock

    async def shows(self, condition: Callable[[], bool]) -> None:
        """Wait until a request or an event of the book has made the condition true."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def tell(self) -> None:
        """Signal each changed record to its trade, as the account watch does."""
        heard, self.book.unheard = self.book.unheard, []
        for record in heard if self.stream_is_up else ():
            await self.tell_of(record)

    async def tell_of(self, record: BrokerOrder) -> None:
        """Signal one record, old or new; a trade that is over hears nothing any more."""
        trade = TradeId.of_order(record.identifier)
        if trade is None:
            return
        try:
            await self._client.get_workflow_handle(trade.workflow_id).signal("order_update", record)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    @activity.defn(name="find_contract")
    async def find_contract(self, query: ContractQuery) -> ContractListing:
        return await self._play("find_contract", query) or ContractListing(contract=self.contract)

    @activity.defn(name="take_quote")
    async def take_quote(self, request: QuoteRequest) -> QuoteAnswer:
        if request.of_underlying:
            return await self._play("take_underlying_quote", request) or QuoteAnswer(quote=self.underlying_market())
        return await self._play("take_quote", request) or QuoteAnswer(quote=self.market())

    @activity.defn(name="read_position")
    async def read_position(self, request: PositionRequest) -> PositionAnswer:
        return await self._play("read_position", request) or PositionAnswer(quantity=Decimal(self.book.held()))

    @activity.defn(name="read_call_cover")
    async def read_call_cover(self, request: CoverRequest) -> CallCover:
        return await self._play("read_call_cover", request) or CallCover(shares=self.shares)

    @activity.defn(name="read_account")
    async def read_account(self) -> AccountState:
        if (answer := await self._play("read_account", None)) is not None:
            return answer
        money = Decimal(100_000)
        return AccountState(
            account_number="5WX00042", net_liquidating_value=money, cash=money, buying_power=money, at=self.now()
        )

    @activity.defn(name="place_order")
    async def place_order(self, request: PlaceOrder) -> OrderAnswer:
        (self.book.dry_runs if request.dry_run else self.book.placed).append(request.order)
        if (answer := await self._play("place_order", request)) is not None:
            return await self._told(answer)
        if request.dry_run:
            return OrderAnswer(outcome=Outcome.ACCEPTED)
        return await self._told(OrderAnswer(outcome=Outcome.ACCEPTED, order=self.book.accept(request.order)))

    @activity.defn(name="replace_order")
    async def replace_order(self, request: ReplaceOrder) -> OrderAnswer:
        self.book.placed.append(request.order)
        if (answer := await self._play("replace_order", request)) is not None:
            return await self._told(answer)
        original = self.book.orders[request.order_id]
        if original.status.is_terminal or original.filled:
            return NOT_UPDATABLE
        self.book.end(request.order_id)
        order = self.book.accept(request.order, replaces=request.order_id)
        return await self._told(OrderAnswer(outcome=Outcome.ACCEPTED, order=order))

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: CancelOrder) -> OrderAnswer:
        if (answer := await self._play("cancel_order", request)) is not None:
            return await self._told(answer)
        if self.book.orders[request.order_id].status.is_terminal:
            return NOT_UPDATABLE
        self.book.end(request.order_id)
        return await self._told(OrderAnswer(outcome=Outcome.ACCEPTED))

    @activity.defn(name="read_order")
    async def read_order(self, request: OrderById) -> BrokerOrder:
        await self._play("read_order", request)
        return self.book.orders[request.order_id]

    @activity.defn(name="find_order")
    async def find_order(self, request: OrderByIdentifier) -> OrderSearch:
        await self._play("find_order", request)
        found = tuple(order for order in self.book.orders.values() if order.identifier == request.identifier)
        return OrderSearch(orders=() if request.identifier in self.hidden else found)

    @activity.defn(name="admit")
    async def admit(self, request: AdmissionRequest) -> Admission:
        if (answer := await self._play("admit", request)) is not None:
            return answer
        return self.desk.admit(request, self.now()) if self.desk else Admission(terms=self.terms)

    @activity.defn(name="reserve")
    async def reserve(self, request: ReservationRequest) -> Reservation:
        if (answer := await self._play("reserve", request)) is not None:
            return answer
        return Reservation(quantity=self.quantity, reserved=self.quantity * request.worst_unit_cost, why="as told")

    @activity.defn(name="watch_price")
    async def watch_price(self, asked: PriceWatch) -> PriceReached:
        self.watches.append(asked)
        self._news.set()
        while True:
            activity.heartbeat()
            price = (self.book.bid + self.book.ask) / 2
            asked = asked.at_best(price)
            if (level := asked.reached_by(price, self.underlying)) is not None:
                reached = self.underlying if level.is_on_underlying and self.underlying else price
                return PriceReached(level=level, price=reached, best=asked.best)
            await asyncio.sleep(0.05)

    @activity.defn(name="append_audit")
    async def append_audit(self, batch: AuditBatch) -> AuditReceipt:
        await self._play("append_audit", batch)
        self.book.audit += batch.events
        self._news.set()
        return AuditReceipt(head_seq=len(self.book.audit), head_hash="")

    @activity.defn(name="page_operator")
    async def page_operator(self, page: OperatorPage) -> None:
        await self._play("page_operator", page)
        self.pages.append(page)

    def market(self) -> Quote:
        """What the book's market shows now."""
        return Quote(
            symbol=self.contract.symbol,
            bid=self.book.bid,
            ask=self.book.ask,
            ask_size=Decimal(self.book.size),
            at=self.now(),
        )

    def underlying_market(self) -> Quote | None:
        """What the underlying shows now."""
        price = self.underlying
        return None if price is None else Quote(symbol=self.contract.underlying, bid=price, ask=price, at=self.now())

    async def _play(self, name: str, request: Any) -> Any:
        self.calls.append(name)
        self.now()
        move = self._next[name].popleft() if self._next[name] else self._always.get(name)
        answer = None if move is None else move(self, request)
        return await answer if inspect.isawaitable(answer) else answer

    async def _told(self, answer: OrderAnswer) -> OrderAnswer:
        await self.tell()
        return answer


class Gate:
    """Holds an activity while the test does something: a move that waits until it is opened."""

    def __init__(self, then: Move | None = None) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()
        self._then = then

    def open(self) -> None:
        """Let the activity go on."""
        self._opened.set()

    async def __call__(self, broker: FakeBroker, request: Any) -> Any:
        self.reached.set()
        await self._opened.wait()
        answer = None if self._then is None else self._then(broker, request)
        return await answer if inspect.isawaitable(answer) else answer


def proceed(broker: FakeBroker, request: Any) -> None:
    """As usual."""


def refuse(code: str, message: str = "no") -> Move:
    """A definite no."""
    return lambda broker, request: OrderAnswer(outcome=Outcome.REFUSED, code=code, message=message)


def decline(code: RefusalCode) -> Move:
    """A no of the desk's or of the listings: the answer is made for whoever asked."""

    def move(broker: FakeBroker, request: Any) -> Any:
        refusal = Refusal(code=code, detail="as told")
        kinds = {AdmissionRequest: Admission, ReservationRequest: Reservation, ContractQuery: ContractListing}
        return kinds[type(request)](refusal=refusal)

    return move


def lose(broker: FakeBroker, request: Any) -> OrderAnswer:
    """The request never arrives, and nobody can tell."""
    return OrderAnswer(outcome=Outcome.UNKNOWN, code="no_answer", message="timed out")


def take_and_not_answer(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
    """The order is taken; the answer gets lost."""
    broker.book.accept(request.order)
    return lose(broker, request)


def take_and_hide(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
    """The order is taken, the answer gets lost, and neither look-ups nor the stream show it yet."""
    broker.hidden.add(request.order.identifier)
    answer = take_and_not_answer(broker, request)
    broker.book.unheard.clear()
    return answer


def reject(why: str) -> Move:
    """Accepted by the broker and rejected by the venue in the same moment."""

    def move(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
        order = broker.book.accept(request.order, status=OrderStatus.RECEIVED)
        broker.book.end(order.order_id, OrderStatus.REJECTED, why)
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=order)

    return move


def show(bid: str | None, ask: str | None, at: datetime | None = None) -> Move:
    """One quote that is not the book's; None for a side that is missing."""

    def move(broker: FakeBroker, request: QuoteRequest) -> QuoteAnswer:
        sides = {"bid": None if bid is None else Decimal(bid), "ask": None if ask is None else Decimal(ask)}
        return QuoteAnswer(quote=broker.market().model_copy(update=sides | ({"at": at} if at else {})))

    return move


def fail(broker: FakeBroker, request: Any) -> None:
    """The activity itself goes wrong."""
    raise ConnectionError("as told")
