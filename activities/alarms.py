"""What a long activity can do about trouble by itself: tell the desk, and ask for a reconciliation now."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from domain.identifiers import desk_workflow_id, reconciliation_id
from domain.trouble import Trouble, TroubleKind

log = logging.getLogger(__name__)
_NOT_MORE_OFTEN = timedelta(seconds=30)
_PATIENCE = timedelta(seconds=5)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Alarms:
    """One account's. Nothing here raises: who calls has something more important to go on with."""

    def __init__(self, client: Client, account_number: str, clock: Callable[[], datetime] = utc_now) -> None:
        self.now = clock
        self._client = client
        self._account_number = account_number
        self._asked_at = datetime.min.replace(tzinfo=UTC)

    async def tell_desk(self, kind: TroubleKind, key: str, detail: str) -> bool:
        """Tell the desk of a trouble; False when it can't be told now."""
        trouble = Trouble(kind=kind, key=key, detail=detail, at=self.now())
        try:
            desk = self._client.get_workflow_handle(desk_workflow_id(self._account_number))
            await desk.signal("trouble", trouble, rpc_timeout=_PATIENCE)
        except RPCError as error:
            log.error("%s (the desk could not be told: %s)", trouble, error)  # noqa: TRY400
            return False
        return True

    async def reconcile(self, why: str) -> None:
        """Have the account compared with the trades now, unless that was asked for just before."""
        now = self.now()
        if now - self._asked_at < _NOT_MORE_OFTEN:
            return
        self._asked_at = now
        log.warning("asking for a reconciliation: %s", why)
        schedule = self._client.get_schedule_handle(reconciliation_id(self._account_number))
        try:
            found = await schedule.describe(rpc_timeout=_PATIENCE)
            if found.schedule.state.paused:
                log.error("the schedule is paused, so nobody reconciles: %s", why)
                return
            await schedule.trigger(rpc_timeout=_PATIENCE)
        except RPCError as error:
            log.warning("no reconciliation could be asked for, the next comes by itself: %s", error)
