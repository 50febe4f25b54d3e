"""One alert, all the way, on real processes and sockets; what is asserted is the exchange's book."""

import json
import os
import signal
from datetime import timedelta
from decimal import Decimal

from temporalio.client import WorkflowExecutionStatus

from domain.symbols import plain
from domain.trade import TradeState
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words

_WORKING = ("Received", "Routed", "In Flight", "Live", "Contingent", "Cancel Requested", "Replace Requested")


async def test_a_fill_while_the_trade_worker_is_dead_gets_its_exit_once_from_the_next(
    house: House, uber: Instrument
) -> None:
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.70", "0.80")
    workflow_id = await house.alert(words(uber))
    await house.view_when(workflow_id, lambda view: view.state is TradeState.WORKING and bool(view.entries))
    victim = house.pid_of("trades")
    os.kill(victim, signal.SIGKILL)
    await house.control.quote(uber.symbol, "0.70", "0.75")  # filled while nobody watches
    view = await house.view_when(workflow_id, lambda view: bool(view.exits) and view.filled == 4)
    assert house.pid_of("trades") != victim
    orders = await house.orders(workflow_id)
    exits = [order for order in orders if order["legs"][0]["action"] == "Sell to Close"]
    assert [(int(o["legs"][0]["quantity"]), o["status"], o["time-in-force"]) for o in exits] == [(2, "Live", "GTC")]
    assert view.average_price is not None
    assert Decimal(exits[0]["price"]) == 2 * view.average_price
    identifiers = [order["external-identifier"] for order in orders]
    assert len(identifiers) == len(set(identifiers))
    assert await house.refused_for_haste() == []


async def test_cancelling_with_the_temporal_command_takes_the_entry_off(house: House, uber: Instrument) -> None:
    assert house.control is not None
    assert house.client is not None
    await house.control.quote(uber.symbol, "0.60", "0.90")
    workflow_id = await house.alert(words(uber))
    await house.view_when(workflow_id, lambda view: bool(view.entries))
    await house.temporal("workflow", "cancel", "-w", workflow_id)
    handle = house.client.get_workflow_handle(workflow_id)
    await house.view_when(workflow_id, lambda view: view.state is TradeState.CANCELLED)
    assert [order["status"] for order in await house.orders(workflow_id) if order["status"] in _WORKING] == []
    while (described := await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
        pass
    assert described.status is WorkflowExecutionStatus.CANCELED


async def test_a_dry_run_checks_every_order_and_places_none(house: House, uber: Instrument) -> None:
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.70", "0.75")
    workflow_id = await house.alert(words(uber), "--dry-run")
    view = await house.view_when(workflow_id, lambda view: view.state.is_end)
    assert view.filled == 4
    assert await house.orders(workflow_id) == []
    requests = await house.control.requests()
    assert [key for key in requests["counts"] if key.startswith("POST") and key.endswith("/orders")] == []
    assert sum(count for key, count in requests["counts"].items() if key.endswith("/orders/dry-run")) >= 2


async def test_what_can_not_be_traded_is_refused_with_its_reason_and_no_order(house: House, uber: Instrument) -> None:
    assert uber.strike is not None
    assert uber.expiry is not None
    assert house.control is not None
    day, strike = uber.expiry.day, plain(uber.strike)
    saturday = day + timedelta(days=(5 - day.weekday()) % 7 or 7)
    expected = {
        f"BTO ZZZQ {strike}p {day:%m/%d} @ 0.75": "unknown_symbol",
        f"BTO UBER {strike}p {saturday:%m/%d} @ 0.75": "expiry_not_listed",
        f"BTO UBER {strike}.37p {day:%m/%d} @ 0.75": "strike_not_listed",
    }
    for text, code in expected.items():
        workflow_id = await house.alert(text)
        view = await house.view_when(workflow_id, lambda view: view.state.is_end)
        assert view.refusal is not None
        assert view.refusal.code == code
        code_rows, out, err = await house.run("audit", "recent", "--trade", workflow_id, "--kind", "refused", "--json")
        assert code_rows == 0, err
        assert [json.loads(line)["event"]["code"] for line in out.splitlines()] == [code]
    assert (await house.control.book())["orders"] == []


async def test_a_second_up_finds_its_state_where_it_was_left(house: House, uber: Instrument) -> None:
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.70", "0.75")
    workflow_id = await house.alert(words(uber))
    before = await house.view_when(workflow_id, lambda view: any(order.status == "Live" for order in view.exits))
    assert await house.down() == 0
    await house.up()
    after = await house.view_when(workflow_id, lambda view: view.state is TradeState.HOLDING)
    assert (after.filled, after.exit_quantity, after.exit_price) == (before.filled, 2, before.exit_price)
    assert len([o for o in await house.orders(workflow_id) if o["status"] in _WORKING]) == 1
