"""Options on futures, traded through the unmodified SDK."""

from decimal import Decimal

import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Future, FutureOption, NestedFutureOptionChain
from tastytrade.order import LimitOrder, OrderAction, OrderTimeInForce
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import RunningPaper
from tests.paper.conftest import Settled

pytestmark = [pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")]


@pytest.fixture
async def calls(session: Session) -> tuple[FutureOption, FutureOption]:
    """Two ES calls of one expiry, 10 points apart."""
    chain = await NestedFutureOptionChain.get(session, "ES")
    strikes = {strike.strike_price: strike.call for strike in chain.option_chains[0].expirations[3].strikes}
    near, far = [await FutureOption.get(session, strikes[Decimal(price)]) for price in (6715, 6725)]
    return near, far


def order(price: str, *legs: tuple[FutureOption, OrderAction]) -> LimitOrder:
    built = [option.build_leg(1, action) for option, action in legs]
    return LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=built, price=Decimal(price))


async def test_a_long_one_costs_its_premium_and_brings_it_back(
    session: Session, account: Account, control: Control, calls: tuple[FutureOption, FutureOption], settled: Settled
) -> None:
    near, _ = calls
    await control.quote(near.symbol, "40.00", "40.25")
    bought = await account.place_order(session, order("-40.25", (near, OrderAction.BUY_TO_OPEN)), dry_run=False)
    assert bought.buying_power_effect.change_in_buying_power == Decimal("-40.25") * 50 - Decimal("2.80")
    await settled(bought.order.id, "Filled")
    sold = await account.place_order(session, order("40.00", (near, OrderAction.SELL_TO_CLOSE)), dry_run=False)
    await settled(sold.order.id, "Filled")
    cash = (await account.get_balances(session)).cash_balance
    assert cash == 100_000 - Decimal("0.25") * 50 - Decimal("2.80") - Decimal("0.30")


async def test_a_price_off_its_own_tick_is_refused_by_the_venue(
    session: Session, account: Account, calls: tuple[FutureOption, FutureOption], settled: Settled
) -> None:
    near, _ = calls
    placed = await account.place_order(session, order("-40.10", (near, OrderAction.BUY_TO_OPEN)), dry_run=False)
    await settled(placed.order.id, "Rejected")
    placed = await account.place_order(session, order("-4.05", (near, OrderAction.BUY_TO_OPEN)), dry_run=False)
    await settled(placed.order.id, "Live")


async def test_a_vertical_is_one_order_but_does_not_mix_with_options_on_shares(
    session: Session,
    account: Account,
    control: Control,
    calls: tuple[FutureOption, FutureOption],
    put: FutureOption,
    settled: Settled,
) -> None:
    near, far = calls
    await control.quote(near.symbol, "40.00", "40.25")
    await control.quote(far.symbol, "35.00", "35.25")
    vertical = order("-5.25", (near, OrderAction.BUY_TO_OPEN), (far, OrderAction.SELL_TO_OPEN))
    placed = await account.place_order(session, vertical, dry_run=False)
    await settled(placed.order.id, "Filled")
    mixed = order("-5.00", (near, OrderAction.BUY_TO_OPEN), (put, OrderAction.BUY_TO_OPEN))
    with pytest.raises(TastytradeError, match="invalid_leg_count"):
        await account.place_order(session, mixed, dry_run=False)


async def test_a_short_one_ties_up_margin(
    session: Session, account: Account, calls: tuple[FutureOption, FutureOption]
) -> None:
    near, _ = calls
    dry = await account.place_order(session, order("40.00", (near, OrderAction.SELL_TO_OPEN)))
    assert dry.buying_power_effect.change_in_margin_requirement < -20_000


async def test_an_outright_future_has_other_actions(
    session: Session, account: Account, calls: tuple[FutureOption, FutureOption]
) -> None:
    with pytest.raises(TastytradeError, match="invalid_action"):
        await account.place_order(session, order("-40.00", (calls[0], OrderAction.BUY)))
    future = await Future.get(session, calls[0].underlying_symbol)
    with pytest.raises(TastytradeError, match="invalid_action"):
        await account.place_order(session, order("-6700.00", (future, OrderAction.BUY_TO_OPEN)))  # type: ignore[arg-type]


async def test_a_future_pinned_by_hand_takes_its_options_along(
    session: Session, control: Control, paper: RunningPaper, calls: tuple[FutureOption, FutureOption]
) -> None:
    near, _ = calls
    await control.quote(near.underlying_symbol, "7000.00", "7000.25")
    exchange = paper.exchange
    option = exchange.listings.find(near.symbol)
    assert option is not None
    assert exchange.market.spot(option) == 7000.125
    worth = exchange.market.worth(option)
    assert worth is not None
    assert worth.price > 280
