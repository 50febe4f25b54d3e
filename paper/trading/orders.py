"""Orders and fills as the exchange keeps them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from math import gcd

from pydantic import BaseModel, ConfigDict

from domain.contract import InstrumentType
from paper.listings.calendar import new_york_day
from paper.listings.sessions import Hours
from paper.trading.words import Action, OrderType, Status, TimeInForce


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
        """Whether it may be cancelled or replaced now: only what the venue has confirmed."""
        return self.status is Status.LIVE

    @property
    def waits_here(self) -> bool:
        """Whether the broker keeps it back: for the open, for another order's cancel, or for its trigger."""
        return self.status in (Status.RECEIVED, Status.CONTINGENT)

    @property
    def is_on_its_way(self) -> bool:
        """Whether it has left the broker, and the venue has not confirmed it: nothing can be done about it."""
        return self.status in (Status.ROUTED, Status.IN_FLIGHT)

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
        if not self.status.may_become(status):
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
