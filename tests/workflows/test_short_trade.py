"""A trade that sells first: the entry's ladder downwards, the exit that buys back, and never more than is short."""

from decimal import Decimal

import pytest
import pytest_asyncio

from domain.alert import Action, OptionType
from domain.audit import AuditKind
from domain.broker import ContractListing, PlaceOrder
from domain.closing import CloseOutcome, Urgency
from domain.desk import CallCover, ReservationRequest
from domain.orders import LegAction, OrderAnswer, OrderStatus, OrderType, Outcome
from domain.refusals import RefusalCode
from domain.settings import (
    ExitSettings,
    GuardSettings,
    LadderSettings,
    Reprice,
    SingleContract,
    TradeTerms,
)
from domain.trade import TradeState
from tests.fakes.broker import CONTRACT, FakeBroker, Gate, fail, lose, refuse, reject, take_and_not_answer
from tests.workflows.conftest import Floor, cents
from tests.workflows.invariants import Promise
from tests.workflows.test_closing import Seller

HALF = Decimal("0.5")
SHORT = TradeTerms(take_profit=HALF)


async def sells(floor: Floor, terms: TradeTerms = SHORT, **alert: object) -> None:
    """The trade of `STO UBER 78p 12/04 @ 0.75`."""
    floor.broker.terms = terms
    await floor.alert(action=Action.STO, **alert)


def entry_prices(floor: Floor) -> list[Decimal | None]:
    return [order.price for order in floor.book.placed if order.action is LegAction.SELL_TO_OPEN]


@pytest_asyncio.fixture(loop_scope="module")
async def short(floor: Floor) -> Floor:
    """Four were sold at 0.75, a buy back of two stands at 0.38, and the market is 0.50 to 0.54."""
    floor.market("0.75", "0.75")
    await sells(floor)
    await floor.after(3)
    await floor.tells()
    await floor.after(3)
    assert floor.book.working_exits() == [(2, Decimal("0.38"))]
    floor.market("0.50", "0.54")
    return floor


@pytest.fixture
def buyer(short: Floor) -> Seller:
    return Seller(short)


@pytest.fixture
def far_market(floor: Floor) -> Floor:
    """A market that the ladder can't reach."""
    floor.market("0.60", "0.80")
    return floor


# The entry


async def test_steps_down_at_20_40_and_60_seconds_and_gives_up_at_90(far_market: Floor) -> None:
    await sells(far_market)
    view = await far_market.end()
    assert view.state is TradeState.NO_FILL
    assert entry_prices(far_market) == cents("0.75", "0.74", "0.73", "0.72")
    assert far_market.book.working() == []


async def test_begins_at_the_mid_where_that_is_dearer(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await sells(floor)
    await floor.end()
    assert entry_prices(floor)[0] == Decimal("0.80")


async def test_never_goes_under_the_floor(floor: Floor) -> None:
    floor.market("0.50", "0.70")
    guard = GuardSettings(ceiling_percent=Decimal(0), ceiling_min_ticks=2)
    await sells(floor, SHORT.model_copy(update={"guard": guard}))
    await floor.end()
    assert entry_prices(floor) == cents("0.75", "0.74", "0.73")


async def test_what_is_a_tick_from_the_market_at_the_end_is_sold_there(floor: Floor) -> None:
    floor.market("0.71", "0.79")
    await sells(floor)
    await floor.after(95)
    last = floor.book.entries[-1]
    assert (last.order_type, last.action, last.filled) == (OrderType.MARKET, LegAction.SELL_TO_OPEN, 4)


async def test_a_market_order_that_is_refused_goes_out_as_a_limit_at_the_bid(floor: Floor) -> None:
    floor.market("0.71", "0.79")
    await sells(floor)
    await floor.after(85)
    floor.broker.will("place_order", reject("no market orders"))
    await floor.after(10)
    last = floor.book.entries[-1]
    assert (last.order_type, last.price, last.filled) == (OrderType.LIMIT, Decimal("0.71"), 4)


async def test_moves_its_order_by_replacing_it(far_market: Floor) -> None:
    await sells(far_market)
    await far_market.end()
    assert far_market.broker.calls.count("replace_order") == 3


async def test_the_rest_after_a_fill_is_what_is_verified_unsold(far_market: Floor) -> None:
    await sells(far_market, SHORT.model_copy(update={"ladder": LadderSettings(reprice=Reprice.CANCEL_AND_PLACE)}))
    await far_market.after(5)
    far_market.book.fill(1000, 1)
    await far_market.tells()
    await far_market.after(100)
    assert [order.quantity for order in far_market.book.entries] == [4, 3, 3, 3]
    assert (await far_market.view()).filled == 1


async def test_an_unknown_outcome_is_looked_up_and_never_sent_again(floor: Floor) -> None:
    floor.market("0.60", "0.80")
    floor.broker.will("place_order", lambda broker, request: None, take_and_not_answer)
    await sells(floor)
    await floor.end()
    placed = [order.identifier for order in floor.book.placed if order.price == Decimal("0.75")]
    assert len(placed) == 1


async def test_more_sold_than_sized_stops_the_trade(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.60", "0.80")
    await sells(floor)
    await floor.after(3)
    floor.book.fill(1000, 6)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 6)
    assert "6 sold of 4 sized" in view.note


# What refuses it


async def test_what_the_brokers_check_does_not_permit_is_refused_with_its_words(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", refuse("invalid_option_level", "Your account may not sell options."))
    await sells(floor)
    view = await floor.end()
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.SHORT_NOT_PERMITTED
    assert "invalid_option_level: Your account may not sell options." in view.refusal.detail
    assert floor.book.placed == []
    assert [(order.action, order.quantity) for order in floor.book.dry_runs] == [(LegAction.SELL_TO_OPEN, 1)]


async def test_a_check_that_nobody_answers_is_no_refusal_of_the_brokers(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", lose)
    await sells(floor)
    view = await floor.end()
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.BROKER_UNREACHABLE


async def test_an_option_that_the_listings_call_an_indexs_is_not_sold_first(floor: Floor) -> None:
    listing = ContractListing(contract=CONTRACT, on_index=True)
    floor.broker.always("find_contract", lambda broker, query: listing)
    await sells(floor)
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, floor.book.placed) == (RefusalCode.SHORT_INDEX_OPTION, [])


async def test_the_desk_holds_back_what_assignment_would_cost(floor: Floor) -> None:
    asked: list[tuple[Decimal, Decimal | None]] = []

    def note(broker: FakeBroker, request: ReservationRequest) -> None:
        asked.append((request.worst_unit_cost, request.assignment))

    floor.market("0.60", "0.80")
    floor.broker.always("reserve", note)
    await sells(floor)
    await floor.end()
    assert asked == [(Decimal("7801.12"), Decimal(7800))]


# The exit


async def test_half_is_bought_back_at_half_the_credit_by_a_gtc_order(short: Floor) -> None:
    view = await short.view()
    assert (view.state, view.filled, view.exit_quantity, view.exit_price) == (TradeState.HOLDING, 4, 2, Decimal("0.38"))
    exit_ = next(order for order in short.book.placed if order.action is LegAction.BUY_TO_CLOSE)
    assert (exit_.time_in_force, exit_.quantity) == ("GTC", 2)
    assert short.book.held() == -4


async def test_later_fills_resize_it(far_market: Floor) -> None:
    await sells(far_market)
    await far_market.after(3)
    far_market.book.fill(1000, 2)
    await far_market.watches(4)
    assert far_market.book.working_exits() == [(1, Decimal("0.38"))]
    far_market.book.fill(1000, 2)
    await far_market.watches(6)
    assert far_market.book.working_exits() == [(2, Decimal("0.38"))]


async def test_one_contract_is_bought_back_where_it_is_set_so(floor: Floor) -> None:
    floor.broker.quantity = 1
    floor.market("0.75", "0.75")
    exits = ExitSettings(single_contract=SingleContract.EXIT_ALL)
    await sells(floor, SHORT.model_copy(update={"exit": exits}))
    await floor.watches(6)
    assert floor.book.working_exits() == [(1, Decimal("0.38"))]


async def test_what_the_exit_buys_back_is_a_gain(short: Floor) -> None:
    short.market("0.36", "0.38")
    exit_ = short.book.exits[0]
    short.book.fill(exit_.order_id, 2, Decimal("0.38"))
    await short.watches(3)
    view = await short.view()
    assert (view.exited, view.realised) == (2, Decimal("74.00"))
    assert short.book.held() == -2


async def test_the_buy_back_is_strictly_a_close(short: Floor) -> None:
    assert {order.action for order in short.book.exits} == {LegAction.BUY_TO_CLOSE}
    assert {order.action for order in short.book.entries} == {LegAction.SELL_TO_OPEN}


async def test_an_exit_that_is_refused_again_and_again_needs_a_person(floor: Floor) -> None:
    floor.market("0.75", "0.75")

    def refuse_the_exit(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        if request.order.action is not LegAction.BUY_TO_CLOSE:
            return None
        return OrderAnswer(outcome=Outcome.REFUSED, code="no", message="no")

    floor.broker.always("place_order", refuse_the_exit)
    await sells(floor)
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR


# Buying back before the exit does


async def test_all_of_it_is_bought_back_after_the_exit_is_off_the_market(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    result = await buyer.sell()
    assert (result.outcome, result.asked, result.sold, result.held) == (CloseOutcome.SOLD, 4, 4, 0)
    assert str(result) == "bought back: 4 of 4 at 0.52, 0 still short"
    exit_, close = short.book.exits
    assert (exit_.status, close.quantity, close.price) == (OrderStatus.CANCELLED, 4, Decimal("0.52"))
    view = await short.end()
    assert (view.state, view.exited, view.realised) == (TradeState.CLOSED, 4, Decimal("92.00"))
    assert short.book.held() == 0


async def test_half_and_half_of_the_rest_and_all_out(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    assert (await buyer.sell(fraction=HALF)).sold == 2
    assert short.book.working_exits() == [(2, Decimal("0.38"))]
    assert (await buyer.sell(10, fraction=HALF)).sold == 1
    await short.after(3)
    assert short.book.working_exits() == [(1, Decimal("0.38"))]
    assert (await buyer.sell(10)).sold == 1
    assert (await short.end()).state is TradeState.CLOSED
    assert short.book.held() == 0


async def test_the_closing_ladder_climbs_from_the_better_of_mid_and_named_price(short: Floor, buyer: Seller) -> None:
    short.market("0.40", "0.60")
    result = await buyer.sell(100, limit=Decimal("0.45"))
    assert result.outcome is CloseOutcome.NOT_SOLD
    closes = [order.price for order in short.book.exits if order.order_type is OrderType.LIMIT][1:-1]
    assert closes == cents("0.45", "0.46", "0.47", "0.48")
    await short.watches(5)
    assert short.book.working_exits() == [(2, Decimal("0.38"))]


async def test_at_once_is_at_the_market(short: Floor, buyer: Seller) -> None:
    assert (await buyer.sell(urgency=Urgency.NOW)).sold == 4
    assert short.book.exits[-1].order_type is OrderType.MARKET


async def test_the_same_request_buys_back_once(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    assert (await buyer.sell(request_id="one", fraction=HALF)).sold == 2
    assert (await buyer.sell(request_id="one", fraction=HALF)).sold == 2
    assert short.book.held() == -2


async def test_a_close_takes_the_working_entry_off_first(far_market: Floor) -> None:
    await sells(far_market)
    await far_market.after(3)
    far_market.book.fill(1000, 2)
    await far_market.watches(3)
    far_market.market("0.52", "0.52")
    far_market.book.size = 1000
    result = await Seller(far_market).sell(10)
    assert (result.sold, far_market.book.held()) == (2, 0)
    assert far_market.book.entries[-1].status is OrderStatus.CANCELLED


async def test_a_cancel_leaves_the_buy_back_standing(short: Floor) -> None:
    await short.trade.cancel()
    view = await short.cancelled()
    assert view.state is TradeState.CANCELLED
    assert short.book.working_exits() == [(2, Decimal("0.38"))]


async def test_a_dead_buy_back_that_fills_late_is_not_bought_twice(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    gate = Gate()
    short.broker.will("cancel_order", gate)
    asked = await buyer.ask()
    await short.until(gate)
    short.book.fill(short.book.exits[0].order_id, 1)
    gate.open()
    await short.watches(10)
    result = await asked
    assert result.sold + 1 == 4
    assert short.book.held() == 0


# What people read


async def test_the_audit_calls_things_by_their_name(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    await buyer.sell()
    await short.end()
    asked = [row.detail for row in short.rows(AuditKind.CLOSING)]
    assert asked == ["operator (tests) asks to buy back all", "bought back: 4 of 4 at 0.52, 0 still short"]
    intents = [row.detail for row in short.rows(AuditKind.INTENT)]
    assert intents[1] == "exit: 2 at 50.0 % of the credit of 0.7500 kept"


async def test_a_dry_run_places_nothing_and_shows_its_buy_back(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.terms = SHORT
    await floor.alert(action=Action.STO, dry_run=True)
    view = await floor.end()
    assert (view.filled, view.exit_quantity, view.exit_price) == (4, 2, Decimal("0.38"))
    assert floor.book.placed == []


# Covered calls


async def test_a_call_goes_to_the_desk_with_the_shares_that_would_cover_it(floor: Floor) -> None:
    asked: list[CallCover | None] = []

    def note(broker: FakeBroker, request: ReservationRequest) -> None:
        asked.append(request.cover)

    floor.broker.shares = 250
    floor.broker.contract = CONTRACT.model_copy(update={"option_type": OptionType.CALL})
    floor.broker.always("reserve", note)
    floor.market("0.60", "0.80")
    await sells(floor, option_type=OptionType.CALL)
    await floor.end()
    assert asked == [CallCover(shares=250)]


async def test_where_nobody_can_tell_the_shares_no_call_is_sold(floor: Floor) -> None:
    floor.broker.contract = CONTRACT.model_copy(update={"option_type": OptionType.CALL})
    floor.broker.always("read_call_cover", fail)
    floor.market("0.75", "0.75")
    await sells(floor, option_type=OptionType.CALL)
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, floor.book.placed) == (RefusalCode.BROKER_UNREACHABLE, [])


async def test_a_put_asks_for_no_shares(short: Floor) -> None:
    assert "read_call_cover" not in short.broker.calls
