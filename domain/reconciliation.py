"""The broker's book beside our trades: what differs, and what may be done about it. Pure.

Healing is only what can't hurt: telling a running trade what the broker has, and taking a dead trade's entries off the
market. Everything else is for a person. A second comparison of the same facts finds the same, and heals nothing new.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from domain.frozen import Frozen
from domain.identifiers import OrderRole, TradeId, role_of
from domain.orders import BrokerOrder
from domain.trade import TradeView
from domain.trouble import TroubleKind


class Position(Frozen):
    """What the account holds of one instrument; negative when it is short."""

    symbol: str
    quantity: int


class BrokerBook(Frozen):
    """The account as the broker has it: our orders that work or were made lately, and every position.

    `unreadable` names our orders whose records can't be read; `foreign` counts working orders that are not ours.
    """

    orders: tuple[BrokerOrder, ...]
    positions: tuple[Position, ...] = ()
    unreadable: tuple[str, ...] = ()
    foreign: int = 0


class Life(StrEnum):
    """Where a trade's workflow stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    FAILED = "failed"
    UNKNOWN = "unknown"  # Temporal has never heard of it, or not any more

    @property
    def ended_by_itself(self) -> bool:
        """Its story came to its end, and said how."""
        return self in (Life.COMPLETED, Life.CANCELLED)


class TradeStanding(Frozen):
    """A trade's workflow. `view` None: it could not be asked."""

    workflow_id: str
    life: Life
    view: TradeView | None = None


class Finding(Frozen):
    """One difference. `news` is for the running trade; `cancel` are entry orders to take off the market."""

    kind: TroubleKind | None  # None: healed by telling the trade, and no trouble
    key: str
    detail: str
    workflow_id: str | None = None
    news: BrokerOrder | None = None
    cancel: tuple[int, ...] = ()


class Survey(Frozen):
    """One look at everything. `unasked` counts trades that could not be asked; `unlisted` findings past the bound."""

    findings: tuple[Finding, ...] = ()
    orders: int = 0
    running: int = 0
    foreign: int = 0
    unasked: int = 0
    unlisted: int = 0


def compare(book: BrokerBook, standings: Iterable[TradeStanding]) -> tuple[Finding, ...]:
    """Every difference between the book and the trades. `standings` holds all that run, and all that own an order."""
    trades = {standing.workflow_id: standing for standing in standings}
    return tuple(_findings(book, trades))


def counted_on(book: BrokerBook, standings: Iterable[TradeStanding]) -> tuple[tuple[str, BrokerOrder], ...]:
    """Orders that running trades think are working and that the book does not show, with their trades' ids."""
    shown = {order.order_id for order in book.orders}
    return tuple(
        (standing.workflow_id, order)
        for standing in standings
        if standing.life is Life.RUNNING and not _is_rehearsed(standing)
        for order in _known(standing).values()
        if not order.status.is_terminal and order.order_id not in shown
    )


def _findings(book: BrokerBook, trades: Mapping[str, TradeStanding]) -> Iterator[Finding]:
    for workflow_id, orders in _by_trade(book.orders).items():
        standing = trades.get(workflow_id) or TradeStanding(workflow_id=workflow_id, life=Life.UNKNOWN)
        yield from _told(standing, orders) if standing.life is Life.RUNNING else _left_behind(standing, orders)
    for name in book.unreadable:
        yield Finding(kind=TroubleKind.RECORD_UNREADABLE, key=f"unreadable:{name}", detail=f"order {name}")
    yield from _short(book.positions, trades.values())


def _by_trade(orders: Iterable[BrokerOrder]) -> dict[str, list[BrokerOrder]]:
    found: defaultdict[str, list[BrokerOrder]] = defaultdict(list)
    for order in orders:
        trade = TradeId.of_order(order.identifier)
        if trade is not None:
            found[trade.workflow_id].append(order)
    return found


def _told(standing: TradeStanding, orders: list[BrokerOrder]) -> Iterator[Finding]:
    """What a running trade has not heard of."""
    if standing.view is None:
        return
    known = _known(standing)
    for order in orders:
        held = known.get(order.order_id)
        if held is None or held.filled != order.filled or held.status is not order.status:
            yield Finding(
                kind=None,
                key=f"news:{order.order_id}:{order.status}:{order.filled}",
                detail=f"order {order.order_id} is {order.status}, filled {order.filled} of {order.quantity}",
                workflow_id=standing.workflow_id,
                news=order,
            )


def _left_behind(standing: TradeStanding, orders: list[BrokerOrder]) -> Iterator[Finding]:
    """What a trade that no longer runs has left in the market or in the account."""
    known = _known(standing)
    new = {order.order_id: order.filled - (known[order.order_id].filled if order.order_id in known else 0)
           for order in orders}  # fmt: skip
    entries = [order for order in orders if _role(order) is OrderRole.ENTRY]
    sales = [order for order in orders if _role(order) is not OrderRole.ENTRY]
    working = tuple(order.order_id for order in entries if not order.status.is_terminal)
    bought, sold = (sum(new[order.order_id] for order in side) for side in (entries, sales))
    held = _held(standing) + bought - sold
    out = sum(order.quantity - order.filled for order in sales if not order.status.is_terminal)
    is_abandoned = not standing.life.ended_by_itself and bool(held or out)
    if working or bought or is_abandoned:
        entry_words = f", entry orders {', '.join(map(str, working))} working" if working else ""
        yield Finding(
            kind=TroubleKind.ORPHAN,
            key=f"orphan:{standing.workflow_id}:{held}:{out}",
            detail=f"its workflow is {standing.life}: {held} held, {out} out for sale{entry_words}",
            workflow_id=standing.workflow_id,
            cancel=working,
        )
    elif sold > 0:
        yield Finding(
            kind=TroubleKind.SOLD_AFTER_END,
            key=f"sold:{standing.workflow_id}:{sold}",
            detail=f"{sold} sold, {held} held, {out} still out for sale",
            workflow_id=standing.workflow_id,
        )


def _short(positions: Iterable[Position], trades: Iterable[TradeStanding]) -> Iterator[Finding]:
    """Contracts of which trades that run have more than the account: their exits would sell what is not there."""
    held = {position.symbol: position.quantity for position in positions}
    ours: defaultdict[str, int] = defaultdict(int)
    for standing in trades:
        view = standing.view
        if standing.life is Life.RUNNING and view is not None and view.contract is not None and not view.dry_run:
            ours[view.contract.symbol] += view.filled - view.exited
    for symbol, quantity in ours.items():
        if held.get(symbol, 0) < quantity:
            yield Finding(
                kind=TroubleKind.POSITION_SHORT,
                key=f"short:{symbol}:{held.get(symbol, 0)}:{quantity}",
                detail=f"{symbol}: the broker holds {held.get(symbol, 0)}, running trades {quantity}",
            )


def _known(standing: TradeStanding) -> dict[int, BrokerOrder]:
    view = standing.view
    return {} if view is None else {order.order_id: order for order in (*view.entries, *view.exits)}


def _held(standing: TradeStanding) -> int:
    return 0 if standing.view is None else standing.view.filled - standing.view.exited


def _is_rehearsed(standing: TradeStanding) -> bool:
    return standing.view is not None and standing.view.dry_run


def _role(order: BrokerOrder) -> OrderRole | None:
    return role_of(order.identifier)
