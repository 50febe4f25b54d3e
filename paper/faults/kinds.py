"""Every kind of fault, what it waits for, and the words of their parameters."""

from enum import StrEnum


class FaultKind(StrEnum):
    """What can be made to go wrong.

    Requests, orders and messages of the account stream are hit as they come, the first `times` that match. Those that
    act at once hit whoever is there as they are armed; conditions hold for `seconds` (0: until the faults are cleared)
    and count whenever they changed what somebody saw or got.
    """

    # Requests. For placing unless `on` says otherwise: the first four.
    HANG_AFTER_ACCEPT = "hang_after_accept"  # carried out, and answered `seconds` late
    DROP_ANSWER = "drop_answer"  # carried out, and the socket closed without an answer
    ERROR_BEFORE = "error_before"  # `status`, nothing carried out
    ERROR_AFTER = "error_after"  # carried out, answered with `status`
    HTML_NEXT = "html_next"  # a proxy's page with `status`; `after` true: once carried out
    UNAUTHORIZED_NEXT = "unauthorized_next"  # 401, nothing carried out
    LATENCY = "latency"  # waits `seconds` before it is carried out
    RATE_LIMITED = "rate_limited"  # 429 with an empty body; with `seconds`: all of them, for so long after the first
    STALE_LOOKUP = "stale_lookup"  # an accepted order is in no answer and no stream for `seconds`

    # One order's record that strict clients can't read, as `shape` says: in answers to `on` (read, place, replace or
    # cancel; read unless said otherwise) or on the stream (account). It stays with the first order that it hits.
    UNPARSEABLE_RECORD = "unparseable_record"

    # Orders at the venue
    REJECT_NEXT = "reject_next"  # accepted, then Rejected by the venue with `reason`
    CANCEL_NEXT = "cancel_next"  # goes Live; `seconds` later the venue ends it unasked, as `ends` (Cancelled, Removed)
    DELAY_CANCEL = "delay_cancel"  # a cancel takes `seconds` longer
    FILL_DURING_CANCEL = "fill_during_cancel"  # `quantity` fills between the request and its end
    FILL_AFTER_CANCEL = "fill_after_cancel"  # `quantity` fills were on their way: booked once it is Cancelled
    LOTS = "lots"  # the order fills in pieces of `lots`, then whatever is left
    LATE_FILL_DETAIL = "late_fill_detail"  # announced as Filled with its last fill missing for `seconds`

    # An order's messages on the account stream, while somebody listens
    REPEAT_STREAM = "repeat_stream"  # delivered `copies` times
    LOSE_STREAM = "lose_stream"  # not delivered
    REORDER_STREAM = (
        "reorder_stream"  # delivered after the message that follows, `seconds` later (0: 1 s) at the latest
    )

    # At once, on the clients of the stream `on` (account, unless it is quotes)
    STREAM_DROP = "stream_drop"  # their sockets are cut
    STREAM_SILENCE = "stream_silence"  # they stay connected, and everything for them is lost for `seconds`
    STREAM_RECONNECT = "stream_reconnect"  # closed with 1012, "Reconnection is required"
    OVERSIZED_MESSAGE = "oversized_message"  # they are sent one message of more than 64 KiB

    # At once, elsewhere
    REVOKE_TOKENS = "revoke_tokens"  # every access token issued so far is refused; counts the refusals
    MANUAL_ORDER = "manual_order"  # a person's order: `symbol`, `side`, `quantity`, `price` (none: Market); see control
    MANUAL_CANCEL = "manual_cancel"  # a person cancels the newest working order that `symbol`, `identifier`... match

    # Conditions of one `symbol`: what REST and the quote stream show of it, while the venue goes by the true quote
    CROSSED_QUOTE = "crossed_quote"  # the bid above the ask
    ONE_SIDED_QUOTE = "one_sided_quote"  # nothing on the side `missing` (bid or ask)
    FROZEN_QUOTE = "frozen_quote"  # the quote of the moment when it was armed, with the time of then
    NAN_QUOTE = "nan_quote"  # NaN on the quote stream, no prices in REST
    NO_QUOTES = "no_quotes"  # nothing on the quote stream; REST is right
    HALT = "halt"  # trading in an underlying and its options is halted: orders are taken and rest, nothing fills


class On(StrEnum):
    """The family of requests a fault waits for, or the stream it is for."""

    PLACE = "place"
    DRY_RUN = "dry_run"
    REPLACE = "replace"
    CANCEL = "cancel"
    READ = "read"
    QUOTES = "quotes"
    TOKEN = "token"  # noqa: S105  a family's name
    ACCOUNT = "account"  # the account stream


class Shape(StrEnum):
    """What is wrong with an order's record. The SDK 13 reads none of these."""

    UNKNOWN_STATUS = "unknown_status"  # a status word that no client knows
    NO_UPDATED_AT = "no_updated_at"
    INTEGER_USER_ID = "integer_user_id"
    PARTIAL_ORDER_RULE = "partial_order_rule"  # as of a conditional order placed in the broker's own app
    BROKEN_JSON = "broken_json"  # cut off in the middle: the whole answer or message can't be read


QUOTE_CONDITIONS = frozenset(
    {
        FaultKind.CROSSED_QUOTE,
        FaultKind.ONE_SIDED_QUOTE,
        FaultKind.FROZEN_QUOTE,
        FaultKind.NAN_QUOTE,
        FaultKind.NO_QUOTES,
    }
)
CONDITIONS = QUOTE_CONDITIONS | {FaultKind.HALT}
ABOUT_PLACING = frozenset(
    {FaultKind.HANG_AFTER_ACCEPT, FaultKind.DROP_ANSWER, FaultKind.ERROR_BEFORE, FaultKind.ERROR_AFTER}
)
