"""One trade, from the alert to the closed position, told over a `World`: Temporal's, a rehearsal's or a simulation's.

It is told of a trade that buys first. One that sells first is the same story: it sells where that one buys, and buys
back what that one would sell (`Direction`).

It knows nothing of workflows. It is never cut off: asked to wind down, it takes the working entry off the market, sees
to the exit of what was filled, and comes to its end.
"""

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditKind
from domain.closing import CloseOutcome, CloseRequest, CloseResult
from domain.contract import Contract, InstrumentType, Quote
from domain.desk import TradeReport
from domain.direction import Direction
from domain.errors import AlertladderError, InvariantError
from domain.identifiers import OrderRole, snowflake_time
from domain.orders import BrokerOrder, LegAction
from domain.refusals import Refusal, RefusalCode
from domain.settings import TradeTerms
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble, TroubleKind
from workflows import picture
from workflows.changes import Change
from workflows.climb import Climb
from workflows.close_queue import CloseQueue
from workflows.closer import Closer
from workflows.cover import Cover
from workflows.exit import Exit
from workflows.exposure import Exposure
from workflows.grounds import Grounds, is_brokers
from workflows.guardian import Guardian
from workflows.journal import Journal
from workflows.last_looks import LastLooks
from workflows.order_truth import OrderTruth, UnsettledError
from workflows.preparation import Preparation, RefusedError, Sized
from workflows.working_order import WorkingOrder
from workflows.world import World


class TradeStory:
    """One trade. `hear` takes in every record of the broker's; `wind_down` asks for its end."""

    def __init__(self, request: TradeRequest, world: World) -> None:
        self._request = request
        self._direction = Direction.of(request.alert.action)
        self._state = TradeState.ADMITTING
        self._refusal: Refusal | None = None
        self._note = ""
        self._terms: TradeTerms | None = None
        self._contract: Contract | None = None
        self._quote: Quote | None = None
        self._sized = 0
        self._beside: list[asyncio.Task[None]] = []
        self._entry_is_over = False
        self._has_expired = False
        self._entry: Climb | None = None
        self._exit: Exit | None = None
        self._truth: OrderTruth | None = None
        self._closer: Closer | None = None
        self._guardian: Guardian | None = None
        self._exposure: Exposure | None = None  # of a trade that sells first
        self._closes = CloseQueue(request.trade_id.workflow_id, self._direction)
        self._grounds = Grounds(lambda: self._closes.was_asked)
        self._world = world
        self._journal = Journal(world, request)
        self._preparation = Preparation(request, world, self._journal, lambda: self._grounds.before_an_order)

    async def run(self) -> None:
        """The whole of it. Returns when the trade is over, and the desk and the audit know it."""
        await self._story()
        self._closes.shut(CloseOutcome.NOTHING_HELD, f"the trade is over: {self._state}")
        await self._report(over=True)
        self._world.mark_result(self._realised())
        await self._world.all_written()

    def wind_down(self, why: str) -> None:
        """Nothing more may be bought. What was filled keeps its exit."""
        self._grounds.winding_down = why

    def stop_entry(self, why: str) -> None:
        """Nothing more may be bought. What was filled is held as if the ladder had ended here."""
        self._grounds.halt(why, RefusalCode.HALTED)

    def withdraw(self, why: str) -> None:
        """The same, because the alert is no longer what it was."""
        self._grounds.halt(why, RefusalCode.ALERT_WITHDRAWN)

    def hear(self, record: BrokerOrder) -> None:
        """Every record that is told comes in here. One that can't be true stops the trade, not the process."""
        if self._truth is not None:
            self._truth.hear(record)

    def lose_short(self, quantity: int) -> None:
        """So many in all that it sold first are short no more in the account, and no order of its own did it."""
        if self._exposure is not None and (said := self._exposure.lose(quantity)):
            self._note = said
            if self._exit is not None:
                self._exit.forget_refusals()
            self._take_stock()

    async def close(self, request: CloseRequest) -> CloseResult:
        """Sell what is asked for, once for each request's id; the answer when that is done."""
        self._closes.ask(request)
        self._show()
        await self._world.until(lambda: request.request_id in self._closes.results, None, f"sell {request.portion}")
        return self._closes.results[request.request_id]

    def drop_close(self, request_id: str) -> None:
        """Whoever asked to sell does not want it any more."""
        self._closes.drop(request_id)

    def view(self) -> TradeView:
        """The trade as it stands."""
        facts: dict[str, object] = {
            "workflow_id": self._request.trade_id.workflow_id,
            "state": self._state,
            "alert": self._request.alert,
            "mode": self._request.mode,
            "dry_run": self._request.dry_run,
            "author_name": self._request.message.author_name,
            "contract": self._contract,
            "quote": self._quote,
            "sized": self._sized,
            "max_steps": self._terms.ladder.max_steps if self._terms else 0,
            "realised": self._realised(),
            "refusal": self._refusal,
            "note": self._note,
            "closings": tuple(self._closes.results.values()),
        }
        if self._truth is not None and self._entry is not None and self._exit is not None:
            facts |= picture.of_orders(self._truth.ledger)
            facts |= picture.of_climb(self._working_climb(self._entry)) | picture.of_exit(self._exit)
        if self._guardian is not None and not self._has_ended:
            facts["protection"] = self._guardian.plan
        return TradeView.model_validate(facts)

    async def _story(self) -> None:
        """Admission, contract, quote, size, ladder, exit: the whole of it."""
        self._journal.alert()
        prepare = self._preparation
        try:
            admitted = await prepare.admitted()
            self._terms = admitted.terms
            self._move(TradeState.PREPARING)
            prepare.go_on_unless_stopped()
            self._contract = prepare.listed(admitted.listing)
            prepare.check_clock(self._contract, admitted.terms.protection)
            self._take_quote(admitted.quote)
            prepare.check_market(self._contract, admitted)
            sized = await prepare.size(self._contract, admitted.quote, admitted.terms)
            self._sized = sized.quantity
            prepare.check_age(admitted.terms.guard)
            prepare.go_on_unless_stopped()
            await self._trade(self._contract, admitted.terms, sized)
        except RefusedError as refused:
            self._refusal = refused.refusal
            self._journal.refused(refused.refusal)
            self._move(self._grounds.refused)
        except (InvariantError, UnsettledError) as error:
            self._fail(error)
            self._move(TradeState.NEEDS_OPERATOR)

    async def _trade(self, contract: Contract, terms: TradeTerms, sized: Sized) -> None:
        """Work the entry, and keep the exit in step with its fills from the first one on."""
        truth = self._truth = OrderTruth(
            self._world,
            self._journal,
            self._request.trade_id,
            contract,
            self._take_stock,
            self._fail,
            terms.ladder.latecomer_wait,
        )
        is_future = contract.instrument_type is InstrumentType.FUTURE  # which knows neither open nor close
        way = self._direction
        enter, leave = way.opens_by(is_future=is_future), way.closes_by(is_future=is_future)
        order = WorkingOrder(truth, OrderRole.ENTRY, enter, sized.quantity, self._left_to_buy, self._must_not_buy)
        entry = self._entry = Climb(order, sized.ladder, terms.guard, "entry", self._take_quote)
        cover = self._cover_of(truth)
        closer = self._closer = self._seller(truth, terms, leave, cover)
        exit_ = self._exit = Exit(
            truth,
            terms,
            leave,
            lambda: closer.claimed + (cover.kept if cover else 0),
            lambda: self._has_ended,
            self._finds_less,
        )
        self._move(TradeState.WORKING)
        alert = self._request.alert
        guardian = self._guardian = Guardian(
            self._closes, truth, terms.protection, alert, lambda: self._has_ended, self._tell_of_unwatched
        )
        self._beside = [asyncio.create_task(work) for work in (self._keep_exit(exit_), closer.run(), guardian.run())]
        if cover is not None:
            self._beside.append(asyncio.create_task(cover.run()))
        if way.is_short:
            account = self._request.account_number
            exposure = self._exposure = Exposure(truth, account, lambda: self._entry_is_over, lambda: self._has_ended)
            self._beside.append(asyncio.create_task(exposure.run()))
        await self._work(truth, entry, snowflake_time(self._request.message.message_id) + terms.guard.max_alert_age)
        await self._hold(truth, entry, LastLooks(truth, terms.ladder.late_fill_wait, self._fail))
        await self._world.until(lambda: all(task.done() for task in self._beside), None, "exit is settled")
        self._raise_what_broke()

    def _raise_what_broke(self) -> None:
        """A bug beside the story must not pass in silence: it stops the workflow's task, where people see it."""
        for task in self._beside:
            if task.done():
                task.result()

    @property
    def _has_ended(self) -> bool:
        return self._state.is_end

    def _left_to_buy(self) -> int:
        return self._sized - self._truth.ledger.filled(OrderRole.ENTRY) if self._truth else 0

    def _cover_of(self, truth: OrderTruth) -> Cover | None:
        """Calls may need shares; nothing else."""
        if truth.contract.instrument_type is not InstrumentType.EQUITY or not self._world.knows(Change.KEEPS_COVER):
            return None
        return Cover(truth, self._tell_of_kept, lambda: self._has_ended)

    def _tell_of_kept(self, kept: int) -> None:
        key = f"{TroubleKind.COVER_KEPT}:{self._request.trade_id.workflow_id}:{kept}"
        self._call_operator(TroubleKind.COVER_KEPT, f"{kept} {self._contract}", key)

    def _seller(self, truth: OrderTruth, terms: TradeTerms, leave: LegAction, cover: Cover | None) -> Closer:
        return Closer(
            self._closes,
            truth,
            self._request.alert,
            terms,
            leave,
            may_begin=lambda: self._entry_is_over,
            must_stop=lambda: self._must_end() or self._has_expired,
            is_over=lambda: self._has_ended,
            on_quote=self._take_quote,
            on_change=self._show_selling,
            on_fault=self._fail,
            cover=cover,
        )

    def _show_selling(self, result: CloseResult | None) -> None:
        if result is not None and self._exit is not None:
            self._exit.begin_anew()
        if result is not None and result.leaves_risk:
            key = f"{TroubleKind.CLOSE_MISSED}:{result.workflow_id}:{result.request_id}"
            self._call_operator(TroubleKind.CLOSE_MISSED, f"{self._contract}: {result}", key)
        is_selling = self._closer is not None and self._closer.is_busy
        if self._state is (TradeState.HOLDING if is_selling else TradeState.CLOSING):
            self._move(TradeState.CLOSING if is_selling else TradeState.HOLDING)
        self._show()

    async def _finds_less(self) -> bool:
        """A buy-back is refused again and again: perhaps for what is short no more. Then an operator hears of that."""
        if self._truth is None or self._exposure is None:
            return False
        known = self._truth.ledger.gone
        lost = await self._exposure.lost()
        if lost <= self._truth.ledger.gone:
            return self._truth.ledger.gone > known  # a pass has told of it while the account was asked
        self.lose_short(lost)
        key = f"{TroubleKind.SHORT_GONE}:{self._request.trade_id.workflow_id}:{lost}"
        self._call_operator(TroubleKind.SHORT_GONE, f"{self._contract}: {self._note}", key)
        return True

    async def _keep_exit(self, exit_: Exit) -> None:
        """Runs beside the ladder: the first fill's exit doesn't wait for the last."""
        try:
            await exit_.run()
        except (InvariantError, UnsettledError) as error:
            self._fail(error)
        if exit_.failed is not None:
            self._call_operator(TroubleKind.EXIT_FAILED, exit_.failed)

    def _must_not_buy(self) -> bool:
        """Nothing more may be bought: the desk has halted, somebody sells, or the trade must come to its end."""
        return self._grounds.halted is not None or self._closes.was_asked or self._must_end()

    def _must_end(self) -> bool:
        """It was cancelled, something is wrong, or what is bought can't be sold."""
        return self._grounds.winding_down is not None or self._grounds.fault is not None or self._has_failed_to_exit

    async def _work(self, truth: OrderTruth, entry: Climb, send_by: datetime) -> None:
        """The ladder. Whatever goes wrong in it, what was filled still gets its exit."""
        try:
            await entry.run(send_by)
        except (InvariantError, UnsettledError) as error:
            self._fail(error)
            await self._stop_entry(truth)
        await self._report(over=False)

    async def _stop_entry(self, truth: OrderTruth) -> None:
        try:
            await truth.take_off_known(OrderRole.ENTRY, "the trade is stopped")
        except (InvariantError, UnsettledError) as error:
            self._fail(error)

    async def _hold(self, truth: OrderTruth, entry: Climb, looks: LastLooks) -> None:
        """Stay with what was bought until it is sold, expired, cancelled, or a person is needed."""
        ledger = truth.ledger
        if not self._stays_with(ledger.filled(OrderRole.ENTRY)):
            await looks.for_entries()
        if not ledger.filled(OrderRole.ENTRY) or self._must_end():
            await truth.look_for_latecomers(OrderRole.ENTRY)
        await self._take_off_surprises(truth)
        self._entry_is_over = True
        if not ledger.filled(OrderRole.ENTRY):
            self._end_unfilled(entry)
            return
        self._move(TradeState.HOLDING)
        is_alive = await self._until_over(truth, looks)
        self._move(self._held_to(is_alive))

    def _stays_with(self, filled: int) -> bool:
        """Late fills will be heard of without looking: the trade goes on anyway."""
        return filled >= self._sized or bool(filled and not self._must_end()) or self._request.dry_run

    def _end_unfilled(self, entry: Climb) -> None:
        self._refusal = entry.order.refusal or self._grounds.of_others
        if self._refusal is not None:
            self._journal.refused(self._refusal)
        self._journal.note(AuditKind.NO_FILL, f"nothing was {self._direction.words.entered}")
        self._move(self._grounds.unfilled(self._refusal))

    def _is_flat(self) -> bool:
        return self._truth is not None and self._truth.ledger.held <= 0

    def _is_over(self) -> bool:
        self._raise_what_broke()
        has_rehearsed = self._request.dry_run and self._exit is not None and self._exit.stands
        return self._is_flat() or self._must_end() or has_rehearsed

    async def _until_over(self, truth: OrderTruth, looks: LastLooks) -> bool:
        """Wait for the end; False: the contract expired. A late fill that nobody has told may show that it is none."""
        looks_twice = self._world.knows(Change.LOOKS_BEFORE_ITS_END) and not self._request.dry_run
        finds_exit = self._world.knows(Change.STAYS_FOR_ITS_EXIT)
        while True:
            is_alive = await self._world.until(self._is_over, self._until_expiry(), f"{self._contract} expires")
            self._has_expired = not is_alive
            await self._world.until(self._has_sold, None, "what is being sold")
            await self._take_off_surprises(truth)
            if is_alive:  # what has expired needs no exit; anything else gets one, or the exit has said why not
                await self._world.until(self._exit_is_settled, None, "exit placed")
            if not is_alive or not looks_twice:
                return is_alive
            has_filled = await looks.bring_fills()
            if finds_exit:
                await looks.at_exit()
            if not has_filled and (not finds_exit or self._exit_is_settled()):
                return is_alive

    def _has_sold(self) -> bool:
        self._raise_what_broke()
        return self._closer is None or not self._closer.is_busy

    def _exit_is_settled(self) -> bool:
        self._raise_what_broke()
        return self._exit is None or self._exit.stands or self._exit.is_done

    async def _take_off_surprises(self, truth: OrderTruth) -> None:
        """An entry order that was thought absent may turn up at any time: it stops the trade, and must not fill."""
        if self._grounds.fault is not None and truth.expects_latecomers:
            await self._stop_entry(truth)

    def _held_to(self, is_alive: bool) -> TradeState:
        self._note = self._grounds.fault or (self._exit and self._exit.failed) or self._note
        is_gone = self._truth is not None and self._truth.ledger.gone > 0
        return self._grounds.held_to(
            exit_failed=self._has_failed_to_exit, is_flat=self._is_flat(), is_gone=is_gone, is_alive=is_alive
        )

    @property
    def _has_failed_to_exit(self) -> bool:
        return self._exit is not None and self._exit.failed is not None

    def _until_expiry(self) -> timedelta | None:
        expires_at = self._contract.expires_at if self._contract else None
        return None if expires_at is None else max(timedelta(0), expires_at - self._world.now())

    def _take_stock(self) -> None:
        """After each new fact about the orders, told or read: do the sums still hold?"""
        try:
            if self._truth is not None:
                self._check_the_sums(self._truth)
        except InvariantError as error:
            self._fail(error)
        self._show()

    def _check_the_sums(self, truth: OrderTruth) -> None:
        entered, left = truth.ledger.filled(OrderRole.ENTRY), truth.ledger.filled(OrderRole.EXIT, OrderRole.CLOSE)
        words = self._direction.words
        if entered > self._sized:
            raise InvariantError(f"{entered} {words.entered} of {self._sized} sized")  # invariant 12
        if left > entered:
            raise InvariantError(f"{left} {words.left} of {entered} {words.entered}")  # invariant 15

    def _fail(self, error: AlertladderError) -> None:
        """Never clamp, never guess: no more entries are sent for this trade, and a person is told."""
        if self._grounds.fault is not None:
            return
        self._grounds.fault = self._note = str(error)
        self._journal.note(AuditKind.ERROR, str(error), type(error).__name__)
        is_doubt = isinstance(error, UnsettledError)
        self._call_operator(TroubleKind.ORDER_UNSETTLED if is_doubt else TroubleKind.TRADE_CONTRADICTED, str(error))
        self._show()

    def _call_operator(self, kind: TroubleKind, detail: str, key: str | None = None) -> None:
        if not self._world.knows(Change.CALLS_OPERATOR):
            return
        workflow_id = self._request.trade_id.workflow_id
        trouble = Trouble(
            kind=kind, key=key or f"{kind}:{workflow_id}", detail=detail, at=self._world.now(), workflow_id=workflow_id
        )
        self._world.call_operator(self._request.account_number, trouble)

    def _working_climb(self, entry: Climb) -> Climb:
        """The ladder that people watch: what is being sold, or else the entry's."""
        return (self._closer and self._closer.climb) or entry

    def _tell_of_unwatched(self, levels: str) -> None:
        self._call_operator(TroubleKind.LEVELS_UNWATCHED, f"{self._contract}: {levels}")

    def _take_quote(self, quote: Quote | None) -> None:
        self._quote = quote
        self._show()

    def _move(self, state: TradeState) -> None:
        self._state = state
        self._journal.state(state)
        self._world.mark(state, self._contract.underlying if self._contract else self._request.alert.symbol)
        self._show()

    def _show(self) -> None:
        self._world.show(self.view())

    def _realised(self) -> Decimal:
        if self._truth is None or self._contract is None:
            return Decimal(0)
        return picture.realised(self._truth.ledger, self._contract.multiplier, self._direction)

    async def _report(self, over: bool) -> None:
        """Tell the desk: the buying power that is free again, and that the trade is over."""
        truth = self._truth
        report = TradeReport(
            workflow_id=self._request.trade_id.workflow_id,
            reserved=Decimal(0),  # once the entry is over, what was spent shows in the broker's own balance
            over=over,
            at=self._world.now(),
            failed=self._failed() if over else self._has_bought(),
            order_calls=truth.take_calls() if truth is not None else 0,
            short=None if self._exposure is None else self._exposure.take_short(),
        )
        await self._world.tell_desk(self._request.account_number, report)

    def _has_bought(self) -> bool | None:
        """False, that is no failure, once something was bought; else None: the end will tell."""
        return False if self._truth is not None and self._truth.ledger.filled(OrderRole.ENTRY) else None

    def _failed(self) -> bool | None:
        """Whether the broker would not have it, or a person must look; None when it did not come so far."""
        if self._grounds.fault is not None or self._has_failed_to_exit:
            return True
        if self._entry is None:  # nobody could be asked, in a storm of alerts perhaps: nothing was to be sent yet
            return None
        return is_brokers(self._refusal or self._entry.order.refusal)
