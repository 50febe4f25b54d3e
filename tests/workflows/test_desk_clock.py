"""The desk as time passes: what it waits for, what it looks at again, what it writes each minute."""

import asyncio
from decimal import Decimal

from temporalio.testing import WorkflowEnvironment

from domain.audit import AuditKind
from domain.broker import AccountState
from domain.refusals import RefusalCode
from domain.trouble import TroubleKind
from tests.fakes.broker import FakeBroker, fail, proceed
from tests.workflows.counter import ACCOUNT, Counter


async def test_a_halt_says_who_has_not_answered_in_time_and_is_in_force_before(
    env: WorkflowEnvironment, counter: Counter, climbers: None
) -> None:
    slow = await counter.climbs(obeys=False)
    halting = asyncio.ensure_future(counter.halt())
    await counter.why_stopped(slow)
    assert (await counter.admit(counter.alert())).refusal.code is RefusalCode.HALTED
    await counter.after(env, 11)
    receipt = await halting
    assert (receipt.stopped, receipt.pending) == ((), (slow.trade_id.workflow_id,))


async def test_a_days_loss_halts_the_desk_while_a_trade_asks_for_its_size(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    first, second = counter.alert(), counter.alert()
    await counter.admit(first)
    await counter.reserve(first)
    await counter.admit(second)
    await counter.after(env, 31)
    counter.broker.always("read_account", lambda broker, _: _balances(broker, 89_000))
    assert (await counter.reserve(second)).refusal.code is RefusalCode.HALTED
    assert (await counter.book()).standing.reason.startswith("The account has lost more today than is allowed.")


async def test_how_it_stands_is_written_once_a_minute_while_alerts_come(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    for pause in (0, 0, 61, 0):
        await counter.after(env, pause)
        await counter.admit(counter.alert())
    await counter.broker.shows(lambda: len(counter.rows(AuditKind.DESK)) == 2)
    assert counter.rows(AuditKind.DESK)[1].detail.startswith("active; 2 open, 2 entries today")


async def test_when_the_audit_takes_no_rows_the_desk_stops_letting_trades_in(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    counter.broker.always("append_audit", fail)
    assert (await counter.admit(counter.alert())).terms is not None
    await counter.after(env, 61)
    refused = await counter.admit(counter.alert())
    counter.broker.always("append_audit", proceed)
    await counter.after(env, 11)  # it is asked again by then
    assert refused.refusal.code is RefusalCode.HALTED
    assert (await counter.book()).troubles[-1].kind is TroubleKind.AUDIT_UNWRITABLE


async def test_an_operator_who_can_not_be_reached_is_called_again(env: WorkflowEnvironment, counter: Counter) -> None:
    counter.broker.will("page_operator", fail)
    await counter.trouble(TroubleKind.WATCH_SEES)
    await counter.after(env, 5)
    await counter.broker.shows(lambda: bool(counter.broker.pages))


def _balances(broker: FakeBroker, dollars: int) -> AccountState:
    money = Decimal(dollars)
    return AccountState(
        account_number=ACCOUNT, net_liquidating_value=money, cash=money, buying_power=money, at=broker.now()
    )
