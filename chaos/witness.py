"""Gathers the evidence: the book from the exchange, the view from the workflow, the rows from the audit log."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError

from activities.audit.remote import RemoteAudit
from chaos.checker import Violation, check_trade, check_whole
from chaos.discord import Delivered
from chaos.evidence import BookOrder, Evidence
from chaos.exchange import Exchange
from domain.alert import AlertMessage
from domain.audit import AuditEvent
from domain.audit_queries import TradeAuditQuery
from domain.errors import AlertladderError
from domain.identifiers import snowflake_time
from domain.reading import read
from domain.trade import TradeView
from workflows.alert_trade import AlertTrade

_LOOK_EVERY = 1.0  # seconds
_QUERY_TIME = timedelta(seconds=5)
_QUERIES = 5
_TRADES = "WorkflowType = 'AlertTrade'"
_ROOM = timedelta(seconds=60)  # of a message's age at its first delivery: what is older was planned so


@dataclass(frozen=True)
class Findings:
    """What was found at the end: every trade's evidence, and whatever is wrong."""

    trades: Sequence[Evidence]
    violations: Sequence[Violation]
    orders: Sequence[BookOrder]


class Witness:
    """Looks at trades from outside."""

    def __init__(self, client: Client, exchange: Exchange, max_alert_age: timedelta) -> None:
        self._client = client
        self._exchange = exchange
        self._max_alert_age = max_alert_age
        self._audit = RemoteAudit(client)

    async def at_rest(self, delivered: Iterable[Delivered], within: float) -> None:
        """Return once nothing is wrong with any of these trades, or when the time is over: faults have ended."""
        pending = list(delivered)
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while pending:
                    book = await self.book()
                    pending = [one for one in pending if self._wrong(await self.evidence(one, book))]
                    await asyncio.sleep(_LOOK_EVERY if pending else 0)

    async def findings(self, delivered: Sequence[Delivered]) -> Findings:
        """Everything about everything, as it stands now."""
        book = await self.book()
        trades = [await self.evidence(one, book) for one in delivered]
        found = [violation for trade in trades for violation in self._wrong(trade)]
        hands = {order_id: option.symbol for order_id, option in self._exchange.by_hand.items()}
        listed = Counter([execution.id async for execution in self._client.list_workflows(_TRADES)])
        chain = await self._audit.audit_verify()
        found += check_whole(book, hands, [one.workflow_id for one in delivered], listed, chain)
        return Findings(trades, found, book)

    async def book(self) -> list[BookOrder]:
        """All orders of the exchange's own book."""
        return [BookOrder.of(wire) for wire in (await self._exchange.book())["orders"]]

    async def evidence(self, one: Delivered, book: Sequence[BookOrder]) -> Evidence:
        """One trade as it stands now."""
        handle: WorkflowHandle[AlertTrade, TradeView] = self._client.get_workflow_handle(one.workflow_id)
        query = f"WorkflowId = '{one.workflow_id}'"
        runs = [execution async for execution in self._client.list_workflows(query)]
        newest = runs[0] if runs else None
        return Evidence(
            workflow_id=one.workflow_id,
            message=one.message,
            asked=_asked(one.message),
            view=await _view(handle),
            runs=len(runs),
            status=newest.status.name if newest and newest.status else "unknown",
            closed_at=newest.close_time if newest else None,
            orders=[order for order in book if order.trade == one.workflow_id],
            rows=await self._rows(one.workflow_id),
            begun=one.begun,
            born_old=one.first_handed_at - snowflake_time(one.message.message_id) > _ROOM,
        )

    def _wrong(self, trade: Evidence) -> list[Violation]:
        return check_trade(trade, self._max_alert_age)

    async def _rows(self, workflow_id: str) -> list[AuditEvent]:
        rows: list[AuditEvent] = []
        after: int | None = 0
        with suppress(AlertladderError):
            while after is not None:
                page = await self._audit.audit_trade(TradeAuditQuery(workflow_id=workflow_id, after=after))
                rows += [row.event for row in page.rows]
                after = page.next_seq
        return rows


def _asked(message: AlertMessage) -> int:
    return read(message.text, message.posted_at).alerts[0].quantity or 0


async def _view(handle: WorkflowHandle[AlertTrade, TradeView]) -> TradeView | None:
    for _ in range(_QUERIES):  # the worker that had it cached may be the one that was killed
        with suppress(RPCError, WorkflowQueryFailedError):
            return await handle.query(AlertTrade.view, rpc_timeout=_QUERY_TIME)
    return None
