"""A stop, a trail, and targets sell a trade by themselves, where the settings say so."""

from decimal import Decimal

from domain.alert import Levels, Trail
from domain.closing import CloseOutcome
from domain.settings import ProtectionSettings, TradeTerms
from domain.trade import TradeState
from tests.workflows.conftest import Floor

D = Decimal


async def bought(floor: Floor, alert: dict[str, object] | None = None, **settings: object) -> Floor:
    """Four at 0.75, an exit for two at 1.50, protected by these settings; the market is 0.76."""
    floor.broker.terms = TradeTerms(protection=ProtectionSettings.model_validate(settings))
    floor.market("0.75", "0.75")
    await floor.alert(**(alert or {}))
    await passes(floor, 3)
    floor.market("0.76", "0.76")
    await passes(floor, 3)
    assert floor.book.working_sells() == [(2, D("1.50"))]
    return floor


async def passes(floor: Floor, seconds: int) -> None:
    for _ in range(seconds):
        await floor.after(1)
        await floor.tells()


async def reads(floor: Floor, price: str, held: int = 4) -> None:
    """The market moves there, and time passes until so many are held."""
    floor.market(price, price)
    await passes(floor, 1)
    for _ in range(30):
        if floor.book.held() == held:
            return
        await passes(floor, 1)
    raise AssertionError(f"{floor.book.held()} held")


async def test_nothing_is_watched_by_default(floor: Floor) -> None:
    await bought(floor, {"stop": D("0.50")})
    await reads(floor, "0.10")
    assert floor.broker.watches == []


async def test_a_stop_sells_all_of_it_at_the_market(floor: Floor) -> None:
    await bought(floor, stop_percent=20)
    await reads(floor, "0.61")
    await reads(floor, "0.60", held=0)
    view = await floor.end()
    assert (view.state, view.exited, floor.book.held()) == (TradeState.CLOSED, 4, 0)
    assert [(closing.by, closing.outcome) for closing in view.closings] == [("the stop at 0.60", CloseOutcome.SOLD)]


async def test_a_trail_sells_below_the_best_price(floor: Floor) -> None:
    await bought(floor, trail_percent=20)
    await reads(floor, "1.40")
    await reads(floor, "1.15")
    await reads(floor, "1.12", held=0)
    view = await floor.end()
    assert (floor.book.held(), view.closings[0].by) == (0, "the trail at 1.12")


async def test_an_alerts_targets_sell_a_part_each_and_the_last_the_rest(floor: Floor) -> None:
    await bought(floor, {"targets": (D("1.00"), D("1.20")), "stop": D("0.50")}, follow_alerts=True)
    await reads(floor, "1.00", held=2)
    assert floor.book.working_sells() == [(2, D("1.50"))]
    await reads(floor, "1.20", held=0)
    view = await floor.end()
    assert (floor.book.held(), [closing.sold for closing in view.closings]) == (0, [2, 2])


async def test_an_alerts_stop_counts_behind_its_first_target_too(floor: Floor) -> None:
    await bought(floor, {"targets": (D("1.00"), D("1.20")), "stop": D("0.50")}, follow_alerts=True)
    await reads(floor, "1.00", held=2)
    await reads(floor, "0.50", held=0)
    view = await floor.end()
    assert [closing.sold for closing in view.closings] == [2, 2]
    assert view.closings[1].by == "the stop at 0.50"


async def test_a_later_fill_moves_the_stop(floor: Floor) -> None:
    floor.broker.terms = TradeTerms(protection=ProtectionSettings(stop_percent=D(20)))
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(3)
    floor.book.fill(floor.book.newest().order_id, 2, D("0.75"))
    await passes(floor, 3)
    floor.book.fill(floor.book.newest().order_id if floor.book.newest().action.is_buy else 1000, 2, D("0.65"))
    await passes(floor, 5)
    assert [watch.stop for watch in floor.broker.watches] == [D("0.600"), D("0.560")]


async def test_a_trail_of_an_alert_counts_where_alerts_are_followed(floor: Floor) -> None:
    await bought(floor, {"trail": Trail(amount=D("0.10")), "in_percent": Levels(stop=D(30))}, follow_alerts=True)
    assert (floor.broker.watches[-1].trail, floor.broker.watches[-1].stop) == (Trail(amount=D("0.10")), D("0.525"))


async def test_a_stop_that_finds_no_market_is_tried_again(floor: Floor) -> None:
    await bought(floor, stop_percent=20)
    floor.market("0.60", "0.60", size=0)  # nobody buys
    while len(floor.book.sells) < 3:  # the exit, and two that nobody took
        await passes(floor, 2)
    await reads(floor, "0.60", held=0)
    assert (await floor.end()).closings[-1].outcome is CloseOutcome.SOLD
