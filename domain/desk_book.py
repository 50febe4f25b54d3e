"""The desk's state and its decisions: what is open, reserved, lost and halted, and what may still be let in.

One serial authority asks this in turn, so a limit holds over alerts that arrive together (invariant 26).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_serializer,
    model_serializer,
    model_validator,
)

from domain.admission import (
    NEW_YORK,
    action_refusal,
    add_refusal,
    age_refusal,
    alert_refusal,
    author_of,
    contract_and_side,
    message_refusal,
    what_is_asked,
)
from domain.alert import Alert, OptionType
from domain.audit import AuditEvent
from domain.broker import AccountState
from domain.closing import is_same_contract
from domain.command import Halt, Resume, ResumeAnswer, Standing, Trading
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
from domain.direction import Direction
from domain.frozen import Frozen
from domain.policy import take_from_file
from domain.refusals import Refusal, RefusalCode
from domain.settings import DeskPolicy, TradeTerms
from domain.short_options import OwnCall, Room, covered_calls, short_refusal, size_short
from domain.sizing import size
from domain.symbols import underlying_of
from domain.terms import terms_for, terms_of
from domain.trouble import Trouble, TroubleKind

_REMEMBERED_ANSWERS = 1000
_REMEMBERED_REHEARSALS = 100  # dry runs at once; each is asked for its size within seconds
_REMEMBERED_TROUBLES = 200
_REMEMBERED_KEYS = 2000  # a trouble that stays is found again by every reconciliation, and told once
_MINUTE = timedelta(minutes=1)
_HUNDRED = Decimal(100)
_THE_TRADE_IS_OVER = Refusal(code=RefusalCode.CANCELLED, detail="the trade is over")


class OpenTrade(Frozen):
    """A trade the desk has admitted and not heard the end of. `reserved` is in dollars."""

    admitted_at: datetime
    alert: Alert
    channel_id: int
    author_id: int | None = None  # who may close it by an alert; None in a book of before
    symbol: str | None = None  # as the broker lists what it trades, once that is known
    terms: TradeTerms | None = None  # as admitted; None once its entry is over: they stand in its own history
    reservation: Reservation | None = None
    reserved: Decimal = Decimal(0)
    is_entering: bool = True  # its entry order may be in the market
    assignment: Decimal = Decimal(0)  # dollars that it would cost to be assigned on one contract
    short: int = 0  # contracts that it has sold first and not bought back, or may still sell

    @field_serializer("alert")
    def _in_short(self, alert: Alert) -> dict[str, Any]:
        """The book is handed on whole: of the alert only what was said."""
        return alert.model_dump(mode="json", exclude_defaults=True)

    @field_serializer("terms")
    def _without_nothing(self, terms: TradeTerms | None) -> dict[str, Any] | None:
        return None if terms is None else terms.model_dump(mode="json", exclude_none=True)

    @model_serializer(mode="wrap")
    def _without_shorts(self, in_full: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = in_full(self)
        return {name: value for name, value in told.items() if self.assignment or name not in ("assignment", "short")}


class RecentAlert(Frozen):
    """An admitted contract and side, for the duplicate window."""

    what: str
    at: datetime


class ReleasedMoney(Frozen):
    """Dollars no longer held back. They may be spent, and count so until a balance is read that would show it."""

    dollars: Decimal
    at: datetime


class ResumeOffer(Frozen):
    """The code of a resume's first step."""

    code: str
    until: datetime


class OrderCalls(Frozen):
    """Calls that changed orders, as a trade told them."""

    at: datetime
    calls: int


class DeskBook(BaseModel):
    """The desk's state. It is plain data, so that the desk can hand it on when it continues as new."""

    # A desk that runs while its code is changed was given a book of the old shape.
    model_config = ConfigDict(extra="ignore")

    policy: DeskPolicy
    file_policy: DeskPolicy | None = None  # what the settings file said when it was read last
    standing: Standing = Standing()
    offer: ResumeOffer | None = None
    session_day: date | None = None
    reference: Decimal | None = None  # buying power at session login
    worth: Decimal | None = None  # net liquidation at session login
    account: AccountState | None = None
    entries_today: int = 0
    trades: dict[str, OpenTrade] = Field(default_factory=dict)
    rehearsals: dict[str, OpenTrade] = Field(default_factory=dict)  # dry runs: judged, and counted nowhere
    closes: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # of closing alerts: the trades they may ask
    recent: list[RecentAlert] = Field(default_factory=list)
    released: list[ReleasedMoney] = Field(default_factory=list)
    calls: list[OrderCalls] = Field(default_factory=list)
    failures: int = 0  # trades in a row
    rows: int = 0  # written about people's and the desk's own doings
    noted_at: datetime | None = None  # when it was last written how the desk stands
    unwritten: list[AuditEvent] = Field(default_factory=list)  # rows that the audit store had not confirmed
    troubles: list[Trouble] = Field(default_factory=list)  # the newest last
    untold: list[Trouble] = Field(default_factory=list)  # no operator has been told of these yet
    known_troubles: list[str] = Field(default_factory=list)  # their keys, of more than are kept whole
    # Answers given; None is a yes. Terms and sizes stand with the open trades: the book is handed on whole, in one
    # message of at most 2 MB.
    answers: dict[str, Refusal | None] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _was_halted(cls, told: Any) -> Any:
        """The first books said `halted` and why: such a halt holds under new code, too (invariant 27)."""
        if isinstance(told, dict) and told.get("halted") and "standing" not in told:
            return told | {"standing": {"trading": Trading.HALTED, "reason": str(told["halted"])}}
        return told

    def model_post_init(self, _: object) -> None:
        """A desk begins with what the file says: a person's first change must not look like the file's."""
        if self.file_policy is None:
            self.file_policy = self.policy

    def admit(self, asked: AdmissionRequest, now: datetime, *, dry_runs_count: bool = False) -> Admission:
        """Answer for one trade; the same trade gets the same answer for ever.

        A dry run is judged as any trade, and stands in nobody's way: `dry_runs_count` is how it was before.
        """
        if asked.workflow_id in self.answers:
            return self._answered(asked.workflow_id)
        self._begin_day(now)
        is_rehearsal = asked.request.dry_run and not dry_runs_count
        if asked.request.alert.action.closes:
            return self._admit_close(asked, now, is_rehearsal)
        refusal = self._refusal(asked, now)
        if refusal is None:
            self._let_in(asked, now, is_rehearsal)
        self._remember(asked.workflow_id, refusal)
        return self._answered(asked.workflow_id)

    def _let_in(self, asked: AdmissionRequest, now: datetime, is_rehearsal: bool) -> None:
        request = asked.request
        admitted = OpenTrade(
            admitted_at=now,
            alert=request.alert,
            channel_id=request.message.channel_id,
            author_id=author_of(request.message),
            terms=terms_for(self.policy, request.alert),
        )
        if is_rehearsal:
            self.rehearsals[asked.workflow_id] = admitted
            while len(self.rehearsals) > _REMEMBERED_REHEARSALS:  # some that nobody reported the end of
                del self.rehearsals[next(iter(self.rehearsals))]
            return
        self.recent.append(RecentAlert(what=what_is_asked(request.alert), at=now))
        self.entries_today += 1
        self.trades[asked.workflow_id] = admitted

    def _admit_close(self, asked: AdmissionRequest, now: datetime, is_rehearsal: bool) -> Admission:
        """Halts and limits never hold a sale back (invariant 17); who may speak, and how old the alert is, counts."""
        request = asked.request
        found = self._may_close(request.alert, author_of(request.message))
        refusal = self._close_refusal(asked, now, found)
        if refusal is None:
            self.closes[asked.workflow_id] = found
            if not is_rehearsal:
                self.recent.append(RecentAlert(what=what_is_asked(request.alert), at=now))
        self._remember(asked.workflow_id, refusal)
        return self._answered(asked.workflow_id)

    def _may_close(self, alert: Alert, author_id: int) -> tuple[str, ...]:
        """The open trades of that contract, the oldest first: STC's are those that bought it, BTC's those that sold."""
        anybody = not self.policy.closing.same_author_only
        return tuple(
            workflow_id
            for workflow_id, trade in self.trades.items()
            if Direction.of(trade.alert.action) is Direction.of(alert.action)
            and is_same_contract(trade.alert, alert, trade.symbol)
            and (anybody or trade.author_id in (author_id, None))
        )

    def _close_refusal(self, asked: AdmissionRequest, now: datetime, found: tuple[str, ...]) -> Refusal | None:
        message, alert, policy = asked.request.message, asked.request.alert, self.policy
        refusal = message_refusal(policy.allowlist, message)
        refusal = refusal or action_refusal(policy.limits, policy.short_options, alert.action)
        refusal = refusal or age_refusal(message, now, policy.guard.max_alert_age) or self._duplicate(alert, now)
        if refusal is None and not found:
            refusal = Refusal(code=RefusalCode.NO_OPEN_TRADE, detail=str(alert))
        return refusal or self._expiry_refusal(alert, found)

    def _expiry_refusal(self, alert: Alert, found: tuple[str, ...]) -> Refusal | None:
        held = {self.trades[workflow_id].alert.expiry for workflow_id in found}
        if alert.expiry is not None or len(held) == 1:
            return None
        days = " or ".join(sorted(f"{day:%m/%d}" for day in held if day is not None))
        return Refusal(code=RefusalCode.WHICH_EXPIRY, detail=days)

    def _answered(self, workflow_id: str) -> Admission:
        refusal, trade = self.answers[workflow_id], self._admitted(workflow_id)
        if refusal is None and workflow_id in self.closes:
            return Admission(terms=terms_of(self.policy), closes=self.closes[workflow_id])
        if refusal is None and trade is None:
            refusal = _THE_TRADE_IS_OVER
        return (
            Admission(refusal=refusal)
            if trade is None
            else Admission(terms=trade.terms or terms_for(self.policy, trade.alert))
        )

    def _admitted(self, workflow_id: str) -> OpenTrade | None:
        return self.trades.get(workflow_id) or self.rehearsals.get(workflow_id)

    def _remember(self, workflow_id: str, refusal: Refusal | None) -> None:
        """Bounded; an open trade's answer is never forgotten."""
        self.answers[workflow_id] = refusal
        for oldest in list(self.answers):
            if len(self.answers) <= _REMEMBERED_ANSWERS:
                return
            if self._admitted(oldest) is None:
                del self.answers[oldest]
                self.closes.pop(oldest, None)

    def reserve(self, asked: ReservationRequest) -> Reservation:
        """Size an admitted trade and hold its money back. Needs `account` to be set (`hear_account`)."""
        trade = self._admitted(asked.workflow_id)
        if trade is not None and trade.reservation is not None:
            return trade.reservation
        if trade is None or not trade.is_entering or self.account is None or self.reference is None:
            return Reservation(refusal=Refusal(code=RefusalCode.NO_BUYING_POWER, detail="the trade is not admitted"))
        if refusal := self._halt_refusal() or self._loss_refusal():
            return Reservation(refusal=refusal)
        answer = self._size(trade, asked, self.account, self.reference)
        changes: dict[str, Any] = {"reserved": answer.reserved, "reservation": answer, "symbol": asked.contract_symbol}
        if asked.assignment is not None:
            changes |= {"assignment": asked.assignment, "short": answer.quantity}
        held = self.rehearsals if asked.workflow_id in self.rehearsals else self.trades
        held[asked.workflow_id] = trade.model_copy(update=changes)
        return answer

    def _size(
        self, trade: OpenTrade, asked: ReservationRequest, account: AccountState, reference: Decimal
    ) -> Reservation:
        policy, free = self.policy, account.buying_power - self.spoken_for
        if Direction.of(trade.alert.action).is_short:
            factor = policy.sizing.channel_factor.get(trade.channel_id, Decimal(1))
            covered = covered_calls(asked.cover, self._calls_on(trade.alert.symbol))
            return size_short(policy.short_options, trade.alert, asked, Room(self.exposed, free, factor, covered))
        most = account.net_liquidating_value * policy.limits.max_order_percent / _HUNDRED
        return size(policy.sizing, trade.alert, trade.channel_id, asked, reference, free, most)

    def _calls_on(self, symbol: str) -> list[OwnCall]:
        return [
            OwnCall(trade.symbol or "", trade.short, trade.is_entering)
            for trade in self.trades.values()
            if trade.short
            and trade.alert.option_type is OptionType.CALL
            and underlying_of(trade.alert.symbol) == underlying_of(symbol)
        ]

    @property
    def exposed(self) -> Decimal:
        """Dollars that assignment of all that open trades are short, or may become, would cost."""
        return sum((trade.assignment * trade.short for trade in self.trades.values()), Decimal(0))

    def hear_account(self, account: AccountState, now: datetime) -> None:
        """Take the broker's balances; the first of a New York day is the reference for that day."""
        self._begin_day(now)
        self.account = account
        self.released = [money for money in self.released if money.at >= account.at]
        if self.reference is None:
            self.reference = account.buying_power
        if self.worth is None:
            self.worth = account.net_liquidating_value

    @property
    def summary(self) -> str:
        """How it stands, in a line."""
        worth = "" if self.account is None else f", {self.account.buying_power:.2f} buying power"
        held = f"{len(self.trades)} open, {self.entries_today} entries today, {self.spoken_for:.2f} held back"
        short = f", {self.exposed:.2f} if all that is short were assigned" if self.exposed else ""
        return f"{self.standing}; {held}{worth}{short}"

    @property
    def loss(self) -> Decimal:
        """Dollars lost since the session began, realised and open, by the account's own worth; negative is a gain."""
        if self.worth is None or self.account is None:
            return Decimal(0)
        return self.worth - self.account.net_liquidating_value

    @property
    def most_loss(self) -> Decimal | None:
        """Dollars that may be lost today; None before the first balance."""
        return None if self.worth is None else self.worth * self.policy.limits.max_loss_percent_a_day / _HUNDRED

    def _loss_refusal(self) -> Refusal | None:
        if self.most_loss is None or self.loss < self.most_loss:
            return None
        detail = f"{self.loss:.2f} lost, at most {self.most_loss:.2f}"
        return Refusal(code=RefusalCode.LOSS_LIMIT, detail=detail)

    def halt(self, halt: Halt, now: datetime) -> tuple[str, ...]:
        """Stop entries. Returns the trades whose entry orders may be in the market, and must be told.

        A lesser halt does not loosen a stronger one, nor does a second reason replace the first.
        """
        is_stronger = self.standing.trading is Trading.ACTIVE or (
            self.standing.trading is Trading.REDUCING and halt.trading is Trading.HALTED
        )
        if is_stronger:
            self.standing = Standing(trading=halt.trading, reason=halt.reason, by=halt.by, since=now)
        self.offer = None
        return tuple(workflow_id for workflow_id, trade in self.trades.items() if trade.is_entering)

    def resume(self, asked: Resume, code: str, now: datetime) -> ResumeAnswer:
        """Trade again: at once when it was only reducing, else in two steps. `code` is for the first of them."""
        if self.standing.trading is Trading.HALTED and asked.code is None:
            self.offer = ResumeOffer(code=code, until=now + _MINUTE)
            return ResumeAnswer(resumed=False, standing=self.standing, code=code, valid_until=self.offer.until)
        offer, self.offer = self.offer, None
        if self.standing.trading is Trading.HALTED:
            if offer is None or now > offer.until:
                return ResumeAnswer(resumed=False, standing=self.standing, refused="ask for a new code first")
            if asked.code != offer.code:
                return ResumeAnswer(resumed=False, standing=self.standing, refused="that is not the code")
        self.standing = Standing(by=asked.by, since=now)
        self.failures = 0
        return ResumeAnswer(resumed=True, standing=self.standing)

    def offer_policy(self, policy: DeskPolicy) -> None:
        """The settings file, as it was read just now: what is new in it goes into force."""
        self.policy = take_from_file(self.policy, self.file_policy or self.policy, policy)
        self.file_policy = policy

    def due_trip(self, now: datetime) -> Trouble | None:
        """What the desk itself has to stop for, if anything."""
        if refusal := self._loss_refusal():
            key = f"{TroubleKind.LOSS_LIMIT}:{self.session_day}"
            return Trouble(kind=TroubleKind.LOSS_LIMIT, key=key, detail=refusal.detail, at=now)
        if self.failures >= self.policy.limits.max_failures_in_a_row:
            key = f"{TroubleKind.FAILURES_IN_A_ROW}:{now.isoformat()}"
            detail = f"{self.failures} in a row"
            return Trouble(kind=TroubleKind.FAILURES_IN_A_ROW, key=key, detail=detail, at=now)
        return None

    def hear_trouble(self, trouble: Trouble) -> Trouble | None:
        """Take in a trouble; None when it is known already. What it comes back as says whether it stops entries."""
        if trouble.kind is TroubleKind.ORPHAN and trouble.workflow_id is not None:
            self.lose(trouble.workflow_id, trouble.at)
        if trouble.key in self.known_troubles:
            return None
        self.known_troubles = [*self.known_troubles, trouble.key][-_REMEMBERED_KEYS:]
        trouble = trouble.model_copy(update={"halted": trouble.kind in self.policy.limits.trips})
        self.troubles = [*self.troubles, trouble][-_REMEMBERED_TROUBLES:]
        self.untold = [*self.untold, trouble][-_REMEMBERED_TROUBLES:]
        return trouble

    def hear_trade(self, report: TradeReport) -> None:
        """A trade's entry is over, or all of it. What became of a dry run counts for nothing."""
        if report.workflow_id in self.rehearsals:
            if report.over:
                del self.rehearsals[report.workflow_id]
            return
        if report.order_calls:
            self.calls.append(OrderCalls(at=report.at, calls=report.order_calls))
        if report.failed is not None:
            self.failures = self.failures + 1 if report.failed else 0
        trade = self.trades.get(report.workflow_id)
        if trade is None:
            self._never_open(report)
            return
        freed = trade.reserved if report.over else trade.reserved - report.reserved
        if freed > 0:
            self.released.append(ReleasedMoney(dollars=freed, at=report.at))
        if report.over:
            del self.trades[report.workflow_id]
        else:
            changes: dict[str, Any] = {"reserved": report.reserved, "is_entering": False}
            changes |= {"terms": None, "reservation": None}
            changes |= {} if report.short is None else {"short": report.short}
            self.trades[report.workflow_id] = trade.model_copy(update=changes)

    def lose(self, workflow_id: str, now: datetime) -> bool:
        """A trade's workflow is gone and will never report; whether it was open. Its money shows in the balance."""
        trade = self.trades.pop(workflow_id, None)
        if trade is not None and trade.reserved > 0:
            self.released.append(ReleasedMoney(dollars=trade.reserved, at=now))
        return trade is not None

    def _never_open(self, report: TradeReport) -> None:
        """A trade that gave up asking: were its question to come now, nobody would ever report its end."""
        if report.over and report.workflow_id not in self.answers:
            self._remember(report.workflow_id, _THE_TRADE_IS_OVER)

    def _begin_day(self, now: datetime) -> None:
        today = now.astimezone(NEW_YORK).date()
        if today != self.session_day:
            self.session_day, self.reference, self.worth, self.entries_today = today, None, None, 0

    @property
    def spoken_for(self) -> Decimal:
        """Dollars held back for trades, and those that a balance doesn't show yet."""
        held = sum((trade.reserved for trade in self.trades.values()), Decimal(0))
        return held + sum((money.dollars for money in self.released), Decimal(0))

    def _refusal(self, asked: AdmissionRequest, now: datetime) -> Refusal | None:
        """The first reason against it: who and where, then whether entries are let in, then the limits."""
        message, alert, policy = asked.request.message, asked.request.alert, self.policy
        return (
            message_refusal(policy.allowlist, message)
            or self._halt_refusal()
            or action_refusal(policy.limits, policy.short_options, alert.action)
            or short_refusal(policy.short_options, alert)
            or alert_refusal(policy.limits, alert, now.astimezone(NEW_YORK).date())
            or add_refusal(policy.limits, message, alert)
            or age_refusal(message, now, policy.guard.max_alert_age)
            or self._duplicate(alert, now)
            or self._other_side(alert)
            or self._count_refusal(alert, now)
        )

    def _other_side(self, alert: Alert) -> Refusal | None:
        """A broker holds no contract long and short at once, and would take the one for the other's close."""
        way = Direction.of(alert.action)
        for trade in self.trades.values():
            is_other = Direction.of(trade.alert.action) is not way
            if is_other and is_same_contract(trade.alert, alert, trade.symbol):
                return Refusal(code=RefusalCode.OTHER_SIDE_OPEN, detail=str(trade.alert))
        return None

    def _halt_refusal(self) -> Refusal | None:
        return None if self.standing.admits else Refusal(code=RefusalCode.HALTED, detail=str(self.standing))

    def _duplicate(self, alert: Alert, now: datetime) -> Refusal | None:
        window = self.policy.limits.duplicate_window
        self.recent = [past for past in self.recent if now - past.at < window]
        if any(past.what == what_is_asked(alert) for past in self.recent):
            detail = f"{contract_and_side(alert)} within {window.total_seconds():g} s"
            return Refusal(code=RefusalCode.DUPLICATE, detail=detail)
        return None

    def _count_refusal(self, alert: Alert, now: datetime) -> Refusal | None:
        limits = self.policy.limits
        underlying = underlying_of(alert.symbol)
        of_symbol = sum(underlying_of(trade.alert.symbol) == underlying for trade in self.trades.values())
        calls = self._calls_in_a_minute(now)
        for code, count, limit, what in (
            (RefusalCode.TOO_MANY_OPEN, len(self.trades), limits.max_open_trades, "open"),
            (
                RefusalCode.TOO_MANY_IN_UNDERLYING,
                of_symbol,
                limits.max_trades_per_underlying,
                f"open in {underlying}",
            ),
            (RefusalCode.TOO_MANY_TODAY, self.entries_today, limits.max_entries_a_day, "today"),
            (RefusalCode.TOO_MANY_CALLS, calls, limits.max_order_calls_a_minute, "order calls in the last minute"),
        ):
            if count >= limit:
                return Refusal(code=code, detail=f"{count} {what}, at most {limit}")
        return None

    def _calls_in_a_minute(self, now: datetime) -> int:
        """What was told, and for each trade still in its ladder the most that it may come to."""
        self.calls = [made for made in self.calls if now - made.at < _MINUTE]
        climbing = sum(trade.is_entering for trade in self.trades.values())
        return sum(made.calls for made in self.calls) + climbing * (2 * self.policy.ladder.max_steps + 3)
