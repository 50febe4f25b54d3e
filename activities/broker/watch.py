"""The account watch: the activity that owns the account stream, and makes up by REST for what a stream can't promise.

It has no sequence numbers and replays nothing. So after each connect today's orders are read, after the subscription,
so that nothing falls between; a record that can't be read is read again; a slow sweep finds what was lost unnoticed.
"""

import asyncio
import contextlib
import logging
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.alarms import Alarms
from activities.broker.orders import Orders
from activities.broker.records import UnreadableRecordError, broker_order, identifier_of
from activities.broker.session import BrokerSession
from activities.broker.sight import Orphans, Sight
from activities.broker.signals import TradeSignals
from activities.broker.stream import UNREADABLE, AccountStream, account_stream
from activities.interfaces import WatchActivities
from activities.trades import TradeStandings
from domain.broker import WatchAccount
from domain.errors import AlertladderError
from domain.identifiers import TradeId
from domain.orders import BrokerOrder

log = logging.getLogger(__name__)
_HEARTBEAT = 0.5  # seconds: a cancel reaches a running activity with a heartbeat
_PAUSES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0)  # seconds before the next connection
_STEADY = timedelta(seconds=30)  # a connection that held so long starts the pauses anew
# The broker asks not to poll its live orders: this is a net below the stream, not a source.
_SWEEP_EVERY = 60.0  # seconds
_SWEEP_AGAIN = 2.0  # seconds after a sweep that failed
_CLOCKS_DIFFER = timedelta(seconds=60)  # the broker's and ours, at the most that is believed
_SWEEP_GAP = 1.0  # seconds between two sweeps, whatever happens


class TastytradeWatch(WatchActivities):
    """Watches one account for as long as its activity runs."""

    def __init__(self, session: BrokerSession, orders: Orders, client: Client) -> None:
        self._session = session
        self._orders = orders
        self._client = client

    @activity.defn(name="watch_account")
    async def watch_account(self, request: WatchAccount) -> None:
        """Watch until cancelled. When the worker stops it ends with an error, so that another takes over at once."""
        if request.account_number != self._session.endpoint.account_number:
            message = f"this worker has another account than {request.account_number}"
            raise ApplicationError(message, type="Refused", non_retryable=True)
        alarms = Alarms(self._client, request.account_number)
        orphans = Orphans(TradeStandings(self._client), alarms)
        signals = TradeSignals(self._client, orphans.unheard)
        following = _Following(self._session, self._orders, signals, Sight(alarms), orphans, _told_until())
        running = asyncio.create_task(following.run())
        stopping = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            while not (running.done() or stopping.done()):
                activity.heartbeat(following.progress())
                await asyncio.wait({running, stopping}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()  # it never ends by itself but by a bug
        finally:
            running.cancel()
            stopping.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)
            await following.close()
        message = "the worker stops; another one goes on watching"
        raise ApplicationError(message, type="Retryable", category=ApplicationErrorCategory.BENIGN)  # not a warning


class _Following:
    """Connections one after the other, and the records that they and the sweeps bring."""

    def __init__(
        self,
        session: BrokerSession,
        orders: Orders,
        signals: TradeSignals,
        sight: Sight,
        orphans: Orphans,
        told_until: datetime | None,
    ) -> None:
        self._session = session
        self._orders = orders
        self._signals = signals
        self._sight = sight
        self._orphans = orphans
        self._told_until = told_until  # what changed before that, its trades have heard of
        self._swept_at: datetime | None = None
        self._sweep_now = asyncio.Event()
        self._connections = 0
        self._last_event: datetime | None = None

    def progress(self) -> dict[str, Any]:
        """What the heartbeat tells, in plain JSON. `blind_since` is None while stream and sweep work."""
        blind_since = self._sight.blind_since
        if self._swept_at is not None and self._signals.all_told:
            self._told_until = self._swept_at
        return {
            "told_until": self._told_until and self._told_until.isoformat(),
            "connections": self._connections,
            "last_event": self._last_event and self._last_event.isoformat(),
            "blind_since": blind_since and blind_since.isoformat(),
            "signals": self._signals.told,
            "trades_over": self._signals.gone,
        }

    async def run(self) -> None:
        """Follow the account for ever."""
        failures = 0
        while True:
            began = datetime.now(UTC)
            try:
                await self._connect()
            except* AlertladderError as group:
                lost = "; ".join(str(error) for error in group.exceptions)
            else:
                lost = "the connection ended"
            await self._sight.lost(lost)
            failures = 0 if datetime.now(UTC) - began > _STEADY else failures + 1
            pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  spreads reconnects, guards nothing

    async def close(self) -> None:
        """Drop the signals that are on their way."""
        await self._signals.close()

    async def _connect(self) -> None:
        """One connection, from subscription to loss. The sweep comes second: nothing can fall between."""
        async with account_stream(self._session) as stream, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(stream))
            await stream.subscribe()
            self._connections += 1
            tasks.create_task(stream.beat())
            tasks.create_task(self._sweep_for_ever())

    async def _listen(self, stream: AccountStream) -> None:
        async for message in stream.notifications():
            if message.get("type") == UNREADABLE:
                self._sweep_now.set()
            elif message.get("type") == "Order":
                self._hear(message.get("data"))

    def _hear(self, raw: Any) -> None:
        """A record of ours that can't be read may be readable by REST: it is not for dropping."""
        self._last_event = datetime.now(UTC)
        try:
            order = _ours(raw)
        except UnreadableRecordError as error:
            log.warning("the stream's record of order %s is unreadable, reading again: %s", identifier_of(raw), error)
            self._sweep_now.set()
        else:
            if order is not None:
                self._signals.tell(order)

    async def _sweep_for_ever(self) -> None:
        while True:
            self._sweep_now.clear()
            pause = _SWEEP_EVERY
            try:
                ours = await self._sweep()
            except AlertladderError as error:
                await self._sight.lost(f"today's orders could not be read: {error}")
                pause = _SWEEP_AGAIN
            else:
                await self._sight.sees()
                await self._orphans.look(ours)
            await asyncio.sleep(_SWEEP_GAP)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._sweep_now.wait()

    async def _sweep(self) -> list[BrokerOrder]:
        """Tell every trade what the broker has of its orders today; what was told already is not told again.

        Nor is what an earlier watch told: each open trade would be brought back from its history for nothing, when a
        worker that died is to go on with what is urgent.
        """
        began, ours = datetime.now(UTC), list[BrokerOrder]()
        told_until = self._told_until - _CLOCKS_DIFFER if self._told_until else None
        self._signals.begin()
        for raw in reversed(await self._orders.live()):  # the broker lists the newest first
            try:
                order = _ours(raw)
            except UnreadableRecordError as error:
                log.error("the record of order %s is unreadable: %s", identifier_of(raw), error)  # noqa: TRY400
            else:
                if order is not None:
                    is_old = told_until is not None and order.updated_at is not None and order.updated_at < told_until
                    self._signals.tell(order, is_told=is_old)
                    ours.append(order)
        self._swept_at = began
        return ours


def _told_until() -> datetime | None:
    """What the watch before this one, whose worker may have died, told in its last heartbeat."""
    progress = next(iter(activity.info().heartbeat_details), None)
    told = progress.get("told_until") if isinstance(progress, dict) else None
    return datetime.fromisoformat(told) if isinstance(told, str) else None


def _ours(raw: Any) -> BrokerOrder | None:
    """The record, if its identifier is one of this program's (invariant 21)."""
    return broker_order(raw) if TradeId.of_order(identifier_of(raw)) is not None else None
