"""A dry run's world: real listings, real quotes, the broker's own check of every order, and no order placed.

Orders live only here. They fill when the real quote reaches their price, which flatters no one: a real order would have
stood in a queue behind others.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditEvent
from domain.broker import ContractListing
from domain.closing import CloseRequest
from domain.contract import Contract, ContractQuery, Quote
from domain.desk import Admission, CallCover, Reservation, TradeReport
from domain.identifiers import OrderRole, role_of
from domain.orders import BrokerOrder, Fill, LegAction, OrderAnswer, OrderRequest, OrderStatus, Outcome
from domain.protection import PriceReached, PriceWatch
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble
from workflows.changes import Change
from workflows.temporal_world import TemporalWorld

_CLOSING = (LegAction.SELL_TO_CLOSE, LegAction.BUY_TO_CLOSE, LegAction.SELL)
_LOOK_EVERY = timedelta(seconds=1)
_NOT_HERE = OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="the rehearsed order has ended")


class RehearsalWorld:
    """The same trade, with the last step of each order left out. `on_record` hears of rehearsed fills."""

    def __init__(self, world: TemporalWorld, on_record: Callable[[BrokerOrder], None]) -> None:
        self._world = world
        self._on_record = on_record
        self._orders: dict[int, BrokerOrder] = {}
        self._contract: Contract | None = None
        self._looker: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Workflow time."""
        return self._world.now()

    def knows(self, change: Change) -> bool:
        """As the real world does."""
        return self._world.knows(change)

    async def until(self, condition: Callable[[], bool], within: timedelta | None, why: str) -> bool:
        """As the real world does."""
        return await self._world.until(condition, within, why)

    async def admit(self, request: TradeRequest) -> Admission:
        """As the real world does: a dry run obeys the desk too."""
        return await self._world.admit(request)

    async def reserve(
        self,
        contract: Contract,
        unit_cost: Decimal,
        worst_unit_cost: Decimal,
        assignment: Decimal | None = None,
        cover: CallCover | None = None,
    ) -> Reservation:
        """As the real world does."""
        return await self._world.reserve(contract, unit_cost, worst_unit_cost, assignment, cover)

    async def call_cover(self, contract: Contract, seller: str | None = None) -> CallCover | None:
        """As the real world does."""
        return await self._world.call_cover(contract, seller)

    async def position(self, contract: Contract) -> Decimal | None:
        """As the real world does."""
        return await self._world.position(contract)

    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """As the real world does."""
        return await self._world.find_contract(query)

    async def quote(self, contract: Contract) -> Quote | None:
        """The real quote; what it reaches is filled."""
        self._contract = contract
        quote = await self._world.quote(contract)
        if quote is not None:
            self._fill_what_it_reaches(quote)
        return quote

    async def underlying_quote(self, contract: Contract) -> Quote | None:
        """As the real world does."""
        return await self._world.underlying_quote(contract)

    async def watch_price(self, watch: PriceWatch, until: Callable[[], bool]) -> PriceReached | None:
        """As the real world does."""
        return await self._world.watch_price(watch, until)

    async def place(self, order: OrderRequest, send_by: datetime | None = None) -> OrderAnswer:  # noqa: ARG002
        """Have the broker check the order, and keep it here."""
        answer = await self._world.check(order)
        if answer.outcome is not Outcome.ACCEPTED and order.action in _CLOSING:
            # Nothing was bought, so the broker finds nothing to close; everything else about the exit it has checked.
            said = f"the check said {answer.code}: {answer.message}"
            answer = OrderAnswer(outcome=Outcome.ACCEPTED, message=said, warnings=(said,))
        if answer.outcome is not Outcome.ACCEPTED:
            return answer.model_copy(update={"outcome": Outcome.REFUSED})  # a check leaves nothing unknown behind
        return self._take_in(order, answer)

    def _take_in(self, order: OrderRequest, answer: OrderAnswer) -> OrderAnswer:
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look_at_the_market())
        return answer.model_copy(update={"order": self._keep(order)})

    async def check(self, order: OrderRequest) -> OrderAnswer:
        """As the real world does."""
        return await self._world.check(order)

    async def replace(self, order_id: int, order: OrderRequest) -> OrderAnswer:
        """Check the new one, end the old one."""
        if self._orders[order_id].status.is_terminal:
            return _NOT_HERE
        checked = await self._world.check(order)
        if checked.outcome is not Outcome.ACCEPTED:
            return checked.model_copy(update={"outcome": Outcome.REFUSED})
        if self._orders[order_id].status.is_terminal:  # the market reached it while the broker was checking
            return _NOT_HERE
        self._change(order_id, {"status": OrderStatus.CANCELLED})
        return self._take_in(order, checked)

    async def cancel(self, order_id: int) -> OrderAnswer:
        """End it."""
        if self._orders[order_id].status.is_terminal:
            return _NOT_HERE
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=self._change(order_id, {"status": OrderStatus.CANCELLED}))

    async def read(self, order_id: int) -> BrokerOrder | None:
        """What is kept here."""
        return self._orders.get(order_id)

    async def search(self, identifier: str, since: datetime) -> tuple[BrokerOrder, ...] | None:  # noqa: ARG002
        """What is kept here."""
        return tuple(order for order in self._orders.values() if order.identifier == identifier)

    def record(self, event: AuditEvent) -> None:
        """As the real world does."""
        self._world.record(event)

    async def all_written(self) -> None:
        """As the real world does."""
        await self._world.all_written()

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:
        """As the real world does."""
        await self._world.tell_desk(account_number, report)

    async def ask_to_close(self, workflow_id: str, request: CloseRequest) -> bool:  # noqa: ARG002
        """A rehearsal moves no real trade."""
        return False

    async def take_back_close(self, workflow_id: str, request_id: str) -> None:
        """Nothing was asked."""

    def call_operator(self, account_number: str, trouble: Trouble) -> None:
        """As the real world does."""
        self._world.call_operator(account_number, trouble)

    def mark(self, state: TradeState, symbol: str) -> None:
        """As the real world does."""
        self._world.mark(state, symbol)

    def mark_result(self, pnl: Decimal) -> None:
        """As the real world does."""
        self._world.mark_result(pnl)

    def show(self, view: TradeView) -> None:
        """As the real world does."""
        self._world.show(view)

    async def _look_at_the_market(self) -> None:
        while any(order.status is OrderStatus.LIVE and _is_entry(order) for order in self._orders.values()):
            if self._contract is not None:
                await self.quote(self._contract)
            await self._world.until(lambda: False, _LOOK_EVERY, "dry run: does the market reach the order?")

    def _keep(self, order: OrderRequest) -> BrokerOrder:
        kept = BrokerOrder(
            order_id=-1 - len(self._orders),  # no order at a broker has such an id
            status=OrderStatus.LIVE,
            symbol=order.symbol,
            action=order.action,
            order_type=order.order_type,
            quantity=order.quantity,
            identifier=order.identifier,
            price=order.price,
            editable=True,
            updated_at=self.now(),
        )
        self._orders[kept.order_id] = kept
        return kept

    def _fill_what_it_reaches(self, quote: Quote) -> None:
        for order in list(self._orders.values()):
            far = quote.ask if order.action.is_buy else quote.bid
            if order.status is not OrderStatus.LIVE or far is None:
                continue
            if order.price is None or (far <= order.price if order.action.is_buy else far >= order.price):
                fill = Fill(fill_id=f"rehearsed{order.order_id}", quantity=order.quantity, price=far, at=self.now())
                self._change(order.order_id, {"status": OrderStatus.FILLED, "fills": (fill,)})

    def _change(self, order_id: int, changes: dict[str, object]) -> BrokerOrder:
        changed = self._orders[order_id].model_copy(update={**changes, "updated_at": self.now()})
        self._orders[order_id] = changed
        self._on_record(changed)
        return changed


def _is_entry(order: BrokerOrder) -> bool:
    return role_of(order.identifier) is OrderRole.ENTRY
