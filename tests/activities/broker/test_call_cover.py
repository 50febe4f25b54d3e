"""What the account holds: of one contract, and of the shares that cover calls, less what is for sale and needed."""

from decimal import Decimal

import pytest

from activities.broker import TastytradeBroker, call_cover
from domain.alert import OptionType
from domain.broker import CoverRequest, PositionAnswer, PositionRequest
from domain.contract import Contract, ContractQuery
from domain.desk import CallCover
from domain.identifiers import OrderRole, TradeId
from domain.orders import LegAction
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import TRADE, eventually, order, placing


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_cover, "_PAUSE", 0.0)


@pytest.fixture
async def call(broker: TastytradeBroker, paper: RunningPaper, control: Control) -> Contract:
    """A call on UBER, quoted 1.00 / 1.10."""
    series = paper.exchange.listings.chain("UBER")[1]
    query = ContractQuery(
        symbol="UBER",
        strike=series.strikes[len(series.strikes) // 2],
        option_type=OptionType.CALL,
        expiry=series.expiry.day,
    )
    listing = await broker.find_contract(query)
    assert listing.contract is not None
    await control.quote(listing.contract.symbol, "1.00", "1.10", 100, 100)
    await control.quote("UBER", "78.00", "78.01", 10_000, 10_000)
    return listing.contract


async def by_hand(paper: RunningPaper, control: Control, symbol: str, side: str, quantity: int) -> None:
    """Somebody trades beside us, and the account has it."""
    before = paper.exchange.book.account.held(symbol)
    await control.fault("manual_order", symbol=symbol, side=side, quantity=quantity)
    change = quantity if side == "buy" else -quantity
    await eventually(lambda: paper.exchange.book.account.held(symbol) == before + change)


async def test_without_shares_nothing_is_covered(broker: TastytradeBroker, call: Contract) -> None:
    assert await broker.read_call_cover(CoverRequest(contract=call)) == CallCover()


async def test_shares_that_are_held_cover(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    assert await broker.read_call_cover(CoverRequest(contract=call)) == CallCover(shares=250)


async def test_shares_that_are_out_for_sale_do_not(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    listing = await broker.find_contract(ContractQuery(symbol="UBER"))
    assert listing.contract is not None
    out = order(listing.contract, 0, LegAction.SELL_TO_CLOSE, 100, "90", OrderRole.EXIT)
    assert (await broker.place_order(placing(out))).order is not None
    assert await broker.read_call_cover(CoverRequest(contract=call)) == CallCover(shares=150)


async def test_calls_that_the_account_is_short_of_are_told(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    await by_hand(paper, control, call.symbol, "sell", 2)
    cover = await broker.read_call_cover(CoverRequest(contract=call))
    assert cover == CallCover(shares=250, short_calls={call.symbol: 2})


async def test_a_position_is_told_by_its_sign_and_none_is_zero(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    asked = PositionRequest(contract=call)
    assert await broker.read_position(asked) == PositionAnswer(quantity=Decimal(0))
    await by_hand(paper, control, "UBER", "buy", 250)
    await by_hand(paper, control, call.symbol, "sell", 2)
    assert await broker.read_position(asked) == PositionAnswer(quantity=Decimal(-2))
    await by_hand(paper, control, call.symbol, "buy", 2)
    assert await broker.read_position(asked) == PositionAnswer(quantity=Decimal(0))


async def test_a_call_of_ours_that_is_still_being_sold_is_the_desks_to_count(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    ours = order(call, 0, LegAction.SELL_TO_OPEN, 1, "5.00")
    assert (await broker.place_order(placing(ours))).order is not None
    assert await broker.read_call_cover(CoverRequest(contract=call)) == CallCover(shares=250)


# For a trade that would sell the shares

SELLER = TradeId(channel_id=111, message_id=999)


async def asked(broker: TastytradeBroker, call: Contract, seller: TradeId = SELLER) -> CallCover:
    listing = await broker.find_contract(ContractQuery(symbol="UBER"))
    assert listing.contract is not None
    return await broker.read_call_cover(CoverRequest(contract=listing.contract, seller=seller.workflow_id))


async def test_calls_that_somebody_else_sold_are_none_of_ours(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    await by_hand(paper, control, call.symbol, "sell", 2)
    assert await asked(broker, call) == CallCover(shares=250, short_calls={call.symbol: 2}, own_calls=0)


async def test_calls_that_we_sold_and_are_selling_are_ours(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 350)
    assert (await broker.place_order(placing(order(call, 0, LegAction.SELL_TO_OPEN, 2, "1.00")))).order is not None
    await eventually(lambda: paper.exchange.book.account.held(call.symbol) == -2)
    await by_hand(paper, control, call.symbol, "sell", 1)
    cover = await asked(broker, call)
    assert cover == CallCover(shares=350, short_calls={call.symbol: 3}, own_calls=2)
    assert (await broker.place_order(placing(order(call, 1, LegAction.SELL_TO_OPEN, 1, "5.00")))).order is not None
    cover = await asked(broker, call)
    assert cover == CallCover(shares=350, short_calls={call.symbol: 4}, own_calls=3)


async def test_what_we_bought_back_is_ours_no_more(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 200)
    await broker.place_order(placing(order(call, 0, LegAction.SELL_TO_OPEN, 1, "1.00")))
    await eventually(lambda: paper.exchange.book.account.held(call.symbol) == -1)
    await broker.place_order(placing(order(call, 1, LegAction.BUY_TO_CLOSE, 1, "1.10")))
    await eventually(lambda: paper.exchange.book.account.held(call.symbol) == 0)
    assert await asked(broker, call) == CallCover(shares=200)


async def test_only_its_own_orders_are_left_out_of_what_is_for_sale(
    broker: TastytradeBroker, call: Contract, paper: RunningPaper, control: Control
) -> None:
    await by_hand(paper, control, "UBER", "buy", 250)
    listing = await broker.find_contract(ContractQuery(symbol="UBER"))
    assert listing.contract is not None
    out = order(listing.contract, 0, LegAction.SELL_TO_CLOSE, 100, "90", OrderRole.EXIT)
    assert (await broker.place_order(placing(out))).order is not None
    assert (await asked(broker, call)).shares == 150
    assert (await asked(broker, call, TRADE)).shares == 250
