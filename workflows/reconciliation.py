"""Reconciliation: the broker's book against our trades, in one pass, on start and on a schedule.

Look, heal what can't hurt, look again, and tell an operator of what is left and of what was healed by force. A second
pass over what the first has healed changes nothing (invariant 20).
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import BrokerActivities, SurveyActivities
    from domain.audit import AuditEvent, AuditKind
    from domain.broker import CancelOrder, OrderById, WatchAccount
    from domain.frozen import Frozen
    from domain.identifiers import desk_workflow_id
    from domain.orders import BrokerOrder
    from domain.reconciliation import Finding, Survey
    from domain.trouble import Trouble, TroubleKind
    from workflows.outbox import Outbox
    from workflows.paging import page_operator

_READ_RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    maximum_attempts=8,
    maximum_interval=timedelta(seconds=15),
)
_LOOK_TIME = timedelta(seconds=60)
_CALL_TIME = timedelta(seconds=15)
# Fills reach the broker's list of positions some seconds after the order's own record, and trades hear by signals.
_SETTLES = timedelta(seconds=15)
_CANCEL_LOOKS = 20
_LOOK_PAUSE = timedelta(seconds=1)


class ReconciliationReport(Frozen):
    """What one pass did: counts, what was healed, and what an operator was told of."""

    orders: int
    running: int
    foreign: int
    told: int = 0  # records that running trades had not heard of
    cancelled: tuple[int, ...] = ()  # entry orders of trades that no longer run
    troubles: tuple[str, ...] = ()  # their keys


@workflow.defn
class Reconciliation:
    """One pass over one account."""

    def __init__(self) -> None:
        self._outbox = Outbox()
        self._written = 0

    @workflow.run
    async def run(self, request: WatchAccount) -> ReconciliationReport:
        """Compare, heal, compare again, report."""
        first = await self._look(request)
        if first is None:
            trouble = self._trouble(TroubleKind.ACCOUNT_UNREAD, f"unread:{workflow.info().workflow_id}", "")
            await self._tell_operator(request.account_number, trouble)
            return ReconciliationReport(orders=0, running=0, foreign=0, troubles=(trouble.key,))
        told, cancelled = await self._heal(first)
        left = first
        if first.findings:
            await workflow.sleep(_SETTLES, summary="the broker's lists settle, then a second look")
            left = await self._look(request) or first
        keys = await self._report(request.account_number, first, left)
        await self._outbox.emptied()
        return ReconciliationReport(
            orders=left.orders,
            running=left.running,
            foreign=left.foreign,
            told=told,
            cancelled=tuple(cancelled),
            troubles=keys,
        )

    async def _look(self, request: WatchAccount) -> Survey | None:
        try:
            return await workflow.execute_activity_method(
                SurveyActivities.survey_account,
                request,
                start_to_close_timeout=_LOOK_TIME,
                retry_policy=_READ_RETRIES,
                summary="The broker's orders and positions beside our trades",
            )
        except ActivityError:
            return None

    async def _heal(self, survey: Survey) -> tuple[int, list[int]]:
        told, cancelled = 0, []
        for finding in survey.findings:
            if finding.news is not None:
                told += await self._tell_trade(finding.news)
            for order_id in finding.cancel:
                await self._take_off(order_id, finding)
                cancelled.append(order_id)
        return told, cancelled

    async def _tell_trade(self, record: BrokerOrder) -> bool:
        try:
            await workflow.execute_activity_method(
                SurveyActivities.tell_trade,
                record,
                start_to_close_timeout=_CALL_TIME,
                retry_policy=_READ_RETRIES,
                summary=f"Tell its trade: order {record.order_id} is {record.status}, filled {record.filled}",
            )
        except ActivityError:
            return False
        return True

    async def _take_off(self, order_id: int, finding: Finding) -> None:
        """Cancel an entry order that nobody works any more, and stay until the broker's record shows its end."""
        self._write(finding, order_id, f"cancel {order_id}: its trade no longer runs")
        for _ in range(_CANCEL_LOOKS):
            record = await self._read(order_id)
            if record is not None and record.status.is_terminal:
                self._write(finding, order_id, f"order {order_id} is {record.status}, filled {record.filled}")
                return
            if record is None or record.status.awaits_cancel:
                await self._ask_cancel(order_id)
            await workflow.sleep(_LOOK_PAUSE, summary=f"is order {order_id} off the market?")

    async def _ask_cancel(self, order_id: int) -> None:
        """Asking twice is harmless; what it led to is read."""
        try:
            await workflow.execute_activity_method(
                BrokerActivities.cancel_order,
                CancelOrder(order_id=order_id),
                start_to_close_timeout=_CALL_TIME,
                retry_policy=_READ_RETRIES,
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
                retry_policy=_READ_RETRIES,
                summary=f"Read order {order_id}",
            )
        except ActivityError:
            return None

    async def _report(self, account_number: str, first: Survey, left: Survey) -> tuple[str, ...]:
        """What was healed by force, and what both looks found; a difference of one moment is nobody's trouble."""
        twice = {finding.key for finding in first.findings}
        keys = []
        for finding in (*[f for f in first.findings if f.cancel], *left.findings):
            if finding.kind is None or finding.key in keys:
                continue
            if finding.kind is TroubleKind.POSITION_SHORT and finding.key not in twice:
                continue
            await self._tell_operator(
                account_number, self._trouble(finding.kind, finding.key, finding.detail, finding.workflow_id)
            )
            keys.append(finding.key)
        return tuple(keys)

    async def _tell_operator(self, account_number: str, trouble: Trouble) -> None:
        desk = workflow.get_external_workflow_handle(desk_workflow_id(account_number))
        try:
            await desk.signal("trouble", trouble)
        except ApplicationError:
            await page_operator(account_number, (trouble,))

    def _trouble(self, kind: TroubleKind, key: str, detail: str, workflow_id: str | None = None) -> Trouble:
        return Trouble(kind=kind, key=key, detail=detail, at=workflow.now(), workflow_id=workflow_id)

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
