"""The clock sells a trade before its contract expires, where the settings say so. A server of its own: hours pass."""

from datetime import timedelta

from domain.refusals import RefusalCode
from domain.settings import ProtectionSettings, TradeTerms
from domain.trade import TradeState
from tests.fakes.broker import CONTRACT
from tests.workflows.conftest import Floor
from tests.workflows.test_guardian import bought, passes


async def test_the_clock_sells_before_the_contract_expires(floor: Floor) -> None:
    ends = await floor.env.get_current_time() + timedelta(hours=3)
    floor.broker.contract = CONTRACT.model_copy(update={"expires_at": ends})
    await bought(floor, close_before_expiry=timedelta(hours=1))
    await floor.after(60 * 115)
    assert floor.book.held() == 4
    await floor.after(60 * 6)
    await passes(floor, 20)
    view = await floor.end()
    assert (view.state, floor.book.held(), view.closings[0].by) == (TradeState.CLOSED, 0, "the clock")


async def test_nothing_is_bought_that_the_clock_would_sell_at_once(floor: Floor) -> None:
    ends = await floor.env.get_current_time() + timedelta(minutes=30)
    floor.broker.contract = CONTRACT.model_copy(update={"expires_at": ends})
    floor.broker.terms = TradeTerms(protection=ProtectionSettings(close_before_expiry=timedelta(hours=1)))
    await floor.alert()
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, floor.book.placed) == (RefusalCode.EXPIRES_TOO_SOON, [])
