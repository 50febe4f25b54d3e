"""Order calls and order look-ups. A call that changes something is made once; a look-up reads every page or fails."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
from tastytrade.order import (
    AdvancedInstructions,
    InstrumentType,
    Leg,
    LimitOrder,
    MarketOrder,
    OrderAction,
    OrderTimeInForce,
)

from activities.broker import outcomes
from activities.broker.cover import Cover
from activities.broker.limits import Family, ThrottledError
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of
from activities.broker.replies import Json, Reply
from activities.broker.session import BrokerSession, LoginError
from activities.broker.trading_days import NEW_YORK
from activities.kill_mark import KillMark
from domain.broker import CancelOrder, OrderById, OrderByIdentifier, OrderSearch, PlaceOrder, ReplaceOrder
from domain.errors import RetryableError
from domain.orders import BrokerOrder, LegAction, OrderAnswer, OrderRequest

log = logging.getLogger(__name__)

_PER_PAGE = 200  # the most the broker gives
_MOST_PAGES = 50
_CANCEL_PATIENCE = timedelta(seconds=5)
_STRICT = (LegAction.SELL_TO_CLOSE, LegAction.BUY_TO_CLOSE, LegAction.SELL_TO_OPEN)
Judge = Callable[[Reply], OrderAnswer]


class Orders:
    """The orders of one account."""

    def __init__(
        self,
        session: BrokerSession,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        mark: KillMark | None = None,
    ) -> None:
        self._session = session
        self._clock = clock
        self._mark = mark
        self._cover = Cover(session)

    async def place(self, request: PlaceOrder) -> OrderAnswer:
        """Send one order, or have it checked."""
        if uncovered := await self._cover.refusal(request):
            return uncovered
        path = f"{self._path}/dry-run" if request.dry_run else self._path
        judge = outcomes.of_dry_run if request.dry_run else outcomes.of_placement
        return await self._change("POST", path, judge, request.not_after, order_json(request.order), request)

    async def replace(self, request: ReplaceOrder) -> OrderAnswer:
        """Replace one order, or have the replacement checked. The legs stay the original's."""
        body = order_json(request.order, legs=False)
        path = f"{self._path}/{request.order_id}"
        if request.dry_run:
            return await self._change("POST", f"{path}/dry-run", outcomes.of_dry_run, request.not_after, body)
        return await self._change("PUT", path, outcomes.of_placement, request.not_after, body, request)

    async def cancel(self, request: CancelOrder) -> OrderAnswer:
        """Ask for a cancel. It is never too late for that."""
        not_after = self._clock() + _CANCEL_PATIENCE
        return await self._change("DELETE", f"{self._path}/{request.order_id}", outcomes.of_cancel, not_after)

    async def read(self, request: OrderById) -> BrokerOrder:
        """One order's record. RefusedError when there is none, RetryableError when it can't be read."""
        reply = await self._session.read(f"{self._path}/{request.order_id}", Family.ORDER_READS)
        try:
            return broker_order(reply.data)
        except UnreadableRecordError as error:
            raise RetryableError(f"order {request.order_id} is unreadable: {error}") from error

    async def find(self, request: OrderByIdentifier) -> OrderSearch:
        """Every order with the identifier. The broker has no such look-up: its lists are read to the last page.

        Today's list and the history are both asked, the latter from the day before, as the broker advises.
        """
        since = request.since.astimezone(NEW_YORK).date() - timedelta(days=1)
        live, history = await asyncio.gather(self.live(), self.history(since))
        ours = [raw for raw in (*live, *history) if identifier_of(raw) == request.identifier]
        return OrderSearch(orders=_newest_of_each(_readable(ours)))

    async def live(self) -> list[Json]:
        """All working orders, and all of today's."""
        return await self._all_pages(f"{self._path}/live", {})

    async def history(self, start: date) -> list[Json]:
        """All orders made since that day in New York."""
        return await self._all_pages(self._path, {"start-date": start.isoformat()})

    @property
    def _path(self) -> str:
        return f"{self._session.account_path}/orders"

    def _killed(self, request: PlaceOrder | ReplaceOrder | None) -> OrderAnswer | None:
        """Asked in the last moment: it may have waited for its turn while somebody pulled the kill."""
        if self._mark is None or request is None or request.dry_run:
            return None
        kill = self._mark.forbids(request.order.action)
        if kill is None:
            return None
        return outcomes.not_sent("killed", f"killed by {kill.by} at {kill.at:%Y-%m-%d %H:%M:%S %Z}")

    async def _change(
        self,
        method: str,
        path: str,
        judge: Judge,
        not_after: datetime,
        body: str | None = None,
        request: PlaceOrder | ReplaceOrder | None = None,
    ) -> OrderAnswer:
        """Make one call, once. What goes wrong before the request leaves is REFUSED; after that the table decides."""
        try:
            token = await self._session.token()
            await self._session.pacing.take(Family.ORDERS, max(not_after - self._clock(), timedelta(0)))
        except ThrottledError as error:
            return outcomes.not_sent("throttled", str(error))
        except LoginError as error:
            return outcomes.not_sent("no_token", str(error))
        if self._clock() > not_after:
            return outcomes.not_sent("too_late", f"not sent: it was to go before {not_after:%H:%M:%S.%f} UTC")
        if killed := self._killed(request):
            return killed
        try:
            reply = await self._session.send(method, path, body=body)
        except httpx2.HTTPError as error:
            return outcomes.of_failure(error)
        if reply.status == httpx2.codes.UNAUTHORIZED:
            await self._renew(token)
        return judge(reply)

    async def _renew(self, refused: str) -> None:
        """Only so that the next call has a good token: this one's answer stands."""
        try:
            await self._session.renew(refused)
        except LoginError as error:
            log.warning("the token was refused and could not be renewed: %s", error)

    async def _all_pages(self, path: str, params: dict[str, str]) -> list[Json]:
        rows: list[Json] = []
        for page in range(_MOST_PAGES):
            asked = {**params, "per-page": str(_PER_PAGE), "page-offset": str(page)}
            reply = await self._session.read(path, Family.ORDER_READS, asked)
            rows += _items(reply, path)
            if _is_last(reply, page):
                _must_be_whole(reply, rows, path)
                return rows
        raise RetryableError(f"GET {path}: more than {_MOST_PAGES} pages")


def order_json(request: OrderRequest, *, legs: bool = True) -> str:
    """The order as the SDK writes it; a replacement has no legs. `behavior` is for tastyware's own paper API only."""
    exclude = {"behavior"} if legs else {"behavior", "legs"}
    return str(_sdk_order(request).model_dump_json(exclude=exclude, exclude_none=True, by_alias=True))


def _sdk_order(request: OrderRequest) -> LimitOrder | MarketOrder:
    leg = Leg(
        instrument_type=InstrumentType(request.instrument_type),
        symbol=request.symbol,
        action=OrderAction(request.action),
        quantity=request.quantity,
    )
    # Without it the broker turns a close of more than its ledger shows, which lags fills by seconds, into an opening,
    # and may take what is to be sold first for the close of a position that somebody else holds.
    strict = AdvancedInstructions(strict_position_effect_validation=True) if request.action in _STRICT else None
    common: dict[str, Any] = {
        "time_in_force": OrderTimeInForce(request.time_in_force),
        "legs": [leg],
        "external_identifier": request.identifier,
        "advanced_instructions": strict,
    }
    if request.price is None:
        return MarketOrder(**common)
    return LimitOrder(price=-request.price if request.action.is_buy else request.price, **common)  # debit is negative


def _items(reply: Reply, path: str) -> list[Json]:
    if reply.items is None:
        raise RetryableError(f"GET {path}: no list in the answer")
    return reply.items


def _is_last(reply: Reply, page: int) -> bool:
    pagination = (reply.body or {}).get("pagination")
    if not isinstance(pagination, dict):
        return len(reply.items or ()) < _PER_PAGE
    return page >= int(pagination.get("total-pages") or 0) - 1


def _must_be_whole(reply: Reply, rows: list[Json], path: str) -> None:
    """A list that was cut short would make an order look absent."""
    pagination = (reply.body or {}).get("pagination")
    promised = int(pagination.get("total-items") or 0) if isinstance(pagination, dict) else 0
    if len(rows) < promised:
        raise RetryableError(f"GET {path}: {len(rows)} of {promised} orders")


def _readable(rows: Iterable[Json]) -> list[BrokerOrder]:
    """An order of ours that can't be read is not absent: the look-up failed."""
    try:
        return [broker_order(raw) for raw in rows]
    except UnreadableRecordError as error:
        raise RetryableError(f"an order was found, and is unreadable: {error}") from error


def _newest_of_each(orders: Iterable[BrokerOrder]) -> tuple[BrokerOrder, ...]:
    found: dict[int, BrokerOrder] = {}
    for order in orders:
        held = found.get(order.order_id)
        if held is None or _age(order) > _age(held):
            found[order.order_id] = order
    return tuple(found[order_id] for order_id in sorted(found))


def _age(order: BrokerOrder) -> tuple[int, datetime]:
    return order.filled, order.updated_at or datetime.min.replace(tzinfo=UTC)
