"""What the page shows of the exchange at one moment: bounded in size, and made without walking the whole book.

Looking changes nothing: quotes are glimpsed, and no order is touched.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import islice, takewhile
from typing import NamedTuple

from domain.frozen import Frozen
from paper.control.board import contract_row, contracts, ladders, liveliest, underlying_rows
from paper.control.ladder import Ladder
from paper.control.recollection import Recollection
from paper.control.rows import (
    ContractRow,
    FaultRow,
    FillRow,
    OrderRow,
    PositionRow,
    QuoteRow,
    fault_row,
    fill_row,
    order_row,
    position_row,
    unrealised,
)
from paper.control.wording import money_text, signed_text
from paper.exchange import Exchange
from paper.faults import Faults
from paper.listings.calendar import NEW_YORK
from paper.listings.sessions import Hours
from paper.trading.account import Position
from paper.trading.orders import Execution, Order
from paper.wire.gate import RequestLog
from paper.wire.order_json import iso

_OPEN_ORDERS = 50
_POSITIONS = 50
_FAULTS = 20
_RATE = timedelta(seconds=5)  # over which the requests a second are told
_TOO_MANY = 429
_LONGEST_NAME = 24
_ZERO = Decimal(0)


class SessionState(Frozen):
    """Whether the market is open and by whose word; `clock` and `day` are the exchange's own, in New York.

    `ahead` is by how much that clock was put forward, `replayed` the name of the recording that is played.
    """

    state: str
    futures: str
    mode: str
    day: str
    clock: str
    ahead: str
    seed: int
    pinned: int
    replayed: str


class AccountState(Frozen):
    """The account in dollars. The day's profit is what was realised, less fees, and what is open."""

    number: str
    cash: str
    buying_power: str
    reserved: str
    net_liquidating_value: str
    profit_today: str
    realised: str
    unrealised: str
    fees: str


class Requests(Frozen):
    """How busy the broker's API is: answers a second, in all, and how many were refused as too many."""

    per_second: str
    total: int
    too_many: int


class Snapshot(Frozen):
    """Everything the page shows. The `..._left_out` say how many rows more there would be."""

    session: SessionState
    account: AccountState
    requests: Requests
    underlyings: tuple[QuoteRow, ...]
    contracts: tuple[ContractRow, ...]
    ladders: tuple[Ladder, ...]
    liveliest: str | None
    contracts_left_out: int
    open_orders: tuple[OrderRow, ...]
    open_orders_left_out: int
    ended_orders: tuple[OrderRow, ...]
    fills: tuple[FillRow, ...]
    positions: tuple[PositionRow, ...]
    positions_left_out: int
    faults: tuple[FaultRow, ...]


class _Valued(NamedTuple):
    position: Position
    mark: Decimal


def snapshot(
    exchange: Exchange, recollection: Recollection, log: RequestLog, faults: Faults, chosen: Iterable[str] = ()
) -> Snapshot:
    """The exchange as it stands now, with the ladders of the contracts that are `chosen` and of the liveliest."""
    today = exchange.listings.today
    valued = [_Valued(position, _mark(exchange, position)) for position in _positions(exchange)]
    followed, contracts_left_out = contracts(exchange)
    working, lively = exchange.book.open_orders(), liveliest(exchange)

    def row(order: Order) -> OrderRow:
        ahead = exchange.matcher.queue.ahead(order.id)
        version = order.updated_at, order.status, ahead, today
        return recollection.order_rows.row(order.id, version, lambda: order_row(order, ahead, today))

    def fill(execution: Execution) -> FillRow:
        return recollection.fill_rows.row(execution.fill_id, today, lambda: fill_row(execution, today))

    return Snapshot(
        session=_session(exchange),
        account=_account(exchange, recollection, valued),
        requests=_requests(exchange, log),
        underlyings=tuple(underlying_rows(exchange, recollection)),
        contracts=tuple(contract_row(exchange, recollection, instrument) for instrument in followed),
        contracts_left_out=contracts_left_out,
        ladders=tuple(ladders(exchange, dict.fromkeys(filter(None, (lively, *chosen))))),
        liveliest=lively,
        open_orders=tuple(map(row, islice(reversed(working), _OPEN_ORDERS))),
        open_orders_left_out=max(0, len(working) - _OPEN_ORDERS),
        ended_orders=tuple(map(row, recollection.ended())),
        fills=tuple(map(fill, reversed(recollection.fills))),
        positions=tuple(position_row(*entry, today) for entry in valued[:_POSITIONS]),
        positions_left_out=max(0, len(valued) - _POSITIONS),
        faults=tuple(fault_row(fault) for fault in faults.armed[: -_FAULTS - 1 : -1]),
    )


def _session(exchange: Exchange) -> SessionState:
    now, ahead = exchange.clock().astimezone(NEW_YORK), exchange.clock.ahead.total_seconds()
    return SessionState(
        state=exchange.sessions.state(Hours.REGULAR),
        futures=exchange.sessions.state(Hours.FUTURES),
        mode=exchange.sessions.mode.value,
        day=f"{now:%a %b} {now.day}",
        clock=f"{now:%H:%M:%S}",
        ahead=f"+{timedelta(seconds=round(ahead))}" if ahead else "",
        seed=exchange.settings.seed,
        pinned=len(exchange.market.pinned_symbols),
        replayed="" if exchange.replay.playing is None else exchange.replay.playing.path.name[:_LONGEST_NAME],
    )


def _account(exchange: Exchange, recollection: Recollection, valued: list[_Valued]) -> AccountState:
    today, cash = exchange.listings.today, exchange.account.cash
    open_profit = sum((unrealised(position, mark) for position, mark in valued), _ZERO)
    realised = sum((p.realised_today for p, _ in valued if p.realised_on == today), _ZERO)
    return AccountState(
        number=exchange.account.number,
        cash=money_text(cash),
        buying_power=money_text(exchange.available()),
        reserved=money_text(exchange.book.reserved),
        net_liquidating_value=money_text(cash + sum((p.value(mark) for p, mark in valued), _ZERO)),
        profit_today=signed_text(realised + open_profit - recollection.fees_today),
        realised=signed_text(realised),
        unrealised=signed_text(open_profit),
        fees=signed_text(-recollection.fees_today),
    )


def _requests(exchange: Exchange, log: RequestLog) -> Requests:
    since = iso(exchange.clock() - _RATE)
    recent = sum(1 for _ in takewhile(lambda request: request["at"] >= since, reversed(log.recent)))
    return Requests(
        per_second=f"{recent / _RATE.total_seconds():.1f}",
        total=log.statuses.total(),
        too_many=log.statuses[_TOO_MANY],
    )


def _positions(exchange: Exchange) -> list[Position]:
    """What is held, then what was closed today."""
    today, positions = exchange.listings.today, exchange.account.positions.values()
    held = sorted((p for p in positions if p.quantity), key=lambda p: p.symbol)
    closed = sorted((p for p in positions if not p.quantity and p.realised_on == today), key=lambda p: p.symbol)
    return held + closed


def _mark(exchange: Exchange, position: Position) -> Decimal:
    """What a position is valued at; what it was traded at when it is no longer quoted."""
    instrument = exchange.listings.find(position.symbol)
    price = None if instrument is None else exchange.market.glimpse(instrument).mid
    return position.average_price if price is None or not price.is_finite() else price
