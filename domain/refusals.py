"""Why an alert is not traded: every reason has a code, a sentence, and the numbers that decided it.

The sentence is what the author and the operator read; the code is what reports count.
"""

from enum import StrEnum

from domain.frozen import Frozen


class RefusalCode(StrEnum):
    """The reasons, by who decides them. The value is what is stored; `sentence` is what people read."""

    # the reader
    UNREADABLE = "unreadable"
    ACTION_NOT_TRADED = "action_not_traded"
    # the desk: who, where, when
    AUTHOR_NOT_ALLOWED = "author_not_allowed"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    NOT_A_FIRST_MESSAGE = "not_a_first_message"
    TOO_OLD = "too_old"
    HALTED = "halted"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    TOO_MANY_OPEN = "too_many_open"
    TOO_MANY_TODAY = "too_many_today"
    TOO_MANY_IN_UNDERLYING = "too_many_in_underlying"
    TOO_MANY_CALLS = "too_many_calls"
    RESTRICTED_SYMBOL = "restricted_symbol"
    EXPIRES_TODAY = "expires_today"
    EXPIRED = "expired"
    EXPIRES_TOO_LATE = "expires_too_late"
    LOSS_LIMIT = "loss_limit"
    AUDIT_BEHIND = "audit_behind"
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


_SENTENCES = {
    RefusalCode.UNREADABLE: "The message could not be read as one clear order.",
    RefusalCode.ACTION_NOT_TRADED: "This kind of order is not traded.",
    RefusalCode.AUTHOR_NOT_ALLOWED: "The author is not on the allowlist.",
    RefusalCode.CHANNEL_NOT_ALLOWED: "The channel is not on the allowlist.",
    RefusalCode.NOT_A_FIRST_MESSAGE: "Replies and edits never start a trade.",
    RefusalCode.TOO_OLD: "The alert is older than the maximum age.",
    RefusalCode.HALTED: "New entries are halted.",
    RefusalCode.CANCELLED: "The trade was cancelled before anything was sent.",
    RefusalCode.DUPLICATE: "The same contract and side was alerted within the duplicate window.",
    RefusalCode.TOO_MANY_OPEN: "The maximum number of open trades is reached.",
    RefusalCode.TOO_MANY_TODAY: "The maximum number of entries today is reached.",
    RefusalCode.TOO_MANY_IN_UNDERLYING: "The maximum number of open trades in this underlying is reached.",
    RefusalCode.TOO_MANY_CALLS: "The maximum number of order calls in a minute is reached.",
    RefusalCode.RESTRICTED_SYMBOL: "This symbol is not to be traded.",
    RefusalCode.EXPIRES_TODAY: "Contracts that expire today are not traded.",
    RefusalCode.EXPIRED: "The contract has expired.",
    RefusalCode.EXPIRES_TOO_LATE: "The expiry is further away than is traded.",
    RefusalCode.LOSS_LIMIT: "The account has lost more today than is allowed.",
    RefusalCode.AUDIT_BEHIND: "What is written down does not reach the audit store.",
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


class Refusal(Frozen):
    """A refusal: its code, and in `detail` the numbers or names that decided it."""

    code: RefusalCode
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code.sentence} ({self.detail})" if self.detail else self.code.sentence
