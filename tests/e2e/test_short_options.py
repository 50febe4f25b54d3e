"""Options sold first, all the way on real processes and sockets; what is asserted is the exchange's book."""

from decimal import Decimal

import pytest
from temporalio.client import WorkflowHandle

from domain.alert import OptionType
from domain.closing import CloseOutcome
from domain.identifiers import desk_workflow_id
from domain.trade import TradeState, TradeView
from domain.trouble import Trouble, TroubleKind
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words
from tests.e2e.test_outright import held, holds, working, works
from workflows.desk import Desk

ACCOUNT = "5WX00042"
D = Decimal
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def overrides() -> dict[str, str]:
    """Puts are sold first, and calls that are covered, up to four contracts of each."""
    return {
        "ALERTLADDER_LIMITS__ACTIONS": '["BTO", "STC", "STO", "BTC"]',
        "ALERTLADDER_SHORT_OPTIONS__ENABLED": "true",
        "ALERTLADDER_SHORT_OPTIONS__CALLS": "covered",
        "ALERTLADDER_SHORT_OPTIONS__MAX_CONTRACTS": "4",
        "ALERTLADDER_SHORT_OPTIONS__MAX_ASSIGNMENT": "50000",
        "ALERTLADDER_SHORT_OPTIONS__MAX_ASSIGNMENT_TOTAL": "50000",
        "ALERTLADDER_SIZING__ALLOCATION_PERCENT": "10",  # a hundred shares
        "ALERTLADDER_SIZING__MAX_DEBIT": "10000",
        "ALERTLADDER_LIMITS__MAX_ORDER_PERCENT": "10",
    }


def sto(option: Instrument, price: str = "0.75", quantity: int = 4) -> str:
    return words(option, price, quantity).replace("BTO", "STO", 1)


def btc(option: Instrument, behind: str) -> str:
    said = words(option, "0.75", 1).replace("BTO 1", "BTC", 1)
    return f"{said.partition(' @')[0]} {behind}"


async def sold(house: House, option: Instrument, quantity: int = 4) -> str:
    """So many are sold at 0.75."""
    assert house.control is not None
    await house.control.quote(option.symbol, "0.75", "0.75", 1000, 1000)
    workflow_id = await house.alert(sto(option, "0.75", quantity))
    await house.view_when(workflow_id, lambda view: view.filled == quantity)
    return workflow_id


async def troubles(house: House) -> list[Trouble]:
    """What an operator was told of."""
    assert house.client is not None
    desk: WorkflowHandle[Desk, None] = house.client.get_workflow_handle(desk_workflow_id(ACCOUNT))
    return await desk.query(Desk.troubles)


async def reconciled(house: House, kind: TroubleKind) -> list[Trouble]:
    """All troubles once a pass has found that one: a machine with much to do may spoil a look."""
    for _ in range(3):
        await house.run("reconcile")
        told = await troubles(house)
        if any(trouble.kind is kind for trouble in told):
            break
    return told


async def is_told_as_gone(house: House, workflow_id: str, *details: str) -> TradeView:
    """Whoever finds it first tells it in his own words: a pass, or the trade itself. The trade's last view."""
    told = [
        trouble for trouble in await reconciled(house, TroubleKind.SHORT_GONE) if trouble.kind is TroubleKind.SHORT_GONE
    ]
    said = [(trouble.workflow_id, any(detail in trouble.detail for detail in details)) for trouble in told]
    assert said == [(workflow_id, True)], told
    return await house.view_when(workflow_id, lambda view: view.state.is_end)


async def test_what_is_sold_first_is_bought_back_by_its_exit_and_the_books_agree(
    house: House, uber: Instrument
) -> None:
    assert house.control is not None
    workflow_id = await sold(house, uber)
    view = await house.view(workflow_id)
    assert view.average_price is not None
    await works(house, workflow_id, ("Buy to Close", 2, str(uber.ticks.ceil(view.average_price / 2))))
    assert await held(house, uber.symbol) == -4
    assert {order["legs"][0]["action"] for order in await house.orders(workflow_id)} == {"Sell to Open", "Buy to Close"}
    code, out, _ = await house.run("reconcile")
    assert (code, "troubles: none" in out) == (0, True), out
    await house.control.quote(uber.symbol, "0.30", "0.31", 1000, 1000)
    view = await house.view_when(workflow_id, lambda view: view.exited == 2)
    await holds(house, uber.symbol, -2)
    assert view.realised > 0
    code, out, _ = await house.run("reconcile")
    assert (code, "troubles: none" in out) == (0, True), out


async def test_btc_buys_half_back_and_then_the_rest(house: House, uber: Instrument) -> None:
    assert house.control is not None
    workflow_id = await sold(house, uber)
    await house.control.quote(uber.symbol, "0.60", "0.60", 1000, 1000)
    await house.alert(btc(uber, "@ 0.60 half"))
    await holds(house, uber.symbol, -2)
    code, out, _ = await house.run("reconcile")
    assert (code, "troubles: none" in out) == (0, True), out
    _, out, _ = await house.run("desk")
    assert uber.strike is not None
    assert f"{uber.strike * 200:.2f} of 50000.00" in " ".join(out.split()), out
    stranger = await house.alert(btc(uber, "@ 0.60 all out").replace("BTC", "STC", 1))
    refused = await house.view_when(stranger, lambda view: view.state.is_end)
    assert refused.refusal is not None
    assert refused.refusal.code == "no_open_trade"
    await house.alert(btc(uber, "@ 0.60 all out"))
    view = await house.view_when(workflow_id, lambda view: view.state is TradeState.CLOSED)
    assert await held(house, uber.symbol) == 0
    assert await working(house, workflow_id) == []
    assert view.average_price is not None
    assert view.realised == 400 * (view.average_price - D("0.60"))


async def test_a_person_closes_it_at_once(house: House, uber: Instrument) -> None:
    workflow_id = await sold(house, uber, 2)
    code, out, err = await house.run("close", workflow_id)
    assert (code, "bought back: 2 of 2" in out) == (0, True), out + err
    await holds(house, uber.symbol, 0)
    assert await working(house, workflow_id) == []


async def test_its_limits_hold_and_are_changed_while_it_trades(house: House, uber: Instrument) -> None:
    assert uber.strike is not None
    await sold(house, uber, 1)
    one = uber.strike * 100
    code, _, err = await house.run("limits", "short_options.max_assignment_total", str(one * 2 - 1))
    assert code == 0, err
    second = await house.alert(sto(uber, "0.76", 1))
    view = await house.view_when(second, lambda view: view.state.is_end)
    assert view.refusal is not None
    assert view.refusal.code == "short_total_reached"
    other_side = await house.alert(words(uber, "0.75", 1))
    view = await house.view_when(other_side, lambda view: view.state.is_end)
    assert view.refusal is not None
    assert view.refusal.code == "other_side_open"
    code, _, err = await house.run("limits", "short_options.enabled", "false")
    assert code == 0, err
    third = await house.alert(sto(uber, "0.74", 1))
    view = await house.view_when(third, lambda view: view.state.is_end)
    assert view.refusal is not None
    assert view.refusal.code == "short_options_off"
    assert await held(house, uber.symbol) == -1
    code, out, _ = await house.run("desk")
    assert f"{one:.2f} of {one * 2 - 1:.2f}" in " ".join(out.split()), out


async def test_a_short_that_is_gone_is_told_takes_its_buy_back_along_and_stops_nobody(
    house: House, uber: Instrument
) -> None:
    assert house.control is not None
    workflow_id = await sold(house, uber, 2)
    await house.view_when(workflow_id, lambda view: bool(view.exits))
    await house.control.fault("manual_order", symbol=uber.symbol, side="buy", quantity=2)
    await holds(house, uber.symbol, 0)
    view = await is_told_as_gone(house, workflow_id, f"{uber.symbol}: the broker holds 0, running trades -2")
    assert (view.state, view.gone, view.exited) == (TradeState.GONE, 2, 0)
    assert await working(house, workflow_id) == []
    code, out, _ = await house.run("reconcile")
    assert (code, "troubles: none" in out) == (0, True), out
    _, out, _ = await house.run("desk")
    assert "halted" not in out


async def test_a_kill_buys_back_what_was_sold_first(house: House, uber: Instrument) -> None:
    await sold(house, uber, 2)
    code, out, err = await house.run("kill", "--positions")
    assert code == 0, out + err
    await holds(house, uber.symbol, 0)


def call_beside(put: Instrument, listings: Listings) -> Instrument:
    """The call of the same strike and expiry."""
    assert put.strike is not None
    assert put.expiry is not None
    day = put.expiry.day
    series = next(series for series in listings.chain("UBER") if series.expiry.day == day)
    return series.option(put.strike, OptionType.CALL)


async def sold_covered(house: House, call: Instrument) -> str:
    """The trade of two calls, of which the account's shares cover one."""
    assert house.control is not None
    await house.control.quote(call.symbol, "0.75", "0.75", 1000, 1000)
    workflow_id = await house.alert(sto(call, "0.75", 2).replace("p ", "c ", 1))
    assert (await house.view_when(workflow_id, lambda view: view.filled == 1)).sized == 1
    assert await held(house, call.symbol) == -1
    return workflow_id


async def has_by_hand(house: House, quantity: int) -> None:
    """A person has so many shares."""
    assert house.control is not None
    await house.control.quote("UBER", "78.00", "78.00", 1000, 1000)
    await house.control.fault("manual_order", symbol="UBER", side="buy", quantity=quantity)
    await holds(house, "UBER", quantity)


async def test_shares_that_cover_a_call_are_sold_only_after_it_is_bought_back(
    house: House, uber: Instrument, listings: Listings
) -> None:
    """A hundred are a trade's, half of them out for exit; fifty by hand make the rest of the cover."""
    await has_by_hand(house, 50)
    stock = await house.alert("BTO 100 UBER @ 78.00")
    await house.view_when(stock, lambda view: view.filled == 100)
    await works(house, stock, ("Sell to Close", 50, "85.8"))
    call = call_beside(uber, listings)
    short = await sold_covered(house, call)
    await house.alert("STC UBER @ 78.00 all out")
    view = await house.view_when(stock, lambda view: bool(view.closings), within=60)
    assert (view.closings[0].outcome, view.closings[0].sold, view.held) == (CloseOutcome.KEPT, 50, 50)
    assert (await held(house, "UBER"), await held(house, call.symbol)) == (100, -1)
    await works(house, stock)
    code, out, err = await house.run("close", short)
    assert (code, "bought back: 1 of 1" in out) == (0, True), out + err
    await house.alert("STC UBER @ 78.00 all out")
    await house.view_when(stock, lambda view: view.state is TradeState.CLOSED, within=60)
    assert (await held(house, "UBER"), await held(house, call.symbol)) == (50, 0)


async def test_a_call_whose_shares_a_person_sells_is_told_as_naked_and_stops_nobody(
    house: House, uber: Instrument, listings: Listings
) -> None:
    assert house.control is not None
    await has_by_hand(house, 150)
    short = await sold_covered(house, call_beside(uber, listings))
    await house.control.fault("manual_order", symbol="UBER", side="sell", quantity=60)
    await holds(house, "UBER", 90)
    told = await reconciled(house, TroubleKind.COVER_MISSING)
    assert [(trouble.kind, trouble.detail, trouble.halted) for trouble in told] == [
        (TroubleKind.COVER_MISSING, "UBER: the account holds 90, the calls need 100", False)
    ]
    assert (await house.view(short)).state is TradeState.HOLDING


async def test_a_call_is_sold_only_as_far_as_shares_cover_it(
    house: House, uber: Instrument, listings: Listings
) -> None:
    assert house.control is not None
    call = call_beside(uber, listings)
    await house.control.quote(call.symbol, "0.75", "0.75", 1000, 1000)
    naked = await house.alert(sto(call, "0.75", 2).replace("p ", "c ", 1))
    view = await house.view_when(naked, lambda view: view.state.is_end)
    assert view.refusal is not None
    assert view.refusal.code in ("short_call_uncovered", "short_not_permitted")
    await has_by_hand(house, 150)
    await sold_covered(house, call)
