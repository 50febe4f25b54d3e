"""What the API's routes reach, in memory: a desk that decides by the real book, and trades that are only remembered."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from activities.audit_queries import AuditQueries
from domain.alert import AlertMessage, Reading
from domain.audit import AuditEvent, AuditKind
from domain.audit_queries import (
    AuditPage,
    AuditQuery,
    AuditRow,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import Mark, Verdict
from domain.closing import CloseOutcome, CloseResult, Urgency
from domain.command import (
    ChangeAllowlist,
    Denied,
    Halt,
    HaltReceipt,
    OperatorDid,
    Person,
    PolicyChanged,
    Resume,
    ResumeAnswer,
    SetFactor,
    SetLimit,
    Standing,
    TurnedAway,
)
from domain.desk_book import DeskBook
from domain.errors import AlertladderError, RetryableError
from domain.identifiers import TradeId
from domain.policy import change_allowlist, set_factor, set_limit
from domain.reading import read
from domain.settings import DeskPolicy, Mode
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble
from workflows.account_door import Pass, PassState, UnknownPass
from workflows.front_door import Started, Submission
from workflows.reconciliation import ReconciliationReport
from workflows.trade_door import BadCursor, ListedTrade, TradeOver, TradePage, UnknownTrade

HASH = "0" * 64
CODE = "1234"


@dataclass
class FakeDesk:
    """A desk that nobody needs to run. `broken` is raised by whatever it is asked."""

    kept: DeskBook = field(default_factory=lambda: DeskBook(policy=DeskPolicy()))
    did: list[OperatorDid] = field(default_factory=list)
    turned: list[TurnedAway] = field(default_factory=list)
    denials: list[Denied] = field(default_factory=list)
    broken: Exception | None = None

    async def book(self) -> DeskBook:
        self._break()
        return self.kept

    async def standing(self) -> Standing:
        self._break()
        return self.kept.standing

    async def policy(self) -> DeskPolicy:
        self._break()
        return self.kept.policy

    async def troubles(self) -> list[Trouble]:
        self._break()
        return self.kept.troubles

    async def tell(self, trouble: Trouble) -> None:
        self._break()
        self.kept.hear_trouble(trouble)

    async def turned_away(self, told: TurnedAway) -> None:
        self._break()
        self.turned.append(told)

    async def denied(self, denied: Denied) -> None:
        self._break()
        self.denials.append(denied)

    async def operator_did(self, did: OperatorDid) -> None:
        self._break()
        self.did.append(did)

    async def halt(self, asked: Halt) -> HaltReceipt:
        self._break()
        return HaltReceipt(stopped=self.kept.halt(asked, datetime.now(UTC)), standing=self.kept.standing)

    async def resume(self, asked: Resume) -> ResumeAnswer:
        self._break()
        return self.kept.resume(asked, CODE, datetime.now(UTC))

    async def change_allowlist(self, asked: ChangeAllowlist) -> PolicyChanged:
        return self._change(change_allowlist(self.kept.policy, asked))

    async def set_limit(self, asked: SetLimit) -> PolicyChanged:
        return self._change(set_limit(self.kept.policy, asked))

    async def set_factor(self, asked: SetFactor) -> PolicyChanged:
        return self._change(set_factor(self.kept.policy, asked))

    def _change(self, change: tuple[DeskPolicy, PolicyChanged]) -> PolicyChanged:
        self._break()
        self.kept.policy, told = change
        # The desk hands its book on as JSON when it continues as new: what it took in must come through that.
        self.kept = DeskBook.model_validate_json(self.kept.model_dump_json())
        return told

    def _break(self) -> None:
        if self.broken is not None:
            raise self.broken


@dataclass
class FakeTrades:
    """Trades by workflow id, in the order in which they were started. A page's token is where the next one begins."""

    requests: dict[str, TradeRequest] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    cancelled: dict[str, str] = field(default_factory=dict)
    closes: list[tuple[object, ...]] = field(default_factory=list)
    close_ids: list[str] = field(default_factory=list)
    withdrawn: dict[str, str] = field(default_factory=dict)
    states: dict[str, TradeState] = field(default_factory=dict)

    async def page(self, limit: int, *, only_running: bool = False, token: bytes | None = None) -> TradePage:
        if token is not None and not token.isdigit():
            raise BadCursor("no page of the list ended so")
        newest = [held for held in reversed(self.requests) if not (only_running and held in self.over)]
        begin = int(token or b"0")
        shown = tuple(self._listed(workflow_id) for workflow_id in newest[begin : begin + limit])
        more = str(begin + limit).encode() if len(newest) > begin + limit else None
        return TradePage(trades=shown, next_token=more)

    async def look(self, workflow_id: str) -> TradeView:
        request = self._held(workflow_id)
        return TradeView(
            workflow_id=workflow_id,
            state=self.states.get(workflow_id, TradeState.WORKING),
            alert=request.alert,
            mode=request.mode,
            dry_run=request.dry_run,
        )

    async def request(self, workflow_id: str) -> TradeRequest | None:
        return self.requests.get(workflow_id)

    async def started_since(self, since: datetime) -> frozenset[str]:
        return frozenset(name for name, asked in self.requests.items() if asked.message.posted_at > since)

    async def exists(self, workflow_id: str) -> bool:
        return workflow_id in self.requests

    async def withdraw(self, workflow_id: str, why: str) -> bool:
        if workflow_id not in self.requests or workflow_id in self.over:
            return False
        self.withdrawn[workflow_id] = why
        return True

    async def cancel(self, workflow_id: str, reason: str) -> None:
        self._held(workflow_id)
        if workflow_id in self.over:
            raise TradeOver(f"trade {workflow_id} is over")
        self.cancelled[workflow_id] = reason

    async def close(
        self,
        workflow_id: str,
        by: Person,
        fraction: Decimal | None = None,
        *,
        quantity: int | None = None,
        limit: Decimal | None = None,
        urgency: Urgency = Urgency.NOW,
        request_id: str | None = None,
    ) -> str:
        self._held(workflow_id)
        if workflow_id in self.over:
            raise TradeOver(f"trade {workflow_id} is over")
        own_id = request_id or f"close-{len(self.closes) + 1}"
        if own_id not in self.close_ids:  # asking again with it asks once
            self.close_ids.append(own_id)
            self.closes.append((workflow_id, str(by), fraction, quantity, limit, urgency))
        return own_id

    async def closed(self, workflow_id: str, request_id: str, within: timedelta) -> CloseResult:
        by = self.closes[self.close_ids.index(request_id)][1]
        sold = CloseOutcome.SOLD
        return CloseResult(
            request_id=request_id,
            workflow_id=workflow_id,
            by=str(by),
            outcome=sold,
            asked=2,
            sold=2,
            average=Decimal(1),
        )

    def _held(self, workflow_id: str) -> TradeRequest:
        if workflow_id not in self.requests:
            raise UnknownTrade(f"no trade {workflow_id}")
        return self.requests[workflow_id]

    def _listed(self, workflow_id: str) -> ListedTrade:
        request = self.requests[workflow_id]
        return ListedTrade(
            workflow_id=workflow_id,
            started_at=request.message.posted_at,
            ended_at=None,
            is_running=workflow_id not in self.over,
            state="working",
            side=request.alert.action.value,
            symbol=request.alert.symbol,
            author=request.message.author_name,
            channel=str(request.message.channel_id),
            mode=request.mode.value,
            pnl=None,
        )


@dataclass
class FakeFront:
    """Starts trades among the fakes, by ids as the real one."""

    trades: FakeTrades
    broken: Exception | None = None
    submitted: list[AlertMessage] = field(default_factory=list)

    def read(self, message: AlertMessage) -> Reading:
        return read(message.text, message.posted_at)

    async def submit(self, message: AlertMessage, *, dry_run: bool = False) -> Submission:
        if self.broken is not None:
            raise self.broken
        self.submitted.append(message)
        reading = self.read(message)
        started = []
        for index, alert in enumerate(reading.alerts):
            own_id = TradeId(channel_id=message.channel_id, message_id=message.message_id, index=index).workflow_id
            started.append(Started(workflow_id=own_id, alert=alert, is_new=own_id not in self.trades.requests))
            request = TradeRequest(
                message=message, alert=alert, index=index, mode=Mode.PAPER, account_number="A", dry_run=dry_run
            )
            self.trades.requests.setdefault(own_id, request)
        return Submission(started=tuple(started), refused=reading.refused)


@dataclass
class FakeAccount:
    """An account that is watched, and agrees with its trades."""

    is_reached: bool = True
    is_seen: bool = True
    passes: list[str] = field(default_factory=list)

    async def answers(self) -> None:
        if not self.is_reached:
            raise RetryableError("Temporal could not be asked")

    async def is_watched(self) -> bool:
        return self.is_seen

    async def reconcile(self) -> str:
        self.passes.append(f"reconcile-A-by-hand-{len(self.passes)}")
        return self.passes[-1]

    async def look(self, workflow_id: str) -> Pass:
        if workflow_id not in self.passes:
            raise UnknownPass(f"no reconciliation {workflow_id}")
        report = ReconciliationReport(orders=0, running=0, foreign=0)
        return Pass(workflow_id=workflow_id, state=PassState.DONE, report=report)


@dataclass
class FakeAudit(AuditQueries):
    """A log of `length` rows, all alike."""

    length: int = 7
    broken: AlertladderError | None = None
    asked: list[AuditQuery] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)  # what a report is made of

    async def audit_span(self, query: SpanAuditQuery) -> AuditPage:
        if self.broken is not None:
            raise self.broken
        rows = [
            AuditRow(seq=seq, event=event, hash=HASH)
            for seq, event in enumerate(self.events, start=1)
            if query.since <= event.at < query.until and event.kind in query.kinds and seq > query.after
        ]
        shown, more = rows[: query.limit], len(rows) > query.limit
        head = Mark(seq=len(self.events), hash=HASH)
        return AuditPage(rows=tuple(shown), next_seq=shown[-1].seq if more else None, head=head)

    async def audit_recent(self, query: AuditQuery) -> AuditPage:
        self.asked.append(query)
        if self.broken is not None:
            raise self.broken
        first = min(self.length, query.before - 1) if query.before else self.length
        last = max(first - query.limit, 0)
        rows = tuple(AuditRow(seq=seq, event=_event(seq), hash=HASH) for seq in range(first, last, -1))
        return AuditPage(rows=rows, next_seq=last + 1 if last else None, head=Mark(seq=self.length, hash=HASH))

    async def audit_trade(self, query: TradeAuditQuery) -> AuditPage:
        rows = [
            AuditRow(seq=seq, event=event, hash=HASH)
            for seq, event in enumerate(self.events, start=1)
            if event.workflow_id == query.workflow_id and seq > query.after
        ]
        shown, more = rows[: query.limit], len(rows) > query.limit
        head = Mark(seq=len(self.events), hash=HASH)
        return AuditPage(rows=tuple(shown), next_seq=shown[-1].seq if more else None, head=head)

    async def audit_verify(self) -> Verdict:
        raise NotImplementedError

    async def audit_export(self, request: ExportRequest) -> ExportReceipt:
        raise NotImplementedError


def _event(seq: int) -> AuditEvent:
    at = datetime(2026, 11, 25, 15, 0, seq % 60, tzinfo=UTC)
    return AuditEvent(event_id=f"desk:{seq}", at=at, kind=AuditKind.OPERATOR, workflow_id="desk-A", code="halt")
