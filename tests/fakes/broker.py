"""A broker in memory for the workflow's tests: it keeps the book that the tests look at, and misbehaves as told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from temporalio import activity
from temporalio.client import Client

from activities.interfaces import AuditActivities, BrokerActivities, DeskActivities
from domain.admission import DeskBook
from domain.alert import OptionType
from domain.audit import AuditBatch, AuditEvent, AuditReceipt
from domain.broker import (
    AccountState,
    CancelOrder,
    ContractListing,
    OrderById,
    OrderByIdentifier,
    OrderSearch,
    PlaceOrder,
    QuoteAnswer,
    QuoteRequest,
    ReplaceOrder,
)
from domain.contract import Contract, ContractQuery, InstrumentType, Quote
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest
from domain.identifiers import TradeId
from domain.orders import BrokerOrder, Fill, OrderAnswer, OrderRequest, OrderStatus, OrderType, Outcome
from domain.refusals import Refusal, RefusalCode
from domain.ticks import TickSchedule

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

Clock = Callable[[], datetime]


@dataclass
class Book:
    """Orders by id, in the order they were accepted, and what the market shows."""

    bid: Decimal = Decimal("0.70")
    ask: Decimal = Decimal("0.80")
    ask_size: int = 1000
    orders: dict[int, BrokerOrder] = field(default_factory=dict)
    dry_runs: list[OrderRequest] = field(default_factory=list)
    placed: list[OrderRequest] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)
    fills_made: int = 0

    def working(self) -> list[BrokerOrder]:
        """Orders that are not at their end."""
        return [order for order in self.orders.values() if not order.status.is_terminal]

    def bought(self) -> int:
        """Contracts bought less contracts sold."""
        return sum(order.filled if order.action.is_buy else -order.filled for order in self.orders.values())


class FakeBroker(BrokerActivities, DeskActivities, AuditActivities):
    """The activities of one account on a book in memory. `on_place` may replace the answer to a placement."""

    def __init__(self, client: Client | None = None, desk: DeskBook | None = None) -> None:
        self.book = Book()
        self.client = client
        self.desk = desk
        self.quantity = 4
        self.listing = ContractListing(contract=CONTRACT)
        self.quote: Quote | None = None
        self.on_place: Callable[[PlaceOrder], OrderAnswer | None] = lambda _: None
        self.on_cancel: Callable[[BrokerOrder], OrderAnswer | None] = lambda _: None
        self.after_quote: Callable[[], None] = lambda: None
        self.hidden: set[str] = set()  # identifiers that look-ups do not see yet
        self.searches = 0
        self._heard: list[BrokerOrder] = []

    @activity.defn(name="find_contract")
    async def find_contract(self, query: ContractQuery) -> ContractListing:
        return self.listing

    @activity.defn(name="take_quote")
    async def take_quote(self, request: QuoteRequest) -> QuoteAnswer:
        self.after_quote()
        quote = self.quote or Quote(
            symbol=request.contract.symbol,
            bid=self.book.bid,
            ask=self.book.ask,
            ask_size=Decimal(self.book.ask_size),
            at=datetime(2100, 1, 1, tzinfo=UTC),  # never stale, whatever the test server's clock says
        )
        return QuoteAnswer(quote=quote)

    @activity.defn(name="read_account")
    async def read_account(self) -> AccountState:
        money = Decimal(100_000)
        return AccountState(
            account_number="5WX00042", net_liquidating_value=money, cash=money, buying_power=money, at=datetime.now(UTC)
        )

    @activity.defn(name="place_order")
    async def place_order(self, request: PlaceOrder) -> OrderAnswer:
        if request.dry_run:
            self.book.dry_runs.append(request.order)
            return OrderAnswer(outcome=Outcome.ACCEPTED)
        self.book.placed.append(request.order)
        if (answer := self.on_place(request)) is not None:
            return answer
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=await self.accept(request.order))

    @activity.defn(name="replace_order")
    async def replace_order(self, request: ReplaceOrder) -> OrderAnswer:
        original = self.book.orders[request.order_id]
        if original.status.is_terminal or original.filled:
            return OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="terminal")
        self.book.placed.append(request.order)
        self.change(request.order_id, status=OrderStatus.CANCELLED)
        order = await self.accept(request.order, replaces=request.order_id)
        await self.tell()
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=order)

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: CancelOrder) -> OrderAnswer:
        order = self.book.orders[request.order_id]
        if (answer := self.on_cancel(order)) is not None:
            await self.tell()
            return answer
        if order.status.is_terminal:
            return OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="terminal")
        self.change(request.order_id, status=OrderStatus.CANCELLED)
        await self.tell()
        return OrderAnswer(outcome=Outcome.ACCEPTED)

    @activity.defn(name="read_order")
    async def read_order(self, request: OrderById) -> BrokerOrder:
        return self.book.orders[request.order_id]

    @activity.defn(name="find_order")
    async def find_order(self, request: OrderByIdentifier) -> OrderSearch:
        self.searches += 1
        found = tuple(order for order in self.book.orders.values() if order.identifier == request.identifier)
        return OrderSearch(orders=() if request.identifier in self.hidden else found)

    @activity.defn(name="admit")
    async def admit(self, request: AdmissionRequest) -> Admission:
        from domain.settings import TradeTerms

        if self.desk is None:
            return Admission(terms=TradeTerms())
        return self.desk.admit(request, datetime.now(UTC))

    @activity.defn(name="reserve")
    async def reserve(self, request: ReservationRequest) -> Reservation:
        if not self.quantity:
            return Reservation(refusal=Refusal(code=RefusalCode.ZERO_QUANTITY))
        return Reservation(quantity=self.quantity, reserved=self.quantity * request.worst_unit_cost, why="test")

    @activity.defn(name="append_audit")
    async def append_audit(self, batch: AuditBatch) -> AuditReceipt:
        known = {event.event_id for event in self.book.audit}
        self.book.audit += [event for event in batch.events if event.event_id not in known]
        return AuditReceipt(head_seq=len(self.book.audit), head_hash="")

    async def accept(self, request: OrderRequest, replaces: int | None = None) -> BrokerOrder:
        """Take an order into the book; it fills against the market at once if it reaches it."""
        order = BrokerOrder(
            order_id=1000 + len(self.book.orders),
            status=OrderStatus.LIVE,
            symbol=request.symbol,
            action=request.action,
            order_type=request.order_type,
            quantity=request.quantity,
            identifier=request.identifier,
            price=request.price,
            replaces=replaces,
            editable=True,
        )
        self.book.orders[order.order_id] = order
        self.match(order.order_id)
        return self.book.orders[order.order_id]

    def match(self, order_id: int) -> None:
        """Fill what reaches the far quote, up to the size shown."""
        order = self.book.orders[order_id]
        far = self.book.ask if order.action.is_buy else self.book.bid
        reached = order.order_type is OrderType.MARKET or (
            order.price is not None and (far <= order.price if order.action.is_buy else far >= order.price)
        )
        if reached and self.book.ask_size:
            self.fill(order_id, min(order.quantity - order.filled, self.book.ask_size), far)

    def fill(self, order_id: int, quantity: int, price: Decimal) -> BrokerOrder:
        """Execute a part of an order, whatever its state."""
        order = self.book.orders[order_id]
        self.book.fills_made += 1
        fills = (*order.fills, Fill(fill_id=f"F{self.book.fills_made}", quantity=quantity, price=price))
        filled = sum(fill.quantity for fill in fills)
        status = OrderStatus.FILLED if filled >= order.quantity else order.status
        return self.change(order_id, fills=fills, status=status)

    def change(self, order_id: int, **changes: object) -> BrokerOrder:
        """Change a record; `tell` sends what changed."""
        changed = self.book.orders[order_id].model_copy(update=changes)
        self.book.orders[order_id] = changed
        self._heard.append(changed)
        return changed

    async def tell(self) -> None:
        """Signal each changed record to its trade, as the account watch does."""
        heard, self._heard = self._heard, []
        for record in heard:
            trade = TradeId.of_order(record.identifier)
            if self.client is not None and trade is not None:
                await self.client.get_workflow_handle(trade.workflow_id).signal("order_update", record)
