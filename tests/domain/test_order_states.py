"""The table of order states: every cell is decided, and the ledger does exactly what the table says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ledger import Heard, LedgerOrder, OrderLedger
from domain.order_states import (
    BY_RECORD,
    BY_WORD,
    DEAD,
    FULL,
    HEARD,
    STANDING,
    TELLABLE,
    WORKING,
    Age,
    OrderState,
    Verdict,
    Word,
    after_record,
    after_word,
)
from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus, OrderType
from tests.domain import order_states_table

OPENING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
QUANTITY = 4
ENTRY = OrderRole.ENTRY
REQUEST = OrderRequest(
    identifier="e0",
    symbol="UBER  261204P00078000",
    instrument_type="Equity Option",
    action=LegAction.BUY_TO_OPEN,
    quantity=QUANTITY,
    order_type=OrderType.LIMIT,
    price=Decimal("0.75"),
)
MOMENT = {Age.OLDER: 1, Age.EQUAL: 2, Age.NEWER: 3}  # seconds after the opening; what is held is of the second
STATUS_OF = {
    OrderState.FILLS_TO_COME: OrderStatus.FILLED,
    OrderState.FILLED: OrderStatus.FILLED,
    OrderState.ON_ITS_WAY: OrderStatus.ROUTED,
}
STATES = list(OrderState)
EVERY_RECORD = list(product(Age, OrderState, TELLABLE))


def status_of(state: OrderState) -> OrderStatus:
    return STATUS_OF.get(state) or OrderStatus(state.value)


def fill(fill_id: str, quantity: int = 1, price: str = "0.75") -> Fill:
    return Fill(fill_id=fill_id, quantity=quantity, price=Decimal(price))


WHOLE = (fill("a", 3), fill("b"))


def record(status: OrderStatus, *fills: Fill, second: int | None = 2, **other: object) -> BrokerOrder:
    """The broker's record of the order for four, as of `second` after the opening."""
    facts: dict[str, object] = {
        "order_id": 1,
        "status": status,
        "symbol": REQUEST.symbol,
        "action": REQUEST.action,
        "order_type": REQUEST.order_type,
        "quantity": QUANTITY,
        "identifier": "e0",
        "price": REQUEST.price,
        "fills": fills,
        "updated_at": None if second is None else OPENING + timedelta(seconds=second),
    }
    return BrokerOrder.model_validate(facts | other)


def order_in(state: OrderState) -> tuple[OrderLedger, LedgerOrder]:
    """A ledger with one order in that state."""
    ledger = OrderLedger()
    order = ledger.intend(ENTRY, REQUEST)
    if state is OrderState.NEVER_ACCEPTED:
        ledger.refuse("e0")
    elif state is not OrderState.UNKNOWN:
        ledger.observe(record(status_of(state), *(WHOLE if state is OrderState.FILLED else ())))
    assert order.state is state
    return ledger, order


def check(heard: Heard, order: LedgerOrder, expected: tuple[OrderState, Verdict]) -> None:
    """The ledger did what the table says."""
    state, verdict = expected
    assert order.state is state
    assert bool(heard.contradictions) is verdict.stops


@pytest.mark.parametrize("status", OrderStatus)
def test_every_word_of_the_brokers_has_a_state(status: OrderStatus) -> None:
    assert OrderState.told_by(record(status)) in TELLABLE


def test_states_that_work_that_are_full_and_that_are_dead_are_all_there_are_of_what_is_heard() -> None:
    assert sorted(HEARD) == sorted({*WORKING, *FULL, *DEAD})
    assert set(HEARD) | {OrderState.UNKNOWN, OrderState.NEVER_ACCEPTED} == set(OrderState)


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("fills", [(), WHOLE], ids=["no fills", "all fills"])
def test_a_record_by_itself_says_the_same_as_the_table(status: OrderStatus, fills: tuple[Fill, ...]) -> None:
    told = record(status, *fills)
    standing = STANDING[OrderState.of(told)]
    assert standing.may_cancel is status.awaits_cancel
    assert standing.is_open is not told.is_settled


@pytest.mark.parametrize(("age", "state"), list(product(Age, OrderState)))
def test_every_record_is_decided_in_every_state(age: Age, state: OrderState) -> None:
    assert set(BY_RECORD[age][state]) == set(TELLABLE)
    for told, verdict in BY_RECORD[age][state].items():
        match verdict:
            case Verdict.TAKE | Verdict.TAKE_AND_STOP:
                assert after_record(state, told, age) == (told, verdict)
            case Verdict.KEEP | Verdict.KEEP_AND_STOP:
                assert after_record(state, told, age) == (state, verdict)
            case _:
                assert_never(verdict)


@pytest.mark.parametrize("state", OrderState)
def test_every_word_is_decided_in_every_state(state: OrderState) -> None:
    assert set(BY_WORD[state]) == set(Word)


@pytest.mark.parametrize("state", OrderState)
def test_every_state_says_what_it_lets_us_do(state: OrderState) -> None:
    standing = STANDING[state]
    assert standing.is_open or not (standing.may_cancel or standing.may_replace)
    assert standing.is_open is (state in WORKING or state in (OrderState.UNKNOWN, OrderState.FILLS_TO_COME))


@pytest.mark.parametrize(("age", "state", "told"), EVERY_RECORD)
def test_the_ledger_does_with_a_record_what_the_table_says(age: Age, state: OrderState, told: OrderState) -> None:
    ledger, order = order_in(state)
    fresh = Age.NEWER if order.record is None else age
    after, verdict = after_record(state, told, fresh)
    if after is OrderState.FILLS_TO_COME and order.filled == QUANTITY:
        after, _ = after_word(after, Word.LAST_FILL)
    check(ledger.observe(record(status_of(told), second=MOMENT[age])), order, (after, verdict))


@pytest.mark.parametrize(("state", "word"), list(product(OrderState, (Word.REFUSED, Word.PROVEN_ABSENT))))
def test_the_ledger_does_with_a_refusal_what_the_table_says(state: OrderState, word: Word) -> None:
    ledger, order = order_in(state)
    after, verdict = after_word(state, word)
    if verdict.stops:
        with pytest.raises(InvariantError, match="on the broker's record"):
            ledger.refuse("e0", word)
    else:
        ledger.refuse("e0", word)
    assert order.state is after


@pytest.mark.parametrize("state", OrderState)
def test_the_ledger_counts_a_fill_in_every_state_and_stops_where_the_table_says(state: OrderState) -> None:
    ledger, order = order_in(state)
    before = order.filled
    told = state if order.record else OrderState.CANCELLED
    heard = ledger.observe(record(status_of(told), fill("late"), second=2))
    assert order.filled == before + 1
    assert bool(heard.contradictions) is (BY_WORD[state][Word.FILL].stops or before == QUANTITY)


@pytest.mark.parametrize("state", [state for state in HEARD if state is not OrderState.FILLED])
def test_the_last_fill_makes_only_an_announced_filled_whole(state: OrderState) -> None:
    ledger, order = order_in(state)
    ledger.observe(record(status_of(state), *WHOLE))
    assert order.state is after_word(state, Word.LAST_FILL)[0]


@pytest.mark.parametrize("state", STATES)
def test_more_filled_than_was_sent_counts_and_stops_the_trade(state: OrderState) -> None:
    ledger, order = order_in(state)
    heard = ledger.observe(record(OrderStatus.LIVE, *WHOLE, fill("c"), second=1))
    assert any(Word.OVERFILL in why for why in heard.contradictions)
    assert order.filled == QUANTITY + 1
    assert order.leaves == 0


@pytest.mark.parametrize("told", [fill("a", 2), fill("a", 4), fill("a", 3, "0.74")])
def test_a_known_fill_told_otherwise_counts_as_it_was_told_first_and_stops_the_trade(told: Fill) -> None:
    ledger, order = order_in(OrderState.LIVE)
    ledger.observe(record(OrderStatus.LIVE, fill("a", 3)))
    heard = ledger.observe(record(OrderStatus.LIVE, told, second=3))
    assert any(Word.OTHER_FILL in why for why in heard.contradictions)
    assert ledger.fills(ENTRY) == [fill("a", 3)]
    assert heard.fills == ()
    assert order.filled == 3


@pytest.mark.parametrize(
    "other",
    [
        {"price": Decimal("0.76")},
        {"order_type": OrderType.MARKET},
        {"action": LegAction.BUY_TO_CLOSE},
        {"quantity": QUANTITY + 1},
    ],
    ids=["price", "type", "effect", "larger"],
)
@pytest.mark.parametrize("state", STATES)
def test_a_record_with_other_terms_is_followed_and_stops_the_trade(state: OrderState, other: dict[str, object]) -> None:
    ledger, order = order_in(state)
    heard = ledger.observe(record(OrderStatus.LIVE, second=3, **other))
    assert any(Word.OTHER_TERMS in why for why in heard.contradictions)
    assert order.state is not OrderState.UNKNOWN


@pytest.mark.parametrize(
    "other",
    [{"price": None}, {"quantity": QUANTITY - 1}, {"symbol": "UBER 261204P00078000"}],
    ids=["no price told", "smaller", "other padding"],
)
def test_terms_that_leave_no_doubt_stop_nothing(other: dict[str, object]) -> None:
    ledger, _ = order_in(OrderState.LIVE)
    assert ledger.observe(record(OrderStatus.LIVE, second=3, **other)).contradictions == ()


def test_a_future_that_the_broker_calls_an_opening_is_the_same_order() -> None:
    ledger = OrderLedger()
    ledger.intend(ENTRY, REQUEST.model_copy(update={"action": LegAction.BUY}))
    assert ledger.observe(record(OrderStatus.LIVE, action=LegAction.BUY_TO_OPEN)).contradictions == ()


@pytest.mark.parametrize(
    "other", [{"symbol": "UBER  261204C00078000"}, {"action": LegAction.SELL_TO_OPEN}], ids=["symbol", "side"]
)
@pytest.mark.parametrize("state", STATES)
def test_a_record_of_another_instrument_or_side_is_not_counted(state: OrderState, other: dict[str, object]) -> None:
    ledger, order = order_in(state)
    before = order.filled
    with pytest.raises(InvariantError, match="not this trade's"):
        ledger.observe(record(OrderStatus.LIVE, fill("z"), second=3, **other))
    assert (order.state, order.filled) == (state, before)


@pytest.mark.parametrize("state", HEARD)
def test_another_order_under_its_identifier_is_followed_as_one_more(state: OrderState) -> None:
    ledger, order = order_in(state)
    before = order.filled
    heard = ledger.observe(record(OrderStatus.LIVE, fill("twin"), order_id=2))
    assert any(Word.OTHER_ORDER in why for why in heard.contradictions)
    assert order.state is state
    assert ledger.filled(ENTRY) == before + 1
    assert heard.order in ledger.open_orders(ENTRY)


def test_a_fill_told_of_the_original_and_of_its_replacement_counts_once() -> None:
    ledger, original = order_in(OrderState.LIVE)
    ledger.intend(ENTRY, REQUEST.model_copy(update={"identifier": "e1"}), original)
    ledger.observe(record(OrderStatus.CANCELLED, fill("a", 2)))
    replacement = record(OrderStatus.FILLED, fill("a", 2), fill("b", 2), order_id=2, identifier="e1", replaces=1)
    assert ledger.observe(replacement).fills == (fill("b", 2),)
    assert ledger.filled(ENTRY) == 4
    assert ledger.open_orders(ENTRY) == []


def test_fills_of_orders_that_do_not_replace_each_other_are_told_apart_whatever_their_ids() -> None:
    """That fill ids are unique over a whole account is nowhere documented."""
    ledger, _ = order_in(OrderState.LIVE)
    ledger.intend(ENTRY, REQUEST.model_copy(update={"identifier": "e1"}))
    ledger.observe(record(OrderStatus.CANCELLED, fill("1")))
    ledger.observe(record(OrderStatus.LIVE, fill("1"), order_id=2, identifier="e1"))
    assert ledger.filled(ENTRY) == 2


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("is_editable", [True, False])
def test_an_order_is_replaced_only_while_it_is_live_and_editable_and_without_a_fill(
    state: OrderState, is_editable: bool
) -> None:
    ledger, order = order_in(state)
    if order.record is not None:
        ledger.observe(record(order.record.status, editable=is_editable))
    assert order.may_be_replaced is (state is OrderState.LIVE and is_editable)
    ledger.observe(record(OrderStatus.LIVE, fill("a"), editable=True))
    assert not order.may_be_replaced


@pytest.mark.parametrize("state", STATES)
def test_a_cancel_is_asked_of_what_works_and_is_not_being_cancelled(state: OrderState) -> None:
    _, order = order_in(state)
    assert order.may_be_cancelled is (state in WORKING and state is not OrderState.CANCEL_REQUESTED)


@pytest.mark.parametrize("states", [WORKING, DEAD], ids=["at work", "dead"])
def test_of_two_words_of_one_moment_the_same_counts_whichever_comes_first(states: tuple[OrderState, ...]) -> None:
    for held, told in product(states, states):
        assert after_record(held, told, Age.EQUAL)[0] is after_record(told, held, Age.EQUAL)[0]


def test_the_page_for_people_shows_this_table() -> None:
    assert order_states_table.PAGE.read_text("utf-8") == order_states_table.page()


told_records = st.lists(
    st.builds(
        lambda status, second, count: record(status, *[fill(f"f{n}") for n in range(count)], second=second),
        st.sampled_from(OrderStatus),
        st.integers(1, 6),
        st.integers(0, QUANTITY),
    ),
    min_size=1,
    max_size=8,
)


def after(records: list[BrokerOrder]) -> LedgerOrder:
    """The order that a ledger makes of these."""
    ledger, order = order_in(OrderState.UNKNOWN)
    for each in records:
        ledger.observe(each)
    return order


@given(told_records, st.data())
def test_any_order_and_repetition_of_any_records_leads_to_the_same_order(
    told: list[BrokerOrder], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = after(data.draw(st.permutations(told + again)))
    assert (shuffled.state, shuffled.filled) == (after(told).state, after(told).filled)


@given(told_records, st.data())
def test_what_was_lost_is_made_good_by_the_last_word(told: list[BrokerOrder], data: st.DataObject) -> None:
    """The last word: the broker's own state at the end, with every fill."""
    end = record(OrderStatus.CANCELLED, *WHOLE, second=9)
    sane = [each for each in told if each.status is not OrderStatus.FILLED]
    fills = [each.model_copy(update={"fills": WHOLE[: each.filled % 3]}) for each in sane]
    survived = data.draw(st.lists(st.sampled_from(fills), max_size=4)) if fills else []
    lost, whole = after([*survived, end]), after([*fills, end])
    assert (lost.state, lost.filled, lost.leaves) == (whole.state, whole.filled, whole.leaves)


@given(told_records)
def test_filled_never_shrinks_and_a_dead_order_never_opens_again(told: list[BrokerOrder]) -> None:
    ledger, order = order_in(OrderState.UNKNOWN)
    filled, was_dead = 0, False
    for each in told:
        ledger.observe(each)
        assert order.filled >= filled
        # Only a fill that was announced and is not attached yet makes us wait for a dead order again.
        assert not (was_dead and order.is_open) or order.state is OrderState.FILLS_TO_COME
        filled, was_dead = order.filled, not order.is_open


@given(told_records)
def test_no_sequence_of_records_counts_a_fill_twice(told: list[BrokerOrder]) -> None:
    order = after(told * 2)
    assert order.filled == len({each.fill_id for one in told for each in one.fills})
    assert order.record is not None
    assert order.record.filled == order.filled


@given(told_records, told_records, st.data())
def test_no_order_of_records_counts_a_fill_twice_over_a_row_of_replacements(
    of_the_original: list[BrokerOrder], of_the_replacement: list[BrokerOrder], data: st.DataObject
) -> None:
    ledger, original = order_in(OrderState.UNKNOWN)
    ledger.intend(ENTRY, REQUEST.model_copy(update={"identifier": "e1"}), original)
    second = {"order_id": 2, "identifier": "e1", "replaces": 1}
    told = [*of_the_original, *(each.model_copy(update=second) for each in of_the_replacement)]
    announced = [new.fill_id for each in data.draw(st.permutations(told)) for new in ledger.observe(each).fills]
    assert sorted(announced) == sorted({fill.fill_id for each in told for fill in each.fills})
    assert ledger.filled(ENTRY) == len(announced)
