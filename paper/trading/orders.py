"""Orders and fills as the exchange keeps them, and the life cycle they go through.

https://developer.tastytrade.com/docs/concepts/order-lifecycle
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import gcd

from pydantic import BaseModel, ConfigDict

from domain.contract import InstrumentType
from paper.listings.calendar import new_york_day
from paper.listings.sessions import Hours


class Status(StrEnum):
    """Where an order is in its life. A partly filled order stays Live."""

    RECEIVED = "Received"
    ROUTED = "Routed"
    IN_FLIGHT = "In Flight"
    CONTINGENT = "Contingent"
    LIVE = "Live"
    CANCEL_REQUESTED = "Cancel Requested"
    REPLACE_REQUESTED = "Replace Requested"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"
    REJECTED = "Rejected"
    REMOVED = "Removed"  # taken off by the broker or the exchange

    @property
    def is_terminal(self) -> bool:
        """Nothing more comes, but for a fill that was on its way."""
        return self in TERMINAL

    @property
    def is_in_the_market(self) -> bool:
        """The venue has it: it can be filled."""
        return self in (Status.LIVE, Status.CANCEL_REQUESTED, Status.REPLACE_REQUESTED)


TERMINAL = frozenset({Status.FILLED, Status.CANCELLED, Status.EXPIRED, Status.REJECTED, Status.REMOVED})
_ENDS = {Status.CANCELLED, Status.EXPIRED, Status.REJECTED, Status.REMOVED}
_NEXT: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ROUTED, *_ENDS}),
    Status.CONTINGENT: frozenset({Status.RECEIVED, Status.ROUTED, *_ENDS}),
    Status.ROUTED: frozenset({Status.IN_FLIGHT, *_ENDS}),
    Status.IN_FLIGHT: frozenset({Status.LIVE, *_ENDS}),
    Status.LIVE: frozenset({Status.CANCEL_REQUESTED, Status.REPLACE_REQUESTED, Status.FILLED, *_ENDS}),
    Status.CANCEL_REQUESTED: frozenset({Status.FILLED, *_ENDS}),
    Status.REPLACE_REQUESTED: frozenset({Status.LIVE, Status.FILLED, *_ENDS}),
    Status.CANCELLED: frozenset({Status.FILLED}),  # a fill that was on its way when the cancel was confirmed
    Status.FILLED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.REMOVED: frozenset(),
}


class Action(StrEnum):
    """What a leg does; Buy and Sell alone are for outright futures."""

    BUY_TO_OPEN = "Buy to Open"
    SELL_TO_OPEN = "Sell to Open"
    BUY_TO_CLOSE = "Buy to Close"
    SELL_TO_CLOSE = "Sell to Close"
    BUY = "Buy"
    SELL = "Sell"

    @property
    def is_buy(self) -> bool:
        """Whether it adds to the position."""
        return self.value.startswith("Buy")

    @property
    def is_opening(self) -> bool:
        """Whether it is meant to open."""
        return self.value.endswith("Open")

    @property
    def is_closing(self) -> bool:
        """Whether it is meant to close."""
        return self.value.endswith("Close")

    def relabelled(self) -> "Action":
        """The opening action of the same side: what the broker makes of a close without a position."""
        return Action(self.value.replace("Close", "Open"))


class OrderType(StrEnum):
    """The order types of this exchange. A notional market order (so many dollars of a share) is not among them."""

    LIMIT = "Limit"
    MARKET = "Market"
    MARKETABLE_LIMIT = "Marketable Limit"  # a limit at the far quote, which the broker fills in
    STOP = "Stop"  # a market order once the quote reaches its trigger
    STOP_LIMIT = "Stop Limit"  # a limit order from then on

    @property
    def has_limit(self) -> bool:
        """Whether whoever places it names a price."""
        return self in (OrderType.LIMIT, OrderType.STOP_LIMIT)

    @property
    def has_trigger(self) -> bool:
        """Whether it sleeps until the market reaches a price."""
        return self in (OrderType.STOP, OrderType.STOP_LIMIT)


class TimeInForce(StrEnum):
    """How long an order works."""

    DAY = "Day"
    GTC = "GTC"
    GTD = "GTD"
    EXT = "Ext"
    EXT_OVERNIGHT = "Ext Overnight"
    GTC_EXT = "GTC Ext"
    GTC_EXT_OVERNIGHT = "GTC Ext Overnight"
    IOC = "IOC"

    @property
    def outlives_the_day(self) -> bool:
        """Still working after the close."""
        return self.value.startswith("GT")

    @property
    def is_extended(self) -> bool:
        """Works outside regular hours: shares only."""
        return "Ext" in self.value

    @property
    def is_overnight(self) -> bool:
        """Works through the night, too."""
        return self.value.endswith("Overnight")


class ComplexType(StrEnum):
    """How the parts depend on one another."""

    OCO = "OCO"
    OTO = "OTO"
    OTOCO = "OTOCO"

    @property
    def has_trigger(self) -> bool:
        """Whether its orders wait for another one's fill."""
        return self is not ComplexType.OCO

    @property
    def is_either_or(self) -> bool:
        """Whether the fill of one of its orders cancels the rest."""
        return self is not ComplexType.OTO


class Record(BaseModel):
    """The base of what is kept: mutable only through the functions that own it, closed to unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Fill(Record):
    """One execution of one leg; the price is per share or point."""

    fill_id: str
    quantity: int
    price: Decimal
    at: datetime


class Leg(Record):
    """One instrument of an order, and what was executed of it."""

    symbol: str
    instrument_type: InstrumentType
    action: Action
    quantity: int
    fills: list[Fill] = []

    @property
    def filled(self) -> int:
        """Contracts executed."""
        return sum(fill.quantity for fill in self.fills)

    @property
    def leaves(self) -> int:
        """Contracts not executed yet."""
        return self.quantity - self.filled


class Order(Record):
    """One order. `price` is unsigned, for one unit (of a spread: net); datetimes are aware."""

    id: int = 0
    status: Status = Status.RECEIVED
    order_type: OrderType
    time_in_force: TimeInForce
    legs: list[Leg]
    underlying: str
    underlying_type: InstrumentType
    price: Decimal | None = None
    price_effect: str | None = None
    stop_trigger: Decimal | None = None
    triggered_at: datetime | None = None
    gtc_date: date | None = None
    identifier: str | None = None
    source: str | None = None
    strict: bool = False
    edited: bool = False
    replaces: int | None = None
    replaced_by: int | None = None
    complex_id: int | None = None
    complex_tag: str | None = None
    reject_reason: str | None = None
    global_request_id: str = ""
    client_order_id: str = ""
    received_at: datetime | None = None
    in_flight_at: datetime | None = None
    live_at: datetime | None = None
    cancelled_at: datetime | None = None
    terminal_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def units(self) -> int:
        """How many times the smallest combination of its legs: contracts, for a single leg."""
        return gcd(*(leg.quantity for leg in self.legs))

    @property
    def leaves(self) -> int:
        """Units not executed yet."""
        return min(leg.leaves * self.units // leg.quantity for leg in self.legs)

    @property
    def filled(self) -> int:
        """Units executed."""
        return self.units - self.leaves

    @property
    def is_opening(self) -> bool:
        """Whether any leg is meant to open a position."""
        return any(leg.action.is_opening for leg in self.legs)

    @property
    def sells(self) -> bool:
        """Whether any leg is sold, so that it may tie up more than its price."""
        return any(not leg.action.is_buy for leg in self.legs)

    @property
    def signed_price(self) -> Decimal | None:
        """The limit for one unit: a credit positive, a debit negative; None without a limit."""
        if self.price is None:
            return None
        return -self.price if self.price_effect == "Debit" else self.price

    @property
    def is_changeable(self) -> bool:
        """Whether it may be cancelled or replaced now: at the venue, or waiting for the open or for a cancel."""
        return self.status in (Status.LIVE, Status.CONTINGENT, Status.RECEIVED)

    @property
    def hours(self) -> Hours:
        """When it can trade."""
        if self.time_in_force.is_overnight:
            return Hours.ROUND_THE_CLOCK
        return Hours.EXTENDED if self.time_in_force.is_extended else Hours.of(self.legs[0].instrument_type)

    def is_over_at(self, close: datetime) -> bool:
        """Whether it was there before a close, and works no longer than that."""
        if self.received_at is None or self.received_at > close:
            return False
        last_day = new_york_day(close - timedelta(microseconds=1))  # the midnight of an always open market ends a day
        return not self.time_in_force.outlives_the_day or (self.gtc_date is not None and self.gtc_date <= last_day)

    @property
    def sleeps(self) -> bool:
        """Whether it waits for its trigger: nobody can trade with it yet."""
        return self.order_type.has_trigger and self.triggered_at is None

    @property
    def is_displayed(self) -> bool:
        """Whether it rests at a limit that the market shows to everybody; a spread is not shown."""
        return self.status.is_in_the_market and len(self.legs) == 1 and self.price is not None and not self.sleeps

    def move(self, status: Status, at: datetime) -> None:
        """Go on to `status`; AssertionError where the life cycle has no such step."""
        if status not in _NEXT[self.status]:
            raise AssertionError(f"order {self.id} can't go from {self.status} to {status}")
        self.status = status
        if status is Status.IN_FLIGHT:
            self.in_flight_at = at
        if status is Status.LIVE and self.live_at is None:
            self.live_at = at
        if status is Status.CANCELLED:
            self.cancelled_at = at
        if status.is_terminal and self.terminal_at is None:
            self.terminal_at = at


class Execution(Record):
    """One fill with all that the books need to know of it, kept for ever. Fees are positive dollars."""

    fill_id: str
    order_id: int
    identifier: str | None
    symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    action: Action
    quantity: int
    price: Decimal
    commission: Decimal = Decimal(0)
    clearing_fees: Decimal = Decimal(0)
    regulatory_fees: Decimal = Decimal(0)
    proprietary_fees: Decimal = Decimal(0)
    gained: Decimal = Decimal(0)  # by a future: dollars, entered with it
    at: datetime

    @property
    def signed_quantity(self) -> int:
        """Contracts added to the position."""
        return self.quantity if self.action.is_buy else -self.quantity

    @property
    def fees(self) -> Decimal:
        """All of them, in dollars."""
        return self.commission + self.clearing_fees + self.regulatory_fees + self.proprietary_fees

    @property
    def value(self) -> Decimal:
        """Dollars that change hands before fees, a credit positive; futures pay what they gained, when closed."""
        if self.instrument_type is InstrumentType.FUTURE:
            return self.gained
        return -self.signed_quantity * self.price * self.multiplier
