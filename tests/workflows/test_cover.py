"""Shares that calls sold first are covered by: not sold while that is so, and told; everything else is sold as ever."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.broker import CoverRequest
from domain.closing import CloseOutcome, Urgency
from domain.desk import CallCover
from domain.orders import LegAction
from domain.settings import ProtectionSettings
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import FakeBroker, Move, fail
from tests.workflows.conftest import Floor
from tests.workflows.test_closing import Seller, holding
from tests.workflows.test_outright import SHARES, buys, fills, shares

__all__ = ["holding", "shares"]
D = Decimal


def account(others: int, calls: int, own: int = 1) -> Move:
    """What the account holds beside the trade's own shares, and the calls that it is short of; `own` of them ours."""

    def told(broker: FakeBroker, asked: CoverRequest) -> CallCover:
        held = broker.book.held()
        return CallCover(shares=held + others, short_calls={"F     261204C00013000": calls}, own_calls=own)

    return told


@pytest.fixture
def seller(shares: Floor) -> Seller:
    shares.market("0.7600", "0.7600")
    return Seller(shares)


async def test_shares_that_a_call_is_covered_by_are_kept_and_an_operator_is_told_once(
    shares: Floor, seller: Seller
) -> None:
    shares.broker.always("read_call_cover", account(0, 1))
    for _ in range(2):
        result = await seller.sell(urgency=Urgency.NOW)
        assert (result.outcome, result.asked, result.sold, result.held) == (CloseOutcome.KEPT, 100, 0, 100)
        assert result.detail == "100 of them cover calls that were sold first"
    await shares.watches(3)
    assert shares.book.held() == 100
    assert shares.book.working_sells() == []  # the exit would have sold them, too
    assert [trouble.kind for trouble in shares.operator.troubles] == [TroubleKind.COVER_KEPT]


async def test_what_calls_do_not_need_is_sold_and_the_rest_kept(shares: Floor, seller: Seller) -> None:
    shares.broker.always("read_call_cover", account(30, 1))
    result = await seller.sell(10)
    assert (result.outcome, result.asked, result.sold, result.held) == (CloseOutcome.KEPT, 100, 30, 70)
    await shares.watches(3)
    assert shares.book.working_sells() == []
    assert shares.book.held() == 70


async def test_the_exit_makes_room_for_what_calls_need_before_anything_else_is_sold(
    shares: Floor, seller: Seller
) -> None:
    shares.broker.always(
        "read_call_cover", account(50, 1)
    )  # half of the shares is free, and all of that is out for exit
    begun = len(shares.broker.calls)
    result = await seller.sell(10, fraction=D("0.1"))
    assert (result.outcome, result.sold) == (CloseOutcome.SOLD, 10)
    changed = [call for call in shares.broker.calls[begun:] if call in ("place_order", "cancel_order")]
    assert changed == ["cancel_order", "place_order", "place_order"]
    assert shares.book.working_sells() == [(40, D("0.8278"))]


async def test_what_the_exit_sells_on_its_way_off_is_not_sold_once_more_out_of_what_calls_need(
    shares: Floor, seller: Seller
) -> None:
    def fills_and_is_off(broker: FakeBroker, asked: object) -> None:
        broker.book.fill(broker.book.sells[0].order_id, 8, D("0.8278"))

    shares.broker.always("read_call_cover", account(60, 1))
    shares.broker.will("cancel_order", fills_and_is_off)
    result = await seller.sell(20, urgency=Urgency.NOW)
    assert (result.outcome, result.sold) == (CloseOutcome.KEPT, 52)
    assert shares.book.held() == 40


async def test_an_exit_keeps_what_calls_do_not_need(shares: Floor, seller: Seller) -> None:
    shares.broker.always("read_call_cover", account(60, 1))
    result = await seller.sell(10, fraction=D("0.3"))
    assert (result.outcome, result.sold) == (CloseOutcome.SOLD, 30)
    await shares.watches(3)
    assert shares.book.working_sells() == [(30, D("0.8278"))]  # of the 70 held 40 are kept


@pytest.mark.parametrize(
    "told",
    [account(100, 1), account(0, 0, own=0), account(0, 5, own=0)],
    ids=["others are enough", "there is no call", "the calls are somebody else's"],
)
async def test_all_are_sold_where_no_call_of_ours_needs_them(shares: Floor, seller: Seller, told: Move) -> None:
    shares.broker.always("read_call_cover", told)
    result = await seller.sell(urgency=Urgency.NOW)
    assert (result.outcome, result.sold) == (CloseOutcome.SOLD, 100)
    assert (await shares.end()).state is TradeState.CLOSED
    assert shares.operator.troubles == []


async def test_an_account_that_can_not_be_read_is_asked_again_before_anything_is_sold(
    shares: Floor, seller: Seller
) -> None:
    shares.broker.will("read_call_cover", *[fail] * 4)
    shares.broker.always("read_call_cover", account(0, 1))
    assert (await seller.sell(10, urgency=Urgency.NOW)).outcome is CloseOutcome.KEPT


async def test_no_sale_waits_for_ever_for_an_account_that_can_not_be_read(shares: Floor, seller: Seller) -> None:
    shares.broker.always("read_call_cover", fail)
    assert (await seller.sell(30, urgency=Urgency.NOW)).sold == 100
    assert (await shares.end()).state is TradeState.CLOSED
    assert shares.operator.troubles == []


async def test_once_the_call_is_bought_back_the_exit_returns_and_all_can_be_sold(shares: Floor, seller: Seller) -> None:
    shares.broker.always("read_call_cover", account(0, 1))
    await seller.sell(urgency=Urgency.NOW)
    await shares.watches(3)
    assert shares.book.working_sells() == []
    shares.broker.always("read_call_cover", account(0, 0, own=0))
    await shares.after(31 * 60)
    assert shares.book.working_sells() == [(50, D("0.8278"))]
    assert (await seller.sell(urgency=Urgency.NOW)).sold == 100
    assert (await shares.end()).state is TradeState.CLOSED


async def test_a_stop_sells_them_as_soon_as_no_call_needs_them(floor: Floor) -> None:
    floor.broker.quantity, floor.tick = 100, D("0.0001")
    floor.market("0.7525", "0.7525")
    floor.broker.always("read_call_cover", account(0, 1))
    floor.broker.contract = SHARES
    await buys(floor, SHARES, "F", price=D("0.7525"), protection=ProtectionSettings(stop_percent=D(10)))
    await fills(floor)
    floor.market("0.6000", "0.6000")
    await floor.sees(lambda: "read_call_cover" in floor.broker.calls)
    await floor.watches(40)
    assert floor.book.held() == 100
    assert {trouble.kind for trouble in floor.operator.troubles} == {TroubleKind.COVER_KEPT}
    floor.broker.always("read_call_cover", account(0, 0, own=0))
    await floor.watches(40)
    assert (await floor.end()).state is TradeState.CLOSED
    assert floor.book.held() == 0


async def test_the_trades_own_orders_are_left_out_of_what_it_asks(shares: Floor, seller: Seller) -> None:
    asked: list[CoverRequest] = []
    shares.broker.always("read_call_cover", lambda broker, request: asked.append(request))
    await seller.sell(urgency=Urgency.NOW)
    assert [(request.contract, request.seller) for request in asked] == [(SHARES, shares.trade.id)]


async def test_nothing_but_shares_asks_for_cover(holding: Floor) -> None:
    await Seller(holding).sell(urgency=Urgency.NOW)
    assert {order.action for order in holding.book.sells} == {LegAction.SELL_TO_CLOSE}
    assert "read_call_cover" not in holding.broker.calls


async def test_shares_that_nobody_sells_cost_no_look(shares: Floor) -> None:
    await shares.after(timedelta(days=2).total_seconds())
    assert "read_call_cover" not in shares.broker.calls
