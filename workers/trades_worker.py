"""The trades worker's process: workflows, the broker's activities, and the account watch, on the `trades` queue.

Start as many as you like: Temporal spreads the work, and the watch runs in one of them.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Interceptor, UnsandboxedWorkflowRunner, Worker

from activities.broker import BrokerCredentials, BrokerEndpoint, TastytradeBroker
from activities.desk import TemporalDesk
from activities.interfaces import TRADES_QUEUE
from activities.kill_mark import KillMark
from activities.operator import OperatorCalls
from domain.settings import Mode
from workers.client import connect
from workers.process import until_told_to_stop
from workers.settings import Settings
from workers.standing import ensure_reconciliation, ensure_standing, honour, take_over
from workers.timely import TimelyRunner
from workflows.account_watch import AccountWatch
from workflows.alert_trade import AlertTrade
from workflows.card_poster import PostCard
from workflows.desk import Desk
from workflows.reconciliation import Reconciliation

logger = logging.getLogger(__name__)

_START_PATIENCE = timedelta(seconds=60)
# An order call in flight is let finish: its answer is worth more than a quick exit.
_FINISH_WORK = timedelta(seconds=15)
# After kill -9 the next task of a cached workflow waits this long for the dead worker's own queue; the default is 10 s.
_STICKY_WAIT = timedelta(seconds=1)
_CACHED_WORKFLOWS = 2000
# What a worker does first when it starts: trades that a dead one left in the middle. To compare the account with all
# trades brings each of them back from its history.
_URGENT = timedelta(seconds=3)
# By default heartbeats are held back for most of their time-out, and a busy second then looks like a death.
_BEAT = timedelta(seconds=1)
# In a storm of alerts hundreds of look-ups wait here for their turn at the broker's pace. The default of 100 would let
# them keep the desk's answers, cancels and exits waiting behind them.
_ACTIVITIES_AT_ONCE = 2000


async def run(settings: Settings, interceptors: Sequence[Interceptor] = ()) -> None:
    """Serve until told to stop. The interceptors are for those who test by interfering."""
    client = await connect(settings, _START_PATIENCE)
    mark = KillMark(settings.state_folder)
    broker = TastytradeBroker(endpoint(settings), credentials(settings), mark=mark)
    try:
        await take_over(client)
        async with _worker(client, settings, broker, interceptors):
            await ensure_standing(client, settings.account, settings.desk_policy)
            await honour(client, settings.account, mark)
            told = asyncio.ensure_future(until_told_to_stop())
            await asyncio.wait({told}, timeout=_URGENT.total_seconds())
            if not told.done():
                await broker.warm_up()
                await ensure_reconciliation(client, settings.account, settings.operator.reconcile_every)
            await told
    finally:
        await broker.close()


def endpoint(settings: Settings) -> BrokerEndpoint:
    """Where the broker of these settings is."""
    api_url, streamer_url = settings.broker_addresses
    return BrokerEndpoint(
        api_url=api_url,
        streamer_url=streamer_url,
        is_test=settings.mode is not Mode.LIVE,
        account_number=settings.account,
        accept_version=settings.broker.accept_version,
    )


def credentials(settings: Settings) -> BrokerCredentials:
    """The secrets; the paper exchange takes any."""
    broker = settings.broker
    if broker.client_secret is None or broker.refresh_token is None:
        return BrokerCredentials.for_paper()
    return BrokerCredentials(client_secret=broker.client_secret, refresh_token=broker.refresh_token)


def _worker(
    client: Client, settings: Settings, broker: TastytradeBroker, interceptors: Sequence[Interceptor]
) -> Worker:
    desk = TemporalDesk(client, settings.account)
    watch, survey = broker.watch(client), broker.survey(client)
    operator = OperatorCalls(settings.operator.webhook_url)
    return Worker(
        client,
        task_queue=TRADES_QUEUE,
        workflows=[AlertTrade, PostCard, Desk, AccountWatch, Reconciliation],
        activities=[
            broker.find_contract,
            broker.take_quote,
            broker.read_account,
            broker.place_order,
            broker.replace_order,
            broker.cancel_order,
            broker.read_order,
            broker.find_order,
            broker.read_call_cover,
            broker.read_position,
            broker.prices().watch_price,
            watch.watch_account,
            survey.survey_account,
            survey.tell_trade,
            operator.page_operator,
            desk.admit,
            desk.reserve,
        ],
        # The sandbox finds nondeterminism while developing: the tests run in it. Here it would import every workflow's
        # module anew for each alert, on the way to its order.
        workflow_runner=TimelyRunner(UnsandboxedWorkflowRunner()),
        max_cached_workflows=_CACHED_WORKFLOWS,
        max_concurrent_activities=_ACTIVITIES_AT_ONCE,
        sticky_queue_schedule_to_start_timeout=_STICKY_WAIT,
        graceful_shutdown_timeout=_FINISH_WORK,
        max_heartbeat_throttle_interval=_BEAT,
        on_fatal_error=_report_fatal,
        interceptors=interceptors,
    )


async def _report_fatal(error: BaseException) -> None:
    logger.critical("the worker can't go on: %s", error)
