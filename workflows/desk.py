"""The desk: one entity workflow per account, the serial authority that admits, sizes, limits, halts and remembers.

Its answers are given by updates with ids made from the trade's, so that asking twice gives one answer; the book itself
remembers them too, because update ids are forgotten when the workflow continues as new.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import BrokerActivities
    from domain.audit import AuditEvent, AuditKind
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
        Trading,
        TurnedAway,
    )
    from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
    from domain.desk_book import DeskBook
    from domain.identifiers import DESK_PREFIX, TradeId
    from domain.policy import change_allowlist, set_factor, set_limit
    from domain.refusals import Refusal, RefusalCode
    from domain.settings import DeskPolicy
    from domain.trouble import Trouble, TroubleKind
    from workflows.changes import Change
    from workflows.outbox import Outbox
    from workflows.paging import page_operator

_BALANCE_AGE = timedelta(seconds=30)
_BALANCE_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3)
_BALANCE_TIME = timedelta(seconds=4)
_BALANCE_BEAT = timedelta(seconds=2.5)  # a trade waits: a worker that died with the question is noticed soon
_STOPS_WITHIN = timedelta(seconds=10)  # how long a halt waits to hear that each entry order is off the market
_AUDIT_BEHIND = timedelta(seconds=60)
_NOTE_EVERY = timedelta(minutes=1)
_QUIET = timedelta(milliseconds=50)
# Events: replayed in a third of a second. A task that takes a new worker longer than its time-out is given out again,
# and what both of its attempts say may end in one task: a history that nobody can replay.
_LONG = 500
_NOT_LONGER = 4  # times as long as that, or as the server would have a history: then it is handed on, quiet or not
_MOST_UNWRITTEN = 200  # rows that are handed on with the book
_CODE_DIGITS = 10_000
_THE_DESK = Person(name="the desk", via="desk")


@workflow.defn
class Desk:
    """The desk of one account. Runs for ever, continuing as new with its book."""

    @workflow.init
    def __init__(self, book: DeskBook) -> None:
        self._book = book
        self._reading_balance = asyncio.Lock()
        self._foresight: asyncio.Task[bool] | None = None
        self._asked = 0
        self._outbox = Outbox()
        self._hands_on_early = False
        self._tasks: set[asyncio.Task[Any]] = set()

    @workflow.run
    async def run(self, book: DeskBook) -> None:  # taken in __init__, before any update
        """Answer until the history is long, then hand the book on."""
        unwritten, book.unwritten = book.unwritten, []
        for event in unwritten:
            self._outbox.put(event)
        self._hands_on_early = workflow.patched(Change.DESK_HANDS_ON_EARLY.value)
        telling = asyncio.create_task(self._tell_operators())
        await workflow.wait_condition(self._is_long)
        await self._quiet_moment()
        # All at once: while the one is awaited, a question or a trouble may bring another back.
        await workflow.wait_condition(self._may_hand_on)
        telling.cancel()  # what it was about to tell stands in the book, and may be told twice
        self._book.unwritten = self._outbox.unwritten
        workflow.continue_as_new(self._book)

    async def _quiet_moment(self) -> None:
        """Whoever asks while the book is handed on waits for seconds: do it when nobody does, but not for ever."""
        if not workflow.patched(Change.DESK_WAITS_FOR_QUIET.value):
            return
        longest = workflow.info().get_current_history_length() * _NOT_LONGER
        while workflow.info().get_current_history_length() < longest:
            try:
                await workflow.wait_condition(
                    self._asked_again(), timeout=_QUIET, timeout_summary="a quiet moment to continue as new"
                )
            except TimeoutError:
                return

    def _asked_again(self) -> Callable[[], bool]:
        asked = self._asked
        return lambda: self._asked != asked

    def _is_long(self) -> bool:
        info = workflow.info()
        is_long = self._hands_on_early and info.get_current_history_length() >= _LONG
        return is_long or info.is_continue_as_new_suggested()

    def _may_hand_on(self) -> bool:
        """No question is open, and no trade is still to be told to stop. The audit is not waited for."""
        is_due = self._is_long() and len(self._outbox.unwritten) <= _MOST_UNWRITTEN
        return is_due and workflow.all_handlers_finished() and not self._tasks

    @workflow.update(description="May this alert become a trade?")
    async def admit(self, asked: AdmissionRequest) -> Admission:
        """One answer per trade, for ever."""
        self._trip_if_audit_is_behind()
        self._asked += 1
        self._note_how_it_stands()
        dry_runs_count = asked.request.dry_run and not workflow.patched(Change.DESK_LETS_DRY_RUNS_BE.value)
        answer = self._book.admit(asked, workflow.now(), dry_runs_count=dry_runs_count)
        if answer.terms is not None:
            # The trade will ask for its size next: have the balance ready by then.
            self._foresight = asyncio.create_task(self._refresh_balance())
        return answer

    @workflow.update(description="How many contracts may this trade buy?")
    async def reserve(self, asked: ReservationRequest) -> Reservation:
        """Size the trade and hold its money back. The book does both in one step, between two awaits."""
        self._asked += 1
        if not await self._refresh_balance():
            return Reservation(refusal=Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="balances"))
        return self._book.reserve(asked)

    @workflow.update(description="Stop entries now")
    async def halt(self, asked: Halt) -> HaltReceipt:
        """In force when this is answered. Waits a while to hear that each entry order is off the market."""
        entering = self._halt(asked)
        runs = await asyncio.gather(*[self._stop_entry(workflow_id) for workflow_id in entering])
        gone = {workflow_id for workflow_id, does_run in zip(entering, runs, strict=True) if not does_run}

        def is_off() -> bool:
            return not any(self._is_entering(workflow_id) for workflow_id in entering)

        try:  # while waiting trades report, and another may halt or resume: the receipt tells how it stands then
            await workflow.wait_condition(is_off, timeout=_STOPS_WITHIN, timeout_summary="entry orders come off")
        except TimeoutError:
            workflow.logger.warning("not every trade has said that its entry is off the market")
        pending = tuple(
            workflow_id for workflow_id in entering if workflow_id in gone or self._is_entering(workflow_id)
        )
        stopped = tuple(workflow_id for workflow_id in entering if workflow_id not in pending)
        return HaltReceipt(standing=self._book.standing, stopped=stopped, pending=pending)

    @workflow.update(description="Let entries in again")
    async def resume(self, asked: Resume) -> ResumeAnswer:
        """A halt is lifted in two steps, so that no slip of a finger does it."""
        before = self._book.standing
        code = f"{workflow.random().randrange(_CODE_DIGITS):04d}"
        answer = self._book.resume(asked, code, workflow.now())
        if answer.resumed:
            self._write(asked.by, "resume", f"{before}", f"{answer.standing}")
        return answer

    @workflow.update(description="Add to the allowlist, or take off it")
    async def change_allowlist(self, asked: ChangeAllowlist) -> PolicyChanged:
        """In force for the next alert."""
        return self._change(asked.by, change_allowlist(self._book.policy, asked))

    @workflow.update(description="Set one number of the policy")
    async def set_limit(self, asked: SetLimit) -> PolicyChanged:
        """In force for the next alert; trades already admitted keep their terms."""
        return self._change(asked.by, set_limit(self._book.policy, asked))

    @workflow.update(description="Size a channel's trades by a factor")
    async def set_factor(self, asked: SetFactor) -> PolicyChanged:
        """In force for the next alert."""
        return self._change(asked.by, set_factor(self._book.policy, asked))

    @workflow.signal(description="A trade released money, or is over")
    def trade_report(self, report: TradeReport) -> None:
        """From the trades themselves."""
        self._asked += 1
        self._book.hear_trade(report)
        self._trip()

    @workflow.signal(description="Something that an operator must hear of")
    def trouble(self, trouble: Trouble) -> None:
        """From trades, the account watch and reconciliation; each key is told once."""
        self._take(trouble)

    @workflow.signal(description="A person did something past the desk")
    def operator_did(self, did: OperatorDid) -> None:
        """From the front doors: only a workflow reaches the audit store, and the desk's rows say who did what."""
        self._put(
            AuditKind.OPERATOR,
            workflow_id=did.workflow_id or workflow.info().workflow_id,
            author_id=did.by.person_id or None,
            author_name=did.by.name,
            code=did.what,
            detail=did.detail or f"{did.what} by {did.by}",
            payload={"by": did.by.model_dump(mode="json")},
        )

    @workflow.signal(description="Somebody asked for what they may not")
    def denied(self, denied: Denied) -> None:
        """From the bot. Told twice, by two bots or at two clicks of a minute, it is one row."""
        own_id = workflow.info().workflow_id
        self._outbox.put(
            AuditEvent(
                event_id=f"{own_id}:denied:{denied.key}",
                at=denied.at,
                kind=AuditKind.OPERATOR,
                workflow_id=denied.workflow_id or own_id,
                author_id=denied.by.person_id or None,
                author_name=denied.by.name,
                code=f"{denied.what}_denied",
                detail=f"{denied.what} denied to {denied.by}: {denied.why}",
                payload={"by": denied.by.model_dump(mode="json"), "denied": denied.what},
            )
        )

    @workflow.signal(description="A front door did not take an alert")
    def turned_away(self, told: TurnedAway) -> None:
        """Filed under the trade that it would have been. Its id is the message's: told twice, it is one row."""
        own_id = workflow.info().workflow_id
        self._outbox.put(
            AuditEvent(
                event_id=f"{own_id}:turned-away:{told.channel_id}-{told.message_id}:{told.code}",
                at=workflow.now(),
                kind=AuditKind.REFUSED,
                workflow_id=TradeId(channel_id=told.channel_id, message_id=told.message_id).workflow_id,
                author_id=told.author_id,
                author_name=told.author_name,
                channel_id=told.channel_id,
                message_id=told.message_id,
                code=told.code,
                detail=told.detail,
                payload={"text": told.text},
            )
        )

    @workflow.signal(description="The settings file, as it was read just now")
    def set_policy(self, policy: DeskPolicy) -> None:
        """What is new in the file goes into force; what people changed since stays."""
        self._book.offer_policy(policy)

    @workflow.query(description="The desk's book")
    def book(self) -> DeskBook:
        """Open trades, reservations, limits and halts."""
        return self._book

    @workflow.query(description="The trades that hold a place and money")
    def open_trades(self) -> list[str]:
        """Their workflows' ids."""
        return list(self._book.trades)

    @workflow.query(description="What the desk decides by")
    def policy(self) -> DeskPolicy:
        """Who may trade from where, and the numbers."""
        return self._book.policy

    @workflow.query(description="What an operator was told of, the newest last")
    def troubles(self) -> list[Trouble]:
        """As many as are remembered."""
        return self._book.troubles

    @workflow.query(description="Whether entries are let in")
    def standing(self) -> Standing:
        """The one thing that a front door asks before each alert; the book is a thousand times as large."""
        return self._book.standing

    def _change(self, by: Person, change: tuple[DeskPolicy, PolicyChanged]) -> PolicyChanged:
        self._book.policy, told = change
        if told.refused is None:
            self._write(by, told.name, told.before, told.after)
        return told

    def _trip(self) -> None:
        """Stop for what the desk itself has seen; once, as long as it stands."""
        if self._book.standing.trading is not Trading.HALTED and (due := self._book.due_trip(workflow.now())):
            self._take(due)

    def _trip_if_audit_is_behind(self) -> None:
        since, kind = self._outbox.waits_since, TroubleKind.AUDIT_UNWRITABLE
        if since is not None and workflow.now() - since > _AUDIT_BEHIND:
            detail = f"Since {since:%H:%M:%S} UTC."
            self._take(Trouble(kind=kind, key=f"{kind}:{since}", detail=detail, at=workflow.now()))

    def _take(self, trouble: Trouble) -> None:
        taken = self._book.hear_trouble(trouble)
        if taken is None:
            return
        self._outbox.put(_told(taken))
        if taken.halted:
            reason = f"{taken.kind.sentence} {taken.detail}"[:200]
            for workflow_id in self._halt(Halt(by=_THE_DESK, reason=reason)):
                self._in_background(self._stop_entry(workflow_id))

    def _halt(self, asked: Halt) -> tuple[str, ...]:
        before = self._book.standing
        entering = self._book.halt(asked, workflow.now())
        if self._book.standing != before:
            self._write(asked.by, asked.trading.value, f"{before}", f"{self._book.standing}")
        return entering

    def _is_entering(self, workflow_id: str) -> bool:
        trade = self._book.trades.get(workflow_id)
        return trade is not None and trade.is_entering

    async def _stop_entry(self, workflow_id: str) -> bool:
        """Its entry order comes off the market; what it bought keeps its exit. False when it is gone without a word."""
        trade = workflow.get_external_workflow_handle(workflow_id)
        try:
            await trade.signal("stop_entry", f"{self._book.standing}")
        except ApplicationError:  # it is over, or was terminated: reconciliation takes care of what it left
            workflow.logger.warning("trade %s does not run and could not be told to stop", workflow_id)
            return not self._book.lose(workflow_id, workflow.now())
        return True

    def _in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _write(self, by: Person, what: str, before: str, after: str) -> None:
        """What a person, or the desk itself, did: who, when, before and after."""
        self._put(
            AuditKind.OPERATOR,
            author_id=by.person_id or None,
            author_name=by.name,
            code=what,
            detail=f"{what} by {by}: {before} -> {after}",
            payload={"by": by.model_dump(mode="json"), "before": before, "after": after},
        )

    def _note_how_it_stands(self) -> None:
        """While alerts come, a row a minute: kept for people, and what shows that the audit store takes none."""
        now = workflow.now()
        if not workflow.patched(Change.DESK_NOTES.value):
            return
        if self._book.noted_at is None or now - self._book.noted_at >= _NOTE_EVERY:
            self._book.noted_at = now
            self._put(AuditKind.DESK, detail=self._book.summary)

    def _put(self, kind: AuditKind, **fields: Any) -> None:
        """Write a row. A desk that was lost and began anew counts from one again: its run tells its rows apart."""
        self._book.rows += 1
        info = workflow.info()
        event_id = f"{info.workflow_id}:{info.first_execution_run_id}:{self._book.rows}"
        filed = {"workflow_id": info.workflow_id} | fields
        self._outbox.put(AuditEvent(event_id=event_id, at=workflow.now(), kind=kind, **filed))

    async def _tell_operators(self) -> None:
        """One call at a time, with all that came up meanwhile in the next."""
        while True:
            await workflow.wait_condition(lambda: bool(self._book.untold))
            troubles = tuple(self._book.untold)
            await page_operator(workflow.info().workflow_id.removeprefix(DESK_PREFIX), troubles)
            self._book.untold = [trouble for trouble in self._book.untold if trouble not in troubles]

    async def _refresh_balance(self) -> bool:
        """Have balances that are fresh enough; False when the broker can't be asked and nothing is known."""
        async with self._reading_balance:  # a burst of alerts asks once: balances are limited to one call a second
            account, now = self._book.account, workflow.now()
            if account is not None and self._book.reference is not None and now - account.at < _BALANCE_AGE:
                return True
            try:
                heard = await workflow.execute_activity_method(
                    BrokerActivities.read_account,
                    start_to_close_timeout=_BALANCE_TIME,
                    heartbeat_timeout=_BALANCE_BEAT,
                    retry_policy=_BALANCE_RETRIES,
                    summary="Balances",
                )
            except ActivityError:
                return self._book.account is not None and self._book.reference is not None
            self._book.hear_account(heard, workflow.now())
            self._trip()
            return True


def _told(trouble: Trouble) -> AuditEvent:
    """The row of a trouble: filed under its trade where it is one trade's. Its id is the trouble's: once, for ever."""
    own_id = workflow.info().workflow_id
    return AuditEvent(
        event_id=f"{own_id}:trouble:{trouble.key}",
        at=trouble.at,
        kind=AuditKind.TROUBLE,
        workflow_id=trouble.workflow_id or own_id,
        code=str(trouble.kind),
        detail=str(trouble),
    )
