"""What a trade needs of the world: time, the desk, the broker, and somewhere to write.

The story of a trade is told over this protocol. Temporal is one world (`temporal_world`), a rehearsal is another
(`rehearsal`), and a simulation can be a third.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from domain.audit import AuditEvent
from domain.broker import ContractListing
from domain.closing import CloseRequest
from domain.contract import Contract, ContractQuery, Quote
from domain.desk import Admission, CallCover, Reservation, TradeReport
from domain.orders import BrokerOrder, OrderAnswer, OrderRequest
from domain.protection import PriceReached, PriceWatch
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble
from workflows.changes import Change


class World(Protocol):
    """Everything outside the trade. Nothing here raises for what the broker or the network may do."""

    def now(self) -> datetime:
        """The time, aware."""

    def knows(self, change: Change) -> bool:
        """Whether this trade was at this point only after the change was made; the same answer whenever it is asked."""

    async def until(self, condition: Callable[[], bool], within: timedelta | None, why: str) -> bool:
        """Wait for the condition; False when `within` passed first. `why` is what people read beside the timer."""

    async def admit(self, request: TradeRequest) -> Admission:
        """Ask the desk whether this alert may be traded."""

    async def reserve(
        self,
        contract: Contract,
        unit_cost: Decimal,
        worst_unit_cost: Decimal,
        assignment: Decimal | None = None,
        cover: CallCover | None = None,
    ) -> Reservation:
        """Ask the desk for a size; costs are dollars for one contract, fees included.

        `assignment` is what that of one contract would cost, where it is sold first; `cover` is for a call.
        """

    async def call_cover(self, contract: Contract, seller: str | None = None) -> CallCover | None:
        """What calls on its underlying could be delivered from; None when nobody could be asked.

        `seller` is the trade that would sell the shares, where one asks.
        """

    async def position(self, contract: Contract) -> Decimal | None:
        """What the account holds of it, negative when it is short; None when nobody could be asked."""

    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """Find the instrument in the broker's listings."""

    async def quote(self, contract: Contract) -> Quote | None:
        """The newest quote; None when there is none, or nobody could be asked."""

    async def underlying_quote(self, contract: Contract) -> Quote | None:
        """The newest quote of what it is an option on; None too while its market is closed."""

    async def watch_price(self, watch: PriceWatch, until: Callable[[], bool]) -> PriceReached | None:
        """Wait until the price has reached a level; None when `until` held first."""

    async def place(self, order: OrderRequest, send_by: datetime | None = None) -> OrderAnswer:
        """Send one order, once, and not after `send_by`."""

    async def check(self, order: OrderRequest) -> OrderAnswer:
        """Have the broker check an order, placing nothing."""

    async def replace(self, order_id: int, order: OrderRequest) -> OrderAnswer:
        """Replace a live order, once."""

    async def cancel(self, order_id: int) -> OrderAnswer:
        """Ask for a cancel."""

    async def read(self, order_id: int) -> BrokerOrder | None:
        """The broker's record of one order; None when it can't be had now."""

    async def search(self, identifier: str, since: datetime) -> tuple[BrokerOrder, ...] | None:
        """All orders with that identifier; None when the look-up failed, which says nothing."""

    def record(self, event: AuditEvent) -> None:
        """Write a step down. It is durable before anything that is sent after it."""

    async def all_written(self) -> None:
        """Wait until everything that was written down is in the audit store."""

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:
        """Tell the desk how this trade stands; one that is not there needs not to be told."""

    async def ask_to_close(self, workflow_id: str, request: CloseRequest) -> bool:
        """Ask another trade to sell; its answer comes by itself. False when it is over."""

    async def take_back_close(self, workflow_id: str, request_id: str) -> None:
        """Tell another trade that this is not wanted any more."""

    def call_operator(self, account_number: str, trouble: Trouble) -> None:
        """Tell the people who answer for it. Does not wait for them; `all_written` waits until they are told."""

    def mark(self, state: TradeState, symbol: str) -> None:
        """Let people find the trade by its state and symbol."""

    def mark_result(self, pnl: Decimal) -> None:
        """Let people find the trade by what it realised, in dollars."""

    def show(self, view: TradeView) -> None:
        """Show people the trade as it stands."""
