"""Reconciliation: the broker's book against our trades, in one pass, on start and on a schedule.

Look, heal what can't hurt, look again, and tell an operator of what is left and of what was healed by force. A second
pass over what the first has healed changes nothing (invariant 20).
"""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import BrokerActivities, SurveyActivities
    from domain.audit import AuditEvent, AuditKind
    from domain.broker import CancelOrder, OrderById, WatchAccount
    from domain.desk import TradeReport
    from domain.frozen import Frozen
    from domain.identifiers import desk_workflow_id
    from domain.orders import BrokerOrder
    from domain.survey import MAY_PASS, Finding, Survey
    from domain.trouble import Trouble, TroubleKind
    from workflows.outbox import Outbox
    from workflows.paging import call_operator

_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
# A pass has an end, whatever the broker does: two looks and the healing between them fit in the schedule's interval.
_LOOK_TIME = timedelta(seconds=60)
_LOOK_TIME_IN_ALL = timedelta(minutes=2)
_LOOK_BEAT = timedelta(seconds=5)  # a worker that died with a look under way costs seconds
_CALL_TIME = timedelta(seconds=15)
_CALL_TIME_IN_ALL = timedelta(seconds=30)
_HEALS_WITHIN = timedelta(minutes=2)
_AT_ONCE = 4  # of the order calls that the broker allows, which trades need too
_LOOK_PAUSE = timedelta(seconds=1)
# Fills reach the broker's list of positions some seconds after the order's own record, and trades hear by signals.
_SETTLES = timedelta(seconds=15)


class ReconciliationReport(Frozen):
    """What one pass did: counts, what was healed, and what an operator was told of.

    `unasked` counts trades that did not answer, `unlisted` differences that one pass had no room for.
    """

    orders: int
    running: int
    foreign: int
    unasked: int = 0
    unlisted: int = 0
    told: int = 0  # records that running trades had not heard of
    cancelled: tuple[int, ...] = ()  # entry orders of trades that no longer run
    gone: tuple[str, ...] = ()  # trades that were told that what they sold first is short no more
    freed: tuple[str, ...] = ()  # trades that no longer run and held money at the desk
    troubles: tuple[str, ...] = ()  # their keys


@workflow.defn
class Reconciliation:
    """One pass over one account."""

    def __init__(self) -> None:
        self._outbox = Outbox()
        self._written = 0
        self._told = 0
        self._freed: set[str] = set()  # trades that held a place at the desk and no longer run
        self._gone: list[str] = []  # trades that were told that what they sold first is short no more
        self._cancelled: set[int] = set()  # orders of which a cancel was asked
        self._places = asyncio.Semaphore(_AT_ONCE)

    @workflow.run
    async def run(self, request: WatchAccount) -> ReconciliationReport:
        """Compare, heal, compare again, report."""
        try:
            first = await self._look(request)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            trouble = _unread(error)
            await call_operator(request.account_number, (trouble,))
            return ReconciliationReport(orders=0, running=0, foreign=0, troubles=(trouble.key,))
        await self._heal(request.account_number, first)
        left = await self._second_look(request) if first.findings else None
        if left is not None:
            await self._heal(request.account_number, left)  # what came up meanwhile need not wait for the next pass
            await self._tell_of_gone(first, left)
        troubles = _troubles(first, left, self._cancelled)
        await call_operator(request.account_number, troubles)
        await self._outbox.emptied()
        return self._reported(left or first, troubles)

    def _reported(self, last: Survey, troubles: tuple[Trouble, ...]) -> ReconciliationReport:
        return ReconciliationReport(
            orders=last.orders,
            running=last.running,
            foreign=last.foreign,
            unasked=last.unasked,
            unlisted=last.unlisted,
            told=self._told,
            cancelled=tuple(sorted(self._cancelled)),
            gone=tuple(self._gone),
            freed=tuple(sorted(self._freed)),
            troubles=tuple(trouble.key for trouble in troubles),
        )

    async def _look(self, request: WatchAccount) -> Survey:
        return await workflow.execute_activity_method(
            SurveyActivities.survey_account,
            request,
            start_to_close_timeout=_LOOK_TIME,
            schedule_to_close_timeout=_LOOK_TIME_IN_ALL,
            heartbeat_timeout=_LOOK_BEAT,
            retry_policy=_RETRIES,
            summary="The broker's orders and positions beside our trades",
        )

    async def _second_look(self, request: WatchAccount) -> Survey | None:
        await workflow.sleep(_SETTLES, summary="the broker's lists settle, then a second look")
        try:
            return await self._look(request)
        except ActivityError:
            return None

    async def _heal(self, account_number: str, survey: Survey) -> None:
        """Risk first: what a dead trade may still buy, then what running ones have not heard."""
        until = workflow.now() + _HEALS_WITHIN
        orphans = [(order_id, finding) for finding in survey.findings for order_id in finding.cancel]
        await asyncio.gather(*(self._take_off(order_id, finding, until) for order_id, finding in orphans))
        await self._free_places(account_number, survey.ended)
        records = [finding.news for finding in survey.findings if finding.news is not None]
        await asyncio.gather(*(self._tell_trade(record) for record in records))

    async def _free_places(self, account_number: str, ended: Iterable[str]) -> None:
        """What a trade said at its end, said for one that could not: its money and its place are free again."""
        desk = workflow.get_external_workflow_handle(desk_workflow_id(account_number))
        for workflow_id in ended:
            over = TradeReport(workflow_id=workflow_id, reserved=Decimal(0), over=True, at=workflow.now())
            try:
                await desk.signal("trade_report", over)
            except ApplicationError:
                workflow.logger.warning("the desk is not running")
            else:
                self._freed.add(workflow_id)

    async def _tell_trade(self, record: BrokerOrder) -> None:
        async with self._places:
            try:
                await workflow.execute_activity_method(
                    SurveyActivities.tell_trade,
                    record,
                    start_to_close_timeout=_CALL_TIME,
                    schedule_to_close_timeout=_CALL_TIME_IN_ALL,
                    retry_policy=_RETRIES,
                    summary=f"Tell its trade: order {record.order_id} is {record.status}, filled {record.filled}",
                )
            except ActivityError:
                workflow.logger.warning("the trade of order %s could not be told now", record.order_id)
            else:
                self._told += 1

    async def _tell_of_gone(self, first: Survey, left: Survey) -> None:
        """What two looks agree on: a trade's buy-back must not stand for what is short no more. It is told a total."""
        once = {finding.key for finding in first.findings}
        for gone in (gone for finding in left.findings if finding.key in once for gone in finding.gone):
            try:
                await workflow.get_external_workflow_handle(gone.workflow_id).signal("short_gone", gone)
            except ApplicationError:
                workflow.logger.info("trade %s is over already", gone.workflow_id)
            else:
                self._gone.append(gone.workflow_id)

    async def _take_off(self, order_id: int, finding: Finding, until: datetime) -> None:
        """Cancel an entry order that nobody works any more, and stay until the broker's record shows its end."""
        async with self._places:
            while workflow.now() < until:
                record = await self._read(order_id)
                if record is not None and record.status.is_terminal:
                    if order_id in self._cancelled:
                        self._write(finding, order_id, f"order {order_id} is {record.status}, filled {record.filled}")
                    return
                if record is None or record.status.awaits_cancel:
                    await self._ask_cancel(order_id, finding)
                await workflow.sleep(_LOOK_PAUSE, summary=f"is order {order_id} off the market?")

    async def _ask_cancel(self, order_id: int, finding: Finding) -> None:
        """Asking twice is harmless; what it led to is read."""
        if order_id not in self._cancelled:
            self._write(finding, order_id, f"cancel {order_id}: its trade no longer runs")
        self._cancelled.add(order_id)
        try:
            await workflow.execute_activity_method(
                BrokerActivities.cancel_order,
                CancelOrder(order_id=order_id),
                start_to_close_timeout=_CALL_TIME,
                schedule_to_close_timeout=_CALL_TIME_IN_ALL,
                retry_policy=_RETRIES,
                summary=f"Cancel order {order_id}, which no trade works",
            )
        except ActivityError:
            workflow.logger.warning("order %s could not be cancelled now", order_id)

    async def _read(self, order_id: int) -> BrokerOrder | None:
        try:
            return await workflow.execute_activity_method(
                BrokerActivities.read_order,
                OrderById(order_id=order_id),
                start_to_close_timeout=_CALL_TIME,
                schedule_to_close_timeout=_CALL_TIME_IN_ALL,
                retry_policy=_RETRIES,
                summary=f"Read order {order_id}",
            )
        except ActivityError:
            return None

    def _write(self, finding: Finding, order_id: int, detail: str) -> None:
        self._written += 1
        own_id = workflow.info().workflow_id
        self._outbox.put(
            AuditEvent(
                event_id=f"{own_id}:{self._written}",
                at=workflow.now(),
                kind=AuditKind.CANCEL,
                workflow_id=finding.workflow_id or own_id,
                order_id=order_id,
                detail=detail,
            )
        )


def _troubles(first: Survey, left: Survey | None, cancelled: Collection[int]) -> tuple[Trouble, ...]:
    """What is left after the healing, and what was healed by force.

    What may pass by itself is told when two looks have found it: a difference of one moment is nobody's trouble.
    """
    twice = {finding.key for finding in first.findings} if left is not None else set()
    now = [
        finding
        for finding in (left or first).findings
        if finding.kind is not None and (finding.kind not in MAY_PASS or finding.key in twice)
    ]
    told = {finding.workflow_id for finding in now if finding.kind is TroubleKind.ORPHAN}
    forced = [finding for finding in first.findings if not set(finding.cancel).isdisjoint(cancelled)]
    asked = {finding.workflow_id: finding.cancel for finding in forced}
    healed = [finding for finding in forced if finding.workflow_id not in told]
    by_key = {finding.key: finding for finding in (*healed, *now)}
    return tuple(_trouble(finding, asked.get(finding.workflow_id, ())) for finding in by_key.values())


def _trouble(finding: Finding, cancelled: Iterable[int]) -> Trouble:
    ids = ", ".join(map(str, cancelled))
    was = f"; cancelled by reconciliation: {ids}" if ids else ""
    return Trouble(
        kind=finding.kind or TroubleKind.ORPHAN,
        key=finding.key,
        detail=f"{finding.detail}{was}",
        at=workflow.now(),
        workflow_id=finding.workflow_id,
    )


def _unread(error: ActivityError) -> Trouble:
    """Told once an hour at most, however often it is tried."""
    now = workflow.now()
    return Trouble(
        kind=TroubleKind.ACCOUNT_UNREAD, key=f"unread:{now:%Y-%m-%dT%H}", detail=str(error.cause or error), at=now
    )
