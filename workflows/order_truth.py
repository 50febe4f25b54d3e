"""How a trade sends orders and learns what became of them.

Three rules live here. An order is written down before it is sent. An unknown outcome is settled by looking the order
up, never by sending again. A cancel counts when the broker's own record shows it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from domain.audit import AuditKind
from domain.contract import Contract
from domain.errors import AlertladderError, InvariantError
from domain.identifiers import OrderRole, TradeId
from domain.ledger import LedgerOrder, OrderLedger
from domain.order_states import Word
from domain.orders import BrokerOrder, LegAction, OrderAnswer, OrderRequest, OrderType, Outcome, TimeInForce
from workflows.changes import Change
from workflows.journal import Journal
from workflows.world import World

# "Never accepted" takes several good look-ups over this time: the broker documents no bound on how late an accepted
# order becomes visible (invariant 13).
_ABSENCE_TAKES = timedelta(seconds=30)
_ABSENCE_LOOKUPS = 4
_LOOKUP_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0, 5.0, 5.0, 10.0, 20.0, 30.0)
_LOOKUP_PATIENCE = timedelta(minutes=10)
_CONFIRM_PAUSES = (0.25, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0)
_CONFIRM_PATIENCE = timedelta(minutes=10)


class UnsettledError(AlertladderError):
    """An order's fate could not be learnt. Nothing more may be sent for this trade; a person must look."""


class OrderTruth:
    """One trade's orders, sent and followed. `on_change` is called after every new fact.

    `on_contradiction` is called when a record can't be true. It is told, not raised: whoever is sending an order or
    taking one off must come to the end of it, and the exit must go on following the fills.
    """

    def __init__(
        self,
        world: World,
        journal: Journal,
        trade_id: TradeId,
        contract: Contract,
        on_change: Callable[[], None],
        on_contradiction: Callable[[AlertladderError], None],
        latecomer_wait: timedelta,
    ) -> None:
        self.ledger = OrderLedger()
        self.expects_latecomers = world.knows(Change.EXPECTS_LATECOMERS)
        self._latecomer_wait = latecomer_wait
        self._asks_the_original = world.knows(Change.ASKS_THE_ORIGINAL)
        self._counts_pauses = world.knows(Change.COUNTS_ITS_PAUSES)
        self.world = world
        self.journal = journal
        self._trade_id = trade_id
        self.contract = contract
        self._on_change = on_change
        self._on_contradiction = on_contradiction
        self._calls = 0
        self._absent: list[tuple[LedgerOrder, datetime]] = []  # proven absent, and when

    async def send(
        self,
        role: OrderRole,
        action: LegAction,
        quantity: int,
        price: Decimal | None,
        tif: TimeInForce,
        why: str,
        send_by: datetime | None = None,
    ) -> tuple[LedgerOrder, OrderAnswer]:
        """Send one order and learn whether the broker has it. `price` None sends a market order."""
        order = self._intend(role, action, quantity, price, tif, why)
        self._calls += 1
        answer = await self.world.place(order.request, send_by)
        return order, await self._conclude(order, answer, "place")

    async def replace(self, original: LedgerOrder, price: Decimal, why: str) -> tuple[LedgerOrder, OrderAnswer]:
        """Replace a working order by one at a new price. Only for an order without a known fill."""
        if original.record is None:
            raise InvariantError(f"order {original.identifier} has no id to replace it by")
        asked = original.request
        order = self._intend(original.role, asked.action, asked.quantity, price, asked.time_in_force, why, original)
        self._calls += 1
        answer = await self.world.replace(original.record.order_id, order.request)
        if answer.outcome is Outcome.UNKNOWN:
            # Whether or not there is a replacement, the original must not go on working beside the doubt.
            await self._take_off(original, "its replacement is in doubt")
        return order, await self._conclude(order, answer, "replace")

    @property
    def workflow_id(self) -> str:
        """The trade's."""
        return self._trade_id.workflow_id

    def take_calls(self) -> int:
        """Calls that changed orders since this was asked last."""
        calls, self._calls = self._calls, 0
        return calls

    async def take_off(self, role: OrderRole, why: str) -> None:
        """Take every open order of that role off the market, and return when the broker's records prove it."""
        while opened := self.ledger.open_orders(role):
            known = [order for order in opened if order.record is not None]
            for other in known[1:]:  # none works on because another's cancel takes its time
                await self._ask_cancel(other, why)
            await self._take_off((known or opened)[0], why)

    async def take_off_known(self, role: OrderRole, why: str) -> None:
        """Take off what is on the broker's record, and leave an order whose fate could not be learnt to a person.

        UnsettledError only after each was tried.
        """
        unsettled = None
        for order in [order for order in self.ledger.open_orders(role) if order.record is not None]:
            try:
                await self._take_off(order, why)
            except UnsettledError as error:
                unsettled = error
        if unsettled is not None:
            raise unsettled

    def hear(self, record: BrokerOrder) -> None:
        """Take in a record of the broker's, from wherever it came."""
        try:
            heard = self.ledger.observe(record)
        except InvariantError as error:
            self._on_contradiction(error)
            return
        for fill in heard.fills:
            self.journal.fill(heard.order.role, record, fill)
        if heard.order.record is not None and heard.order.record.status is not heard.before:
            self.journal.order(heard.order.role, heard.order.record)
        self._on_change()
        if heard.contradictions:
            self._on_contradiction(InvariantError("; ".join(heard.contradictions)))

    async def look_for_latecomers(self, role: OrderRole) -> None:
        """Wait for orders that were proven absent and turn up all the same, and look for each once more."""
        for order, proven_at in self._absent:
            if order.role is role and self.expects_latecomers:
                await self._look_for_latecomer(order, proven_at)

    async def _look_for_latecomer(self, order: LedgerOrder, proven_at: datetime) -> None:
        wait = proven_at + self._latecomer_wait - self.world.now()
        what = f"does {order.identifier} turn up after all?"
        for pause in (max(wait, timedelta(0)), *islice(_pauses(_LOOKUP_PAUSES), _ABSENCE_LOOKUPS)):
            if await self.world.until(lambda: order.record is not None, pause, what):
                return
            found = await self.world.search(order.identifier, proven_at)
            for record in found or ():
                self.hear(record)
            if found is not None:
                return

    async def reread(self, order: LedgerOrder) -> bool:
        """Ask the broker for an order's record, and take it in. False when there is no answer now."""
        if order.record is None:
            await self._settle(order)
            return True
        record = await self.world.read(order.record.order_id)
        if record is not None:
            self.hear(record)
        return record is not None

    def _intend(
        self,
        role: OrderRole,
        action: LegAction,
        quantity: int,
        price: Decimal | None,
        tif: TimeInForce,
        why: str,
        replaces: LedgerOrder | None = None,
    ) -> LedgerOrder:
        request = OrderRequest(
            identifier=self._trade_id.order_identifier(role, self.ledger.count(role)),
            symbol=self.contract.symbol,
            instrument_type=self.contract.instrument_type,
            action=action,
            quantity=quantity,
            order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
            price=price,
            time_in_force=tif,
        )
        if price is not None and not self.contract.ticks.is_on(price):
            raise InvariantError(f"{price} is not on tick")  # invariant 8
        if role is not OrderRole.ENTRY:
            self._check_cover(quantity, action, replaces)
        order = self.ledger.intend(role, request, replaces)
        self.journal.intent(order, why)
        return order

    def _check_cover(self, quantity: int, action: LegAction, replaces: LedgerOrder | None) -> None:
        """Never more out for sale than is held (invariant 15), nor out to be bought back than is short."""
        standing, held = self.ledger.for_sale(OrderRole.EXIT, OrderRole.CLOSE, beside=replaces), self.ledger.held
        if quantity + standing <= held:
            return
        if action.is_buy:
            raise InvariantError(f"{quantity} beside {standing} being bought back would be more than the {held} short")
        raise InvariantError(f"{quantity} beside {standing} for sale would oversell the {held} held")

    async def _conclude(self, order: LedgerOrder, answer: OrderAnswer, asked: str) -> OrderAnswer:
        self.journal.answer(order, answer, asked)
        if answer.outcome is Outcome.ACCEPTED and answer.order is not None:
            self.hear(answer.order)
        elif answer.outcome is Outcome.REFUSED:
            self.ledger.refuse(order.identifier, Word.REFUSED)
        else:
            await self._settle(order)
        self._on_change()
        if answer.outcome is Outcome.REFUSED and order.record is not None:
            # A request may be doubled on its way, and only the second of the two be refused: the record outweighs it.
            return answer.model_copy(update={"outcome": Outcome.ACCEPTED, "order": order.record})
        return answer

    async def _settle(self, order: LedgerOrder) -> None:
        """Find out whether an order of unknown fate exists: by the stream, or by looking it up again and again."""
        since, waited = self.world.now(), timedelta(0)
        absent = 0
        for pause in _pauses(_LOOKUP_PAUSES):
            if await self.world.until(lambda: order.record is not None, pause, f"is {order.identifier} known?"):
                return
            found = await self._find(order, since)
            if found:
                for record in found:  # more than one contradict each other, and must all be known to come off
                    self.hear(record)
                return
            if order.record is not None:
                return  # the stream was faster, and a look-up may lag behind it
            absent += found is not None
            waited = waited + pause if self._counts_pauses else self.world.now() - since
            if absent >= _ABSENCE_LOOKUPS and waited >= _ABSENCE_TAKES:
                self.ledger.refuse(order.identifier)
                self._absent.append((order, self.world.now()))
                seconds = waited.total_seconds()
                detail = f"{order.identifier} was never accepted: {absent} look-ups over {seconds:.0f} s"
                self.journal.note(AuditKind.ANSWER, detail, "never_accepted")
                return
            if waited > _LOOKUP_PATIENCE:
                raise UnsettledError(f"nobody can say whether order {order.identifier} exists")

    async def _find(self, order: LedgerOrder, since: datetime) -> tuple[BrokerOrder, ...] | None:
        """Look an order up; None when the look-up failed.

        By its identifier, and a replacement also by its original, whose record names it: whether a replacement has the
        identifier that it was sent with is not documented.
        """
        found = await self.world.search(order.identifier, since)
        original = None if order.replaces is None else order.replaces.record
        replaced_by = None if original is None else original.replaced_by
        is_known = replaced_by is None or self.ledger.has_heard_of(replaced_by)
        if found or replaced_by is None or is_known or not self._asks_the_original:
            return found
        record = await self.world.read(replaced_by)
        return None if record is None else (record,)

    async def _take_off(self, order: LedgerOrder, why: str) -> None:
        since = self.world.now()
        for pause in _pauses(_CONFIRM_PAUSES):
            if order.record is None:
                await self._settle(order)
                if not order.is_open:
                    return
            await self._ask_cancel(order, why)
            if await self.world.until(lambda: not order.is_open, pause, f"cancel of {order.identifier} confirmed?"):
                return
            await self.reread(order)
            if not order.is_open:
                return
            if self.world.now() - since > _CONFIRM_PATIENCE:
                raise UnsettledError(f"the cancel of order {order.identifier} is not confirmed")

    async def _ask_cancel(self, order: LedgerOrder, why: str) -> None:
        """Ask for the cancel; again, if the broker has not begun with it. Asking twice is harmless."""
        if order.record is None or not order.may_be_cancelled:
            return
        self.journal.note(AuditKind.CANCEL, f"cancel {order.record.order_id}: {why}")
        self._calls += 1
        answer = await self.world.cancel(order.record.order_id)
        self.journal.answer(order, answer, "cancel")
        if answer.outcome is Outcome.REFUSED:  # no longer cancellable, or not yet: its record tells which
            await self.reread(order)


def _pauses(seconds: tuple[float, ...]) -> Iterator[timedelta]:
    """The pauses in turn, the last for ever: the callers bound the whole."""
    yield from (timedelta(seconds=pause) for pause in seconds)
    while True:
        yield timedelta(seconds=seconds[-1])
