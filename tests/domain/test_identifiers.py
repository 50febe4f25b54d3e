"""Identifiers: functions of the message, short enough for the broker, and leading back to their trade."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.identifiers import (
    MAX_ALERTS_PER_MESSAGE,
    MAX_ORDERS_PER_ROLE,
    OrderRole,
    TradeId,
    snowflake_at,
    snowflake_time,
)

LARGEST = 2**64 - 1
snowflakes = st.integers(0, LARGEST)
trades = st.builds(
    TradeId, channel_id=snowflakes, message_id=snowflakes, index=st.integers(0, MAX_ALERTS_PER_MESSAGE - 1)
)
sequences = st.integers(0, MAX_ORDERS_PER_ROLE - 1)
roles = st.sampled_from(OrderRole)
UBER = TradeId(channel_id=111, message_id=222)


@given(trades, roles, sequences)
@example(TradeId(channel_id=LARGEST, message_id=LARGEST, index=35), OrderRole.CLOSE, MAX_ORDERS_PER_ROLE - 1)
def test_an_order_identifier_fits_in_36_ascii_characters(trade: TradeId, role: OrderRole, sequence: int) -> None:
    identifier = trade.order_identifier(role, sequence)
    assert len(identifier) <= 36
    assert identifier.isascii()


@given(trades, roles, sequences)
def test_an_order_identifier_leads_back_to_its_trade(trade: TradeId, role: OrderRole, sequence: int) -> None:
    assert TradeId.of_order(trade.order_identifier(role, sequence)) == trade


@given(trades, st.tuples(roles, sequences), st.tuples(roles, sequences))
def test_two_orders_of_a_trade_never_share_an_identifier(
    trade: TradeId, one: tuple[OrderRole, int], other: tuple[OrderRole, int]
) -> None:
    assert (trade.order_identifier(*one) == trade.order_identifier(*other)) is (one == other)


@given(trades)
def test_a_workflow_id_leads_back_to_its_trade(trade: TradeId) -> None:
    assert TradeId.of_workflow(trade.workflow_id) == trade


def test_the_first_alert_of_a_message_has_the_plain_workflow_id() -> None:
    assert UBER.workflow_id == "alert-111-222"
    assert UBER.model_copy(update={"index": 1}).workflow_id == "alert-111-222-1"


@pytest.mark.parametrize(
    "identifier", [None, "", "pos-1/entry/0", "al-1-2", "AL-1-2-0e00", "al-1-2-0e00\n", " al-1-2-0e00", "al-1-2-0z00"]
)
def test_an_order_that_is_not_ours_leads_nowhere(identifier: str | None) -> None:
    assert TradeId.of_order(identifier) is None


@pytest.mark.parametrize("workflow_id", ["desk-1", "alert-1", "alert-a-b", "alert-1-2-3-4", "alert-1-2\n", ""])
def test_a_foreign_workflow_id_is_an_error(workflow_id: str) -> None:
    with pytest.raises(ValueError, match="not a trade's workflow id"):
        TradeId.of_workflow(workflow_id)


@pytest.mark.parametrize(("index", "sequence"), [(0, MAX_ORDERS_PER_ROLE), (0, -1), (MAX_ALERTS_PER_MESSAGE, 0)])
def test_what_the_identifier_has_no_room_for_is_an_error_and_never_wraps(index: int, sequence: int) -> None:
    trade = UBER.model_copy(update={"index": index})
    with pytest.raises(ValueError, match="no room"):
        trade.order_identifier(OrderRole.ENTRY, sequence)


def test_a_snowflake_tells_its_own_time() -> None:
    documented_example = 175928847299117063
    assert snowflake_time(documented_example) == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)), st.integers(0, 2**30))
def test_a_made_snowflake_tells_its_moment_to_the_millisecond(moment: datetime, low_bits: int) -> None:
    told = snowflake_time(snowflake_at(moment, low_bits))
    assert timedelta(0) <= moment - told < timedelta(milliseconds=1)
