"""The desk: one entity workflow per account, the serial authority that admits, sizes and remembers trades.

Its answers are given by updates with ids made from the trade's, so that asking twice gives one answer; the book itself
remembers them too, because update ids are forgotten when the workflow continues as new.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import BrokerActivities
    from domain.admission import DeskBook
    from domain.audit import AuditEvent, AuditKind
    from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
    from domain.identifiers import DESK_PREFIX
    from domain.refusals import Refusal, RefusalCode
    from domain.settings import DeskPolicy
    from domain.trouble import Trouble
    from workflows.outbox import Outbox
    from workflows.paging import page_operator

_BALANCE_AGE = timedelta(seconds=30)
_BALANCE_RETRIES = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3)
_BALANCE_TIME = timedelta(seconds=4)
_BALANCE_BEAT = timedelta(seconds=2.5)  # a trade waits: a worker that died with the question is noticed soon


@workflow.defn
class Desk:
    """The desk of one account. Runs for ever, continuing as new with its book."""

    @workflow.init
    def __init__(self, book: DeskBook) -> None:
        self._book = book
        self._reading_balance = asyncio.Lock()
        self._foresight: asyncio.Task[bool] | None = None
        self._outbox = Outbox()

    @workflow.run
    async def run(self, book: DeskBook) -> None:  # noqa: ARG002  taken in __init__, before any update
        """Answer until the history is long, then hand the book on."""
        telling = asyncio.create_task(self._tell_operators())
        await workflow.wait_condition(lambda: workflow.info().is_continue_as_new_suggested())
        # Both at once: while the one is awaited, a question or a trouble may bring the other back.
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() and self._outbox.is_empty)
        telling.cancel()  # what it was about to tell stands in the book, and may be told twice
        workflow.continue_as_new(self._book)

    @workflow.update(description="May this alert become a trade?")
    async def admit(self, asked: AdmissionRequest) -> Admission:
        """One answer per trade, for ever."""
        answer = self._book.admit(asked, workflow.now())
        if answer.terms is not None:
            # The trade will ask for its size next: have the balance ready by then.
            self._foresight = asyncio.create_task(self._refresh_balance())
        return answer

    @workflow.update(description="How many contracts may this trade buy?")
    async def reserve(self, asked: ReservationRequest) -> Reservation:
        """Size the trade and hold its money back. The book does both in one step, between two awaits."""
        if not await self._refresh_balance():
            return Reservation(refusal=Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="balances"))
        return self._book.reserve(asked)

    @workflow.signal(description="A trade released money, or is over")
    def trade_report(self, report: TradeReport) -> None:
        """From the trades themselves."""
        self._book.hear_trade(report)

    @workflow.signal(description="Something that an operator must hear of")
    def trouble(self, trouble: Trouble) -> None:
        """From trades, the account watch and reconciliation; each key is told once."""
        if self._book.hear_trouble(trouble):
            self._outbox.put(_written(trouble))

    @workflow.signal(description="New settings from the settings file")
    def set_policy(self, policy: DeskPolicy) -> None:
        """Trades already admitted keep the terms they were admitted on."""
        self._book.policy = policy

    @workflow.query(description="The desk's book")
    def book(self) -> DeskBook:
        """Open trades, reservations, limits and halts."""
        return self._book

    @workflow.query(description="The trades that hold a place and money")
    def open_trades(self) -> list[str]:
        """Their workflows' ids."""
        return list(self._book.trades)

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
            return True


def _written(trouble: Trouble) -> AuditEvent:
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
