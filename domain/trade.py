"""A trade's own state and the picture of it that people look at."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.alert import Alert, AlertMessage
from domain.closing import CloseResult
from domain.contract import Contract, Quote
from domain.direction import Direction
from domain.frozen import Frozen
from domain.identifiers import TradeId
from domain.orders import BrokerOrder
from domain.protection import Protection
from domain.refusals import Refusal
from domain.settings import Mode


class TradeState(StrEnum):
    """Where a trade stands. The last seven are ends."""

    ADMITTING = "admitting"
    PREPARING = "preparing"  # contract, quote, size
    WORKING = "working"  # the entry order is in the market
    CONVERTING = "converting"  # the rest goes to the market
    HOLDING = "holding"  # filled; the exit is watched
    CLOSING = "closing"  # an alert or a person sells what is held
    REFUSED = "refused"
    NO_FILL = "no_fill"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    EXPIRED = "expired"
    GONE = "gone"  # what was sold first was assigned, or bought back by hand, before the trade did
    NEEDS_OPERATOR = "needs_operator"  # something could not be settled; nothing more is sent

    @property
    def is_end(self) -> bool:
        """Nothing more will happen by itself."""
        return self in _ENDS


_ENDS = frozenset(
    {
        TradeState.REFUSED,
        TradeState.NO_FILL,
        TradeState.CANCELLED,
        TradeState.CLOSED,
        TradeState.EXPIRED,
        TradeState.GONE,
        TradeState.NEEDS_OPERATOR,
    }
)


class TradeRequest(Frozen):
    """The workflow's input: one alert of one message."""

    message: AlertMessage
    alert: Alert
    index: int = 0
    mode: Mode = Mode.PAPER
    account_number: str
    dry_run: bool = False
    card: bool = False  # shown in the alert's channel, and kept up to date
    card_pace: timedelta = timedelta(seconds=1.5)  # between two edits of it, at least
    reader_version: int = 0  # of the reader that read it; 0: before it was written down
    profile: str = ""  # the name of the author's profile that it was read by
    read_as: tuple[str, ...] = ()  # each piece of the message with the part it plays

    @property
    def trade_id(self) -> TradeId:
        """The trade's name, a function of the message."""
        return TradeId(channel_id=self.message.channel_id, message_id=self.message.message_id, index=self.index)


class TradeView(Frozen):
    """The picture of a trade, answered by its `view` query while it runs and returned when it ends.

    `filled` was bought and `exited` sold; where the trade sold first, `filled` was sold and `exited` bought back, and
    `gone` was short no more although no order of the trade bought it back.
    """

    workflow_id: str
    state: TradeState
    alert: Alert
    mode: Mode
    dry_run: bool
    author_name: str = ""
    contract: Contract | None = None
    quote: Quote | None = None
    sized: int = 0
    filled: int = 0
    exited: int = 0
    gone: int = 0
    average_price: Decimal | None = None
    working_price: Decimal | None = None
    rung: int = 0
    max_steps: int = 0
    started_at: datetime | None = None  # the first order
    window_ends_at: datetime | None = None
    next_rung_at: datetime | None = None
    exit_price: Decimal | None = None
    exit_quantity: int = 0
    realised: Decimal = Decimal(0)  # dollars, before fees
    entries: tuple[BrokerOrder, ...] = ()
    exits: tuple[BrokerOrder, ...] = ()
    refusal: Refusal | None = None
    note: str = ""
    closings: tuple[CloseResult, ...] = ()  # what was asked to be sold, and what became of it
    protection: Protection = Protection()  # the levels that it still sells at by itself

    @property
    def held(self) -> int:
        """Contracts that it holds, or is short of."""
        return self.filled - self.exited - self.gone

    @property
    def direction(self) -> Direction:
        """Whether it buys first or sells first; of a closing alert, what it closes."""
        return Direction.of(self.alert.action)
