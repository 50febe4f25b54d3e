from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from chaos.evidence import BookFill
from chaos.timeline import lives, moments, overlaps
from tests.chaos.trades import at, good_orders


def test_a_replacement_lives_from_when_the_venue_has_it() -> None:
    first, second, _ = good_orders()
    assert [(life.order.order_id, life.start) for life in lives([first, second])] == [(1, at(1.0)), (2, at(2.2))]


def test_an_order_that_the_broker_kept_to_its_end_never_lived() -> None:
    first, second, _ = good_orders()
    assert [life.order.order_id for life in lives([first, replace(second, sent_at=None)])] == [1]


def test_orders_one_after_the_other_do_not_overlap_and_one_that_is_early_does() -> None:
    first, second, _ = good_orders()
    assert overlaps([first, second]) == []
    early = replace(second, sent_at=at(2.05))
    assert overlaps([first, early]) == [(first, early)]


def test_the_sums_follow_each_fill_and_each_end() -> None:
    first, second, _ = good_orders()
    sums = [(now.at, now.executed, now.working) for now in moments([first, second])]
    assert sums == [(at(1), 0, 6), (at(2.1), 0, 0), (at(2.2), 0, 6), (at(2.5), 4, 2), (at(2.6), 6, 0), (at(2.6), 6, 0)]


def test_a_fill_after_the_end_counts_as_late_and_takes_nothing_from_what_works() -> None:
    first, second, _ = good_orders()
    late = BookFill("F0", 1, Decimal("0.76"), at(2.1) + timedelta(milliseconds=1))
    last = list(moments([replace(first, fills=(late,)), second]))[-1]
    assert (last.executed, last.late, last.working) == (7, 1, 0)
