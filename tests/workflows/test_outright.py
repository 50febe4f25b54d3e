"""Shares and futures through the story of a trade: sized by cost or margin, sold in their own words, never short."""

from decimal import Decimal

import pytest
import pytest_asyncio

from domain.contract import Contract, InstrumentType
from domain.orders import LegAction, OrderAnswer, Outcome
from domain.refusals import RefusalCode
from domain.settings import DeskPolicy, ExitSettings, ProtectionSettings, SingleContract, TradeTerms
from domain.terms import terms_for
from domain.ticks import TickSchedule
from domain.trade import TradeState, TradeView
from tests.fakes.broker import Move
from tests.workflows.asking import request
from tests.workflows.conftest import Floor
from tests.workflows.test_closing import Seller

D = Decimal
OUTRIGHT: dict[str, object] = {"strike": None, "option_type": None, "expiry": None}
SHARES = Contract(
    symbol="F",
    streamer_symbol="F",
    instrument_type=InstrumentType.EQUITY,
    underlying="F",
    multiplier=D(1),
    ticks=TickSchedule.split("0.0001", "1", "0.01"),
)
FUTURE = Contract(
    symbol="/MESZ6",
    streamer_symbol="/MESZ26:XCME",
    instrument_type=InstrumentType.FUTURE,
    underlying="/MES",
    multiplier=D(5),
    ticks=TickSchedule.flat("0.25"),
)


def costs(dollars: str) -> Move:
    """What one contract takes of the buying power, by the broker's check of an order."""
    return lambda broker, asked: (
        OrderAnswer(outcome=Outcome.ACCEPTED, buying_power_used=D(dollars)) if asked.dry_run else None
    )


async def buys(
    floor: Floor,
    contract: Contract,
    symbol: str,
    exit_: ExitSettings | None = None,
    protection: ProtectionSettings | None = None,
    **alert: object,
) -> None:
    """The trade of an alert for that contract, on the terms that the desk gives such an alert."""
    floor.broker.contract = contract
    policy = DeskPolicy(exit=exit_ or ExitSettings(), protection=protection or ProtectionSettings())
    floor.broker.terms = terms_for(policy, request(symbol=symbol, **OUTRIGHT).alert)
    await floor.alert(symbol=symbol, **(OUTRIGHT | alert))


async def fills(floor: Floor) -> TradeView:
    """What is bought is told, and its exit goes out."""
    await floor.after(3)
    await floor.tells()
    await floor.after(3)
    return await floor.view()


@pytest_asyncio.fixture(loop_scope="module")
async def shares(floor: Floor) -> Floor:
    """A hundred were bought at 0.7525, and the exit stands."""
    floor.broker.quantity, floor.tick = 100, D("0.0001")
    floor.market("0.7524", "0.7525")
    await buys(floor, SHARES, "F", price=D("0.7525"))
    await floor.after(25)
    await fills(floor)
    return floor


@pytest_asyncio.fixture(loop_scope="module")
async def future(floor: Floor) -> Floor:
    """Four were bought at 0.75, by the root; the exit stands."""
    floor.broker.always("place_order", costs("2200"))
    floor.market("0.75", "0.75")
    await buys(floor, FUTURE, "/MES")
    await fills(floor)
    return floor


async def test_a_share_of_less_than_a_dollar_is_worked_in_hundredths_of_a_cent(shares: Floor) -> None:
    prices = [order.price for order in shares.book.placed if order.action is LegAction.BUY_TO_OPEN]
    assert prices == [D("0.7524"), D("0.7525")]


async def test_half_of_the_shares_are_out_at_a_tenth_more(shares: Floor) -> None:
    assert shares.book.working_sells() == [(50, D("0.8278"))]
    assert [order.action for order in shares.book.sells] == [LegAction.SELL_TO_CLOSE]


async def test_shares_are_sold_by_parts_and_all_out(shares: Floor) -> None:
    seller = Seller(shares)
    shares.market("0.7600", "0.7600")
    assert (await seller.sell(fraction=D("0.5"))).sold == 50
    assert (await seller.sell(quantity=20)).sold == 20
    await shares.after(3)
    assert shares.book.working_sells() == [(30, D("0.8278"))]
    result = await seller.sell(10)
    assert (result.sold, result.held) == (30, 0)
    view = await shares.end()
    assert (view.state, view.realised) == (TradeState.CLOSED, D("0.75"))
    assert shares.book.held() == 0


@pytest.mark.parametrize(("single", "out"), [("hold", []), ("exit_all", [(1, D("0.825"))])])
async def test_one_share_has_no_half(floor: Floor, single: str, out: list[tuple[int, Decimal]]) -> None:
    floor.broker.quantity = 1
    floor.market("0.75", "0.75")
    await buys(floor, SHARES, "F", ExitSettings(single_contract=SingleContract(single)))
    assert (await fills(floor)).filled == 1
    assert floor.book.working_sells() == out


async def test_shares_without_an_exit_are_held_until_they_are_sold(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    await buys(floor, SHARES, "F", ExitSettings(share_percent=D(0)))
    assert (await fills(floor)).state is TradeState.HOLDING
    assert floor.book.sells == []
    assert (await Seller(floor).sell()).sold == 4
    assert (await floor.end()).state is TradeState.CLOSED


async def test_a_future_is_bought_and_sold_without_open_and_close(future: Floor) -> None:
    assert {order.action for order in future.book.placed} == {LegAction.BUY, LegAction.SELL}
    assert future.book.working_sells() == [(2, D("1.00"))]
    assert (await future.view()).contract == FUTURE


async def test_a_future_counts_by_its_multiplier(future: Floor) -> None:
    future.market("1.00", "1.00")
    await Seller(future).sell()
    view = await future.end()
    assert (view.exited, view.realised) == (4, D(4) * 5 * D("0.25"))


async def test_a_future_is_never_sold_short(future: Floor) -> None:
    seller = Seller(future)
    future.market("0.75", "0.75")
    assert (await seller.sell(quantity=3)).sold == 3
    assert (await seller.sell(10, quantity=3)).sold == 1
    await future.end()
    assert future.book.held() == 0
    assert future.book.working() == []


async def test_a_future_that_the_account_is_short_of_is_not_bought(floor: Floor) -> None:
    floor.broker.always("place_order", costs("-2200"))
    floor.market("0.75", "0.75")
    await buys(floor, FUTURE, "/MES")
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, view.refusal.detail) == (RefusalCode.NOT_TRADEABLE, "the account is short of /MESZ6")
    assert floor.book.orders == {}


async def test_a_future_is_sized_by_the_brokers_own_margin(floor: Floor) -> None:
    asked = []

    def size(broker: object, asks: object) -> None:
        asked.append(asks)

    floor.broker.will("reserve", size)
    floor.broker.always("place_order", costs("2200"))
    floor.market("0.75", "0.75")
    await buys(floor, FUTURE, "/MES")
    await fills(floor)
    fee = TradeTerms().future_fee
    assert [(one.unit_cost, one.worst_unit_cost, one.contract_symbol) for one in asked] == [
        (D(2200) + fee, D(2200) + fee, "/MESZ6")
    ]


async def test_a_dry_run_of_shares_and_of_a_future_sells_nothing_real(floor: Floor) -> None:
    floor.broker.always("place_order", costs("2200"))
    floor.market("0.75", "0.75")
    await buys(floor, FUTURE, "/MES", dry_run=True)
    view = await floor.end()
    assert (view.filled, view.exit_quantity) == (4, 2)
    assert floor.book.orders == {}
    assert {order.action for order in floor.book.dry_runs} == {LegAction.BUY, LegAction.SELL}
