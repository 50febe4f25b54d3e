"""The survey: the broker's book and our trades, read side by side and compared. It changes nothing at the broker."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.broker.limits import Family
from activities.broker.orders import Orders
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of, whole
from activities.broker.session import BrokerSession
from activities.broker.signals import SIGNAL
from activities.broker.trading_days import NEW_YORK
from activities.interfaces import SurveyActivities
from activities.trades import TradeStandings
from domain.broker import OrderById, WatchAccount
from domain.errors import RefusedError, RetryableError
from domain.identifiers import TradeId
from domain.orders import BrokerOrder, OrderStatus
from domain.reconciliation import BrokerBook, Finding, Life, Position, Survey, TradeStanding, compare, counted_on
from domain.trouble import TroubleKind

_MOST_FINDINGS = 100  # in one answer; the next pass finds the rest
_LOOK_BACK = timedelta(days=1)
_SIGNS = {"Long": 1, "Short": -1, "Zero": 0}


class TastytradeSurvey(SurveyActivities):
    """Surveys one account."""

    def __init__(self, session: BrokerSession, orders: Orders, client: Client, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._orders = orders
        self._client = client
        self._trades = TradeStandings(client)
        self._clock = clock

    @activity.defn(name="survey_account")
    async def survey_account(self, request: WatchAccount) -> Survey:
        """One look at the whole account."""
        if request.account_number != self._session.endpoint.account_number:
            message = f"this worker has another account than {request.account_number}"
            raise ApplicationError(message, type="Refused", non_retryable=True)
        # The book first: what it shows, a running trade has had the time to hear of.
        book = await self._book()
        owners = {trade.workflow_id for order in book.orders if (trade := TradeId.of_order(order.identifier))}
        standings = await self._trades.of(sorted(owners | await self._trades.running()))
        findings = [*compare(book, standings), *await self._not_shown(book, standings)]
        running = [standing for standing in standings if standing.life is Life.RUNNING]
        return Survey(
            findings=tuple(findings[:_MOST_FINDINGS]),
            orders=len(book.orders),
            running=len(running),
            foreign=book.foreign,
            unasked=sum(standing.view is None for standing in running),
            unlisted=max(0, len(findings) - _MOST_FINDINGS),
        )

    @activity.defn(name="tell_trade")
    async def tell_trade(self, record: BrokerOrder) -> None:
        """As the account watch does."""
        trade = TradeId.of_order(record.identifier)
        if trade is None:
            raise ApplicationError("not an order of ours", type="Refused", non_retryable=True)
        try:
            await self._client.get_workflow_handle(trade.workflow_id).signal(SIGNAL, record)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _book(self) -> BrokerBook:
        since = (self._clock() - _LOOK_BACK).astimezone(NEW_YORK).date()
        live = await self._orders.live()
        rows = {str(raw.get("id")): raw for raw in (*await self._orders.history(since), *live)}
        readable, unreadable = _sorted(rows.values())
        foreign = sum(TradeId.of_order(identifier_of(raw)) is None and _works(raw) for raw in live)
        return BrokerBook(
            orders=tuple(readable),
            positions=tuple(await self._positions()),
            unreadable=tuple(unreadable),
            foreign=foreign,
        )

    async def _positions(self) -> list[Position]:
        reply = await self._session.read(f"{self._session.account_path}/positions", Family.POSITIONS)
        if reply.items is None:
            raise RetryableError("no list of positions in the answer")
        return [held for raw in reply.items if (held := position(raw)) is not None]

    async def _not_shown(self, book: BrokerBook, standings: Iterable[TradeStanding]) -> list[Finding]:
        """Orders that trades count on and no list shows, asked for one by one."""
        found = []
        for workflow_id, order in counted_on(book, standings)[:_MOST_FINDINGS]:
            try:
                record = await self._orders.read(OrderById(order_id=order.order_id))
            except RefusedError as error:
                finding = Finding(
                    kind=TroubleKind.ORDER_MISSING,
                    key=f"missing:{order.order_id}",
                    detail=f"order {order.order_id} ({order.identifier}): {error}",
                    workflow_id=workflow_id,
                )
                found.append(finding)
                continue
            if (record.status, record.filled) != (order.status, order.filled):
                found.append(Finding(kind=None, key=f"news:{order.order_id}:{record.status}:{record.filled}",
                    detail=f"order {record.order_id} is {record.status}", workflow_id=workflow_id,
                    news=record))  # fmt: skip
        return found


def _sorted(rows: Iterable[Any]) -> tuple[list[BrokerOrder], list[str]]:
    """Our orders, and the names of those that can't be read. Other people's are left alone."""
    readable, unreadable = [], []
    for raw in rows:
        identifier = identifier_of(raw)
        if TradeId.of_order(identifier) is None:
            continue
        try:
            readable.append(broker_order(raw))
        except UnreadableRecordError:
            unreadable.append(f"{raw.get('id')} ({identifier})")
    return sorted(readable, key=lambda order: order.order_id), unreadable


def _works(raw: Any) -> bool:
    try:
        return not OrderStatus(str(raw.get("status"))).is_terminal
    except ValueError:
        return True


def position(raw: Any) -> Position | None:
    """One entry of the broker's list; None for a position in fractions, which is not this program's."""
    try:
        quantity = whole(raw["quantity"]) * _SIGNS[str(raw["quantity-direction"])]
        return Position(symbol=str(raw["symbol"]), quantity=quantity)
    except (KeyError, ValueError, TypeError):
        return None
