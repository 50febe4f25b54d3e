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
    from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
    from domain.refusals import Refusal, RefusalCode
    from domain.settings import DeskPolicy

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

    @workflow.run
    async def run(self, book: DeskBook) -> None:  # noqa: ARG002  taken in __init__, before any update
        """Answer until the history is long, then hand the book on."""
        await workflow.wait_condition(lambda: workflow.info().is_continue_as_new_suggested())
        await workflow.wait_condition(workflow.all_handlers_finished)
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

    @workflow.signal(description="New settings from the settings file")
    def set_policy(self, policy: DeskPolicy) -> None:
        """Trades already admitted keep the terms they were admitted on."""
        self._book.policy = policy

    @workflow.query(description="The desk's book")
    def book(self) -> DeskBook:
        """Open trades, reservations, limits and halts."""
        return self._book

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
