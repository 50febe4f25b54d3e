"""Complex orders through the unmodified SDK: what became of their parts is read from the book."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.order import (
    LimitOrder,
    OCOOrder,
    OrderAction,
    OrderStatus,
    OrderTimeInForce,
    OTOCOOrder,
    OTOOrder,
    PlacedComplexOrder,
    StopOrder,
)
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]
Happens = Callable[..., Awaitable[None]]


def take_profit(ticket: Any, price: str = "2.20") -> LimitOrder:
    sold: LimitOrder = ticket.sell(2, price, "tp", time_in_force=OrderTimeInForce.GTC)
    return sold


def stop_loss(ticket: Any, trigger: str = "0.50") -> StopOrder:
    leg = ticket.option.build_leg(2, OrderAction.SELL_TO_CLOSE)
    return StopOrder(
        time_in_force=OrderTimeInForce.GTC, legs=[leg], stop_trigger=Decimal(trigger), external_identifier="sl"
    )


def bracket(ticket: Any, price: str = "1.05") -> OTOCOOrder:
    return OTOCOOrder(
        trigger_order=ticket.buy(2, price, "entry"), take_profit=take_profit(ticket), stop_loss=stop_loss(ticket)
    )


@pytest.fixture(autouse=True)
async def quoted(control: Control, ticket: Any) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)


@pytest.fixture
async def held(account: Account, session: Session, ticket: Any, settled: Settled, quoted: None) -> None:
    """Two contracts."""
    placed = await account.place_order(session, ticket.buy(2, "1.10", "first"), dry_run=False)
    await settled(placed.order.id, "Filled")


async def place(account: Account, session: Session, order: Any) -> Any:
    return (await account.place_complex_order(session, order, dry_run=False)).complex_order


@pytest.mark.usefixtures("held")
async def test_the_fill_of_one_cancels_the_other(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, OCOOrder(take_profit=take_profit(ticket), stop_loss=stop_loss(ticket)))
    await settled(placed.take_profit.id, "Live")
    await settled(placed.stop_loss.id, "Live")
    await control.quote(ticket.option.symbol, "2.20", "2.30", 50, 50)
    await settled(placed.take_profit.id, "Filled")
    await settled(placed.stop_loss.id, "Cancelled")
    done = await account.get_complex_order(session, placed.id)
    assert done.terminal_at is not None
    assert (await control.book())["positions"] == []


async def test_a_bracket_waits_for_its_entry_and_then_works_as_either_or(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, bracket(ticket))
    await settled(placed.trigger_order.id, "Live")
    waiting = await account.get_complex_order(session, placed.id)
    assert {order.status for order in waiting.orders} == {OrderStatus.CONTINGENT}
    assert {order.contingent_status for order in waiting.orders} == {"Pending Order"}
    assert {order.complex_order_tag for order in waiting.orders} == {"OTOCO::order"}
    await control.quote(ticket.option.symbol, "0.95", "1.05", 50, 50)
    await settled(placed.take_profit.id, "Live")
    await settled(placed.stop_loss.id, "Live")
    await control.quote(ticket.option.symbol, "0.40", "0.60", 50, 50)
    assert [fill.price for fill in (await settled(placed.stop_loss.id, "Filled")).legs[0].fills] == [Decimal("0.40")]
    await settled(placed.take_profit.id, "Cancelled")


async def test_a_cancelled_entry_takes_what_waits_for_it_along(
    account: Account, session: Session, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, bracket(ticket))
    await settled(placed.trigger_order.id, "Live")
    await account.delete_order(session, placed.trigger_order.id)
    for part in (placed.take_profit, placed.stop_loss):
        await settled(part.id, "Cancelled")


async def test_the_whole_is_cancelled_by_its_own_id(
    account: Account, session: Session, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, bracket(ticket))
    await settled(placed.trigger_order.id, "Live")
    await account.delete_complex_order(session, placed.id)
    for part in (placed.trigger_order, placed.take_profit, placed.stop_loss):
        await settled(part.id, "Cancelled")
    with pytest.raises(TastytradeError, match="cannot_update_order"):
        await session._delete(f"/accounts/{account.account_number}/complex-orders/{placed.id}")


async def test_a_replaced_entry_still_triggers(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, bracket(ticket))
    await settled(placed.trigger_order.id, "Live")
    better = await account.replace_order(session, placed.trigger_order.id, ticket.buy(2, "1.10", "entry-2"))
    await settled(better.id, "Filled")
    await settled(placed.take_profit.id, "Live")
    seen = await account.get_complex_order(session, placed.id)
    assert seen.trigger_order is not None
    assert seen.trigger_order.id == better.id


async def test_an_entry_whose_replacement_was_given_up_still_triggers(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    placed = await place(account, session, bracket(ticket))
    await settled(placed.trigger_order.id, "Live")
    await control.fault("fill_during_cancel", on="replace", quantity=2)
    better = await account.replace_order(session, placed.trigger_order.id, ticket.buy(2, "1.06", "entry-2"))
    await settled(better.id, "Cancelled")
    await settled(placed.trigger_order.id, "Filled")
    await settled(placed.take_profit.id, "Live")


async def test_one_may_trigger_several(account: Account, session: Session, ticket: Any, settled: Settled) -> None:
    halves = [ticket.sell(1, price, price, time_in_force=OrderTimeInForce.GTC) for price in ("2.00", "3.00")]
    placed = await place(account, session, OTOOrder(trigger_order=ticket.buy(2, "1.10"), orders=halves))
    await settled(placed.trigger_order.id, "Filled")
    for part in placed.orders:
        await settled(part.id, "Live")


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("second", ["limit", "none"])
async def test_an_either_or_is_of_one_limit_and_one_stop(
    account: Account, session: Session, ticket: Any, second: str
) -> None:
    form = OCOOrder(take_profit=take_profit(ticket), stop_loss=stop_loss(ticket)).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    form["orders"] = [form["orders"][0]] * (2 if second == "limit" else 1)
    answer = await session._client.post(f"/accounts/{account.account_number}/complex-orders", json=form)
    assert answer.status_code == 422
    assert "invalid_oco_order_type_combo" in answer.text


async def test_a_dry_run_places_nothing_and_a_refused_part_refuses_the_whole(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    checked = await account.place_complex_order(session, bracket(ticket), dry_run=True)
    assert checked.buying_power_effect.change_in_buying_power == -(Decimal(210) + 2 * Decimal("1.12"))
    strict = {"advanced_instructions": {"strict_position_effect_validation": True}}
    too_much = OTOOrder(trigger_order=ticket.buy(2, "1.05"), orders=[ticket.sell(3, "2.20", **strict)])
    with pytest.raises(TastytradeError, match="cannot_close_against_nonexistent_position"):
        await account.place_complex_order(session, too_much, dry_run=False)
    assert (await control.book())["orders"] == []


async def test_the_stream_tells_of_the_trigger_before_what_it_sets_off(
    account: Account, session: Session, ticket: Any, alerts: Callable[[], Any], settled: Settled
) -> None:
    async with alerts() as streamer:
        placed = await place(account, session, bracket(ticket, "1.10"))
        statuses = []
        async for seen in streamer.listen(PlacedComplexOrder):
            assert seen.trigger_order is not None
            statuses.append((seen.trigger_order.status, {order.status for order in seen.orders}))
            if statuses[-1][1] == {OrderStatus.LIVE}:
                break
    await settled(placed.stop_loss.id, "Live")
    assert (OrderStatus.FILLED, {OrderStatus.CONTINGENT}) in statuses
    assert all(trigger is OrderStatus.FILLED or others == {OrderStatus.CONTINGENT} for trigger, others in statuses)


async def test_history_and_live_lists_show_them(account: Account, session: Session, ticket: Any) -> None:
    placed = await place(account, session, bracket(ticket))
    assert [found.id for found in await account.get_live_complex_orders(session)] == [placed.id]
    assert [found.id for found in await account.get_complex_order_history(session)] == [placed.id]


async def test_an_entry_that_filled_just_before_a_crash_triggers_after_the_restart(
    tmp_path: Path, new_session: Callable[[str], Session], ticket: Any, happens: Happens
) -> None:
    settings = PaperSettings(db=tmp_path / "paper.db").hurried()
    first: RunningPaper = await serve(settings)
    session = new_session(first.url)
    account = (await Account.get(session))[0]
    async with Control(first.url) as control:
        await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)
    first.exchange.complex_orders._go_on = lambda _: None  # type: ignore[method-assign]  # it dies before it comes to this
    placed = await place(account, session, bracket(ticket, "1.10"))
    entry = first.exchange.book.orders[placed.trigger_order.id]
    await happens(lambda: entry.status == "Filled", first.exchange.book.order_changed)
    await session._client.aclose()
    await first.close()

    second = await serve(settings)
    book = second.exchange.book
    await happens(lambda: book.orders[placed.take_profit.id].status == "Live", book.order_changed)
    await second.close()
