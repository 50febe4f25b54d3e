"""What sold first is bought back by its stop, its trail and its targets, each the other way round."""

from decimal import Decimal

from domain.alert import Action, Levels
from domain.settings import ProtectionSettings, TradeTerms
from domain.trade import TradeState
from tests.workflows.conftest import Floor
from tests.workflows.test_guardian import passes, reads

D = Decimal


async def sold(floor: Floor, alert: dict[str, object] | None = None, **settings: object) -> Floor:
    """Four at 0.75, a buy back of two at 0.38, protected by these settings."""
    floor.broker.terms = TradeTerms(protection=ProtectionSettings.model_validate(settings), take_profit=D("0.5"))
    floor.market("0.75", "0.75")
    await floor.alert(action=Action.STO, **(alert or {}))
    await passes(floor, 6)
    assert floor.book.working_exits() == [(2, D("0.38"))]
    return floor


async def test_a_stop_lies_above_what_was_received(floor: Floor) -> None:
    await sold(floor, stop_percent=100)
    await reads(floor, "1.49", held=-4)
    await reads(floor, "1.50", held=0)
    view = await floor.end()
    assert (view.state, view.closings[0].by, view.realised) == (TradeState.CLOSED, "the stop at 1.50", D("-300.00"))


async def test_a_trail_follows_the_lowest_price(floor: Floor) -> None:
    await sold(floor, trail_percent=20)
    await reads(floor, "0.50", held=-4)
    await reads(floor, "0.59", held=-4)
    await reads(floor, "0.60", held=0)
    assert (await floor.end()).closings[0].by == "the trail at 0.60"


async def test_an_alerts_targets_lie_below_the_nearest_first(floor: Floor) -> None:
    await sold(floor, {"targets": (D("0.40"), D("0.60")), "stop": D("1.50")}, follow_alerts=True)
    await reads(floor, "0.60", held=-2)
    await reads(floor, "0.40", held=0)
    assert [closing.sold for closing in (await floor.end()).closings] == [2, 2]


async def test_a_short_puts_stop_on_the_underlying_lies_below(floor: Floor) -> None:
    floor.broker.underlying = D(80)
    await sold(floor, {"on_underlying": Levels(stop=D(75))}, follow_alerts=True)
    await reads(floor, "0.75", held=-4)
    floor.broker.underlying = D(75)
    await reads(floor, "0.75", held=0)
    assert (await floor.end()).state is TradeState.CLOSED


async def test_a_later_fill_moves_the_stop(floor: Floor) -> None:
    floor.broker.terms = TradeTerms(protection=ProtectionSettings(stop_percent=D(100)), take_profit=D("0.5"))
    floor.market("0.60", "0.80")
    await floor.alert(action=Action.STO)
    await floor.after(3)
    floor.book.fill(1000, 2, D("0.75"))
    await passes(floor, 3)
    floor.book.fill(1000, 2, D("0.85"))
    await passes(floor, 5)
    assert [watch.stop for watch in floor.broker.watches] == [D("1.50"), D("1.60")]
