"""Blind or seeing, and orders whose trade is over: what the desk is told, and when a reconciliation is asked for."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.alarms import Alarms
from activities.broker import BrokerCredentials, TastytradeBroker, sight
from activities.broker.sight import Orphans, Sight
from activities.trades import TradeStandings
from domain.alert import Action, Alert
from domain.errors import RetryableError
from domain.identifiers import OrderRole
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType
from domain.settings import Mode
from domain.survey import Life, TradeStanding
from domain.trade import TradeState, TradeView
from domain.trouble import Trouble, TroubleKind
from tests.activities.broker.conftest import ACCOUNT, TRADE, endpoint, eventually
from tests.activities.broker.test_watch import Signals, Watch

AWAY = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


class Temporal:
    """The desk and the schedule of one account, as a client reaches them. It is also the clock."""

    def __init__(self) -> None:
        self.time = datetime(2026, 12, 1, 15, tzinfo=UTC)
        self.is_away = False
        self.is_paused = False
        self.troubles: list[Trouble] = []
        self.triggers = 0

    def now(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def get_workflow_handle(self, workflow_id: str) -> "Temporal":
        assert workflow_id == f"desk-{ACCOUNT}"
        return self

    def get_schedule_handle(self, schedule_id: str) -> "Temporal":
        assert schedule_id == f"reconcile-{ACCOUNT}"
        return self

    async def signal(self, name: str, trouble: Trouble, *, rpc_timeout: timedelta) -> None:
        assert name == "trouble"
        self._answer()
        self.troubles.append(trouble)

    async def describe(self, *, rpc_timeout: timedelta) -> Any:
        self._answer()
        return self

    @property
    def schedule(self) -> Any:
        return self

    @property
    def state(self) -> Any:
        return self

    @property
    def paused(self) -> bool:
        return self.is_paused

    async def trigger(self, *, rpc_timeout: timedelta) -> None:
        self._answer()
        self.triggers += 1

    def _answer(self) -> None:
        if self.is_away:
            raise AWAY

    @property
    def kinds(self) -> list[TroubleKind]:
        return [trouble.kind for trouble in self.troubles]


class Trades:
    """How trades stand; RetryableError while Temporal can't be asked."""

    def __init__(self) -> None:
        self.lives: dict[str, Life] = {}
        self.views: dict[str, TradeView] = {}
        self.asked: list[str] = []
        self.is_away = False

    async def life(self, workflow_id: str) -> Life:
        self.asked.append(workflow_id)
        if self.is_away:
            raise RetryableError("away")
        return self.lives.get(workflow_id, Life.UNKNOWN)

    async def of(self, workflow_ids: list[str]) -> list[TradeStanding]:
        return [
            TradeStanding(workflow_id=one, life=await self.life(one), view=self.views.get(one)) for one in workflow_ids
        ]


@pytest.fixture
def temporal() -> Temporal:
    return Temporal()


@pytest.fixture
def trades() -> Trades:
    return Trades()


@pytest.fixture
def alarms(temporal: Temporal) -> Alarms:
    return Alarms(cast("Client", temporal), ACCOUNT, temporal.now)


@pytest.fixture
def orphans(trades: Trades, alarms: Alarms) -> Orphans:
    return Orphans(cast("TradeStandings", trades), alarms)


def order(
    role: OrderRole = OrderRole.ENTRY, status: OrderStatus = OrderStatus.LIVE, filled: int = 0, order_id: int = 1
) -> BrokerOrder:
    """An exit's id is ten more than its entry's; each contract is a fill of its own."""
    return BrokerOrder(
        order_id=order_id + 10 * (role is OrderRole.EXIT),
        status=status,
        symbol="UBER",
        action=LegAction.BUY_TO_OPEN if role is OrderRole.ENTRY else LegAction.SELL_TO_CLOSE,
        order_type=OrderType.LIMIT,
        quantity=2,
        identifier=TRADE.order_identifier(role, 0),
        price=Decimal(1),
        fills=tuple(Fill(fill_id=f"{role}{n}", quantity=1, price=Decimal(1)) for n in range(filled)),
    )


# Blind


async def test_a_hiccup_is_nobodys_trouble(temporal: Temporal, alarms: Alarms) -> None:
    sees = Sight(alarms)
    temporal.later(29)
    await sees.lost("reset")
    await sees.sees()
    temporal.later(3600)
    await sees.lost("reset")
    assert temporal.troubles == []


async def test_who_is_blind_for_half_a_minute_tells_it_once(temporal: Temporal, alarms: Alarms) -> None:
    sees = Sight(alarms)
    for _ in range(20):
        temporal.later(10)
        await sees.lost("HTTP 503")
    assert temporal.kinds == [TroubleKind.WATCH_BLIND]
    assert temporal.troubles[0].detail == "Blind since 15:00:00 UTC: HTTP 503"


async def test_who_sees_again_tells_it_once(temporal: Temporal, alarms: Alarms) -> None:
    sees = Sight(alarms)
    temporal.later(40)
    await sees.lost("HTTP 503")
    temporal.later(20)
    for _ in range(3):
        await sees.sees()
    assert temporal.kinds == [TroubleKind.WATCH_BLIND, TroubleKind.WATCH_SEES]
    assert temporal.troubles[1].detail == "It was blind for 60 s."


async def test_the_next_blindness_is_another_trouble(temporal: Temporal, alarms: Alarms) -> None:
    sees = Sight(alarms)
    for _ in range(2):
        temporal.later(40)
        await sees.lost("HTTP 503")
        await sees.sees()
        await sees.lost("HTTP 503")
    assert len({trouble.key for trouble in temporal.troubles}) == len(temporal.troubles) == 4


async def test_a_desk_that_can_not_be_told_is_told_later(temporal: Temporal, alarms: Alarms) -> None:
    sees = Sight(alarms)
    temporal.later(40)
    temporal.is_away = True
    await sees.lost("HTTP 503")
    temporal.is_away = False
    await sees.lost("HTTP 503")
    await sees.lost("HTTP 503")
    assert temporal.kinds == [TroubleKind.WATCH_BLIND]


async def test_a_watch_without_a_broker_says_that_it_is_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole watch; the half minute is made short."""
    monkeypatch.setattr(sight, "_BLIND", timedelta(0))
    told: list[Trouble] = []
    signals = Signals()

    class Desk:
        async def signal(self, name: str, trouble: Trouble, **_: Any) -> None:
            told.append(trouble)

    signals.get_workflow_handle = lambda workflow_id: Desk()  # type: ignore[assignment, return-value]
    away = TastytradeBroker(endpoint("http://127.0.0.1:9"), BrokerCredentials.for_paper())
    running = Watch(away, signals)

    await eventually(lambda: told)
    await eventually(lambda: running.progress)

    assert [trouble.kind for trouble in told] == [TroubleKind.WATCH_BLIND]
    running.environment.cancel()
    await asyncio.gather(running.task, return_exceptions=True)
    await away.close()


# Orders whose trade is over


@pytest.mark.parametrize("life", [Life.TERMINATED, Life.COMPLETED, Life.CANCELLED, Life.FAILED, Life.UNKNOWN])
async def test_an_entry_whose_trade_does_not_run_asks_for_a_reconciliation(
    temporal: Temporal, trades: Trades, orphans: Orphans, life: Life
) -> None:
    trades.lives[TRADE.workflow_id] = life
    await orphans.look([order()])
    assert temporal.triggers == 1


async def test_an_entry_whose_trade_runs_does_not(temporal: Temporal, trades: Trades, orphans: Orphans) -> None:
    trades.lives[TRADE.workflow_id] = Life.RUNNING
    await orphans.look([order(), order(order_id=2)])
    assert (temporal.triggers, trades.asked) == (0, [TRADE.workflow_id])


@pytest.mark.parametrize("one", [order(OrderRole.EXIT), order(status=OrderStatus.CANCELLED)])
async def test_exits_and_what_is_over_are_not_asked_about(trades: Trades, orphans: Orphans, one: BrokerOrder) -> None:
    await orphans.look([one])
    assert trades.asked == []


async def test_it_is_asked_for_at_most_twice_a_minute(temporal: Temporal, orphans: Orphans) -> None:
    for _ in range(60):
        await orphans.look([order()])
        temporal.later(1)
    assert temporal.triggers == 2


async def test_when_temporal_can_not_be_asked_nothing_is(temporal: Temporal, trades: Trades, orphans: Orphans) -> None:
    trades.is_away = True
    await orphans.look([order()])
    await orphans.unheard(order(filled=1))
    assert temporal.triggers == 0


async def test_a_reconciliation_that_can_not_be_asked_for_stops_nothing(temporal: Temporal, orphans: Orphans) -> None:
    temporal.is_away = True
    await orphans.look([order()])
    temporal.is_away = False
    temporal.later(30)
    await orphans.look([order()])
    assert temporal.triggers == 1


async def test_a_paused_schedule_stays_untouched(temporal: Temporal, orphans: Orphans) -> None:
    temporal.is_paused = True
    await orphans.look([order()])
    assert temporal.triggers == 0


@pytest.mark.parametrize(
    ("life", "unheard", "asks"),
    [
        (Life.COMPLETED, order(OrderRole.EXIT, OrderStatus.FILLED, 2), False),  # it had known that at its end
        (Life.COMPLETED, order(OrderRole.EXIT, OrderStatus.LIVE, 1), False),  # an old record, told late
        (Life.COMPLETED, order(filled=2, status=OrderStatus.FILLED), True),  # a late fill of its entry
        (Life.TERMINATED, order(OrderRole.EXIT, OrderStatus.FILLED, 2), False),
        (Life.UNKNOWN, order(), True),
    ],
)
async def test_what_a_trade_that_is_over_did_not_hear_asks_for_one_only_if_it_is_news(
    temporal: Temporal, trades: Trades, orphans: Orphans, life: Life, unheard: BrokerOrder, asks: bool
) -> None:
    trades.lives[TRADE.workflow_id] = life
    if life is not Life.UNKNOWN:
        trades.views[TRADE.workflow_id] = knowing(order(OrderRole.EXIT, OrderStatus.FILLED, 2))
    await orphans.unheard(unheard)
    assert temporal.triggers == asks


def knowing(exit_: BrokerOrder) -> TradeView:
    """The view of a trade that sold all it had."""
    return TradeView(
        workflow_id=TRADE.workflow_id,
        state=TradeState.CLOSED,
        alert=Alert(action=Action.BTO, symbol="UBER", price=Decimal(1)),
        mode=Mode.PAPER,
        dry_run=False,
        filled=2,
        exited=2,
        exits=(exit_,),
    )
