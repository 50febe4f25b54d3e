"""The desk's book and its decisions: who may trade, when, how many at once, and with how much money.

One serial authority asks these in turn, so a limit holds over alerts that arrive together (invariant 26).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from domain.alert import Alert, AlertMessage
from domain.broker import AccountState
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
from domain.frozen import Frozen
from domain.identifiers import snowflake_time
from domain.refusals import Refusal, RefusalCode
from domain.settings import Allowlist, DeskPolicy, TradeTerms
from domain.sizing import size
from domain.symbols import plain
from domain.trouble import Trouble

_NEW_YORK = ZoneInfo("America/New_York")
_REMEMBERED_ANSWERS = 1000
_REMEMBERED_TROUBLES = 200
_REMEMBERED_KEYS = 2000  # a trouble that stays is found again by every reconciliation, and told once
Answer = TypeVar("Answer", Admission, Reservation)


class OpenTrade(Frozen):
    """A trade the desk has admitted and not heard the end of. `reserved` is in dollars."""

    admitted_at: datetime
    alert: Alert
    channel_id: int
    reserved: Decimal = Decimal(0)
    asked: bool = False


class RecentAlert(Frozen):
    """An admitted contract and side, for the duplicate window."""

    what: str
    at: datetime


class ReleasedMoney(Frozen):
    """Dollars no longer held back. They may be spent, and count so until a balance is read that would show it."""

    dollars: Decimal
    at: datetime


class DeskBook(BaseModel):
    """The desk's state. It is plain data, so that the desk can hand it on when it continues as new."""

    model_config = ConfigDict(extra="forbid")

    policy: DeskPolicy
    halted: str | None = None  # the reason; None: trading
    session_day: date | None = None
    reference: Decimal | None = None  # buying power at session login
    account: AccountState | None = None
    entries_today: int = 0
    trades: dict[str, OpenTrade] = Field(default_factory=dict)
    recent: list[RecentAlert] = Field(default_factory=list)
    released: list[ReleasedMoney] = Field(default_factory=list)
    troubles: list[Trouble] = Field(default_factory=list)  # the newest last
    untold: list[Trouble] = Field(default_factory=list)  # no operator has been told of these yet
    known_troubles: list[str] = Field(default_factory=list)  # their keys, of more than are kept whole
    admissions: dict[str, Admission] = Field(default_factory=dict)
    reservations: dict[str, Reservation] = Field(default_factory=dict)

    def admit(self, asked: AdmissionRequest, now: datetime) -> Admission:
        """Answer for one trade; the same trade gets the same answer for ever."""
        if asked.workflow_id in self.admissions:
            return self.admissions[asked.workflow_id]
        self._begin_day(now)
        refusal = self._refusal(asked, now)
        answer = Admission(refusal=refusal) if refusal else Admission(terms=self._terms())
        if refusal is None:
            request = asked.request
            self.recent.append(RecentAlert(what=_what(request.alert), at=now))
            self.entries_today += 1
            self.trades[asked.workflow_id] = OpenTrade(
                admitted_at=now, alert=request.alert, channel_id=request.message.channel_id
            )
        self.admissions[asked.workflow_id] = answer
        _forget_oldest(self.admissions, self.trades)
        return answer

    def reserve(self, asked: ReservationRequest) -> Reservation:
        """Size an admitted trade and hold its money back. Needs `account` to be set (`hear_account`)."""
        if asked.workflow_id in self.reservations:
            return self.reservations[asked.workflow_id]
        trade = self.trades.get(asked.workflow_id)
        if trade is None or self.account is None or self.reference is None:
            return Reservation(refusal=Refusal(code=RefusalCode.NO_BUYING_POWER, detail="the trade is not admitted"))
        if self.halted is not None:
            return Reservation(refusal=Refusal(code=RefusalCode.HALTED, detail=self.halted))
        free = self.account.buying_power - self._spoken_for()
        answer = size(self.policy.sizing, trade.alert, trade.channel_id, asked, self.reference, free)
        self.trades[asked.workflow_id] = trade.model_copy(update={"reserved": answer.reserved, "asked": True})
        self.reservations[asked.workflow_id] = answer
        _forget_oldest(self.reservations, self.trades)
        return answer

    def hear_account(self, account: AccountState, now: datetime) -> None:
        """Take the broker's balances; the first of a New York day is the reference for that day."""
        self._begin_day(now)
        self.account = account
        self.released = [money for money in self.released if money.at >= account.at]
        if self.reference is None:
            self.reference = account.buying_power

    def hear_trouble(self, trouble: Trouble) -> bool:
        """Take in a trouble; False when it is known already."""
        if trouble.key in self.known_troubles:
            return False
        self.known_troubles = [*self.known_troubles, trouble.key][-_REMEMBERED_KEYS:]
        self.troubles = [*self.troubles, trouble][-_REMEMBERED_TROUBLES:]
        self.untold = [*self.untold, trouble][-_REMEMBERED_TROUBLES:]
        return True

    def hear_trade(self, report: TradeReport) -> None:
        """A trade released money or is over."""
        trade = self.trades.get(report.workflow_id)
        if trade is None:
            return
        freed = trade.reserved if report.over else trade.reserved - report.reserved
        if freed > 0:
            self.released.append(ReleasedMoney(dollars=freed, at=report.at))
        if report.over:
            del self.trades[report.workflow_id]
        else:
            self.trades[report.workflow_id] = trade.model_copy(update={"reserved": report.reserved})

    def _begin_day(self, now: datetime) -> None:
        today = now.astimezone(_NEW_YORK).date()
        if today != self.session_day:
            self.session_day, self.reference, self.entries_today = today, None, 0

    def _spoken_for(self) -> Decimal:
        held = sum((trade.reserved for trade in self.trades.values()), Decimal(0))
        return held + sum((money.dollars for money in self.released), Decimal(0))

    def _terms(self) -> TradeTerms:
        policy = self.policy
        return TradeTerms(
            ladder=policy.ladder,
            guard=policy.guard,
            exit=policy.exit,
            option_fee=policy.sizing.option_fee,
            future_fee=policy.sizing.future_fee,
        )

    def _refusal(self, asked: AdmissionRequest, now: datetime) -> Refusal | None:
        message, alert, limits = asked.request.message, asked.request.alert, self.policy.limits
        if refusal := message_refusal(self.policy.allowlist, message):
            return refusal
        if self.halted is not None:
            return Refusal(code=RefusalCode.HALTED, detail=self.halted)
        if alert.action not in limits.actions:
            return Refusal(code=RefusalCode.ACTION_NOT_TRADED, detail=str(alert.action))
        if refusal := age_refusal(message, now, self.policy.guard.max_alert_age):
            return refusal
        self.recent = [past for past in self.recent if now - past.at < limits.duplicate_window]
        if any(past.what == _what(alert) for past in self.recent):
            window = limits.duplicate_window.total_seconds()
            return Refusal(code=RefusalCode.DUPLICATE, detail=f"{_what(alert)} within {window:g} s")
        if len(self.trades) >= limits.max_open_trades:
            return Refusal(code=RefusalCode.TOO_MANY_OPEN, detail=f"{len(self.trades)} open")
        if self.entries_today >= limits.max_entries_a_day:
            return Refusal(code=RefusalCode.TOO_MANY_TODAY, detail=f"{self.entries_today} today")
        return None


def message_refusal(allowlist: Allowlist, message: AlertMessage) -> Refusal | None:
    """Whether this author may start a trade from this channel with such a message. Ids decide, never names."""
    if message.is_reply or message.is_edit:
        return Refusal(code=RefusalCode.NOT_A_FIRST_MESSAGE)
    if message.channel_id not in allowlist.channels:
        return Refusal(code=RefusalCode.CHANNEL_NOT_ALLOWED, detail=str(message.channel_id))
    machine = message.webhook_id if message.webhook_id is not None else message.author_id if message.is_bot else None
    if machine is not None:
        allowed = machine in allowlist.bots
    else:
        allowed = message.author_id in allowlist.users or not allowlist.roles.isdisjoint(message.role_ids)
    return None if allowed else Refusal(code=RefusalCode.AUTHOR_NOT_ALLOWED, detail=str(machine or message.author_id))


def age_refusal(message: AlertMessage, now: datetime, max_age: timedelta) -> Refusal | None:
    """Whether the alert is too old to send anything for (invariant 3), by the time in the message's own id."""
    age = now - snowflake_time(message.message_id)
    if age <= max_age:
        return None
    return Refusal(
        code=RefusalCode.TOO_OLD, detail=f"{age.total_seconds():.1f} s, at most {max_age.total_seconds():g} s"
    )


def _what(alert: Alert) -> str:
    contract = "" if alert.strike is None else f"{plain(alert.strike)}{alert.option_type} {alert.expiry}"
    return f"{alert.action} {alert.symbol} {contract}".strip()


def _forget_oldest(answers: dict[str, Answer], open_trades: dict[str, OpenTrade]) -> None:
    """Keep the remembered answers bounded; an open trade's answer is never forgotten."""
    for workflow_id in list(answers):
        if len(answers) <= _REMEMBERED_ANSWERS:
            return
        if workflow_id not in open_trades:
            del answers[workflow_id]
