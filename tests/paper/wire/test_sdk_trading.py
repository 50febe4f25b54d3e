"""The unmodified SDK trades: what it did is read from the exchange's own book."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Equity, Future, Option
from tastytrade.order import (
    AdvancedInstructions,
    LimitOrder,
    MarketOrder,
    OrderAction,
    OrderStatus,
    OrderTimeInForce,
    OrderType,
)
from tastytrade.utils import TastytradeError, today_in_new_york

from paper.control.client import Control
from paper.server import RunningPaper
from paper.trading.order_form import OrderForm, read_form
from paper.trading.orders import Order
from paper.trading.words import Status

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]
STRICT = AdvancedInstructions(strict_position_effect_validation=True)


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


def _body(ticket: Any) -> Any:
    """An order as the SDK writes it on the wire."""
    return json.loads(ticket.buy(1, "1.05").model_dump_json(exclude_none=True, by_alias=True))


async def held(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, quantity: int
) -> None:
    """Buy some at 1.10 and await the fill."""
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)
    await settled(await place(account, session, ticket.buy(quantity, "1.10")), "Filled")


async def test_a_dry_run_shows_cost_and_fees_and_places_nothing(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    checked = await account.place_order(session, ticket.buy(5, "1.10"), dry_run=True)
    assert checked.buying_power_effect.change_in_buying_power == -(Decimal(550) + 5 * Decimal("1.12"))
    assert checked.fee_calculation is not None
    assert checked.fee_calculation.total_fees == -5 * Decimal("1.12")
    assert checked.warnings == []
    assert (await control.book())["orders"] == []


async def test_a_refused_dry_run_still_says_what_it_would_have_cost(
    account: Account, session: Session, ticket: Any
) -> None:
    order = ticket.buy(9000, "1.10")
    with pytest.raises(TastytradeError, match="margin_check_failed"):
        await account.place_order(session, order, dry_run=True)
    effect = await account.get_order_buying_power_effect(session, order)
    assert effect.change_in_buying_power < -900_000


async def test_an_order_walks_its_states_and_echoes_its_identifier(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    seen: list[str] = []
    paper.exchange.book.order_changed.append(lambda order: seen.append(order.status))
    placed = (await account.place_order(session, ticket.buy(1, "1.05", "al-1"), dry_run=False)).order
    assert (placed.status, placed.cancellable, placed.external_identifier) == (OrderStatus.ROUTED, False, "al-1")
    await settled(placed.id, "Live")
    assert seen == ["Received", "Routed", "In Flight", "Live"]
    live = await account.get_order(session, placed.id)
    assert (live.status, live.editable, live.external_identifier) == (OrderStatus.LIVE, True, "al-1")


async def test_identifiers_are_tags_and_not_keys(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    first = await place(account, session, ticket.buy(1, "1.05", "same"))
    assert await place(account, session, ticket.buy(1, "1.05", "same")) != first


async def test_a_five_lot_takes_the_two_offered_and_rests_for_three(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 5, 2)
    order_id = await place(account, session, ticket.buy(5, "1.10"))
    await settled(order_id, "Live")
    order = await account.get_order(session, order_id)
    assert [fill.quantity for fill in order.legs[0].fills or []] == [2]
    assert order.legs[0].remaining_quantity == 3
    await control.quote(ticket.option.symbol, "1.00", "1.08", 5, 9)
    book = await settled(order_id, "Filled")
    # The seller came down to the resting bid, and gets its price: nobody is given 1.08 who bid 1.10.
    assert [(fill.quantity, fill.price) for fill in book.legs[0].fills] == [(2, Decimal("1.10")), (3, Decimal("1.10"))]
    [position] = (await control.book())["positions"]
    assert (position["quantity"], position["average-open-price"]) == (5, "1.1")


async def test_a_market_order_takes_the_far_quote(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    order = await settled(await place(account, session, ticket.market_buy(3)), "Filled")
    assert [fill.price for fill in order.legs[0].fills] == [Decimal("1.10")]


async def test_cash_and_fees_of_a_round_trip_are_in_the_history(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await held(account, session, control, ticket, settled, 2)
    sold = await place(account, session, ticket.sell(2, "1.00", advanced_instructions=STRICT))
    await settled(sold, "Filled")
    balances = await account.get_balances(session)
    assert balances.cash_balance == 100_000 - Decimal("220") - Decimal("2.24") + 200 - Decimal("0.24")
    assert (await account.get_total_fees(session)).total_fees == -Decimal("2.48")
    assert await account.get_live_complex_orders(session) == []
    trades = await account.get_history(session)
    assert [trade.net_value for trade in trades] == [Decimal("199.76"), Decimal("-222.24")]
    assert trades[0].order_id == sold


async def test_buying_power_is_reserved_for_working_buys_and_freed_by_a_cancel(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    order_id = await place(account, session, ticket.buy(10, "1.05"))
    assert (await account.get_balances(session)).derivative_buying_power == 100_000 - 1050 - Decimal("11.20")
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    await settled(order_id, "Cancelled")
    assert (await account.get_balances(session)).derivative_buying_power == 100_000


async def test_a_cancel_goes_through_cancel_requested_and_then_refuses_changes(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    order_id = await place(account, session, ticket.buy(1, "1.05"))
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    await settled(order_id, "Cancelled")
    for change in (
        account.delete_order(session, order_id),
        account.replace_order(session, order_id, ticket.buy(1, "1.06")),
    ):
        with pytest.raises(TastytradeError, match="cannot_update_order"):
            await change


async def test_an_order_on_its_way_to_the_venue_can_not_be_changed(
    account: Account, session: Session, control: Control, ticket: Any, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    on_its_way: list[tuple[bool, str]] = []
    paper.exchange.book.order_changed.append(lambda order: on_its_way.append((order.is_changeable, order.status)))
    await place(account, session, ticket.buy(1, "1.05"))
    assert (False, "Routed") in on_its_way
    routed = paper.exchange.preflight.order_of(read_form(OrderForm, _body(ticket)))
    paper.exchange.book.accept(routed, Status.ROUTED)
    with pytest.raises(TastytradeError, match="cannot_update_order"):
        await account.delete_order(session, routed.id)


async def test_a_replacement_has_a_new_id_and_waits_for_the_cancel(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    old = await place(account, session, ticket.buy(2, "1.05", "al-0"))
    await settled(old, "Live")
    seen: list[tuple[int, str]] = []
    paper.exchange.book.order_changed.append(lambda order: seen.append((order.id, str(order.status))))
    new = await account.replace_order(session, old, ticket.buy(2, "1.06", "al-1"))
    assert (new.status, new.replaces_order_id, new.external_identifier) == (OrderStatus.CONTINGENT, old, "al-1")
    await settled(new.id, "Live")
    assert seen.index((old, "Cancelled")) < seen.index((new.id, "Routed"))
    gone = await account.get_order(session, old)
    assert (gone.edited, gone.replacing_order_id, gone.status) == (True, new.id, OrderStatus.CANCELLED)


async def test_a_patch_changes_the_price_alone(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    old = await place(account, session, ticket.buy(2, "1.05"))
    await settled(old, "Live")
    answer = await session._client.patch(
        f"/accounts/{account.account_number}/orders/{old}", json={"price": "1.07", "price-effect": "Debit"}
    )
    replacement = answer.json()["data"]
    assert (replacement["price"], replacement["size"], replacement["order-type"]) == ("1.07", 2, "Limit")
    assert (await settled(replacement["id"], "Live")).price == Decimal("1.07")


async def test_a_fill_of_the_original_aborts_its_replacement(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    old = await place(account, session, ticket.buy(3, "1.05"))
    await settled(old, "Live")
    await control.fault("fill_during_cancel", on="replace", quantity=1)
    new = await account.replace_order(session, old, ticket.buy(3, "1.10"))
    await settled(new.id, "Cancelled")
    original = await settled(old, "Live")
    assert original.leaves == 2
    assert sum(fill["quantity"] for fill in (await control.book())["fills"]) == 1


async def test_a_replacement_after_a_partial_fill_is_for_the_rest(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.05", 5, 2)
    old = await place(account, session, ticket.buy(5, "1.05"))
    await settled(old, "Live")
    new = await account.replace_order(session, old, ticket.buy(5, "1.10"))
    assert (await settled(new.id, "Live")).units == 3


@pytest.mark.parametrize(
    ("price", "quantity"), [("3.01", 1), ("1.005", 1)]
)  # a penny pilot: 0.05 from 3.00 on, 0.01 below
async def test_an_off_tick_price_passes_the_broker_and_is_rejected_by_the_venue(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, price: str, quantity: int
) -> None:
    await control.quote(ticket.option.symbol, "0.50", "9.00")
    order = ticket.buy(quantity, price)
    assert (await account.place_order(session, order, dry_run=True)).warnings == []
    placed = await place(account, session, order)
    rejected = await settled(placed, "Rejected")
    assert rejected.reject_reason == "Invalid price increment"
    assert (await control.book())["fills"] == []


async def test_broken_rules_are_refused_with_the_brokers_codes(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    leg = ticket.option.build_leg(1, OrderAction.BUY_TO_OPEN)
    credit = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg], price=Decimal("1.05"))
    broken = {
        "cant_buy_for_credit": credit,
        "gtc_market_orders_not_supported": ticket.market_buy(1, time_in_force=OrderTimeInForce.GTC),
        "margin_check_failed": ticket.buy(9000, "1.10"),
        "cannot_close_against_nonexistent_position": ticket.sell(1, "1.10", advanced_instructions=STRICT),
        "extended_hours_equity_only": ticket.buy(1, "1.10", time_in_force=OrderTimeInForce.EXT),
    }
    for code, order in broken.items():
        with pytest.raises(TastytradeError, match=code):
            await account.place_order(session, order, dry_run=False)
    assert (await control.book())["orders"] == []


async def test_a_body_without_legs_is_a_validation_error(account: Account, session: Session) -> None:
    await session.refresh()
    answer = await session._client.post(
        f"/accounts/{account.account_number}/orders", json={"order-type": "Limit", "time-in-force": "Day"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"] == [{"domain": "legs", "reason": "is missing"}]


async def test_an_unlisted_contract_is_refused(account: Account, session: Session, put: Option) -> None:
    leg = put.build_leg(1, OrderAction.BUY_TO_OPEN)
    leg.symbol = "UBER  261205P00078000"
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg], price=Decimal("-1.05"))
    with pytest.raises(TastytradeError, match="instrument_validation_failed"):
        await account.place_order(session, order, dry_run=False)


async def test_a_close_without_a_position_becomes_an_opening_unless_strict(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    placed = (await account.place_order(session, ticket.sell(1, "1.05"), dry_run=False)).order
    assert placed.legs[0].action is OrderAction.SELL_TO_OPEN


async def test_no_more_can_be_closed_than_is_held(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await held(account, session, control, ticket, settled, 2)
    with pytest.raises(TastytradeError, match="cannot_close_against_nonexistent_position"):
        await account.place_order(session, ticket.sell(3, "2.00"), dry_run=False)


async def test_live_orders_come_in_pages_of_a_hundred(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.cash("1000000")
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    ids = [await place(account, session, ticket.buy(1, "1.01")) for _ in range(103)]
    assert len(await account.get_live_orders(session)) == 100
    history = await account.get_order_history(session, page_offset=None)
    assert [order.id for order in history] == sorted(ids, reverse=True)


async def test_a_search_filters_by_state(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await held(account, session, control, ticket, settled, 1)
    waiting = await place(account, session, ticket.buy(1, "1.05"))
    await settled(waiting, "Live")
    found = await account.get_order_history(session, statuses=[OrderStatus.LIVE])
    assert [order.id for order in found] == [waiting]


async def test_a_spread_fills_at_its_net_price_and_marks_both_legs(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    near, far = ticket.option, await Option.get(session, ticket.option.symbol.replace("P00080000", "P00075000"))
    await control.quote(near.symbol, "1.40", "1.50")
    await control.quote(far.symbol, "0.50", "0.60")
    legs = [near.build_leg(2, OrderAction.BUY_TO_OPEN), far.build_leg(2, OrderAction.SELL_TO_OPEN)]
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=legs, price=Decimal("-1.00"))
    await settled(await place(account, session, order), "Filled")
    directions = {row["symbol"]: row["quantity-direction"] for row in (await control.book())["positions"]}
    assert directions == {near.symbol: "Long", far.symbol: "Short"}


async def test_a_search_is_bounded_by_days_and_moments(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    before = datetime.now(UTC)
    order_id = await place(account, session, ticket.buy(1, "1.05"))
    today = today_in_new_york()

    async def found(**bounds: Any) -> list[int]:
        return [order.id for order in await account.get_order_history(session, **bounds)]

    assert await found(start_date=today - timedelta(days=1), end_date=today) == [order_id]
    assert await found(start_date=today + timedelta(days=1)) == []
    assert await found(end_date=today - timedelta(days=1)) == []
    assert await found(start_at=before) == [order_id]
    assert await found(end_at=before) == []


async def test_shares_and_futures_trade_too(
    account: Account, session: Session, control: Control, settled: Settled
) -> None:
    share = await Equity.get(session, "UBER")
    future = next(month for month in await Future.get(session, product_codes=["ES"]) if month.active_month)
    for leg in (share.build_leg(10, OrderAction.BUY_TO_OPEN), future.build_leg(1, OrderAction.BUY)):
        order = MarketOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg])
        await settled(await place(account, session, order), "Filled")
    positions = {row["symbol"]: row for row in (await control.book())["positions"]}
    assert positions["UBER"]["quantity"] == 10
    assert positions[future.symbol]["multiplier"] == 50
    balances = await account.get_balances(session)
    assert balances.derivative_buying_power < balances.cash_balance - 20_000  # the future's margin


async def test_opening_market_orders_are_refused_while_closed_and_limits_wait_for_the_open(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    await control.session("closed")
    with pytest.raises(TastytradeError, match="opening_market_order_while_closed"):
        await account.place_order(session, ticket.market_buy(1), dry_run=False)
    answer = await account.place_order(session, ticket.buy(1, "1.10"), dry_run=False)
    assert answer.order.status is OrderStatus.RECEIVED
    assert [warning.code for warning in answer.warnings or []] == ["tif_next_valid_sesssion"]
    await control.session("open")
    await settled(answer.order.id, "Filled")


async def test_the_closing_bell_expires_day_orders_and_keeps_gtc(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    day = await place(account, session, ticket.buy(1, "1.05"))
    gtc = await place(account, session, ticket.buy(1, "1.05", time_in_force=OrderTimeInForce.GTC))
    await settled(day, "Live")
    await settled(gtc, "Live")
    await control.session("closed")
    await settled(day, "Expired")
    await control.quote(ticket.option.symbol, "1.00", "1.04")  # a closed market fills nothing
    assert (await account.get_order(session, gtc)).status is OrderStatus.LIVE
    await control.session("open")
    await settled(gtc, "Filled")


async def test_an_order_type_of_a_later_day_is_a_validation_error(account: Account, session: Session) -> None:
    await session.refresh()
    answer = await session._client.post(
        f"/accounts/{account.account_number}/orders",
        json={"order-type": OrderType.STOP.value, "time-in-force": "Day", "legs": []},
    )
    assert answer.status_code == 400
