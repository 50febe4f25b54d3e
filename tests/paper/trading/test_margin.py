"""What short options tie up: naked, covered, and by working orders that compete for the cover."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from paper.trading.margin import Cover, Written, written_requirement
from paper.trading.words import Action, Status
from tests.paper.trading.floor import Floor, leg

SOON, LATER = datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC)
SHORT_CALL, LONG_CALL = "UBER  261127C00080000", "UBER  261127C00085000"
SHORT_PUT = "UBER  261127P00080000"
LATER_CALL = "UBER  261204C00085000"


def short(strike: int, quantity: int = 1, expires_at: datetime = SOON, naked: int = 1500) -> Written:
    return Written(Decimal(strike), expires_at, quantity, Decimal(naked), Decimal(100))


def cover(strike: int, quantity: int = 1, expires_at: datetime = SOON) -> Cover:
    return Cover(Decimal(strike), expires_at, quantity)


@pytest.mark.parametrize(
    ("side", "written", "covers", "dollars"),
    [
        (1, [short(80)], [], 1500),
        (1, [short(80)], [cover(85)], 500),
        (1, [short(85)], [cover(80)], 0),
        (-1, [short(85)], [cover(80)], 500),
        (-1, [short(80)], [cover(85)], 0),
        (1, [short(80)], [cover(85, expires_at=LATER)], 500),
        (1, [short(80, expires_at=LATER)], [cover(85)], 1500),
        (1, [short(80)], [cover(100)], 1500),
        (1, [short(80, 3)], [cover(85, 2)], 2 * 500 + 1500),
        (1, [short(100), short(110)], [cover(105), cover(115)], 500 + 500),
        (1, [short(110), short(120)], [cover(100), cover(115)], 0),
    ],
    ids=[
        "naked",
        "a call spread for a credit ties up its width",
        "a call spread for a debit ties up nothing",
        "a put spread for a credit ties up its width",
        "a put spread for a debit ties up nothing",
        "a later expiry covers",
        "an earlier one does not",
        "a distant strike is worth no more than being naked",
        "what is left over is naked",
        "each takes the nearest",
        "what is good enough leaves the better one to others",
    ],
)
def test_the_requirement_of_short_options(side: int, written: list[Written], covers: list[Cover], dollars: int) -> None:
    assert written_requirement(written, covers, side) == dollars


def requirement(floor: Floor) -> Decimal:
    return floor.exchange.buying_power.requirement()


def test_a_held_spread_ties_up_its_width(floor: Floor) -> None:
    floor.trade(SHORT_CALL, Action.SELL_TO_OPEN, 2, "2.00")
    naked = requirement(floor)
    floor.trade(LONG_CALL, Action.BUY_TO_OPEN, 1, "1.00")
    assert requirement(floor) == naked / 2 + 500


def test_a_short_call_is_covered_by_a_hundred_shares_and_a_put_is_not(floor: Floor) -> None:
    floor.trade("UBER", Action.BUY_TO_OPEN, 100, "80.00")
    floor.trade(SHORT_CALL, Action.SELL_TO_OPEN, 1, "2.00")
    assert requirement(floor) == 0
    floor.trade(SHORT_PUT, Action.SELL_TO_OPEN, 1, "2.00")
    assert requirement(floor) > 1000


def test_a_spread_order_sets_aside_its_width_less_its_credit(floor: Floor) -> None:
    legs = leg(SHORT_CALL, Action.SELL_TO_OPEN, 1), leg(LONG_CALL, Action.BUY_TO_OPEN, 1)
    floor.order(*legs, price="1.50", effect="Credit")
    assert floor.exchange.book.reserved == 500 - 150 + Decimal("2.24")


def test_selling_the_cover_of_a_short_option_needs_what_it_is_naked(floor: Floor) -> None:
    floor.trade(SHORT_CALL, Action.SELL_TO_OPEN, 1, "2.00")
    naked = requirement(floor)
    floor.trade(LONG_CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.order(leg(LONG_CALL, Action.SELL_TO_CLOSE, 1), price="1.00", effect="Credit")
    assert floor.exchange.book.reserved == naked - 500 - 100 + Decimal("0.12")


def test_two_working_orders_do_not_share_one_cover(floor: Floor) -> None:
    floor.trade(LATER_CALL, Action.BUY_TO_OPEN, 1, "3.00")
    first = floor.order(leg(SHORT_CALL, Action.SELL_TO_OPEN, 1), price="2.00", effect="Credit")
    covered = floor.exchange.book.reserved
    floor.order(leg(SHORT_CALL, Action.SELL_TO_OPEN, 1), price="2.00", effect="Credit")
    assert covered == 500 - 200 + Decimal("1.12")
    assert floor.exchange.book.reserved > 3 * covered
    floor.exchange.book.move(first, Status.CANCELLED)
    assert floor.exchange.book.reserved == covered


def test_closing_a_short_option_sets_free_more_than_it_costs(floor: Floor) -> None:
    floor.trade(SHORT_PUT, Action.SELL_TO_OPEN, 1, "2.00")
    floor.order(leg(SHORT_PUT, Action.BUY_TO_CLOSE, 1), price="2.50")
    assert floor.exchange.book.reserved == 0


def test_a_second_sell_of_the_same_contracts_is_a_naked_short(floor: Floor) -> None:
    floor.trade(SHORT_PUT, Action.BUY_TO_OPEN, 1, "2.00")
    floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit")
    assert floor.exchange.book.reserved == 0
    floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit")
    assert floor.exchange.book.reserved > 500


def test_what_an_open_future_lost_is_not_there_to_be_spent(floor: Floor) -> None:
    floor.mark("/ESZ6", "6700.00")
    floor.trade("/ESZ6", Action.BUY, 1, "6700.00")
    before = floor.exchange.available()
    floor.mark("/ESZ6", "6690.00")
    assert floor.exchange.available() == before - 500


def test_a_replacement_sets_aside_only_what_goes_beyond_its_original(floor: Floor) -> None:
    original = floor.order(leg(SHORT_CALL, Action.BUY_TO_OPEN, 1), price="1.00")
    replacement = original.model_copy(update={"id": 0, "price": Decimal("1.50"), "status": Status.RECEIVED})
    floor.exchange.book.accept(replacement, Status.CONTINGENT, replaces=original.id)
    assert floor.exchange.book.reserved == 150 + Decimal("1.12")
    floor.exchange.book.move(original, Status.CANCELLED)
    floor.exchange.book.move(replacement, Status.ROUTED)
    assert floor.exchange.book.reserved == 150 + Decimal("1.12")


def test_an_order_counts_no_longer_on_margin_that_something_else_set_free(floor: Floor) -> None:
    floor.trade(SHORT_CALL, Action.SELL_TO_OPEN, 1, "2.00")
    floor.order(leg("UBER", Action.BUY_TO_OPEN, 100), price="80.00")  # which would cover it
    assert floor.exchange.book.reserved < 8000
    floor.trade(SHORT_CALL, Action.BUY_TO_CLOSE, 1, "2.00")
    assert floor.exchange.book.reserved == 8000


def test_what_a_partial_fill_sets_free_is_gone_for_older_orders(floor: Floor) -> None:
    floor.trade(SHORT_CALL, Action.SELL_TO_OPEN, 1, "2.00")
    floor.order(leg("UBER", Action.BUY_TO_OPEN, 100), price="80.00")
    working = floor.order(leg(SHORT_CALL, Action.BUY_TO_CLOSE, 2), price="2.00")
    floor.exchange.book.execute(working, 1, [Decimal("2.00")])
    assert floor.exchange.book.reserved == 8000 + 200 + Decimal("0.12")


def test_orders_that_exclude_each_other_are_no_naked_short(floor: Floor) -> None:
    floor.trade(SHORT_PUT, Action.BUY_TO_OPEN, 1, "2.00")
    parts = [
        floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price=price, effect="Credit", accepted=False)
        for price in ("9.00", "1.00")
    ]
    for part in parts:
        part.complex_id, part.complex_tag = 1, "OCO::order"
    floor.exchange.book.accept_together(parts)
    assert floor.exchange.book.reserved == 0


def test_a_part_that_waits_for_its_trigger_ties_up_nothing(floor: Floor) -> None:
    order = floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit", accepted=False)
    floor.exchange.book.accept(order, Status.CONTINGENT)
    assert floor.exchange.book.reserved == 0


def test_many_orders_that_close_tie_up_nothing_and_one_too_many_is_a_naked_short(floor: Floor) -> None:
    floor.trade(SHORT_PUT, Action.BUY_TO_OPEN, 40, "2.00")
    orders = [floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit") for _ in range(40)]
    assert floor.exchange.book.reserved == 0
    floor.order(leg(SHORT_PUT, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit")
    assert floor.exchange.book.reserved > 500
    for order in orders:
        floor.exchange.book.move(order, Status.CANCELLED)
    assert floor.exchange.book.reserved == 0
