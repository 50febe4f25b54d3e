"""Faults that act as they are armed: somebody else's orders, and what the venue does unasked."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.order import PlacedOrder

from paper.control.client import Control, ControlError, UnusedFaultError
from paper.server import RunningPaper
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]


@pytest.fixture(autouse=True)
async def quoted(control: Control, ticket: Any) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


async def test_a_manual_order_is_in_the_account_and_on_the_stream_without_an_identifier(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any
) -> None:
    async with alerts() as streamer:
        told = await control.fault(
            "manual_order", symbol=ticket.option.streamer_symbol, side="buy", quantity=2, price="1.05"
        )
        streamed = await anext(aiter(streamer.listen(PlacedOrder)))
    order = await account.get_order(session, told["order_id"])
    assert streamed.id == order.id
    assert (order.source, order.external_identifier, order.size, order.price) == ("WEB", None, 2, Decimal("-1.05"))
    assert str(order.legs[0].action) == "Buy to Open"
    assert told["fired"] == 1


async def test_a_manual_sale_closes_what_is_held_first(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, paper: RunningPaper
) -> None:
    await settled(await place(account, session, ticket.buy(2, "1.10")), "Filled")
    told = await control.fault("manual_order", symbol=ticket.option.symbol, side="sell", quantity=2)
    order = await settled(told["order_id"], "Filled")
    assert (order.order_type, order.legs[0].action) == ("Market", "Sell to Close")
    assert paper.exchange.account.held(ticket.option.symbol) == 0


async def test_a_manual_order_that_the_broker_refuses_is_told_and_armed_nowhere(control: Control, put: Any) -> None:
    with pytest.raises(ControlError, match="margin_check_failed"):
        await control.fault("manual_order", symbol=put.symbol, side="buy", quantity=100_000, price="1.00")
    assert await control.faults() == []


async def test_a_manual_cancel_takes_off_the_order_that_was_named(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    ours = [await place(account, session, ticket.buy(1, "1.05", identifier)) for identifier in ("al-1", "al-2")]
    for order_id in ours:
        await settled(order_id, "Live")
    told = await control.fault("manual_cancel", identifier="al-1")
    assert (told["order_id"], told["fired"]) == (ours[0], 1)
    await settled(ours[0], "Cancelled")
    await settled(ours[1], "Live")


async def test_a_manual_cancel_without_such_an_order_hits_nobody(control: Control) -> None:
    told = await control.fault("manual_cancel", identifier="al-1", may_be_unused=True)
    assert (told["fired"], told["order_id"]) == (0, None)


async def test_the_venue_gives_the_reason_that_was_asked_for(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("reject_next", reason="Instrument is restricted")
    order_id = await place(account, session, ticket.buy(1, "1.05"))
    await settled(order_id, "Rejected")
    assert (await account.get_order(session, order_id)).reject_reason == "Instrument is restricted"


async def test_the_venue_may_remove_an_order_unasked(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("cancel_next", ends="Removed")
    order_id = await place(account, session, ticket.buy(1, "1.05"))
    await settled(order_id, "Removed")
    assert str((await account.get_order(session, order_id)).status) == "Removed"


async def test_a_fault_that_never_fired_fails_the_test_that_armed_it(control: Control) -> None:
    await control.fault("lose_stream", identifier="al-9")
    await control.fault("drop_answer", may_be_unused=True)
    with pytest.raises(UnusedFaultError, match=r"lose_stream.*al-9") as told:
        await control.require_faults_used()
    assert "drop_answer" not in str(told.value)
    await control.clear_faults()
    await control.require_faults_used()


async def test_a_fault_says_what_it_was_armed_for_and_how_often_it_fired(
    account: Account, session: Session, control: Control
) -> None:
    await control.fault("latency", on="read", times=3)
    await account.get_balances(session)
    fault = (await control.faults())[0]
    assert (fault["armed"], fault["fired"], fault["unused"]) == (3, 1, False)
