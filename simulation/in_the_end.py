"""What must be true of a trade once faults have ended and it rests, and of what it wrote down, once it is over."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from domain.audit import AuditEvent, AuditKind
from domain.orders import OrderStatus
from domain.trade import TradeState, TradeView
from simulation.broker import Order
from simulation.promises import Book, Findings, Promised, Rules, Standing

_UNHEARD = 75.0  # seconds: a sweep comes once a minute
_FINEST = Decimal("1e-9")
_NEXT: Mapping[TradeState, frozenset[TradeState]] = {
    TradeState.PREPARING: frozenset({TradeState.WORKING}),
    TradeState.WORKING: frozenset({TradeState.HOLDING, TradeState.NO_FILL}),
    TradeState.HOLDING: frozenset({TradeState.CLOSING, TradeState.CLOSED, TradeState.EXPIRED, TradeState.GONE}),
    TradeState.CLOSING: frozenset({TradeState.HOLDING}),
}
_ANYWHERE = frozenset({TradeState.CANCELLED, TradeState.NEEDS_OPERATOR})
_BEFORE_A_FILL = frozenset({TradeState.PREPARING, TradeState.WORKING})

# Why a trade may need a person: part of its reason, and what must have happened for it.
_EXPLAINED: Mapping[str, frozenset[str]] = {
    "sized": frozenset({"fill after cancel", "more filled than asked", "replacement too large"}),
    "bought": frozenset({"fill after cancel"}),
    "never accepted": frozenset({"late arrival", "stalled attempt", "stale look-up", "read fails"}),
    "exit failed": frozenset(
        {"venue rejects", "venue cancels", "margin_check_failed", "the market closes", "the position can't be read"}
    ),
    "nobody can say": frozenset({"broker down", "read fails", "stale look-up", "nothing goes on"}),
    "not confirmed": frozenset({"broker down", "read fails", "slow cancel", "stale look-up", "nothing goes on"}),
}


class InTheEnd:
    """Last looks at trades."""

    def __init__(self, book: Book, rules: Rules, found: Findings) -> None:
        self._book = book
        self._rules = rules
        self._found = found

    def at_rest(self, at: float, workflow_id: str, view: TradeView) -> None:
        """It and the book agree, nothing is bought any more, and what is held has its exit."""
        standing = self._book.standing(workflow_id)
        bought, sold = standing.bought, standing.sold
        if view.state is TradeState.NEEDS_OPERATOR:
            return
        self._found.expect(12, at, bought <= view.sized, f"{bought} bought of {view.sized}, and no person is needed")
        self._found.expect(19, at, view.filled == bought, f"it counts {view.filled} bought, the book {bought}")
        self._found.expect(9, at, not standing.open_entries, "an entry order is still open")
        if view.state is TradeState.HOLDING:
            self._found.expect(19, at, view.exited == sold, f"it counts {view.exited} sold, the book {sold}")
            gone = standing.gone
            self._found.expect(19, at, view.gone == gone, f"it counts {view.gone} gone, and was told of {gone}")
            self.has_its_exit(at, workflow_id)
            self._exit_price(at, standing)

    def has_ended(self, at: float, workflow_id: str, state: TradeState) -> None:
        """What a trade that is over leaves in the market: the exit of what it bought, if that was cancelled."""
        standing = self._book.standing(workflow_id)
        if state is not TradeState.NEEDS_OPERATOR:
            self._found.expect(9, at, not standing.open_entries, f"{state} with an entry order in the market")
        if state is TradeState.CANCELLED:
            self.has_its_exit(at, workflow_id)
        if state is TradeState.CLOSED:
            self._found.expect(19, at, standing.sold >= standing.bought, f"closed, {standing.sold} sold")
        if state is TradeState.GONE:
            self._found.expect(19, at, standing.gone > 0 >= standing.held, f"gone, and {standing.held} are short")
            self._found.expect(15, at, not standing.out, f"gone, and {standing.out} are out to be bought back")

    def has_its_exit(self, at: float, workflow_id: str) -> None:
        """What is held has the exit that it should (14, 16)."""
        standing = self._book.standing(workflow_id)
        out, late = standing.out_for_exit, standing.sold_unforeseen
        expected = self._rules.exit_for(standing.bought)
        wanted = max(0, min(expected - standing.sold_by_exit, standing.held))
        what = f"{out} out for exit, {wanted} wanted: {expected} promised, {standing.sold_by_exit} of it sold"
        what += f", {standing.sold_by_close} sold otherwise, {late} late"
        fits = wanted - self._book.spare <= out <= wanted + late
        self._found.expect(16, at, fits or any(map(self._is_unheard, standing.sales)), what)

    def written(
        self, at: float, promised: Promised, rows: Sequence[AuditEvent], view: TradeView, fired: Collection[str]
    ) -> None:
        """The rows alone tell the trade's story (23), each execution once (10)."""
        numbers = [int(row.event_id.rpartition(":")[2]) for row in rows]
        self._found.expect(23, at, numbers == list(range(1, len(rows) + 1)), f"{len(rows)} rows: {numbers[-3:]} last")
        states = [TradeState(row.state or "") for row in rows if row.kind is AuditKind.STATE]
        told = states[-1] if states else TradeState.ADMITTING
        self._found.expect(23, at, told is view.state, f"written {told}, shown {view.state}")
        self._states(at, states)
        self._order_rows(at, rows)
        if view.state is TradeState.NEEDS_OPERATOR:
            self._operator(at, rows, view, fired)
        else:
            self._fill_rows(at, promised.workflow_id, rows, left_exit=view.state is TradeState.CANCELLED)

    def _exit_price(self, at: float, standing: Standing) -> None:
        """Twice the true average of what was bought, on the next tick above (14); a part of it where it was sold."""
        cost = sum((fill.price * fill.quantity for entry in standing.entries for fill in entry.fills), Decimal(0))
        for sale in standing.exits:
            price = sale.request.price
            if self._book.may_execute(sale) and price is not None and standing.bought:
                average, shorts = cost / standing.bought, self._rules.shorts
                double = (2 * average if shorts is None else shorts.exit_price(average)).quantize(_FINEST)
                off = price - double
                fits = 0 <= off < self._rules.tick(double)
                self._found.expect(14, at, fits, f"exit at {price}, promised was {double:.4f}")

    def _fill_rows(self, at: float, workflow_id: str, rows: Sequence[AuditEvent], *, left_exit: bool) -> None:
        """A cancelled trade ends with its exit standing: what is sold of that is not its business any more."""
        standing = self._book.standing(workflow_id)
        told = Counter(row.fill_id or "" for row in rows if row.kind is AuditKind.FILL)
        book = Counter(fill.fill_id for order in (*standing.entries, *standing.sales) for fill in order.fills)
        if left_exit:
            sold = Counter(fill.fill_id for order in standing.sales for fill in order.fills)
            book -= sold - told
        twice = [fill for fill, count in told.items() if count > 1]
        self._found.expect(10, at, not twice, f"counted more than once: {twice}")
        self._found.expect(23, at, told == book, f"written {sorted(told)}, in the book {sorted(book)}")

    def _states(self, at: float, states: Sequence[TradeState]) -> None:
        """A trade's states follow each other as its story has them (11)."""
        before = TradeState.ADMITTING
        for state in states:
            follows = _NEXT.get(before, frozenset()) | (_ANYWHERE if not before.is_end else frozenset())
            if before is TradeState.ADMITTING:
                follows |= {TradeState.PREPARING}
            if before is TradeState.ADMITTING or before in _BEFORE_A_FILL:
                follows |= {TradeState.REFUSED}
            self._found.expect(11, at, state in follows, f"{before} -> {state}")
            before = state

    def _order_rows(self, at: float, rows: Sequence[AuditEvent]) -> None:
        """An order's end is final; only a fill that was booked late follows it (11)."""
        last: dict[int, OrderStatus] = {}
        for row in rows:
            if row.kind is AuditKind.ORDER and row.order_id is not None:
                status, before = OrderStatus(row.state or ""), last.get(row.order_id)
                fits = before is None or not before.is_terminal or status is OrderStatus.FILLED
                self._found.expect(11, at, fits, f"order {row.order_id}: {before} -> {status}")
                last[row.order_id] = status

    def _operator(self, at: float, rows: Sequence[AuditEvent], view: TradeView, fired: Collection[str]) -> None:
        """A person is only called with a row that says why, and for something that the seed's faults explain."""
        errors = [row.detail for row in rows if row.kind is AuditKind.ERROR]
        self._found.expect(23, at, bool(errors), "a person is needed, and no row says why")
        explained = [causes for part, causes in _EXPLAINED.items() if part in view.note]
        fits = any(not causes.isdisjoint(fired) for causes in explained)
        self._found.expect(30, at, fits or not errors, f"a person is needed, and no fault explains it: {view.note}")

    def _is_unheard(self, order: Order) -> bool:
        """Whether the venue or a hand ended it so lately that nobody needs to have heard of it."""
        if not order.ended_unasked or order.updated_at is None:
            return False
        return (self._book.broker.now() - order.updated_at).total_seconds() < _UNHEARD
