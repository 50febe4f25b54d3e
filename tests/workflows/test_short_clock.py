"""A trade that sold first comes to its end by the clock: bought back before its contract ends, or ended with it."""

from datetime import timedelta
from decimal import Decimal

from domain.alert import Action
from domain.settings import ProtectionSettings, TradeTerms
from domain.trade import TradeState
from tests.fakes.broker import CONTRACT
from tests.workflows.conftest import Floor
from tests.workflows.test_guardian import passes


async def sold(floor: Floor, **settings: object) -> None:
    """Four at 0.75, of a contract that ends in five hours."""
    now = await floor.env.get_current_time()
    floor.broker.contract = CONTRACT.model_copy(update={"expires_at": now + timedelta(hours=5)})
    protection = ProtectionSettings.model_validate(settings)
    floor.broker.terms = TradeTerms(protection=protection, take_profit=Decimal("0.5"))
    floor.market("0.75", "0.75")
    await floor.alert(action=Action.STO)
    await passes(floor, 5)
    assert floor.book.held() == -4


async def test_what_is_not_bought_back_expires_and_is_the_accounts(floor: Floor) -> None:
    await sold(floor)
    view = await floor.end()
    assert (view.state, view.filled, view.exited, view.realised) == (TradeState.EXPIRED, 4, 0, 0)


async def test_the_clock_buys_all_of_it_back_before_the_end(floor: Floor) -> None:
    await sold(floor, close_before_expiry=timedelta(hours=1), close_before_0dte_end=timedelta(hours=1))
    await floor.after(4 * 3600 - 10)
    assert floor.book.held() == -4
    await passes(floor, 16)
    view = await floor.end()
    assert (view.state, floor.book.held(), view.closings[0].by) == (TradeState.CLOSED, 0, "the clock")
