"""What must be true of a trade and of the whole, by the numbers of docs/invariants.md.

It knows nothing of how trades are made: it reads the exchange's book, what the workflow says, and the audit log, and
adds everything up by itself.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from chaos.evidence import BookOrder, Evidence
from chaos.timeline import moments, overlaps
from domain.audit import AuditEvent, AuditKind
from domain.chain import Verdict
from domain.identifiers import snowflake_time
from domain.trade import TradeState

_WHOLE = "the whole"
# A request in flight when the alert grows too old may still be taken: we read for 5 s, and the exchange may wait.
_IN_FLIGHT = timedelta(seconds=6)
_UNBOUGHT = (TradeState.REFUSED, TradeState.NO_FILL)
_WITH_EXIT = (TradeState.HOLDING, TradeState.CANCELLED, TradeState.NEEDS_OPERATOR)


@dataclass(frozen=True)
class Violation:
    """A promise that did not hold, and for which trade."""

    invariant: int
    trade: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.trade}: {self.what}"


Found = Iterator[tuple[int, str]]


def check_trade(trade: Evidence, max_alert_age: timedelta) -> list[Violation]:
    """Everything that is wrong with one trade that should be at rest."""
    checks = (_once(trade), _age(trade, max_alert_age), _entries(trade), _sales(trade), _rest(trade))
    more = (_agreement(trade), _exit(trade), _intents(trade), _written(trade))
    return [Violation(number, trade.workflow_id, what) for check in (*checks, *more) for number, what in check]


def check_whole(
    orders: Sequence[BookOrder], by_hand: Mapping[int, str], trades: Sequence[str], listed: Counter[str], chain: Verdict
) -> list[Violation]:
    """Everything that is wrong beside the single trades.

    `by_hand` are the symbols of a person's resting orders by order id, `trades` the accepted alerts' workflow ids,
    `listed` how many executions Temporal lists for each.
    """
    checks = (_named_once(orders), _known(orders, trades, listed), _foreign(orders, by_hand), _chain(chain))
    return [Violation(number, _WHOLE, what) for check in checks for number, what in check]


def _once(trade: Evidence) -> Found:
    if trade.runs != 1 or trade.begun > 1:
        yield 1, f"{trade.runs} executions, said to be new {trade.begun} times"


def _age(trade: Evidence, most: timedelta) -> Found:
    born = snowflake_time(trade.message.message_id)
    if trade.entries and trade.entries[0].received_at - born > most + _IN_FLIGHT:
        yield 3, f"its first order came {trade.entries[0].received_at - born} after its message"
    if trade.born_old and (trade.orders or (trade.view and trade.view.refusal is None)):
        yield 3, f"its message was too old, and it is not refused and has {len(trade.orders)} orders"


def _entries(trade: Evidence) -> Found:
    entries = trade.entries
    for one, other in overlaps(entries):
        yield 5, f"orders {one.order_id} and {other.order_id} could both execute"
    sized = min(trade.asked, trade.view.sized) if trade.view else trade.asked
    for now in moments(entries):
        # What a dead order still fills nobody can foresee (11): it is no reason to have sent less.
        if now.executed - now.late + now.working > sized:
            yield 7, f"{now.at:%H:%M:%S.%f}: {now.executed} bought and {now.working} working of {sized} sized"
            break
    if trade.bought - sum(order.filled_late for order in entries) > sized:
        yield 12, f"{trade.bought} bought of {sized} sized"
    limits = [order.price for order in entries if order.price is not None]
    if any(later < earlier for earlier, later in pairwise(limits)):
        yield 8, f"the entry's prices fall: {[str(price) for price in limits]}"


def _sales(trade: Evidence) -> Found:
    bought = list(moments(trade.entries))
    for now in moments(trade.sales):
        held = max((then.executed for then in bought if then.at <= now.at), default=0)
        if now.executed + now.working > held:
            yield 15, f"{now.at:%H:%M:%S.%f}: {now.executed} sold and {now.working} for sale of {held} bought"
            return


def _rest(trade: Evidence) -> Found:
    """It has come to rest, in a way that this alert may end."""
    view = trade.view
    if view is None:
        yield 30, f"its workflow is {trade.status} and does not answer"
        return
    runs = trade.status == "RUNNING"
    if runs is not (view.state is TradeState.HOLDING) or trade.status not in ("RUNNING", "COMPLETED", "CANCELED"):
        yield 30, f"it is {view.state} in a workflow that is {trade.status} {view.note}".rstrip()
    if view.state is TradeState.NEEDS_OPERATOR and not _is_overfilled(trade):
        yield 30, f"a person is called, though the book could be followed: {view.note}"
    if working := [order.order_id for order in trade.entries if order.is_open]:
        yield 9, f"entry orders are left working: {working}"


def _is_overfilled(trade: Evidence) -> bool:
    """More was bought than sized, by fills of dead orders: it must stop and call (12)."""
    return trade.view is not None and trade.bought > trade.view.sized and any(o.filled_late for o in trade.entries)


def _agreement(trade: Evidence) -> Found:
    view = trade.view
    if view is None:
        return
    if view.filled != trade.bought:
        yield 19, f"it counts {view.filled} bought, the book has {trade.bought}"
    elif trade.average is not None and view.average_price != trade.average:
        yield 19, f"it bought at {view.average_price}, by the book at {trade.average}"
    # An exit that outlives its cancelled trade is nobody's to count any more.
    if view.exited != trade.sold and (trade.closed_at is None or view.exited > trade.sold):
        yield 19, f"it counts {view.exited} sold, the book has {trade.sold}"
    if view.state in _UNBOUGHT and trade.bought:
        yield 19, f"it ended {view.state}, and {trade.bought} were bought"


def _exit(trade: Evidence) -> Found:
    """Half of what is held, rounded down, is out for sale or sold, at twice the true average."""
    view = trade.view
    if view is None or view.state not in _WITH_EXIT or view.contract is None:
        return
    out = sum(sale.leaves for sale in trade.sales)
    promised = trade.bought // 2
    late = sum(sale.filled_late for sale in trade.sales)
    if not promised <= trade.sold + out <= promised + late:
        yield 16, f"{out} out and {trade.sold} sold, {late} of it late; {promised} promised of {trade.bought}"
    for sale in trade.sales:
        if sale.is_open and trade.average is not None and sale.price != view.contract.ticks.ceil(2 * trade.average):
            yield 14, f"exit at {sale.price}, twice the average is {2 * trade.average:.4f}"
        if sale.is_open and sale.tif != "GTC":
            yield 16, f"the exit is good for {sale.tif} only"


def _intents(trade: Evidence) -> Found:
    """Each order was written down before it came to be."""
    for order in trade.orders:
        rows = [row for row in trade.rows if row.identifier == order.identifier]
        intents = [row for row in rows if row.kind is AuditKind.INTENT]
        if len(intents) != 1:
            yield 22, f"order {order.order_id} ({order.identifier}) has {len(intents)} intents"
        elif intents[0].at > order.received_at:
            yield 22, f"order {order.order_id} was received before it was meant"
        elif min(filter(_is_its_own, rows), key=_number) is not intents[0]:
            yield 22, f"order {order.order_id} is spoken of before it was meant"
        elif intents[0].quantity != order.quantity or intents[0].price != order.price:
            meant = f"{intents[0].quantity} @ {intents[0].price}"
            # The broker makes a replacement as large as what is left of its original.
            if order.replaces is None or intents[0].price != order.price:
                yield 22, f"order {order.order_id} is {order.quantity} @ {order.price}, meant was {meant}"


def _written(trade: Evidence) -> Found:
    """The rows are numbered without a gap, and have each execution of the book once."""
    numbers = sorted(_number(row) for row in trade.rows if _is_its_own(row))
    if numbers != list(range(1, len(numbers) + 1)) or not numbers:
        yield 23, f"its rows are numbered {_gaps(numbers)}"
    told = Counter(row.fill_id or "" for row in trade.rows if row.kind is AuditKind.FILL)
    book = Counter(fill.fill_id for order in trade.orders for fill in order.fills)
    if trade.closed_at is not None:
        sold = Counter(fill.fill_id for order in trade.sales for fill in order.fills)
        book -= sold - told
    if told != book:
        missing, extra = sorted((book - told).elements()), sorted((told - book).elements())
        yield 10, f"fills not written down: {missing}; written and not in the book, or twice: {extra}"


def _is_its_own(row: AuditEvent) -> bool:
    """What the desk and the operators are told of a trade is filed under it, too, by names of its own."""
    return row.event_id.rpartition(":")[0] == row.workflow_id


def _number(row: AuditEvent) -> int:
    return int(row.event_id.rpartition(":")[2])


def _gaps(numbers: Sequence[int]) -> str:
    missing = sorted(set(range(1, (numbers or [0])[-1] + 1)) - set(numbers))
    return f"1 to {(numbers or [0])[-1]}, without {missing}, {len(numbers)} in all"


def _named_once(orders: Sequence[BookOrder]) -> Found:
    names = Counter(order.identifier for order in orders if order.identifier is not None)
    for name, times in names.items():
        if times > 1:
            yield 6, f"{name} was sent {times} times"


def _known(orders: Sequence[BookOrder], trades: Sequence[str], listed: Counter[str]) -> Found:
    if set(listed) != set(trades):
        yield 1, f"workflows of no alert: {sorted(set(listed) - set(trades))}; alerts without: {_less(trades, listed)}"
    if strays := sorted({order.trade for order in orders if order.trade} - set(trades)):
        yield 1, f"orders of no accepted alert: {strays}"


def _less(trades: Sequence[str], listed: Counter[str]) -> list[str]:
    return sorted(set(trades) - set(listed))


def _foreign(orders: Sequence[BookOrder], by_hand: Mapping[int, str]) -> Found:
    foreign = {order.order_id: order for order in orders if order.trade is None}
    for order_id in by_hand:
        if order_id not in foreign:
            yield 21, f"the order {order_id} that a person placed is gone"
    for order in foreign.values():
        if order.status != "Live" or order.is_edited or order.quantity != 1 or order.price != Decimal("0.05"):
            yield 21, f"order {order.order_id}, not ours, is {order.status}, {order.quantity} @ {order.price}"


def _chain(chain: Verdict) -> Found:
    if chain.fault is not None:
        yield 24, f"the audit log: {chain.fault}"
