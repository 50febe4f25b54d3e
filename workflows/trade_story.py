"""One trade, from the alert to the closed position, told over a `World`: Temporal's, a rehearsal's or a simulation's.

It knows nothing of workflows. It is never cut off: asked to wind down, it takes the working entry off the market, sees
to the exit of what was filled, and comes to its end.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from domain.admission import age_refusal
from domain.audit import AuditKind
from domain.broker import ContractListing
from domain.contract import Contract, ContractQuery, InstrumentType, Quote
from domain.desk import TradeReport
from domain.errors import AlertladderError, InvariantError
from domain.identifiers import OrderRole, snowflake_time
from domain.ladder import Ladder, Side, price_refusal, quote_refusal
from domain.ledger import LedgerOrder
from domain.market_hours import hours_refusal
from domain.order_states import DEAD, OrderState
from domain.orders import BrokerOrder, LegAction
from domain.refusals import Refusal, RefusalCode
from domain.settings import GuardSettings, TradeTerms
from domain.trade import TradeRequest, TradeState, TradeView
from domain.trouble import Trouble, TroubleKind
from workflows import picture
from workflows.changes import Change
from workflows.costs import on_margin, paid_in_full
from workflows.entry import Entry
from workflows.exit import Exit
from workflows.journal import Journal
from workflows.order_truth import OrderTruth, UnsettledError
from workflows.world import World

_LAST_LOOKS = 60
_LOOK_PAUSE = timedelta(seconds=5)
_BROKERS = (RefusalCode.BROKER_REFUSED, RefusalCode.BROKER_UNREACHABLE)


class _RefusedError(Exception):
    """Leaves the story: this alert is not traded."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class TradeStory:
    """One trade. `hear` takes in every record of the broker's; `wind_down` asks for its end."""

    def __init__(self, request: TradeRequest, world: World) -> None:
        self._request = request
        self._state = TradeState.ADMITTING
        self._refusal: Refusal | None = None
        self._note = ""
        self._winding_down: str | None = None  # why, once nothing more may be bought
        self._halted: str | None = None  # why, once the desk lets no entries in
        self._fault: str | None = None  # what can't be true or can't be known, once it happened
        self._terms: TradeTerms | None = None
        self._contract: Contract | None = None
        self._quote: Quote | None = None
        self._sized = 0
        self._entry: Entry | None = None
        self._exit: Exit | None = None
        self._truth: OrderTruth | None = None
        self._world = world
        self._journal = Journal(world, request)

    async def run(self) -> None:
        """The whole of it. Returns when the trade is over, and the desk and the audit know it."""
        await self._story()
        await self._report(over=True)
        self._world.mark_result(self._realised())
        await self._world.all_written()

    def wind_down(self, why: str) -> None:
        """Nothing more may be bought. What was filled keeps its exit."""
        self._winding_down = why

    def stop_entry(self, why: str) -> None:
        """Nothing more may be bought. What was filled is held as if the ladder had ended here."""
        self._halted = why

    def hear(self, record: BrokerOrder) -> None:
        """Every record that is told comes in here. One that can't be true stops the trade, not the process."""
        if self._truth is not None:
            self._truth.hear(record)

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
        }
        if self._truth is not None and self._entry is not None and self._exit is not None:
            facts |= picture.of_orders(self._truth.ledger)
            facts |= picture.of_entry(self._entry) | picture.of_exit(self._exit)
        return TradeView.model_validate(facts)

    async def _story(self) -> None:
        """Admission, contract, quote, size, ladder, exit: the whole of it."""
        self._journal.alert()
        try:
            # The desk is asked and the market looked up side by side: both only read, and the alert's age counts.
            (listing, quote), terms = await asyncio.gather(self._look_up(), self._admit())
            self._terms = terms
            self._move(TradeState.PREPARING)
            self._go_on_unless_stopped()
            self._contract = self._listed(listing)
            self._look_at_the_market(self._contract, listing, quote, terms.guard)
            ladder = await self._size(self._contract, quote, terms)
            await self._trade(self._contract, terms, ladder)
        except _RefusedError as refused:
            self._refusal = refused.refusal
            self._journal.refused(refused.refusal)
            self._move(TradeState.CANCELLED if self._winding_down else TradeState.REFUSED)
        except (InvariantError, UnsettledError) as error:
            self._fail(error)
            self._move(TradeState.NEEDS_OPERATOR)

    def _halt_refusal(self) -> Refusal | None:
        return None if self._halted is None else Refusal(code=RefusalCode.HALTED, detail=self._halted)

    def _go_on_unless_stopped(self) -> None:
        if (halted := self._halt_refusal()) is not None:
            raise _RefusedError(halted)
        if self._winding_down is not None:
            raise _RefusedError(Refusal(code=RefusalCode.CANCELLED, detail=self._winding_down))

    async def _admit(self) -> TradeTerms:
        admission = await self._world.admit(self._request)
        if admission.terms is None:
            raise _RefusedError(admission.refusal or Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="the desk"))
        self._journal.admitted(admission.terms.model_dump(mode="json"))
        return admission.terms

    async def _look_up(self) -> tuple[ContractListing, Quote | None]:
        """The contract that the alert names, and its quote."""
        alert = self._request.alert
        query = ContractQuery(
            symbol=alert.symbol, strike=alert.strike, option_type=alert.option_type, expiry=alert.expiry
        )
        listing = await self._world.find_contract(query)
        return listing, await self._world.quote(listing.contract) if listing.contract else None

    def _listed(self, listing: ContractListing) -> Contract:
        if listing.contract is None:
            raise _RefusedError(listing.refusal or Refusal(code=RefusalCode.UNKNOWN_SYMBOL))
        self._journal.contract(listing.contract)
        return listing.contract

    def _look_at_the_market(
        self, contract: Contract, listing: ContractListing, quote: Quote | None, guard: GuardSettings
    ) -> None:
        self._take_quote(quote)
        self._journal.quote(quote, "before the first order")
        if refusal := self._market_refusal(contract, listing, quote, guard):
            raise _RefusedError(refusal)

    def _market_refusal(
        self, contract: Contract, listing: ContractListing, quote: Quote | None, guard: GuardSettings
    ) -> Refusal | None:
        """Whether this market is one to begin a trade in."""
        knows_all, now, alert = self._world.knows(Change.CHECKS_PRICE_AND_HOURS), self._world.now(), self._request.alert
        if knows_all and (closed := hours_refusal(listing.hours, contract, guard, now)):
            return closed
        refusal = quote_refusal(quote, contract.ticks, guard, now)
        if refusal is not None or quote is None or not knows_all:
            return refusal
        return price_refusal(quote, contract.ticks, guard, Side.of(alert.action), alert.limit)

    async def _size(self, contract: Contract, quote: Quote | None, terms: TradeTerms) -> Ladder:
        """The ladder to climb from this quote, and the quantity that the desk allows at its prices."""
        if quote is None or quote.mid is None:
            raise _RefusedError(Refusal(code=RefusalCode.NO_QUOTE))
        alert = self._request.alert
        side = Side.of(alert.action)
        ladder = Ladder.plan(side, contract.ticks, terms.ladder, terms.guard, alert.limit, quote.mid)
        if contract.instrument_type is InstrumentType.FUTURE:
            cost = await on_margin(self._world, self._request.trade_id, contract, terms, ladder)
            if isinstance(cost, Refusal):
                raise _RefusedError(cost)
        else:
            cost = paid_in_full(contract, terms, ladder, alert.limit)
        self._go_on_unless_stopped()
        reservation = await self._world.reserve(contract, cost.expected, cost.worst)
        if reservation.refusal is not None:
            raise _RefusedError(reservation.refusal)
        self._sized = reservation.quantity
        self._journal.sized(reservation.quantity, reservation.why)
        return ladder

    async def _trade(self, contract: Contract, terms: TradeTerms, ladder: Ladder) -> None:
        """Work the entry, and keep the exit in step with its fills from the first one on."""
        if refusal := age_refusal(self._request.message, self._world.now(), terms.guard.max_alert_age):
            raise _RefusedError(refusal)
        self._go_on_unless_stopped()
        truth = OrderTruth(
            self._world,
            self._journal,
            self._request.trade_id,
            contract,
            self._take_stock,
            self._fail,
            terms.ladder.latecomer_wait,
        )
        is_future = contract.instrument_type is InstrumentType.FUTURE  # which knows neither open nor close
        buy, sell = (LegAction.BUY, LegAction.SELL) if is_future else (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_CLOSE)
        entry = Entry(
            self._world,
            self._journal,
            truth,
            contract,
            buy,
            ladder,
            terms.guard,
            self._sized,
            must_stop=self._must_not_buy,
            on_quote=self._take_quote,
        )
        self._truth, self._entry = truth, entry
        self._exit = Exit(
            self._world, self._journal, truth, contract, terms.exit, sell, is_over=lambda: self._state.is_end
        )
        self._move(TradeState.WORKING)
        exit_task = asyncio.create_task(self._keep_exit(self._exit))
        await self._work(truth, entry, snowflake_time(self._request.message.message_id) + terms.guard.max_alert_age)
        await self._hold(truth, entry, self._exit)
        await self._world.until(exit_task.done, None, "exit is settled")

    async def _keep_exit(self, exit_: Exit) -> None:
        """Runs beside the ladder: the first fill's exit doesn't wait for the last."""
        try:
            await exit_.run()
        except (InvariantError, UnsettledError) as error:
            self._fail(error)
        if exit_.failed is not None:
            self._call_operator(TroubleKind.EXIT_FAILED, exit_.failed)

    def _must_not_buy(self) -> bool:
        """Nothing more may be bought: the desk has halted, or the trade must come to its end."""
        return self._halted is not None or self._must_end()

    def _must_end(self) -> bool:
        """It was cancelled, something is wrong, or what is bought can't be sold."""
        exit_failed = self._exit is not None and self._exit.failed is not None
        return self._winding_down is not None or self._fault is not None or exit_failed

    async def _work(self, truth: OrderTruth, entry: Entry, send_by: datetime) -> None:
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

    async def _hold(self, truth: OrderTruth, entry: Entry, exit_: Exit) -> None:
        """Stay with what was bought until it is sold, expired, cancelled, or a person is needed."""
        ledger = truth.ledger
        await self._wait_for_late_fills(truth)
        if not ledger.filled(OrderRole.ENTRY) or self._must_end():
            await truth.look_for_latecomers(OrderRole.ENTRY)
        await self._take_off_surprises(truth)
        if not ledger.filled(OrderRole.ENTRY):
            self._refusal = entry.refusal or self._halt_refusal()
            if self._refusal is not None:
                self._journal.refused(self._refusal)
            self._journal.note(AuditKind.NO_FILL, "nothing was bought")
            self._move(self._unfilled())
            return
        self._move(TradeState.HOLDING)

        def is_flat() -> bool:
            return ledger.filled(OrderRole.EXIT, OrderRole.CLOSE) >= ledger.filled(OrderRole.ENTRY)

        def is_over() -> bool:
            return is_flat() or self._must_end() or (self._request.dry_run and exit_.stands)

        is_alive = await self._until_over(is_over, truth, exit_)
        self._move(self._held_to(is_flat(), is_alive, exit_))

    async def _until_over(self, is_over: Callable[[], bool], truth: OrderTruth, exit_: Exit) -> bool:
        """Wait for the end; False: the contract expired. A late fill that nobody has told may show that it is none."""
        looks_twice = self._world.knows(Change.LOOKS_BEFORE_ITS_END) and not self._request.dry_run
        while True:
            is_alive = await self._world.until(is_over, self._until_expiry(), f"{self._contract} expires")
            await self._take_off_surprises(truth)
            if is_alive:  # what has expired needs no exit; anything else gets one, or the exit has said why not
                await self._world.until(lambda: exit_.stands or exit_.is_done, None, "exit placed")
            if not is_alive or not looks_twice or not await self._brings_fills(truth):
                return is_alive

    async def _brings_fills(self, truth: OrderTruth) -> bool:
        """Read every order once more that died before it was filled; True when one has filled late (11)."""
        roles = (OrderRole.ENTRY, OrderRole.EXIT)
        known = len(truth.ledger.fills(*roles))
        orders = [order for role in roles for order in truth.ledger.orders(role)]
        dead = [o for o in orders if o.record is not None and (o.state in DEAD or o.state is OrderState.FILLS_TO_COME)]
        await self._world.until(self._never, self._until_no_fill_is_late(dead), "late fills?")
        for order in dead:
            await self._reread_for_sure(truth, order)
        return len(truth.ledger.fills(*roles)) > known

    def _until_no_fill_is_late(self, dead: Sequence[LedgerOrder]) -> timedelta:
        """What is left of the time in which a fill may still be booked for one of these."""
        wait = self._terms.ladder.late_fill_wait if self._terms else timedelta(0)
        died = [order.record.updated_at for order in dead if order.record and order.record.updated_at]
        return min(wait, max(died) + wait - self._world.now()) if died else timedelta(0)

    async def _take_off_surprises(self, truth: OrderTruth) -> None:
        """An entry order that was thought absent may turn up at any time: it stops the trade, and must not fill."""
        if self._fault is not None and truth.expects_latecomers:
            await self._stop_entry(truth)

    async def _wait_for_late_fills(self, truth: OrderTruth) -> None:
        """A fill may be booked after its cancel is confirmed (invariant 11): a closed workflow would not hear of it."""
        accepted = [order for order in truth.ledger.orders(OrderRole.ENTRY) if order.record is not None]
        known = truth.ledger.filled(OrderRole.ENTRY)
        stays_anyway = known >= self._sized or (known and not self._must_end())
        if not accepted or stays_anyway or self._terms is None or self._request.dry_run:
            return
        wait = self._terms.ladder.late_fill_wait
        if await self._world.until(lambda: truth.ledger.filled(OrderRole.ENTRY) > known, wait, "late fills?"):
            return
        for order in accepted:  # each of them: whichever was taken off may have been met on its way out
            await self._reread_for_sure(truth, order)

    async def _reread_for_sure(self, truth: OrderTruth, order: LedgerOrder) -> None:
        """Ask until the broker has told the whole of it: nobody else will ask, once this trade is over."""
        for _ in range(_LAST_LOOKS):
            if await truth.reread(order) and not order.is_open:
                return
            await self._world.until(self._never, _LOOK_PAUSE, f"no answer about {order.identifier} yet")
        self._fail(UnsettledError(f"nobody can say whether order {order.identifier} was filled late"))

    @staticmethod
    def _never() -> bool:
        return False

    def _unfilled(self) -> TradeState:
        if self._fault is not None:
            return TradeState.NEEDS_OPERATOR
        if self._winding_down:
            return TradeState.CANCELLED
        return TradeState.REFUSED if self._refusal is not None else TradeState.NO_FILL

    def _held_to(self, flat: bool, is_alive: bool, exit_: Exit) -> TradeState:
        self._note = self._fault or exit_.failed or self._note
        if self._fault is not None or exit_.failed is not None:
            return TradeState.NEEDS_OPERATOR
        if flat:
            return TradeState.CLOSED
        if not is_alive:
            return TradeState.EXPIRED
        return TradeState.CANCELLED if self._winding_down is not None else TradeState.CLOSED

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
        bought, sold = truth.ledger.filled(OrderRole.ENTRY), truth.ledger.filled(OrderRole.EXIT, OrderRole.CLOSE)
        if bought > self._sized:
            raise InvariantError(f"{bought} bought of {self._sized} sized")  # invariant 12
        if sold > bought:
            raise InvariantError(f"{sold} sold of {bought} bought")  # invariant 15

    def _fail(self, error: AlertladderError) -> None:
        """Never clamp, never guess: no more entries are sent for this trade, and a person is told."""
        if self._fault is not None:
            return
        self._fault = self._note = str(error)
        self._journal.note(AuditKind.ERROR, str(error), type(error).__name__)
        is_doubt = isinstance(error, UnsettledError)
        self._call_operator(TroubleKind.ORDER_UNSETTLED if is_doubt else TroubleKind.TRADE_CONTRADICTED, str(error))
        self._show()

    def _call_operator(self, kind: TroubleKind, detail: str) -> None:
        if not self._world.knows(Change.CALLS_OPERATOR):
            return
        workflow_id = self._request.trade_id.workflow_id
        trouble = Trouble(
            kind=kind, key=f"{kind}:{workflow_id}", detail=detail, at=self._world.now(), workflow_id=workflow_id
        )
        self._world.call_operator(self._request.account_number, trouble)

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
        ledger = self._truth.ledger
        average = ledger.average(OrderRole.ENTRY) or Decimal(0)
        gains = sum(
            ((fill.price - average) * fill.quantity for fill in ledger.fills(OrderRole.EXIT, OrderRole.CLOSE)),
            Decimal(0),
        )
        return gains * self._contract.multiplier

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
        )
        await self._world.tell_desk(self._request.account_number, report)

    def _has_bought(self) -> bool | None:
        """False, that is no failure, once something was bought; else None: the end will tell."""
        return False if self._truth is not None and self._truth.ledger.filled(OrderRole.ENTRY) else None

    def _failed(self) -> bool | None:
        """Whether the broker would not have it, or a person must look; None when it did not come so far."""
        if self._fault is not None or (self._exit is not None and self._exit.failed is not None):
            return True
        if self._entry is None:  # nobody could be asked, in a storm of alerts perhaps: nothing was to be sent yet
            return None
        refusal = self._refusal or self._entry.refusal
        return refusal is not None and refusal.code in _BROKERS
