"""A closing alert, from its message to its end: it finds the trades that it may close, asks each, and tells the result.

It sends no order itself. What is held is sold by the trade that bought it, which alone knows how much that is.
"""

from datetime import timedelta
from decimal import Decimal

from domain.admission import age_refusal
from domain.audit import AuditKind
from domain.closing import CloseOutcome, CloseRequest, CloseResult, close_request
from domain.desk import TradeReport
from domain.direction import Direction
from domain.orders import BrokerOrder
from domain.refusals import Refusal, RefusalCode
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble, TroubleKind
from workflows.journal import Journal
from workflows.preparation import RefusedError
from workflows.world import World

# A trade first takes its entry off, waits for its exit to make room, climbs, and crosses: it answers long before this.
_ANSWERS_WITHIN = timedelta(minutes=45)
# Why an alert closes nothing although its author may close, and something may be held.
_LEAVES_RISK = frozenset({RefusalCode.TOO_OLD, RefusalCode.BROKER_UNREACHABLE})


class CloseStory:
    """One closing alert's. `hear_closed` takes in what became of a request; `wind_down` takes the requests back."""

    def __init__(self, request: TradeRequest, world: World) -> None:
        self._request = request
        self._direction = Direction.of(request.alert.action)
        self._world = world
        self._journal = Journal(world, request)
        self._workflow_id = request.trade_id.workflow_id
        self._state = TradeState.ADMITTING
        self._refusal: Refusal | None = None
        self._note = ""
        self._winding_down: str | None = None
        self._results: dict[str, CloseResult] = {}  # by the trade that was asked

    async def run(self) -> None:
        """The whole of it. Returns when every trade has answered, and the audit knows it."""
        self._journal.alert()
        try:
            await self._story()
        except RefusedError as refused:
            self._refusal = refused.refusal
            self._journal.refused(refused.refusal)
            self._move(TradeState.CANCELLED if self._winding_down else TradeState.REFUSED)
            if refused.refusal.code in _LEAVES_RISK:
                self._call_operator(str(refused.refusal))
        report = TradeReport(workflow_id=self._workflow_id, reserved=Decimal(0), over=True, at=self._world.now())
        await self._world.tell_desk(self._request.account_number, report)
        await self._world.all_written()

    def wind_down(self, why: str) -> None:
        """It is not wanted any more: what was not sold yet is kept."""
        self._winding_down = why

    def hear_closed(self, result: CloseResult) -> None:
        """A trade's answer."""
        if result.request_id == self._workflow_id:
            self._results[result.workflow_id] = result
            self._show()

    def stop_entry(self, why: str) -> None:
        """A halt never holds a sale back (invariant 17)."""

    def withdraw(self, why: str) -> None:
        """An edit never takes a sale back."""

    def hear(self, record: BrokerOrder) -> None:
        """It has no orders of its own."""

    def lose_short(self, quantity: int) -> None:
        """It is short of nothing."""

    async def close(self, request: CloseRequest) -> CloseResult:
        """It holds nothing that could be sold."""
        return CloseResult(
            request_id=request.request_id,
            workflow_id=self._workflow_id,
            by=request.by,
            outcome=CloseOutcome.NOTHING_HELD,
            detail="this is an alert that closes",
        )

    def drop_close(self, request_id: str) -> None:
        """Nobody asked it to sell."""

    def view(self) -> TradeView:
        """The alert as it stands."""
        results = tuple(self._results.values())
        return TradeView(
            workflow_id=self._workflow_id,
            state=self._state,
            alert=self._request.alert,
            mode=self._request.mode,
            dry_run=self._request.dry_run,
            author_name=self._request.message.author_name,
            sized=sum(result.asked for result in results),
            exited=sum(result.sold for result in results),
            refusal=self._refusal,
            note=self._note,
            closings=results,
        )

    async def _story(self) -> None:
        admission = await self._world.admit(self._request)
        if admission.terms is None or not admission.closes:
            raise RefusedError(admission.refusal or Refusal(code=RefusalCode.NO_OPEN_TRADE))
        self._journal.admitted({"closes": list(admission.closes)})
        guard = admission.terms.guard
        if refusal := age_refusal(self._request.message, self._world.now(), guard.max_alert_age):
            raise RefusedError(refusal)
        if self._winding_down is not None:
            raise RefusedError(Refusal(code=RefusalCode.CANCELLED, detail=self._winding_down))
        if self._request.dry_run:
            self._end(
                TradeState.CLOSED,
                f"would ask to {self._direction.words.leave} {self._asked.portion} of {', '.join(admission.closes)}",
            )
            return
        self._move(TradeState.WORKING)
        for workflow_id in admission.closes:
            await self._ask(workflow_id)
        await self._hear_all(admission.closes)
        self._end(self._outcome(), "; ".join(map(str, self._results.values())))

    @property
    def _asked(self) -> CloseRequest:
        message = self._request.message
        by = message.author_name or str(message.author_id)
        return close_request(self._request.alert, self._workflow_id, by, self._world.now())

    async def _ask(self, workflow_id: str) -> None:
        if not await self._world.ask_to_close(workflow_id, self._asked):
            self._answered_for(workflow_id, CloseOutcome.NOTHING_HELD, "the trade is over")

    async def _hear_all(self, asked: tuple[str, ...]) -> None:
        def have_answered() -> bool:
            return all(workflow_id in self._results for workflow_id in asked)

        def is_over() -> bool:
            return have_answered() or self._winding_down is not None

        await self._world.until(is_over, _ANSWERS_WITHIN, f"{len(asked)} trades {self._direction.words.leave}")
        if not have_answered() and self._winding_down is not None:
            for workflow_id in asked:
                await self._world.take_back_close(workflow_id, self._workflow_id)
            await self._world.until(have_answered, _ANSWERS_WITHIN, f"they stop {self._direction.words.leaving}")
        for workflow_id in asked:
            if workflow_id not in self._results:
                self._answered_for(workflow_id, CloseOutcome.STOPPED, "the trade did not answer")

    def _answered_for(self, workflow_id: str, outcome: CloseOutcome, detail: str) -> None:
        asked = self._asked
        self._results[workflow_id] = CloseResult(
            request_id=asked.request_id,
            workflow_id=workflow_id,
            by=asked.by,
            outcome=outcome,
            detail=detail,
            direction=self._direction,
        )

    def _outcome(self) -> TradeState:
        if any(result.sold for result in self._results.values()):
            return TradeState.CLOSED
        if self._winding_down is not None:
            return TradeState.CANCELLED
        outcomes = {result.outcome for result in self._results.values()}
        if outcomes == {CloseOutcome.NOTHING_HELD}:
            self._refusal = Refusal(code=RefusalCode.NO_OPEN_TRADE, detail="; ".join(self._details()))
            self._journal.refused(self._refusal)
            return TradeState.REFUSED
        return TradeState.NO_FILL

    def _details(self) -> list[str]:
        return [result.detail for result in self._results.values() if result.detail]

    def _end(self, state: TradeState, note: str) -> None:
        self._note = note
        self._journal.note(AuditKind.CLOSING, note, str(state))
        self._move(state)

    def _call_operator(self, detail: str) -> None:
        kind = TroubleKind.CLOSE_MISSED
        trouble = Trouble(
            kind=kind,
            key=f"{kind}:{self._workflow_id}",
            detail=f"{self._request.alert}: {detail}",
            at=self._world.now(),
            workflow_id=self._workflow_id,
        )
        self._world.call_operator(self._request.account_number, trouble)

    def _move(self, state: TradeState) -> None:
        self._state = state
        self._journal.state(state)
        self._world.mark(state, self._request.alert.symbol)
        self._show()

    def _show(self) -> None:
        self._world.show(self.view())
