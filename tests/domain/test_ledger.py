"""The ledger: the same truth, whatever the broker's records repeat, reorder or lose on the way."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ledger import OrderLedger, average_price
from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus, OrderType

D = Decimal
ENTRY, EXIT, CLOSE = OrderRole.ENTRY, OrderRole.EXIT, OrderRole.CLOSE
LIVE, FILLED, CANCELLED = OrderStatus.LIVE, OrderStatus.FILLED, OrderStatus.CANCELLED
OPENING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
UBER = "UBER  261204P00078000"
QUANTITY = 4
ENDS = [status for status in OrderStatus if status.is_terminal]


def request(identifier: str, action: LegAction = LegAction.BUY_TO_OPEN) -> OrderRequest:
    """A limit order for four contracts."""
    return OrderRequest(
        identifier=identifier,
        symbol=UBER,
        instrument_type="Equity Option",
        action=action,
        quantity=QUANTITY,
        order_type=OrderType.LIMIT,
        price=D("0.75"),
    )


def record(
    status: OrderStatus,
    *fills: Fill,
    order_id: int = 1,
    identifier: str | None = "e0",
    second: int | None = None,
    replaces: int | None = None,
    quantity: int = QUANTITY,
) -> BrokerOrder:
    """The broker's record of one order, as of `second` after the opening."""
    return BrokerOrder(
        order_id=order_id,
        status=status,
        symbol=UBER,
        action=LegAction.BUY_TO_OPEN,
        order_type=OrderType.LIMIT,
        quantity=quantity,
        identifier=identifier,
        fills=fills,
        replaces=replaces,
        updated_at=None if second is None else OPENING + timedelta(seconds=second),
    )


def fill(fill_id: str, quantity: int = 1, price: str = "0.75") -> Fill:
    """One execution."""
    return Fill(fill_id=fill_id, quantity=quantity, price=D(price))


def ledger_of(*identifiers: str) -> OrderLedger:
    """A ledger in which these orders are meant; the first letter gives the role."""
    ledger = OrderLedger()
    for identifier in identifiers:
        ledger.intend(OrderRole(identifier[0]), request(identifier))
    return ledger


def test_an_order_nobody_has_heard_of_counts_as_open() -> None:
    ledger = ledger_of("e0")
    assert [order.identifier for order in ledger.open_orders(ENTRY)] == ["e0"]
    assert ledger.leaves(ENTRY) == QUANTITY


def test_an_order_is_never_meant_twice() -> None:
    ledger = ledger_of("e0")
    with pytest.raises(InvariantError, match="sent before"):
        ledger.intend(ENTRY, request("e0"))


def test_a_refused_order_is_not_open_and_keeps_its_number() -> None:
    ledger = ledger_of("e0")
    ledger.refuse("e0")
    assert ledger.open_orders(ENTRY) == []
    assert ledger.leaves(ENTRY) == 0
    assert ledger.count(ENTRY) == 1


def test_an_order_on_the_brokers_record_cannot_be_called_refused() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE))
    with pytest.raises(InvariantError, match="on the broker's record"):
        ledger.refuse("e0")


def test_an_order_believed_absent_is_open_again_when_its_record_turns_up() -> None:
    ledger = ledger_of("e0")
    ledger.refuse("e0")
    ledger.observe(record(LIVE, fill("a")))
    assert ledger.leaves(ENTRY) == 3
    assert ledger.filled(ENTRY) == 1


def test_an_order_that_is_not_this_trades_is_not_taken_in() -> None:
    ledger = ledger_of("e0")
    foreign = record(LIVE, order_id=9, identifier=None)
    assert not ledger.knows(foreign)
    with pytest.raises(InvariantError, match="not this trade's"):
        ledger.observe(foreign)


def test_two_orders_under_one_identifier_are_a_broken_promise_and_both_are_followed() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    heard = ledger.observe(record(LIVE, fill("a"), order_id=2))
    assert "another order id under its identifier" in heard.contradictions[0]
    assert ledger.filled(ENTRY) == 1
    assert ledger.leaves(ENTRY) == 4 + 3
    ledger.observe(record(CANCELLED, fill("a"), order_id=2))
    assert [order.record and order.record.order_id for order in ledger.open_orders(ENTRY)] == [1]


def test_a_record_brings_its_new_fills_only() -> None:
    ledger = ledger_of("e0")
    assert ledger.observe(record(LIVE, fill("a"))).fills == (fill("a"),)
    assert ledger.observe(record(LIVE, fill("a"), fill("b"))).fills == (fill("b"),)
    assert ledger.observe(record(LIVE, fill("a"), fill("b"))).fills == ()


def test_a_fill_told_twice_in_one_record_counts_once() -> None:
    ledger = ledger_of("e0")
    assert ledger.observe(record(FILLED, fill("a", 2), fill("a", 2))).fills == (fill("a", 2),)
    assert ledger.filled(ENTRY) == 2
    assert ledger.open_orders(ENTRY)


def test_what_is_filled_never_shrinks() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, fill("a"), fill("b"), second=1))
    ledger.observe(record(LIVE, second=2))
    assert ledger.filled(ENTRY) == 2
    assert ledger.records(ENTRY)[0].filled == 2


def test_what_is_gone_is_held_no_more_and_never_more_than_was() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(FILLED, fill("a", 4)))
    for told, gone in ((1, 1), (3, 3), (2, 3), (9, 4)):
        ledger.lose(told)
        assert (ledger.gone, ledger.held) == (gone, 4 - gone)


def test_what_our_own_orders_took_off_was_not_gone() -> None:
    ledger = ledger_of("e0")
    ledger.intend(EXIT, request("x0", LegAction.SELL_TO_CLOSE))
    ledger.observe(record(FILLED, fill("a", 4)))
    ledger.lose(3)
    sold = record(LIVE, fill("b", 2), order_id=2, identifier="x0").model_copy(
        update={"action": LegAction.SELL_TO_CLOSE}
    )
    ledger.observe(sold)
    assert (ledger.gone, ledger.held) == (2, 0)


@pytest.mark.parametrize("end", ENDS)
def test_an_end_is_final_whatever_later_record_says_otherwise(end: OrderStatus) -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(end, second=1))
    ledger.observe(record(LIVE, second=2))
    assert ledger.records(ENTRY)[0].status is end


@pytest.mark.parametrize("order", [(FILLED, CANCELLED), (CANCELLED, FILLED)])
def test_a_fill_that_won_the_race_against_a_cancel_is_seen_in_either_order(
    order: tuple[OrderStatus, OrderStatus],
) -> None:
    ledger = ledger_of("e0")
    for status in order:
        ledger.observe(record(status))
    assert ledger.records(ENTRY)[0].status is FILLED


def test_an_older_record_does_not_move_the_state_back() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(OrderStatus.CANCEL_REQUESTED, second=2))
    ledger.observe(record(LIVE, second=1))
    assert ledger.records(ENTRY)[0].status is OrderStatus.CANCEL_REQUESTED


def test_of_two_ends_the_later_one_tells() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(OrderStatus.EXPIRED, second=2))
    ledger.observe(record(CANCELLED, second=1))
    assert ledger.records(ENTRY)[0].status is OrderStatus.EXPIRED


def test_filled_stays_open_until_its_last_fill_is_attached() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(FILLED, fill("a", 3)))
    assert ledger.leaves(ENTRY) == 1
    ledger.observe(record(FILLED, fill("a", 3), fill("b")))
    assert ledger.open_orders(ENTRY) == []


def test_a_late_record_of_a_live_order_may_bring_the_last_fill_of_a_filled_one() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(FILLED, fill("a", 3), second=2))
    ledger.observe(record(LIVE, fill("a", 3), fill("b"), second=1))
    assert ledger.open_orders(ENTRY) == []


def test_a_fill_after_the_cancel_counts_and_the_order_stays_dead() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(CANCELLED, second=1))
    assert ledger.observe(record(CANCELLED, fill("late"), second=2)).fills == (fill("late"),)
    assert ledger.filled(ENTRY) == 1
    assert ledger.leaves(ENTRY) == 0


@pytest.mark.parametrize("identifier", ["e1", "e0", None], ids=["its own", "the original's", "none"])
def test_a_replacement_is_found_under_whatever_identifier_the_broker_gives_it(identifier: str | None) -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    ledger.intend(ENTRY, request("e1"))
    ledger.observe(record(LIVE, order_id=2, identifier=identifier, replaces=1))
    replacement = ledger.order("e1").record
    assert replacement is not None
    assert replacement.order_id == 2


@pytest.mark.parametrize("identifier", ["e1", "e0"])
def test_a_replacement_is_never_taken_for_an_exit_that_is_on_its_way(identifier: str) -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, fill("a"), order_id=1))
    ledger.intend(ENTRY, request("e1"))
    ledger.intend(EXIT, request("x0", LegAction.SELL_TO_CLOSE))
    ledger.observe(record(LIVE, order_id=2, identifier=identifier, replaces=1))
    assert ledger.order("x0").record is None
    assert ledger.order("e1").record is not None


def test_a_replacements_own_identifier_counts_more_than_which_order_is_newest() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    ledger.intend(ENTRY, request("e1"))
    ledger.intend(ENTRY, request("e2"))
    ledger.observe(record(LIVE, order_id=2, identifier="e1", replaces=1))
    assert [order.record is None for order in ledger.orders(ENTRY)] == [False, False, True]


def test_a_replacement_nobody_here_asked_for_is_not_taken_in() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    assert not ledger.knows(record(LIVE, order_id=2, identifier="e0", replaces=1))


def test_fills_add_up_over_a_chain_of_replacements() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    ledger.intend(ENTRY, request("e1"))
    ledger.observe(record(LIVE, fill("b"), order_id=2, replaces=1))
    ledger.observe(record(CANCELLED, fill("a", 2), order_id=1))
    assert ledger.filled(ENTRY) == 3
    assert [order.identifier for order in ledger.open_orders(ENTRY)] == ["e1"]


def test_the_brokers_size_of_a_replacement_decides_what_may_still_execute() -> None:
    ledger = ledger_of("e0")
    ledger.observe(record(LIVE, order_id=1))
    ledger.intend(ENTRY, request("e1"))
    ledger.observe(record(LIVE, fill("a"), order_id=2, replaces=1, quantity=3))
    assert ledger.order("e1").leaves == 2


def test_roles_are_counted_apart() -> None:
    ledger = ledger_of("e0", "x0", "c0")
    ledger.observe(record(FILLED, fill("a", 4), order_id=1, identifier="e0"))
    ledger.observe(record(LIVE, fill("b", 1), order_id=2, identifier="x0"))
    assert (ledger.filled(ENTRY), ledger.filled(EXIT), ledger.filled(CLOSE)) == (4, 1, 0)
    assert ledger.filled(EXIT, CLOSE) == 1
    assert (ledger.leaves(ENTRY), ledger.leaves(EXIT), ledger.leaves(CLOSE)) == (0, 3, 4)


def test_the_average_weighs_each_price_by_its_quantity() -> None:
    assert average_price([fill("a", 1, "0.75"), fill("b", 2, "0.78")]) == D("0.77")


def test_there_is_no_average_before_the_first_fill() -> None:
    assert ledger_of("e0").average(ENTRY) is None


@st.composite
def lives(draw: st.DrawFn, identifier: str, order_id: int) -> list[BrokerOrder]:
    """The records of one order's life, oldest first: it may end or not, and be filled late or in a race."""
    working = st.sampled_from([OrderStatus.ROUTED, LIVE, OrderStatus.CANCEL_REQUESTED])
    ending = draw(st.sampled_from([[], [FILLED], [FILLED] * 3, [CANCELLED, FILLED], [CANCELLED] * 3, [CANCELLED]]))
    states = draw(st.lists(working, min_size=1, max_size=4)) + ending
    counts = sorted(draw(st.lists(st.integers(0, QUANTITY), min_size=len(states), max_size=len(states))))
    if states[-1] is FILLED:
        counts[-1] = QUANTITY
    prices = draw(st.lists(st.sampled_from(["0.74", "0.75", "0.77"]), min_size=QUANTITY, max_size=QUANTITY))
    fills = [fill(f"{order_id}/{n}", 1, price) for n, price in enumerate(prices)]
    return [
        record(state, *fills[:count], order_id=order_id, identifier=identifier, second=second)
        for second, (state, count) in enumerate(zip(states, counts, strict=True))
    ]


two_lives = st.tuples(lives("e0", 1), lives("x0", 2))


def heard(records: list[BrokerOrder]) -> dict[str, object]:
    """What a ledger makes of these records, heard in this order."""
    ledger = ledger_of("e0", "x0")
    for each in records:
        ledger.observe(each)
    orders = [*ledger.orders(ENTRY), *ledger.orders(EXIT)]
    return {
        "fills": {each.fill_id: each for each in ledger.fills(ENTRY, EXIT)},
        "filled": (ledger.filled(ENTRY), ledger.filled(EXIT)),
        "averages": (ledger.average(ENTRY), ledger.average(EXIT)),
        "open": [order.identifier for order in orders if order.is_open],
        "leaves": [order.leaves for order in orders],
        "states": [order.record.status for order in orders if order.record],
    }


@given(two_lives, st.data())
def test_the_truth_does_not_depend_on_order_or_repetition(
    both: tuple[list[BrokerOrder], list[BrokerOrder]], data: st.DataObject
) -> None:
    told = both[0] + both[1]
    repeated = data.draw(st.lists(st.sampled_from(told), max_size=5))
    shuffled = data.draw(st.permutations(told + repeated))
    assert heard(shuffled) == heard(told)


@given(two_lives, st.data())
def test_what_was_lost_is_made_good_by_reading_each_order_once(
    both: tuple[list[BrokerOrder], list[BrokerOrder]], data: st.DataObject
) -> None:
    told = both[0] + both[1]
    survived = data.draw(st.lists(st.sampled_from(told), unique_by=id))
    assert heard([*survived, both[0][-1], both[1][-1]]) == heard(told)


@given(two_lives)
def test_reading_everything_a_second_time_changes_nothing(both: tuple[list[BrokerOrder], list[BrokerOrder]]) -> None:
    told = both[0] + both[1]
    assert heard(told + told) == heard(told)


@given(two_lives, st.data())
def test_every_fill_is_announced_exactly_once(
    both: tuple[list[BrokerOrder], list[BrokerOrder]], data: st.DataObject
) -> None:
    told = both[0] + both[1]
    ledger = ledger_of("e0", "x0")
    announced = [new.fill_id for each in data.draw(st.permutations(told + told)) for new in ledger.observe(each).fills]
    assert sorted(announced) == sorted({each.fill_id for whole in told for each in whole.fills})
