"""The broker's book beside our trades: what differs, and what may be done about it. Pure.

Healing is only what can't hurt: telling a running trade what the broker has, and taking a dead trade's entries off the
market. Everything else is for a person. A second comparison of the same facts finds the same, and heals nothing new.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from domain.direction import Direction
from domain.frozen import Frozen
from domain.identifiers import OrderRole, TradeId, role_of, snowflake_time
from domain.ledger import merged
from domain.missing import missing, uncovered
from domain.orders import BrokerOrder, LegAction
from domain.survey import BrokerBook, Finding, Life, TradeStanding
from domain.trade import TradeState
from domain.trouble import TroubleKind

# A trade that this Temporal never heard of may be another installation's, and healthy: its entry is left alone for
# longer than any ladder takes, counted from its alert.
_LADDER_IS_OVER = timedelta(minutes=15)


class _Left(Frozen):
    """What a trade that no longer runs has left: quantities as the broker has them now."""

    working: tuple[int, ...]  # entry orders
    held: int
    out: int  # for sale
    bought: int  # since the trade's end, or unheard by it
    sold: int
    way: Direction  # what is said of buying is selling where it sold first

    @property
    def words(self) -> str:
        """For people."""
        entries = f", entry orders {', '.join(map(str, self.working))} working" if self.working else ""
        out = "out to be bought back" if self.way.is_short else "out for sale"
        return f"{self.held} {self.way.words.held}, {self.out} {out}{entries}"

    @property
    def key(self) -> str:
        """Another one whenever something changed."""
        return f"{self.held}:{self.out}:{'+'.join(map(str, self.working))}"


def compare(book: BrokerBook, standings: Iterable[TradeStanding]) -> tuple[Finding, ...]:
    """Every difference between the book and the trades. `standings` holds all that run, and all that own an order.

    The book is to be read before the trades are asked: a trade may know more than it, and is believed.
    """
    trades = {standing.workflow_id: standing for standing in standings}
    return tuple(_findings(book, trades))


def counted_on(book: BrokerBook, standings: Iterable[TradeStanding]) -> tuple[tuple[str, BrokerOrder], ...]:
    """Orders that running trades think are working and that the book does not show, with their trades' ids."""
    shown = {order.order_id for order in book.orders}
    return tuple(
        (standing.workflow_id, order)
        for standing in standings
        if standing.life is Life.RUNNING and standing.view is not None and not standing.view.dry_run
        for order in _known(standing).values()
        if not order.status.is_terminal and order.order_id not in shown
    )


def news(workflow_id: str, held: BrokerOrder | None, heard: BrokerOrder) -> Finding | None:
    """What a running trade that holds that record has not heard of yet; None when it knows."""
    both = merged(held, heard)
    if held is not None and (both.filled, both.status) == (held.filled, held.status):
        return None
    return Finding(
        kind=None,
        key=f"news:{heard.order_id}:{heard.status}:{heard.filled}",
        detail=f"order {heard.order_id} is {heard.status}, filled {heard.filled} of {heard.quantity}",
        workflow_id=workflow_id,
        news=heard,
    )


def _findings(book: BrokerBook, trades: Mapping[str, TradeStanding]) -> Iterator[Finding]:
    unheard: set[str] = set()  # running trades that have not heard of all their orders
    for trade, orders in _by_trade(book.orders).items():
        unheard_of = TradeStanding(workflow_id=trade.workflow_id, life=Life.UNKNOWN)
        standing = trades.get(trade.workflow_id, unheard_of)
        if standing.life is Life.RUNNING:
            told = list(_told(standing, orders))
            unheard |= {trade.workflow_id} if told else set()
            yield from told
        else:
            yield from _left_behind(standing, orders, book.at - snowflake_time(trade.message_id))
    for name in book.unreadable:
        yield Finding(kind=TroubleKind.RECORD_UNREADABLE, key=f"unreadable:{name}", detail=f"order {name}")
    running = [standing for standing in trades.values() if standing.life is Life.RUNNING]
    yield from _silent(running)
    yield from missing(book.positions, running, unheard)
    yield from uncovered(book.positions, running)


def _by_trade(orders: Iterable[BrokerOrder]) -> dict[TradeId, list[BrokerOrder]]:
    found: defaultdict[TradeId, list[BrokerOrder]] = defaultdict(list)
    for order in orders:
        trade = TradeId.of_order(order.identifier)
        if trade is not None:
            found[trade].append(order)
    return found


def _told(standing: TradeStanding, orders: list[BrokerOrder]) -> Iterator[Finding]:
    """What a running trade has not heard of."""
    if standing.view is None:
        return
    known = _known(standing)
    for order in orders:
        finding = news(standing.workflow_id, known.get(order.order_id), order)
        if finding is not None:
            yield finding


def _left_behind(standing: TradeStanding, orders: list[BrokerOrder], age: timedelta) -> Iterator[Finding]:
    """What a trade that no longer runs has left in the market or in the account."""
    left = _left(standing, orders)
    ended_well = standing.life.ended_by_itself
    is_abandoned = not ended_well and bool(left.held or left.out)
    if left.working or left.bought or is_abandoned or _is_forgotten(standing, left):
        is_surely_dead = standing.life is not Life.UNKNOWN or age > _LADDER_IS_OVER
        yield Finding(
            kind=TroubleKind.ORPHAN,
            key=f"orphan:{standing.workflow_id}:{left.key}",
            detail=f"its workflow is {standing.life}: {left.words}",
            workflow_id=standing.workflow_id,
            cancel=left.working if is_surely_dead else (),
        )
    elif left.sold:
        yield Finding(
            kind=TroubleKind.SOLD_AFTER_END,
            key=f"sold:{standing.workflow_id}:{left.sold}",
            detail=f"{left.sold} {left.way.words.left}, {left.words}",
            workflow_id=standing.workflow_id,
        )


def _left(standing: TradeStanding, orders: list[BrokerOrder]) -> _Left:
    """The newest of each order, whoever knows it: a trade that ended just now knows more than a book read before."""
    known = _known(standing)
    latest = [merged(known.get(order.order_id), order) for order in orders]
    entries = [order for order in latest if _is_entry(order)]
    sales = [order for order in latest if not _is_entry(order)]

    def unheard(side: list[BrokerOrder]) -> int:
        if standing.view is None and standing.life.ended_by_itself:
            return 0  # what it knew at its end can't be asked now
        return sum(o.filled - (known[o.order_id].filled if o.order_id in known else 0) for o in side)

    bought, sold = unheard(entries), unheard(sales)
    view = standing.view
    return _Left(
        working=tuple(order.order_id for order in entries if not order.status.is_terminal),
        held=max(0, (0 if view is None else view.held) + bought - sold),
        out=sum(order.quantity - order.filled for order in sales if not order.status.is_terminal),
        bought=bought,
        sold=sold,
        way=_way(latest),
    )


def _way(orders: Iterable[BrokerOrder]) -> Direction:
    is_short = any(order.action in (LegAction.SELL_TO_OPEN, LegAction.BUY_TO_CLOSE) for order in orders)
    return Direction.SHORT if is_short else Direction.LONG


def _is_forgotten(standing: TradeStanding, left: _Left) -> bool:
    """It ended as if it had bought nothing, and holds something: a fill came between its last word and its end."""
    view = standing.view
    if view is None or not left.held:
        return False
    if view.state is TradeState.CANCELLED:
        return bool(view.exit_quantity and not view.exits and not left.out)
    return view.state in (TradeState.NO_FILL, TradeState.REFUSED)


def _silent(running: Iterable[TradeStanding]) -> Iterator[Finding]:
    for standing in running:
        if standing.view is None:
            yield Finding(
                kind=TroubleKind.TRADE_SILENT,
                key=f"silent:{standing.workflow_id}",
                detail="asked for its view",
                workflow_id=standing.workflow_id,
            )


def _known(standing: TradeStanding) -> dict[int, BrokerOrder]:
    view = standing.view
    return {} if view is None else {order.order_id: order for order in (*view.entries, *view.exits)}


def _is_entry(order: BrokerOrder) -> bool:
    return role_of(order.identifier) is OrderRole.ENTRY
