"""The broker's words for orders: the states they go through, what they do, what they are and how long they work.

https://developer.tastytrade.com/docs/concepts/order-lifecycle
"""

from enum import StrEnum


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

    def may_become(self, status: "Status") -> bool:
        """Whether the life cycle has that step."""
        return status in _NEXT[self]

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
