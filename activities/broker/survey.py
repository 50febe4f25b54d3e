"""The survey: the broker's book and our trades, read side by side and compared. It changes nothing at the broker."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.beating import beating
from activities.broker.orders import Orders
from activities.broker.positions import positions
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of
from activities.broker.replies import Json
from activities.broker.session import BrokerSession
from activities.broker.signals import SIGNAL
from activities.broker.temporal_terms import in_temporals_terms
from activities.broker.trading_days import NEW_YORK
from activities.interfaces import SurveyActivities
from activities.trades import TradeStandings
from domain.broker import OrderById, WatchAccount
from domain.errors import RefusedError
from domain.identifiers import TradeId
from domain.ledger import merged
from domain.orders import BrokerOrder, OrderStatus
from domain.reconciliation import compare, counted_on, news
from domain.survey import BrokerBook, Finding, Life, Survey, TradeStanding
from domain.trouble import TroubleKind

# In one answer, of which Temporal takes 2 MB and warns from 512 KB; the next pass finds the rest.
_MOST_FINDINGS = 500
_MOST_BYTES = 400_000
_MOST_ASKED_FOR = 100  # orders, one by one
_PATIENCE = timedelta(seconds=5)
_LOOK_BACK = timedelta(days=1)


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
        with in_temporals_terms():
            return await beating(self._survey())

    async def _survey(self) -> Survey:
        book = await self._book()  # before the trades are asked: what they know beyond it is newer
        owners = {trade.workflow_id for order in book.orders if (trade := TradeId.of_order(order.identifier))}
        counted = await self._trades.open_at_desk(self._session.endpoint.account_number)
        standings = await self._trades.of(sorted(owners | counted | await self._trades.running()))
        findings = [*compare(book, standings), *await self._not_shown(book, standings)]
        running = [standing for standing in standings if standing.life is Life.RUNNING]
        listed = _that_fit(findings)
        return Survey(
            findings=listed,
            ended=tuple(one.workflow_id for one in standings if one.workflow_id in counted and one not in running),
            orders=len(book.orders),
            running=len(running),
            foreign=book.foreign,
            unasked=sum(standing.view is None and standing.life is not Life.UNKNOWN for standing in standings),
            unlisted=len(findings) - len(listed),
        )

    @activity.defn(name="tell_trade")
    async def tell_trade(self, record: BrokerOrder) -> None:
        """As the account watch does."""
        trade = TradeId.of_order(record.identifier)
        if trade is None:
            raise ApplicationError("not an order of ours", type="Refused", non_retryable=True)
        try:
            await self._client.get_workflow_handle(trade.workflow_id).signal(SIGNAL, record, rpc_timeout=_PATIENCE)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _book(self) -> BrokerBook:
        now = self._clock()
        live = await self._orders.live()
        history = await self._orders.history((now - _LOOK_BACK).astimezone(NEW_YORK).date())
        readable, unreadable = _sorted((*live, *history))
        foreign = sum(TradeId.of_order(identifier_of(raw)) is None and _works(raw) for raw in live)
        return BrokerBook(
            at=now,
            orders=tuple(readable),
            positions=tuple(await positions(self._session)),
            unreadable=tuple(unreadable),
            foreign=foreign,
        )

    async def _not_shown(self, book: BrokerBook, standings: Iterable[TradeStanding]) -> list[Finding]:
        """Orders that trades count on and no list shows, asked for one by one."""
        asked = [await self._ask(*one) for one in counted_on(book, standings)[:_MOST_ASKED_FOR]]
        return [finding for finding in asked if finding is not None]

    async def _ask(self, workflow_id: str, order: BrokerOrder) -> Finding | None:
        try:
            record = await self._orders.read(OrderById(order_id=order.order_id))
        except RefusedError as error:
            return Finding(
                kind=TroubleKind.ORDER_MISSING,
                key=f"missing:{order.order_id}",
                detail=f"order {order.order_id} ({order.identifier}): {error}",
                workflow_id=workflow_id,
            )
        return news(workflow_id, order, record)


def _that_fit(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """As many as one answer takes: what heals comes first, and of that what takes risk off the market."""
    listed: list[Finding] = []
    size = 0
    for finding in sorted(findings, key=lambda finding: (not finding.cancel, finding.news is None)):
        size += len(finding.model_dump_json())
        if size > _MOST_BYTES or len(listed) == _MOST_FINDINGS:
            break
        listed.append(finding)
    return tuple(listed)


def _sorted(rows: Iterable[Json]) -> tuple[list[BrokerOrder], list[str]]:
    """Our orders, the newest record of each, and the names of those that can't be read. Others' are left alone."""
    readable: dict[int, BrokerOrder] = {}
    unreadable: dict[str, str] = {}
    for raw in rows:
        identifier = identifier_of(raw)
        if TradeId.of_order(identifier) is None:
            continue
        try:
            order = broker_order(raw)
        except UnreadableRecordError:
            unreadable[str(raw.get("id"))] = f"{raw.get('id')} ({identifier})"
        else:
            readable[order.order_id] = merged(readable.get(order.order_id), order)
    orders = [readable[order_id] for order_id in sorted(readable)]
    return orders, [name for order_id, name in unreadable.items() if order_id not in map(str, readable)]


def _works(raw: Any) -> bool:
    try:
        return not OrderStatus(str(raw.get("status"))).is_terminal
    except ValueError:
        return True
