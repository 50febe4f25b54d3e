"""Names that are functions of the message, so that a second delivery or a crash can't make a second trade.

A workflow id is readable; an order's external identifier must fit in 36 ASCII characters (the broker documents no
limit; more was never proven), and must lead back to its workflow without any lookup.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain.frozen import Frozen

_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_SNOWFLAKE_TIME_SHIFT = 22
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_IDENTIFIER = re.compile(
    r"al-(?P<channel>[0-9a-z]{1,13})-(?P<message>[0-9a-z]{1,13})-(?P<index>[0-9a-z])(?P<role>[exc])(?P<seq>[0-9a-z]{2})"
)
_WORKFLOW = re.compile(r"alert-(?P<channel>\d+)-(?P<message>\d+)(?:-(?P<index>\d+))?")
IDENTIFIER_PREFIX = "al-"
DESK_PREFIX = "desk-"
_KILL_PREFIX = "al-kill-"  # no trade's identifier begins so
MAX_ALERTS_PER_MESSAGE = 36
MAX_ORDERS_PER_ROLE = 36 * 36


class OrderRole(StrEnum):
    """What an order is for."""

    ENTRY = "e"
    EXIT = "x"
    CLOSE = "c"  # closes more than the standing exit: an STC alert, or the operator


class TradeId(Frozen):
    """One alert of one message. `index` counts the alerts of a message from 0."""

    channel_id: int
    message_id: int
    index: int = 0

    @property
    def workflow_id(self) -> str:
        """`alert-<channel>-<message>`, with `-<index>` for the second and later alerts of a message."""
        base = f"alert-{self.channel_id}-{self.message_id}"
        return base if self.index == 0 else f"{base}-{self.index}"

    def order_identifier(self, role: OrderRole, sequence: int) -> str:
        """The external identifier of this trade's `sequence`-th order of that role."""
        if not (0 <= self.index < MAX_ALERTS_PER_MESSAGE and 0 <= sequence < MAX_ORDERS_PER_ROLE):
            raise ValueError("the identifier has no room for this many")
        tail = f"{_base36(self.index)}{role}{_base36(sequence):0>2}"
        return f"{IDENTIFIER_PREFIX}{_base36(self.channel_id)}-{_base36(self.message_id)}-{tail}"

    @classmethod
    def of_workflow(cls, workflow_id: str) -> "TradeId":
        """Read a workflow id back; ValueError when it isn't one of ours."""
        found = _WORKFLOW.fullmatch(workflow_id)
        if not found:
            raise ValueError(f"not a trade's workflow id: {workflow_id}")
        return cls(channel_id=int(found["channel"]), message_id=int(found["message"]), index=int(found["index"] or 0))

    @classmethod
    def of_order(cls, identifier: str | None) -> "TradeId | None":
        """The trade an order belongs to; None for an order that isn't ours."""
        found = _IDENTIFIER.fullmatch(identifier or "")
        if not found:
            return None
        return cls(
            channel_id=int(found["channel"], 36),
            message_id=int(found["message"], 36),
            index=int(found["index"], 36),
        )


def role_of(identifier: str | None) -> OrderRole | None:
    """What an order of ours is for; None for an order that isn't ours."""
    found = _IDENTIFIER.fullmatch(identifier or "")
    return OrderRole(found["role"]) if found else None


def kill_identifier(moment: datetime, number: int, attempt: int) -> str:
    """The external identifier of an order by which a kill sells a position."""
    return f"{_KILL_PREFIX}{moment:%m%d%H%M%S}-{number}-{attempt}"


def is_kills(identifier: str | None) -> bool:
    """Whether an order is a kill's sale."""
    return (identifier or "").startswith(_KILL_PREFIX)


def desk_workflow_id(account_number: str) -> str:
    """The one desk of an account."""
    return f"{DESK_PREFIX}{account_number}"


def watch_workflow_id(account_number: str) -> str:
    """The one watch of an account's stream."""
    return f"watch-{account_number}"


def card_workflow_id(workflow_id: str) -> str:
    """The workflow that posts a trade's final card when the trade can't wait for it."""
    return f"card-{workflow_id}"


def reconciliation_id(account_number: str) -> str:
    """The schedule that compares an account with its trades, and the beginning of its workflows' ids."""
    return f"reconcile-{account_number}"


def snowflake_time(snowflake: int) -> datetime:
    """When Discord made this id, to the millisecond: the age of an alert can't be argued with."""
    return _DISCORD_EPOCH + timedelta(milliseconds=snowflake >> _SNOWFLAKE_TIME_SHIFT)


def snowflake_at(moment: datetime, low_bits: int) -> int:
    """An id as Discord would have made it at `moment`; `low_bits` (22 bits) tells ids of one millisecond apart."""
    milliseconds = (moment - _DISCORD_EPOCH) // timedelta(milliseconds=1)
    return (milliseconds << _SNOWFLAKE_TIME_SHIFT) | (low_bits & ((1 << _SNOWFLAKE_TIME_SHIFT) - 1))


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
