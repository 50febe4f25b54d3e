"""Dry runs at the desk: each is judged as any trade, and none stands in a real one's way."""

from datetime import timedelta
from decimal import Decimal

from domain.alert import Action
from domain.desk import AdmissionRequest, TradeReport
from domain.desk_book import DeskBook
from domain.refusals import RefusalCode
from tests.domain.test_desk_book import NOW, STRANGER, UBER, alert_of, ask, balance, book, code, cost, halt, over

D = Decimal


def rehearsal(asked: AdmissionRequest) -> AdmissionRequest:
    """The same, as a dry run."""
    return asked.model_copy(update={"request": asked.request.model_copy(update={"dry_run": True})})


def funded(desk: DeskBook) -> DeskBook:
    desk.hear_account(balance("100000"), NOW)
    return desk


def test_the_alert_behind_its_own_dry_run_is_no_duplicate() -> None:
    desk = book()
    assert desk.admit(rehearsal(ask()), NOW).terms
    assert desk.admit(rehearsal(ask()), NOW).terms
    assert desk.admit(ask(), NOW).terms


def test_a_dry_run_behind_its_alert_is_a_duplicate_as_another_alert_would_be() -> None:
    desk = book()
    desk.admit(ask(), NOW)
    assert code(desk.admit(rehearsal(ask()), NOW)) is RefusalCode.DUPLICATE


def test_dry_runs_count_in_no_limit() -> None:
    desk = funded(
        book(max_entries_a_day=1, max_open_trades=1, max_trades_per_underlying=1, max_order_calls_a_minute=10)
    )
    for _ in range(3):
        asked = rehearsal(ask())
        assert desk.admit(asked, NOW).terms
        assert desk.reserve(cost(asked)).quantity > 0
    assert (desk.entries_today, desk.trades, desk.spoken_for, desk.recent) == (0, {}, 0, [])
    assert desk.admit(ask(), NOW).terms


def test_a_dry_run_is_refused_by_the_same_rules() -> None:
    desk = book(max_entries_a_day=1)
    assert code(desk.admit(rehearsal(ask(author_id=STRANGER)), NOW)) is RefusalCode.AUTHOR_NOT_ALLOWED
    desk.admit(ask(), NOW)
    assert code(desk.admit(rehearsal(ask(alert_of("AMD"))), NOW)) is RefusalCode.TOO_MANY_TODAY
    halt(desk)
    assert code(desk.admit(rehearsal(ask(alert_of("AMD"))), NOW)) is RefusalCode.HALTED


def test_it_is_sized_as_the_alert_would_be_and_the_same_when_it_asks_again() -> None:
    desk = funded(book())
    asked, real = rehearsal(ask()), ask()
    desk.admit(asked, NOW)
    size = desk.reserve(cost(asked))
    assert desk.reserve(cost(asked, unit="99")) == size
    desk.admit(real, NOW)
    assert desk.reserve(cost(real)) == size


def test_what_becomes_of_dry_runs_neither_halts_the_desk_nor_counts_their_calls() -> None:
    desk = book(max_failures_in_a_row=2)
    for _ in range(3):
        asked = rehearsal(ask())
        desk.admit(asked, NOW)
        desk.hear_trade(TradeReport(workflow_id=asked.workflow_id, reserved=D(0), over=False, at=NOW, order_calls=5))
        desk.hear_trade(over(asked).model_copy(update={"failed": True, "order_calls": 5}))
    assert (desk.failures, desk.calls, desk.rehearsals, desk.due_trip(NOW)) == (0, [], {}, None)


def test_a_closing_alert_asks_no_dry_run_and_its_own_dry_run_is_no_duplicate() -> None:
    desk = book(actions=frozenset({Action.BTO, Action.STC}))
    closing = UBER.model_copy(update={"action": Action.STC})
    desk.admit(rehearsal(ask()), NOW)
    assert code(desk.admit(ask(closing), NOW)) is RefusalCode.NO_OPEN_TRADE
    real = ask()
    desk.admit(real, NOW)
    asked = rehearsal(ask(closing))
    assert desk.admit(asked, NOW) == desk.admit(asked, NOW)
    assert desk.admit(asked, NOW).closes == (real.workflow_id,)
    assert desk.admit(ask(closing), NOW).closes == (real.workflow_id,)


def test_it_is_asked_after_the_book_was_handed_on_and_told_that_it_is_over_at_its_end() -> None:
    desk = funded(book())
    asked = rehearsal(ask())
    before = desk.admit(asked, NOW)
    size = desk.reserve(cost(asked))
    desk = DeskBook.model_validate_json(desk.model_dump_json())
    assert (desk.admit(asked, NOW), desk.reserve(cost(asked))) == (before, size)
    desk.hear_trade(over(asked))
    assert code(desk.admit(asked, NOW)) is RefusalCode.CANCELLED


def test_dry_runs_that_nobody_ends_are_forgotten_the_oldest_first() -> None:
    desk = funded(book())
    asked = [rehearsal(ask()) for _ in range(300)]
    for each in asked:
        desk.admit(each, NOW + timedelta(seconds=1))
    assert len(desk.rehearsals) == 100
    assert desk.reserve(cost(asked[-1])).quantity > 0
    assert code(desk.reserve(cost(asked[0]))) is RefusalCode.NO_BUYING_POWER


def test_a_dry_run_of_a_book_of_before_counts_until_it_ends() -> None:
    desk = book()
    asked = rehearsal(ask())
    desk.admit(asked, NOW, dry_runs_count=True)
    assert code(desk.admit(ask(), NOW)) is RefusalCode.DUPLICATE
    desk.hear_trade(over(asked))
    assert desk.trades == {}
