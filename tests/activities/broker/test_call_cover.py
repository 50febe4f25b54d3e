"""What the account holds: of one contract, and of the shares that cover calls, less what is for sale and needed."""

from decimal import Decimal

import pytest

from activities.broker import TastytradeBroker, call_cover
from domain.alert import OptionType
from domain.broker import CoverRequest, PositionAnswer, PositionRequest
from domain.contract import Contract, ContractQuery
from domain.desk import CallCover
from domain.identifiers import OrderRole
from domain.orders import LegAction
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import eventually, order, placing


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
