"""The states of an order as we hold them, and what everything that can be learnt of it does to them: one table.

The table is the behaviour: the ledger asks it, and decides nothing by itself. `docs/order-states.md` is the same table
with its reasons, for people. The broker's life cycle: https://developer.tastytrade.com/docs/concepts/order-lifecycle.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.orders import BrokerOrder, OrderStatus


class OrderState(StrEnum):
    """Where an order stands for us. What the broker calls it stays on its record."""

    UNKNOWN = "Unknown"  # meant, perhaps sent, and no word of it yet
    NEVER_ACCEPTED = "Never accepted"  # refused for certain, or proven absent (invariant 13)
    ON_ITS_WAY = "On its way"
    CONTINGENT = "Contingent"
    LIVE = "Live"
    CANCEL_REQUESTED = "Cancel Requested"
    REPLACE_REQUESTED = "Replace Requested"
    UNRECOGNISED = "Unrecognised"
    FILLS_TO_COME = "Filled, fills to come"  # the broker may announce Filled before the last fill is attached
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    EXPIRED = "Expired"
    REJECTED = "Rejected"
    REMOVED = "Removed"
    PARTIALLY_REMOVED = "Partially Removed"

    @classmethod
    def of(cls, record: BrokerOrder) -> "OrderState":
        """Where an order with this record stands."""
        told = cls.told_by(record)
        return cls.FILLED if told is cls.FILLS_TO_COME and record.is_settled else told

    @classmethod
    def told_by(cls, record: BrokerOrder) -> "OrderState":
        """What a record's word alone says. Filled is believed to the full only once its fills are there."""
        return _TOLD[record.status]


class Age(StrEnum):
    """A record's age beside the one that is held, by the broker's own clock."""

    NEWER = "newer"  # or nobody can tell: then the word heard last counts
    EQUAL = "of the same moment"
    OLDER = "older"

    @classmethod
    def of(cls, heard: BrokerOrder, held: BrokerOrder | None) -> "Age":
        """Compare `updated_at`, which a record may lack."""
        if held is None or held.updated_at is None or heard.updated_at is None:
            return cls.NEWER
        if heard.updated_at == held.updated_at:
            return cls.EQUAL
        return cls.NEWER if heard.updated_at > held.updated_at else cls.OLDER


class Word(StrEnum):
    """What can be learnt of an order beside the state that a record tells."""

    REFUSED = "an answer refuses it for certain"
    IN_DOUBT = "an answer leaves it in doubt, or none comes"
    NOT_FOUND = "one look-up does not find it"
    NOT_LOOKED_UP = "a look-up fails"
    PROVEN_ABSENT = "several whole look-ups over 30 s do not find it"
    FILL = "a fill that was not known"
    LAST_FILL = "its fills reach its quantity"
    OVERFILL = "more is filled than was sent"
    OTHER_FILL = "a known fill with another quantity or price"
    OTHER_TERMS = "another price, type, effect or a larger quantity than was sent"
    OTHER_ORDER = "another order id under its identifier"
    OTHER_TRADE = "another symbol or side than was sent"


class Verdict(StrEnum):
    """What is done with it. To stop is to buy nothing more for the trade, and to call a person."""

    TAKE = "taken"
    KEEP = "stays"
    TAKE_AND_STOP = "taken, and stops the trade"
    KEEP_AND_STOP = "not taken, and stops the trade"

    @property
    def takes(self) -> bool:
        """Whether what was learnt is taken in."""
        return self in (Verdict.TAKE, Verdict.TAKE_AND_STOP)

    @property
    def stops(self) -> bool:
        """Whether it contradicts what was known: nothing more is bought, and a person is called."""
        return self in (Verdict.TAKE_AND_STOP, Verdict.KEEP_AND_STOP)


class Standing(NamedTuple):
    """What a state lets us do."""

    is_open: bool  # it may still execute, so the next order has to wait (invariants 5 and 6)
    may_cancel: bool  # asking for its cancel makes sense now
    may_replace: bool  # as far as the state goes: not with a fill, and not unless the broker calls it editable


WORKING = (
    OrderState.ON_ITS_WAY,
    OrderState.CONTINGENT,
    OrderState.LIVE,
    OrderState.CANCEL_REQUESTED,
    OrderState.REPLACE_REQUESTED,
    OrderState.UNRECOGNISED,
)
FULL = (OrderState.FILLS_TO_COME, OrderState.FILLED)
DEAD = (
    OrderState.CANCELLED,
    OrderState.EXPIRED,
    OrderState.REJECTED,
    OrderState.REMOVED,
    OrderState.PARTIALLY_REMOVED,
)
HEARD = (*WORKING, *FULL, *DEAD)
TELLABLE = (*WORKING, OrderState.FILLS_TO_COME, *DEAD)  # what a record can say

_TOLD: Mapping[OrderStatus, OrderState] = {
    OrderStatus.RECEIVED: OrderState.ON_ITS_WAY,
    OrderStatus.ROUTED: OrderState.ON_ITS_WAY,
    OrderStatus.IN_FLIGHT: OrderState.ON_ITS_WAY,
    OrderStatus.CONTINGENT: OrderState.CONTINGENT,
    OrderStatus.LIVE: OrderState.LIVE,
    OrderStatus.CANCEL_REQUESTED: OrderState.CANCEL_REQUESTED,
    OrderStatus.REPLACE_REQUESTED: OrderState.REPLACE_REQUESTED,
    OrderStatus.UNRECOGNISED: OrderState.UNRECOGNISED,
    OrderStatus.FILLED: OrderState.FILLS_TO_COME,
    OrderStatus.CANCELLED: OrderState.CANCELLED,
    OrderStatus.EXPIRED: OrderState.EXPIRED,
    OrderStatus.REJECTED: OrderState.REJECTED,
    OrderStatus.REMOVED: OrderState.REMOVED,
    OrderStatus.PARTIALLY_REMOVED: OrderState.PARTIALLY_REMOVED,
}

# Of two words of one moment the later in this order counts. Live is last of those that work: asking once more for a
# cancel or a replacement is harmless, not asking is not. Rejected is last of the ends: it says most.
_AT_ONE_MOMENT = (
    OrderState.UNRECOGNISED,
    OrderState.CONTINGENT,
    OrderState.ON_ITS_WAY,
    OrderState.REPLACE_REQUESTED,
    OrderState.CANCEL_REQUESTED,
    OrderState.LIVE,
    OrderState.PARTIALLY_REMOVED,
    OrderState.REMOVED,
    OrderState.EXPIRED,
    OrderState.CANCELLED,
    OrderState.REJECTED,
)

Row = Mapping[OrderState, Verdict]


def _row(working: Verdict, filled: Verdict, dead: Verdict) -> Row:
    return dict.fromkeys(WORKING, working) | {OrderState.FILLS_TO_COME: filled} | dict.fromkeys(DEAD, dead)


def _same(states: Iterable[OrderState], row: Row) -> dict[OrderState, Row]:
    return dict.fromkeys(states, row)


def _tie(state: OrderState, among: Iterable[OrderState]) -> Row:
    rank = _AT_ONE_MOMENT.index
    return {told: Verdict.TAKE if rank(told) >= rank(state) else Verdict.KEEP for told in among}


TAKE, KEEP = Verdict.TAKE, Verdict.KEEP
_BEFORE_ANY_RECORD: Mapping[OrderState, Row] = {
    OrderState.UNKNOWN: _row(TAKE, TAKE, TAKE),
    OrderState.NEVER_ACCEPTED: _row(Verdict.TAKE_AND_STOP, Verdict.TAKE_AND_STOP, TAKE),
}
_NEWER: Mapping[OrderState, Row] = {
    **_BEFORE_ANY_RECORD,
    **_same(WORKING, _row(TAKE, TAKE, TAKE)),
    **_same(FULL, _row(KEEP, TAKE, KEEP)),
    **_same(DEAD, _row(KEEP, TAKE, TAKE)),
}
_OLDER: Mapping[OrderState, Row] = {
    **_BEFORE_ANY_RECORD,
    **_same(WORKING, _row(KEEP, TAKE, TAKE)),
    **_same(FULL, _row(KEEP, KEEP, KEEP)),
    **_same(DEAD, _row(KEEP, TAKE, KEEP)),
}
_EQUAL: Mapping[OrderState, Row] = {
    **_NEWER,
    **{state: {**_NEWER[state], **_tie(state, WORKING)} for state in WORKING},
    **{state: {**_NEWER[state], **_tie(state, DEAD)} for state in DEAD},
}
BY_RECORD: Mapping[Age, Mapping[OrderState, Row]] = {Age.NEWER: _NEWER, Age.EQUAL: _EQUAL, Age.OLDER: _OLDER}

_IN_EVERY_STATE: Mapping[Word, Verdict] = {
    Word.IN_DOUBT: KEEP,
    Word.NOT_FOUND: KEEP,
    Word.NOT_LOOKED_UP: KEEP,
    Word.OVERFILL: Verdict.TAKE_AND_STOP,
    Word.OTHER_FILL: Verdict.KEEP_AND_STOP,
    Word.OTHER_TERMS: Verdict.TAKE_AND_STOP,
    Word.OTHER_ORDER: Verdict.TAKE_AND_STOP,
    Word.OTHER_TRADE: Verdict.KEEP_AND_STOP,
}
_ON_THE_RECORD: Mapping[Word, Verdict] = {
    **_IN_EVERY_STATE,
    Word.REFUSED: KEEP,
    Word.PROVEN_ABSENT: Verdict.KEEP_AND_STOP,
    Word.FILL: TAKE,
    Word.LAST_FILL: KEEP,
}
BY_WORD: Mapping[OrderState, Mapping[Word, Verdict]] = {
    **dict.fromkeys(HEARD, _ON_THE_RECORD),
    OrderState.UNKNOWN: {**_ON_THE_RECORD, Word.REFUSED: TAKE, Word.PROVEN_ABSENT: TAKE},
    OrderState.NEVER_ACCEPTED: {**_ON_THE_RECORD, Word.PROVEN_ABSENT: KEEP, Word.FILL: Verdict.TAKE_AND_STOP},
    OrderState.REJECTED: {**_ON_THE_RECORD, Word.FILL: Verdict.TAKE_AND_STOP},
    OrderState.FILLS_TO_COME: {**_ON_THE_RECORD, Word.LAST_FILL: TAKE},
}

_WORKS = Standing(is_open=True, may_cancel=True, may_replace=False)
_WAITS = Standing(is_open=True, may_cancel=False, may_replace=False)
_OVER = Standing(is_open=False, may_cancel=False, may_replace=False)
STANDING: Mapping[OrderState, Standing] = {
    **dict.fromkeys(WORKING, _WORKS),
    **dict.fromkeys(DEAD, _OVER),
    OrderState.UNKNOWN: _WAITS,
    OrderState.NEVER_ACCEPTED: _OVER,
    OrderState.LIVE: Standing(is_open=True, may_cancel=True, may_replace=True),
    OrderState.CANCEL_REQUESTED: _WAITS,
    OrderState.FILLS_TO_COME: _WAITS,
    OrderState.FILLED: _OVER,
}


def after_record(state: OrderState, told: OrderState, age: Age) -> tuple[OrderState, Verdict]:
    """The state after a record that tells `told` (one of TELLABLE), before its fills are counted."""
    verdict = BY_RECORD[age][state][told]
    return (told if verdict.takes else state), verdict


def after_word(state: OrderState, word: Word) -> tuple[OrderState, Verdict]:
    """The state after anything else that was learnt."""
    verdict = BY_WORD[state][word]
    if verdict is TAKE and word in (Word.REFUSED, Word.PROVEN_ABSENT):
        return OrderState.NEVER_ACCEPTED, verdict
    if verdict is TAKE and word is Word.LAST_FILL:
        return OrderState.FILLED, verdict
    return state, verdict
