"""What an operator must hear of: each kind with a sentence, and what to do about it.

A trouble's `key` says which one it is: the same key is told once, however often it is found.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from domain.frozen import Frozen

_LONGEST_DETAIL = 500  # characters: a broker's answer may be any length, and the desk remembers many troubles


class TroubleKind(StrEnum):
    """The kinds, by who finds them."""

    # a trade
    ORDER_UNSETTLED = "order_unsettled"
    TRADE_CONTRADICTED = "trade_contradicted"
    EXIT_FAILED = "exit_failed"
    CLOSE_MISSED = "close_missed"
    LEVELS_UNWATCHED = "levels_unwatched"
    COVER_KEPT = "cover_kept"
    # the account watch
    WATCH_BLIND = "watch_blind"
    WATCH_SEES = "watch_sees"
    # the desk
    AUDIT_UNWRITABLE = "audit_unwritable"
    LOSS_LIMIT = "loss_limit"
    FAILURES_IN_A_ROW = "failures_in_a_row"
    # the card in the alert's channel
    CARD_FORBIDDEN = "card_forbidden"
    # reconciliation
    ORPHAN = "orphan"
    SOLD_AFTER_END = "sold_after_end"
    TRADE_SILENT = "trade_silent"
    ORDER_MISSING = "order_missing"
    POSITION_SHORT = "position_short"
    SHORT_GONE = "short_gone"
    COVER_MISSING = "cover_missing"
    RECORD_UNREADABLE = "record_unreadable"
    ACCOUNT_UNREAD = "account_unread"
    # the Discord bot
    ALERT_MISSED = "alert_missed"
    BOT_HINDERED = "bot_hindered"

    @property
    def sentence(self) -> str:
        """What happened."""
        return _SENTENCES[self]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _ADVICE[self]

    @property
    def is_good_news(self) -> bool:
        """Nothing needs to be done."""
        return self in _GOOD_NEWS


# Troubles that stop entries by themselves, unless the settings say otherwise.
TRIPS = frozenset(
    {
        TroubleKind.ORDER_UNSETTLED,
        TroubleKind.TRADE_CONTRADICTED,
        TroubleKind.EXIT_FAILED,
        TroubleKind.WATCH_BLIND,
        TroubleKind.AUDIT_UNWRITABLE,
        TroubleKind.LOSS_LIMIT,
        TroubleKind.FAILURES_IN_A_ROW,
        TroubleKind.ORDER_MISSING,
        TroubleKind.POSITION_SHORT,
    }
)
_GOOD_NEWS = frozenset({TroubleKind.WATCH_SEES, TroubleKind.SOLD_AFTER_END})

_SENTENCES = {
    TroubleKind.ORDER_UNSETTLED: "Nobody can say what became of an order; its trade has stopped.",
    TroubleKind.TRADE_CONTRADICTED: "The broker's record contradicts what a trade knows; the trade has stopped.",
    TroubleKind.EXIT_FAILED: "The broker keeps refusing an exit; a position is held without it.",
    TroubleKind.CLOSE_MISSED: "What was to be closed was not, or not all of it.",
    TroubleKind.LEVELS_UNWATCHED: "A stop or target on the underlying can't be watched: it has no quote.",
    TroubleKind.COVER_KEPT: "Shares are not sold: calls that were sold first are covered by them.",
    TroubleKind.WATCH_BLIND: "The account stream is lost; fills are seen late, by the trades' own look-ups.",
    TroubleKind.WATCH_SEES: "The account stream is back, and today's orders were read again.",
    TroubleKind.AUDIT_UNWRITABLE: "What trades write down does not reach the audit store.",
    TroubleKind.LOSS_LIMIT: "The account has lost more today than is allowed.",
    TroubleKind.FAILURES_IN_A_ROW: "One trade after the other fails.",
    TroubleKind.CARD_FORBIDDEN: "The bot may not post in a channel whose alerts are traded: they have no card there.",
    TroubleKind.ORPHAN: "Orders or a position of a trade that no longer runs.",
    TroubleKind.SOLD_AFTER_END: "The exit that a cancelled trade left standing has filled.",
    TroubleKind.TRADE_SILENT: "A running trade does not answer, so it may not act either.",
    TroubleKind.ORDER_MISSING: "The broker does not know an order that a running trade counts on.",
    TroubleKind.POSITION_SHORT: "The broker holds less of a contract than running trades have bought.",
    TroubleKind.SHORT_GONE: "The account is less short of a contract than running trades: assigned, or bought by hand.",
    TroubleKind.COVER_MISSING: "The account holds fewer shares than calls that were sold first need: they are naked.",
    TroubleKind.RECORD_UNREADABLE: "The broker's record of one of our orders can't be read.",
    TroubleKind.ACCOUNT_UNREAD: "The account could not be compared with the trades.",
    TroubleKind.ALERT_MISSED: "An alert came while nobody could take it, and is too old to trade now.",
    TroubleKind.BOT_HINDERED: "The Discord bot can't do its work somewhere.",
}

_ADVICE = {
    TroubleKind.ORDER_UNSETTLED: "Look for the order at the broker, take it off if it works, and close what it filled.",
    TroubleKind.TRADE_CONTRADICTED: "Compare the trade's page with the broker's orders; close what is wrong by hand.",
    TroubleKind.EXIT_FAILED: "Place the exit at the broker by hand, or close the position.",
    TroubleKind.CLOSE_MISSED: "If it is still to be closed: `alertladder close`, or at the broker.",
    TroubleKind.LEVELS_UNWATCHED: "Watch the underlying yourself, and close by `alertladder close` when it is there.",
    TroubleKind.COVER_KEPT: "Buy the calls back first (`alertladder close`), then sell the shares the same way.",
    TroubleKind.WATCH_BLIND: "Check the network, the broker's status page, and the login where that is refused.",
    TroubleKind.WATCH_SEES: "Nothing.",
    TroubleKind.AUDIT_UNWRITABLE: "Look at the audit worker's log and the disk. Nothing is lost: it waits in Temporal.",
    TroubleKind.LOSS_LIMIT: "Decide whether today's trading is over; what is held keeps its exits.",
    TroubleKind.FAILURES_IN_A_ROW: "Look at the last trades' reasons, and at the broker's status page.",
    TroubleKind.CARD_FORBIDDEN: "Give the bot View Channel, Send Messages (in Threads, too) and Embed Links there.",
    TroubleKind.ORPHAN: "Entry orders were cancelled. Exits were left standing: watch or cancel them at the broker.",
    TroubleKind.SOLD_AFTER_END: "Nothing.",
    TroubleKind.TRADE_SILENT: "Open its workflow in the Web UI: a failing task stands in its history.",
    TroubleKind.ORDER_MISSING: "Look for the order at the broker, then cancel the trade's workflow.",
    TroubleKind.POSITION_SHORT: "Somebody sold by hand, or it was exercised: cancel the trade's workflow and its exit.",
    TroubleKind.SHORT_GONE: "Look what assignment brought. Its trade is told, takes its buy-back off, and ends.",
    TroubleKind.COVER_MISSING: "Buy the calls back (`alertladder close`), or buy the shares.",
    TroubleKind.RECORD_UNREADABLE: "Look at the order at the broker, and report the record to this project.",
    TroubleKind.ACCOUNT_UNREAD: "Check that the broker can be reached; the next pass comes by itself.",
    TroubleKind.ALERT_MISSED: "Decide whether to trade it by hand. Nothing is sent for it any more.",
    TroubleKind.BOT_HINDERED: "Give it what is named there; `alertladder doctor` looks again.",
}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_DETAIL else f"{text[: _LONGEST_DETAIL - 1]}…"


class Trouble(Frozen):
    """One thing to tell. `workflow_id` is the trade's, where it is one trade's; `at` is when it was found."""

    kind: TroubleKind
    key: str
    detail: Annotated[str, AfterValidator(_cut)]
    at: datetime
    workflow_id: str | None = None
    halted: bool = False  # the desk has stopped entries because of it

    def __str__(self) -> str:
        where = f" [{self.workflow_id}]" if self.workflow_id else ""
        halted = " Entries are halted." if self.halted else ""
        return f"{self.kind.sentence} {self.detail}{where}{halted}"


class OperatorPage(Frozen):
    """Troubles to tell an operator, in one message."""

    account_number: str
    troubles: tuple[Trouble, ...]
