"""Whether the account is seen, and whether somebody who could act on it is there: when not, the desk hears of it."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from activities.alarms import Alarms
from activities.trades import TradeStandings
from domain.errors import RetryableError
from domain.identifiers import OrderRole, TradeId, role_of
from domain.orders import BrokerOrder
from domain.reconciliation import compare
from domain.survey import BrokerBook, Life
from domain.trouble import TroubleKind

log = logging.getLogger(__name__)
_BLIND = timedelta(seconds=30)  # without a stream for longer than this is trouble, not a hiccup


class Sight:
    """Blind from the start, until the stream works and today's orders were read."""

    def __init__(self, alarms: Alarms) -> None:
        self.blind_since: datetime | None = alarms.now()
        self._alarms = alarms
        self._is_told = False

    async def lost(self, why: str) -> None:
        """The stream broke, or the orders could not be read. An operator hears of it once it has lasted."""
        now = self._alarms.now()
        self.blind_since = self.blind_since or now
        blind = now - self.blind_since
        log.log(
            logging.ERROR if blind > _BLIND else logging.WARNING, "blind for %.0f s: %s", blind.total_seconds(), why
        )
        if blind > _BLIND and not self._is_told:
            detail = f"Blind since {self.blind_since:%H:%M:%S} UTC: {why}"
            self._is_told = await self._alarms.tell_desk(TroubleKind.WATCH_BLIND, f"blind:{self.blind_since}", detail)

    async def sees(self) -> None:
        """The stream works, and today's orders were read after it began to."""
        since, self.blind_since = self.blind_since, None
        if self._is_told and since is not None:
            self._is_told = False
            blind = (self._alarms.now() - since).total_seconds()
            await self._alarms.tell_desk(TroubleKind.WATCH_SEES, f"sees:{since}", f"It was blind for {blind:.0f} s.")


class Orphans:
    """Finds orders whose trade no longer runs, and has the account reconciled."""

    def __init__(self, trades: TradeStandings, alarms: Alarms) -> None:
        self._trades = trades
        self._alarms = alarms

    async def look(self, orders: Iterable[BrokerOrder]) -> None:
        """Ask for the trade of each entry order that works."""
        entries = [order for order in orders if _is_working_entry(order)]
        for workflow_id in {trade.workflow_id for order in entries if (trade := TradeId.of_order(order.identifier))}:
            try:
                life = await self._trades.life(workflow_id)
            except RetryableError as error:
                log.warning("%s", error)
                return
            if life is not Life.RUNNING:
                await self._alarms.reconcile(f"trade {workflow_id} is {life} and has an entry order in the market")
                return

    async def unheard(self, order: BrokerOrder) -> None:
        """A trade that is over did not hear of this record. Most tell nothing that it had not known at its end."""
        trade = TradeId.of_order(order.identifier)
        if trade is None:
            return
        try:
            standings = await self._trades.of([trade.workflow_id])
        except RetryableError as error:
            log.warning("%s", error)
            return
        if compare(BrokerBook(at=self._alarms.now(), orders=(order,)), standings):
            await self._alarms.reconcile(f"order {order.order_id} is {order.status}, and its trade is over")


def _is_working_entry(order: BrokerOrder) -> bool:
    return role_of(order.identifier) is OrderRole.ENTRY and not order.status.is_terminal
