"""What is written down: one event for each step of a trade, each with an id that is a function of the step.

The store turns events into rows of a hash chain; the same event id twice is one row.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, JsonValue

from domain.frozen import Frozen


class AuditKind(StrEnum):
    """The steps that leave a row."""

    ALERT = "alert"  # a message was read as an alert and its workflow began
    ADMITTED = "admitted"
    REFUSED = "refused"
    CONTRACT = "contract"
    QUOTE = "quote"
    SIZED = "sized"
    INTENT = "intent"  # an order is about to be sent; durable before it is
    ANSWER = "answer"  # what the broker said to a request
    ORDER = "order"  # the broker's record of an order changed
    FILL = "fill"
    RUNG = "rung"
    CONVERT = "convert"  # the window is over and the rest goes to the market
    CANCEL = "cancel"
    NO_FILL = "no_fill"
    EXIT = "exit"
    CLOSING = "closing"  # somebody asks to sell what is held, and what became of it
    GONE = "gone"  # what was sold first is short no more, and no order of the trade bought it back: so many in all
    STATE = "state"  # the trade's own state changed
    ERROR = "error"
    TROUBLE = "trouble"  # an operator is told of something
    OPERATOR = "operator"  # a person did something
    DESK = "desk"  # how the desk stood, once a minute while alerts come


class AuditEvent(Frozen):
    """One step. `at` is workflow time (UTC); prices are per share or point; absent fields are None, never guessed."""

    event_id: str  # "<workflow id>:<n>"
    at: datetime
    kind: AuditKind
    workflow_id: str
    mode: str = ""
    author_id: int | None = None
    author_name: str = ""
    channel_id: int | None = None
    message_id: int | None = None
    symbol: str | None = None
    side: str | None = None
    quantity: int | None = None
    price: Decimal | None = None
    order_id: int | None = None
    identifier: str | None = None
    fill_id: str | None = None
    state: str | None = None
    code: str | None = None
    detail: str = ""
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class AuditBatch(Frozen):
    """Events of one trade, in order."""

    events: tuple[AuditEvent, ...]


class AuditReceipt(Frozen):
    """Where the chain stood after the append: its last sequence number (from 1) and hash."""

    head_seq: int
    head_hash: str
