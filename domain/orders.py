"""Orders as the broker records them: states, fills, requests, and what an answer to a request can mean.

The life cycle (https://developer.tastytrade.com/docs/concepts/order-lifecycle): Received, Routed, In Flight, Live, and
one terminal state; states may be skipped. A partly filled order stays Live. `Filled` may be announced before the last
fill is attached.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from domain.frozen import Frozen


class OrderStatus(StrEnum):
    """The broker's order states. Anything it may add later is UNRECOGNISED, which is never terminal."""

    RECEIVED = "Received"
    ROUTED = "Routed"
    IN_FLIGHT = "In Flight"
    CONTINGENT = "Contingent"  # a replacement that waits for the original's cancel
    LIVE = "Live"
    CANCEL_REQUESTED = "Cancel Requested"
    REPLACE_REQUESTED = "Replace Requested"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"
    REJECTED = "Rejected"
    REMOVED = "Removed"
    PARTIALLY_REMOVED = "Partially Removed"
    UNRECOGNISED = "Unrecognised"

    @property
    def is_terminal(self) -> bool:
        """No further execution is announced by the broker; a late fill may still arrive."""
        return self in _TERMINAL

    @property
    def awaits_cancel(self) -> bool:
        """A cancel makes sense: the order works, and none is under way."""
        return not self.is_terminal and self is not OrderStatus.CANCEL_REQUESTED


_TERMINAL = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELLED,
        OrderStatus.EXPIRED,
        OrderStatus.REJECTED,
        OrderStatus.REMOVED,
        OrderStatus.PARTIALLY_REMOVED,
    }
)


class LegAction(StrEnum):
    """What one leg does. Outright futures use BUY and SELL, everything else says open or close."""

    BUY_TO_OPEN = "Buy to Open"
    SELL_TO_OPEN = "Sell to Open"
    BUY_TO_CLOSE = "Buy to Close"
    SELL_TO_CLOSE = "Sell to Close"
    BUY = "Buy"
    SELL = "Sell"

    @property
    def is_buy(self) -> bool:
        """Whether money goes out."""
        return self.value.startswith("Buy")


class OrderType(StrEnum):
    """The order types this program sends."""

    LIMIT = "Limit"
    MARKET = "Market"


class TimeInForce(StrEnum):
    """How long an order works."""

    DAY = "Day"
    GTC = "GTC"


class Fill(Frozen):
    """One execution. `fill_id` is the broker's and counts once; price is per share or point, never signed."""

    fill_id: str
    quantity: int
    price: Decimal
    at: datetime | None = None


class BrokerOrder(Frozen):
    """The broker's full record of a single-leg order, at one moment. Always whole, never a diff."""

    order_id: int
    status: OrderStatus
    symbol: str
    action: LegAction
    order_type: OrderType
    quantity: int
    identifier: str | None = None  # our external-identifier; None on orders that are not ours
    price: Decimal | None = None  # unsigned; None for market orders
    fills: tuple[Fill, ...] = ()
    replaces: int | None = None
    replaced_by: int | None = None
    reject_reason: str | None = None
    editable: bool = False
    updated_at: datetime | None = None

    @property
    def filled(self) -> int:
        """Contracts filled according to this record."""
        return sum(fill.quantity for fill in self.fills)

    @property
    def is_settled(self) -> bool:
        """Terminal, and with every fill attached that the state claims."""
        return self.status.is_terminal and (self.status is not OrderStatus.FILLED or self.filled >= self.quantity)


class OrderRequest(Frozen):
    """One order to send. `identifier` is fixed before sending: it is how an unknown outcome is found again."""

    identifier: str
    symbol: str
    instrument_type: str
    action: LegAction
    quantity: int
    order_type: OrderType
    time_in_force: TimeInForce = TimeInForce.DAY
    price: Decimal | None = None  # unsigned, on tick; None for market orders

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.quantity <= 0:
            raise ValueError("an order is for at least one contract")
        if (self.price is None) != (self.order_type is OrderType.MARKET):
            raise ValueError("a limit order has a price, a market order has none")
        if self.price is not None and self.price <= 0:
            raise ValueError("a limit price is more than zero")
        return self


class Outcome(StrEnum):
    """What is known after a request that changes an order."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # definite: it did not happen
    UNKNOWN = "unknown"  # it may have happened; only a look-up can tell


# Refusals that say nothing about the order: it never left, or met no logged-in session. The next moment may be better.
_PASSING = frozenset({"throttled", "no_token", "unreachable", "not_started", "unauthorised"})


class OrderAnswer(Frozen):
    """The outcome of placing, replacing or cancelling an order.

    ACCEPTED carries the broker's record (for a dry run: the record it would have had, with order_id 0).
    REFUSED carries the broker's code and sentence. UNKNOWN carries what went wrong.
    """

    outcome: Outcome
    order: BrokerOrder | None = None
    code: str = ""
    message: str = ""
    warnings: tuple[str, ...] = ()
    buying_power_used: Decimal | None = None  # dollars, fees included, as the broker computes it; None if not told

    @property
    def is_passing(self) -> bool:
        """Nothing was placed, for a reason that may soon be gone: the same order may be sent under a new identifier."""
        return self.outcome is Outcome.REFUSED and self.code in _PASSING
