"""What is asked of the broker, and what it answers: one message in and one out for each activity."""

from datetime import datetime
from decimal import Decimal

from domain.contract import Contract, Quote
from domain.frozen import Frozen
from domain.market_hours import MarketHours
from domain.orders import BrokerOrder, OrderRequest
from domain.refusals import Refusal


class ContractListing(Frozen):
    """The contract that an alert names, or why there is none; `hours` is None when nobody can tell them.

    `on_index`: an option that is settled in cash.
    """

    contract: Contract | None = None
    refusal: Refusal | None = None
    hours: MarketHours | None = None
    on_index: bool = False


class QuoteRequest(Frozen):
    """Ask for the newest quote of a contract, or of its underlying while the contract's own market is open."""

    contract: Contract
    of_underlying: bool = False


class CoverRequest(Frozen):
    """Ask for what calls on this contract's underlying could be delivered from.

    `seller` is the trade that would sell the shares: its own orders are left out, and every call that is being sold
    counts. Without one a call is to be sold, and those of ours that are being sold are the desk's to count.
    """

    contract: Contract
    seller: str | None = None


class PositionRequest(Frozen):
    """Ask how much of this contract the account holds, whoever bought it."""

    contract: Contract


class PositionAnswer(Frozen):
    """In contracts or shares; negative when the account is short of it."""

    quantity: Decimal


class QuoteAnswer(Frozen):
    """The newest quote; None when neither the stream nor REST has one."""

    quote: Quote | None


class PlaceOrder(Frozen):
    """Send one order, once. With `dry_run` the broker checks it and places nothing.

    `not_after` is checked just before sending: an attempt that stalled on a busy machine must not send a stale order.
    """

    order: OrderRequest
    not_after: datetime
    dry_run: bool = False


class ReplaceOrder(Frozen):
    """Replace a live order by another at a new price: the broker makes a new order with a new id."""

    order_id: int
    order: OrderRequest
    not_after: datetime
    dry_run: bool = False


class CancelOrder(Frozen):
    """Ask for an order's cancel. Accepted is not cancelled: only the order's own record tells."""

    order_id: int


class OrderById(Frozen):
    """Read one order."""

    order_id: int


class OrderByIdentifier(Frozen):
    """Look an order up by our identifier, in today's orders and in the history since `since`."""

    identifier: str
    since: datetime


class OrderSearch(Frozen):
    """All orders found with the identifier. Absence in one look-up is not evidence (invariant 13)."""

    orders: tuple[BrokerOrder, ...] = ()


class AccountState(Frozen):
    """Balances in dollars, as the broker reports them at `at`."""

    account_number: str
    net_liquidating_value: Decimal
    cash: Decimal
    buying_power: Decimal  # for options and shares that are paid in full
    at: datetime


class WatchAccount(Frozen):
    """Watch one account's stream until told to stop."""

    account_number: str
