"""What one look at an account sees: the broker's book, how the trades stand, and where the two differ."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.frozen import Frozen
from domain.orders import BrokerOrder
from domain.trade import TradeView
from domain.trouble import TroubleKind


class Position(Frozen):
    """What the account holds of one instrument, in contracts or shares; negative when it is short."""

    symbol: str
    quantity: Decimal


class BrokerBook(Frozen):
    """The account as the broker has it at one moment: our orders that work or were made lately, and every position.

    `unreadable` names our orders whose records can't be read; `foreign` counts working orders that are not ours.
    """

    at: datetime
    orders: tuple[BrokerOrder, ...]
    positions: tuple[Position, ...] = ()
    unreadable: tuple[str, ...] = ()
    foreign: int = 0


class Life(StrEnum):
    """Where a trade's workflow stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    FAILED = "failed"
    UNKNOWN = "unknown"  # Temporal has never heard of it, or not any more

    @property
    def ended_by_itself(self) -> bool:
        """Its story came to its end, and said how."""
        return self in (Life.COMPLETED, Life.CANCELLED)


class TradeStanding(Frozen):
    """A trade's workflow. `view` None: it could not be asked."""

    workflow_id: str
    life: Life
    view: TradeView | None = None


class ShortGone(Frozen):
    """So many contracts in all that a trade sold first are short no more in the account, and it did not do it."""

    workflow_id: str
    quantity: int


class Finding(Frozen):
    """One difference. `news` is for the running trade; `cancel` are entry orders to take off the market.

    `gone` is for running trades, once two looks have found it.
    """

    kind: TroubleKind | None  # None: healed by telling the trade, and no trouble
    key: str
    detail: str
    workflow_id: str | None = None
    news: BrokerOrder | None = None
    cancel: tuple[int, ...] = ()
    gone: tuple[ShortGone, ...] = ()


# What lags may explain: the broker's lists follow its orders by seconds, and a busy worker answers late.
MAY_PASS = frozenset(
    {
        TroubleKind.POSITION_SHORT,
        TroubleKind.SHORT_GONE,
        TroubleKind.COVER_MISSING,
        TroubleKind.ORDER_MISSING,
        TroubleKind.TRADE_SILENT,
    }
)


class Survey(Frozen):
    """One look at everything. `unasked` counts trades that could not be asked; `unlisted` findings past the bound.

    `ended` are trades that the desk counts as open and that no longer run: they hold its money and its places.
    """

    findings: tuple[Finding, ...] = ()
    ended: tuple[str, ...] = ()
    orders: int = 0
    running: int = 0
    foreign: int = 0
    unasked: int = 0
    unlisted: int = 0
