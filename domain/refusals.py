"""Why an alert is not traded: every reason has a code, a sentence, and the numbers that decided it.

The sentence is what the author and the operator read; the code is what reports count.
"""

from enum import StrEnum

from domain.frozen import Frozen


class Decider(StrEnum):
    """Who says no."""

    DESK = "the desk"
    LISTINGS = "the broker's listings"
    MARKET = "the trade, by its market"
    SIZE = "the desk, when it sizes the trade"
    BROKER = "the broker"
    PERSON = "whoever cancelled the trade"
    AUTHOR = "the alert's author"


class RefusalCode(StrEnum):
    """The reasons, by who decides them. The value is what is stored; `sentence` is what people read."""

    # the desk: who, where, when, what
    ACTION_NOT_TRADED = "action_not_traded"
    AUTHOR_NOT_ALLOWED = "author_not_allowed"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    NOT_A_FIRST_MESSAGE = "not_a_first_message"
    TOO_OLD = "too_old"
    HALTED = "halted"
    CANCELLED = "cancelled"
    CLOSED_FIRST = "closed_first"
    NO_OPEN_TRADE = "no_open_trade"
    WHICH_EXPIRY = "which_expiry"
    ADD_NOT_TRADED = "add_not_traded"
    ALERT_WITHDRAWN = "alert_withdrawn"
    DUPLICATE = "duplicate"
    TOO_MANY_OPEN = "too_many_open"
    TOO_MANY_TODAY = "too_many_today"
    TOO_MANY_IN_UNDERLYING = "too_many_in_underlying"
    TOO_MANY_CALLS = "too_many_calls"
    RESTRICTED_SYMBOL = "restricted_symbol"
    EXPIRES_TODAY = "expires_today"
    EXPIRED = "expired"
    EXPIRES_TOO_SOON = "expires_too_soon"
    EXPIRES_TOO_LATE = "expires_too_late"
    LOSS_LIMIT = "loss_limit"
    OTHER_SIDE_OPEN = "other_side_open"
    # options that are sold first
    SHORT_OPTIONS_OFF = "short_options_off"
    SHORT_NOT_AN_OPTION = "short_not_an_option"
    SHORT_FUTURE_OPTION = "short_future_option"
    SHORT_INDEX_OPTION = "short_index_option"
    SHORT_CALLS_OFF = "short_calls_off"
    SHORT_CALL_UNCOVERED = "short_call_uncovered"
    SHORT_TOO_LARGE = "short_too_large"
    SHORT_TOTAL_REACHED = "short_total_reached"
    SHORT_NOT_PERMITTED = "short_not_permitted"
    # the listings
    UNKNOWN_SYMBOL = "unknown_symbol"
    EXPIRY_NOT_LISTED = "expiry_not_listed"
    STRIKE_NOT_LISTED = "strike_not_listed"
    NOT_TRADEABLE = "not_tradeable"
    # the market
    NO_QUOTE = "no_quote"
    ONE_SIDED_QUOTE = "one_sided_quote"
    CROSSED_QUOTE = "crossed_quote"
    STALE_QUOTE = "stale_quote"
    SPREAD_TOO_WIDE = "spread_too_wide"
    BID_TOO_SMALL = "bid_too_small"
    PRICE_OFF_MARKET = "price_off_market"
    MARKET_CLOSED = "market_closed"
    # the size
    ZERO_QUANTITY = "zero_quantity"
    NO_BUYING_POWER = "no_buying_power"
    # the broker
    BROKER_REFUSED = "broker_refused"
    BROKER_UNREACHABLE = "broker_unreachable"

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        return _SENTENCES[self]

    @property
    def decided_by(self) -> Decider:
        """Who decides it."""
        return _DECIDERS.get(self, Decider.DESK)

    @property
    def settings(self) -> tuple[str, ...]:
        """What it goes by, by names that `alertladder limits` and the settings know; empty where nothing can be set."""
        return _SETTINGS.get(self, ())


_SENTENCES = {
    RefusalCode.ACTION_NOT_TRADED: "This kind of order is not traded.",
    RefusalCode.AUTHOR_NOT_ALLOWED: "The author is not on the allowlist.",
    RefusalCode.CHANNEL_NOT_ALLOWED: "The channel is not on the allowlist.",
    RefusalCode.NOT_A_FIRST_MESSAGE: "Replies and edits never start a trade.",
    RefusalCode.TOO_OLD: "The alert is older than the maximum age.",
    RefusalCode.HALTED: "New entries are halted.",
    RefusalCode.CANCELLED: "The trade was cancelled before anything was sent.",
    RefusalCode.CLOSED_FIRST: "It was to be closed before anything was filled.",
    RefusalCode.NO_OPEN_TRADE: "There is no open trade that this alert could close.",
    RefusalCode.WHICH_EXPIRY: "Several expiries of that contract are held, and the alert names none.",
    RefusalCode.ADD_NOT_TRADED: "Adding to a position is not traded for this author.",
    RefusalCode.ALERT_WITHDRAWN: "The alert was edited or deleted while its entry worked.",
    RefusalCode.DUPLICATE: "The same contract and side was alerted within the duplicate window.",
    RefusalCode.TOO_MANY_OPEN: "The maximum number of open trades is reached.",
    RefusalCode.TOO_MANY_TODAY: "The maximum number of entries today is reached.",
    RefusalCode.TOO_MANY_IN_UNDERLYING: "The maximum number of open trades in this underlying is reached.",
    RefusalCode.TOO_MANY_CALLS: "The maximum number of order calls in a minute is reached.",
    RefusalCode.RESTRICTED_SYMBOL: "This symbol is not to be traded.",
    RefusalCode.EXPIRES_TODAY: "Contracts that expire today are not traded.",
    RefusalCode.EXPIRED: "The contract has expired.",
    RefusalCode.EXPIRES_TOO_SOON: "It would be closed again at once: its last hour is too near.",
    RefusalCode.EXPIRES_TOO_LATE: "The expiry is further away than is traded.",
    RefusalCode.LOSS_LIMIT: "The account has lost more today than is allowed.",
    RefusalCode.OTHER_SIDE_OPEN: "A trade holds the other side of this contract.",
    RefusalCode.SHORT_OPTIONS_OFF: "Options are not sold short here.",
    RefusalCode.SHORT_NOT_AN_OPTION: "Only options are sold short.",
    RefusalCode.SHORT_FUTURE_OPTION: "Options on futures are not sold short.",
    RefusalCode.SHORT_INDEX_OPTION: "Options on an index are not sold short.",
    RefusalCode.SHORT_CALLS_OFF: "Calls are not sold short.",
    RefusalCode.SHORT_CALL_UNCOVERED: "The account has no free shares that would cover the call.",
    RefusalCode.SHORT_TOO_LARGE: "Assignment would cost more than is allowed for one trade.",
    RefusalCode.SHORT_TOTAL_REACHED: "Assignment of all open short trades would cost more than is allowed.",
    RefusalCode.SHORT_NOT_PERMITTED: "The broker would not let the account sell it short.",
    RefusalCode.UNKNOWN_SYMBOL: "The broker does not list this symbol.",
    RefusalCode.EXPIRY_NOT_LISTED: "The broker lists no such expiry.",
    RefusalCode.STRIKE_NOT_LISTED: "The broker lists no such strike.",
    RefusalCode.NOT_TRADEABLE: "The broker lists the contract, but not for opening trades.",
    RefusalCode.NO_QUOTE: "There is no quote for the contract.",
    RefusalCode.ONE_SIDED_QUOTE: "Only one side of the market is quoted.",
    RefusalCode.CROSSED_QUOTE: "The bid is above the ask.",
    RefusalCode.STALE_QUOTE: "The newest quote is too old.",
    RefusalCode.SPREAD_TOO_WIDE: "The spread is wider than acceptable.",
    RefusalCode.BID_TOO_SMALL: "The bid is smaller than acceptable.",
    RefusalCode.PRICE_OFF_MARKET: "The alert's price is too far from the market.",
    RefusalCode.MARKET_CLOSED: "The market for this contract is closed.",
    RefusalCode.ZERO_QUANTITY: "The allocation does not pay for one contract.",
    RefusalCode.NO_BUYING_POWER: "There is not enough buying power left.",
    RefusalCode.BROKER_REFUSED: "The broker refused the order.",
    RefusalCode.BROKER_UNREACHABLE: "The broker could not be asked.",
}


_DECIDERS = {
    RefusalCode.CANCELLED: Decider.PERSON,
    RefusalCode.CLOSED_FIRST: Decider.PERSON,
    RefusalCode.ALERT_WITHDRAWN: Decider.AUTHOR,
    RefusalCode.LOSS_LIMIT: Decider.SIZE,
    RefusalCode.SHORT_CALL_UNCOVERED: Decider.SIZE,
    RefusalCode.SHORT_TOO_LARGE: Decider.SIZE,
    RefusalCode.SHORT_TOTAL_REACHED: Decider.SIZE,
    RefusalCode.SHORT_NOT_PERMITTED: Decider.BROKER,
    RefusalCode.UNKNOWN_SYMBOL: Decider.LISTINGS,
    RefusalCode.EXPIRY_NOT_LISTED: Decider.LISTINGS,
    RefusalCode.STRIKE_NOT_LISTED: Decider.LISTINGS,
    RefusalCode.NOT_TRADEABLE: Decider.LISTINGS,
    RefusalCode.NO_QUOTE: Decider.MARKET,
    RefusalCode.ONE_SIDED_QUOTE: Decider.MARKET,
    RefusalCode.CROSSED_QUOTE: Decider.MARKET,
    RefusalCode.STALE_QUOTE: Decider.MARKET,
    RefusalCode.SPREAD_TOO_WIDE: Decider.MARKET,
    RefusalCode.BID_TOO_SMALL: Decider.MARKET,
    RefusalCode.PRICE_OFF_MARKET: Decider.MARKET,
    RefusalCode.MARKET_CLOSED: Decider.MARKET,
    RefusalCode.ZERO_QUANTITY: Decider.SIZE,
    RefusalCode.NO_BUYING_POWER: Decider.SIZE,
    RefusalCode.BROKER_REFUSED: Decider.BROKER,
    RefusalCode.BROKER_UNREACHABLE: Decider.BROKER,
}

_SETTINGS = {
    RefusalCode.ACTION_NOT_TRADED: ("limits.actions",),
    RefusalCode.AUTHOR_NOT_ALLOWED: ("allowlist.users", "allowlist.roles", "allowlist.bots"),
    RefusalCode.CHANNEL_NOT_ALLOWED: ("allowlist.channels",),
    RefusalCode.TOO_OLD: ("guard.max_alert_age",),
    RefusalCode.HALTED: ("limits.trips",),
    RefusalCode.DUPLICATE: ("limits.duplicate_window",),
    RefusalCode.TOO_MANY_OPEN: ("limits.max_open_trades",),
    RefusalCode.TOO_MANY_TODAY: ("limits.max_entries_a_day",),
    RefusalCode.TOO_MANY_IN_UNDERLYING: ("limits.max_trades_per_underlying",),
    RefusalCode.TOO_MANY_CALLS: ("limits.max_order_calls_a_minute",),
    RefusalCode.RESTRICTED_SYMBOL: ("limits.restricted_symbols",),
    RefusalCode.EXPIRES_TODAY: ("limits.allow_0dte",),
    RefusalCode.EXPIRES_TOO_LATE: ("limits.max_days_to_expiry",),
    RefusalCode.LOSS_LIMIT: ("limits.max_loss_percent_a_day",),
    RefusalCode.SHORT_OPTIONS_OFF: ("short_options.enabled", "limits.actions"),
    RefusalCode.SHORT_CALLS_OFF: ("short_options.calls",),
    RefusalCode.SHORT_TOO_LARGE: ("short_options.max_assignment",),
    RefusalCode.SHORT_TOTAL_REACHED: ("short_options.max_assignment_total",),
    RefusalCode.STALE_QUOTE: ("guard.max_quote_age",),
    RefusalCode.SPREAD_TOO_WIDE: (
        "guard.max_spread_percent",
        "guard.outright_max_spread_percent",
        "guard.max_spread_ticks",
    ),
    RefusalCode.BID_TOO_SMALL: ("guard.min_bid",),
    RefusalCode.PRICE_OFF_MARKET: (
        "guard.max_off_alert_percent",
        "guard.outright_max_off_alert_percent",
        "guard.max_off_alert_ticks",
    ),
    RefusalCode.MARKET_CLOSED: ("guard.index_curb_hours",),
    RefusalCode.ZERO_QUANTITY: (
        "sizing.allocation_percent",
        "sizing.by_label",
        "sizing.channel_factor",
        "sizing.max_debit",
        "limits.max_order_percent",
        "short_options.max_contracts",
    ),
}


class Refusal(Frozen):
    """A refusal: its code, and in `detail` the numbers or names that decided it."""

    code: RefusalCode
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code.sentence} ({self.detail})" if self.detail else self.code.sentence
