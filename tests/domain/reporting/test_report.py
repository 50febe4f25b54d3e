"""What a day comes to, by rows whose figures are known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.audit import AuditKind
from domain.identifiers import OrderRole
from domain.reporting.report import Report
from domain.reporting.span import Span
from domain.settings import Mode
from tests.domain.reporting.rows import DAY, OPEN, TODAY, Told, a_days_trades, report, turned_away

D = Decimal
NEXT = Span(first=date(2026, 11, 26), last=date(2026, 11, 26))


def only(made: Report) -> object:
    (book,) = made.books
    (line,) = book.lines
    return line


def test_a_days_sums_are_those_of_its_trades_by_hand() -> None:
    made = report(*a_days_trades())
    book = made.shown[0]
    assert book.mode == "PAPER"
    assert [line.realised for line in book.lines] == [D("330.00"), D("-156.00"), D("92.00"), None, None]
    assert book.realised == D("266.00")
    # 6 at 0.76, 4 at 1.19, 2 at 2.13, 2 at 1.24 and 4 at 1.26, a hundred each
    assert book.paid == D(456 + 476 + 426 + 248 + 504)
    # 3 at 1.52, 3 at 1.10, 4 at 0.80, 2 at 2.59
    assert book.received == D(456 + 330 + 320 + 518)
    assert book.fees == 18 * D("1.12")
    assert (book.filled, book.won, book.lost) == (4, 2, 1)
    assert [line.contract for line in book.held] == ["AAPL 270c 12/04"]
    assert book.held_at_cost == D(752)
    assert book.received - book.paid + book.held_at_cost == book.realised


def test_the_curve_is_the_sum_after_each_sale_in_their_order() -> None:
    curve = report(*a_days_trades()).shown[0].curve
    assert [point.total for point in curve] == [D(228), D(72), D(174), D(266)]
    assert [point.at for point in curve] == sorted(point.at for point in curve)


def test_alerts_are_counted_as_read_admitted_and_refused_by_reason() -> None:
    made = report(*a_days_trades())
    assert (made.alerts, made.admitted, made.refused_late, made.traded) == (9, 6, 1, 5)
    assert dict(made.reasons) == {"stale_quote": 1, "duplicate": 1, "halted": 1, "author_not_allowed": 1}
    assert [line.author for line in made.refused] == ["Cleo", "Ann", "Ann", "Mallory"]


def test_one_trade_says_how_it_was_entered_and_left() -> None:
    made = report(
        Told().admitted(4).climbs(1, 2).fills(24.5, 1, "0.76").bought(44.5, 3, "0.78").sold(100, 2, "1.55", end=False)
    )
    line = only(made)
    assert (line.bought, line.sized, line.rungs, line.converted) == (4, 4, 2, False)
    assert line.entry_price == D("0.775")
    assert (line.over_alert, round(line.over_alert_percent, 2)) == (D("0.025"), D("3.33"))
    assert line.filled_after == timedelta(seconds=44.5)
    assert (line.sold, line.exit_price, line.sold_how, line.held) == (2, D("1.55"), "target", 2)
    assert line.realised == D("155.00")
    assert line.realised_percent == 100
    assert line.state == "holding"


def test_an_average_that_is_no_round_number_loses_no_cent() -> None:
    told = Told().admitted(3).fills(1, 1, "0.75").bought(2, 2, "0.76").sold(9, 3, "0.76")
    assert round(only(report(told)).realised, 10) == D("1.00")


def test_paper_live_and_dry_runs_never_meet_in_one_sum() -> None:
    live, paper, rehearsed = (
        Told(mode=mode).admitted().bought(1, 1, "1.00").sold(2, 1, exit_price)
        for mode, exit_price in (("live", "1.10"), ("paper", "1.20"), ("live dry run", "9.00"))
    )
    made = report(rehearsed, paper, live, mode=Mode.LIVE)
    assert [(book.mode, book.realised) for book in made.books] == [("LIVE", 10), ("PAPER", 20), ("DRY RUN", 800)]
    assert (made.alerts, made.admitted) == (2, 2)


def test_a_dry_run_that_is_refused_stands_in_its_own_book_and_in_no_count() -> None:
    made = report(Told(mode="paper dry run").refused("duplicate", "The same was let in 40 s ago."))
    assert (made.alerts, made.refused, made.reasons) == (0, (), ())
    assert [line.refusal for line in made.shown[0].lines] == ["duplicate"]


def test_a_day_of_nothing_still_says_its_mode() -> None:
    made = report(mode=Mode.LIVE)
    assert [(book.mode, book.realised, book.curve) for book in made.shown] == [("LIVE", 0, ())]
    assert (made.alerts, made.refused) == (0, ())


def test_what_was_bought_yesterday_and_sold_today_counts_today_and_is_no_alert_of_today() -> None:
    told = Told(OPEN).admitted(2).bought(1, 2, "1.00").sold(60, 1, "2.00", end=False).sold(86_400, 1, "1.50")
    first, second = report(told), report(told, span=NEXT)
    assert (only(first).realised, only(first).held, first.alerts, only(first).state) == (100, 1, 1, "holding")
    line = only(second)
    assert (line.realised, line.held, line.sold_before, line.paid, line.fees) == (50, 0, 1, 0, 0)
    assert second.alerts == 0
    assert report(told, span=Span(first=DAY, last=NEXT.last)).books[0].realised == 150


def test_the_day_is_new_yorks() -> None:
    late = datetime(2026, 11, 26, 4, 59, tzinfo=UTC)
    assert report(Told(late)).alerts == 1
    assert report(Told(late + timedelta(minutes=1))).alerts == 0
    assert TODAY.until - TODAY.since == timedelta(hours=24)
    change = Span(first=date(2026, 11, 1), last=date(2026, 11, 1))  # the clocks go back
    assert change.until - change.since == timedelta(hours=25)


def test_an_execution_that_was_written_twice_counts_once() -> None:
    told = Told().admitted().bought(1, 1, "1.00").sold(2, 1, "2.00")
    told.rows += [row for row in told.rows if row.kind is AuditKind.FILL]
    assert only(report(told)).realised == 100


def test_what_expires_while_it_is_held_is_told_beside_the_sums() -> None:
    told = Told().admitted(2).bought(1, 2, "1.00").sold(60, 1, "1.50", end=False)
    book = report(told.says(900, AuditKind.STATE, state="expired")).books[0]
    assert (book.realised, len(book.held), len(book.expired), book.expired_at_cost) == (50, 0, 1, 100)


def test_what_is_short_when_it_expires_is_told_by_its_credit() -> None:
    told = Told(action="STO", said="STO UBER 78p 12/04 @ 1.00").admitted(2).bought(1, 2, "1.00")
    book = report(told.says(900, AuditKind.STATE, state="expired")).books[0]
    assert (book.held, book.realised, book.expired_long, book.expired_at_cost) == ((), 0, (), 0)
    assert (len(book.expired_short), book.expired_credit) == (1, 200)


def test_what_is_short_no_more_is_neither_held_nor_earned() -> None:
    told = Told(action="STO", said="STO UBER 78p 12/04 @ 1.00").admitted(4).bought(1, 4, "1.00")
    told.says(500, AuditKind.GONE, quantity=1).says(600, AuditKind.GONE, quantity=3)
    book = report(told).books[0]
    assert (only(report(told)).held, book.held_at_cost, book.realised) == (1, -100, 0)
    assert (len(book.gone), book.gone_for) == (1, 300)


def test_shares_and_futures_are_worth_what_their_contract_says() -> None:
    shares = (
        Told(said="BTO 100 AAPL @ 150").admitted(100, "AAPL", 1, "Equity").bought(1, 100, "150").sold(2, 100, "151")
    )
    future = Told(said="BTO 1 /ES").admitted(1, "/ESZ6", 50, "Future").bought(1, 1, "5850.25").sold(2, 1, "5849.00")
    book = report(shares, future).books[0]
    assert [line.realised for line in book.lines] == [100, D("-62.50")]
    assert [line.fees for line in book.lines] == [0, D("2.50")]


def test_fees_are_not_known_where_one_trades_are_not() -> None:
    told = Told().admitted().bought(1, 1, "1.00")
    told.rows = [row for row in told.rows if row.kind is not AuditKind.ADMITTED]
    assert report(told, Told().admitted().bought(1, 1, "1.00")).books[0].fees is None


def test_a_closing_alert_is_no_trade_of_its_own() -> None:
    told = Told(action="STC", said="STC UBER 78p 12/04 @ 1.20").says(1, AuditKind.ADMITTED, payload={"terms": {}})
    told.says(2, AuditKind.CLOSING, detail="alert-1-2: 2 sold", code="closed").says(2, AuditKind.STATE, state="closed")
    made = report(told)
    assert made.books[0].lines == ()
    assert [line.note for line in made.closing] == ["alert-1-2: 2 sold"]
    assert (made.alerts, made.admitted) == (1, 1)


def test_who_had_it_sold_is_said() -> None:
    told = Told().admitted(4).bought(1, 4, "1.00").sold(50, 2, "2.00", end=False).sold(90, 2, "1.10", by="Ann (api)")
    assert only(report(told)).sold_how == "target, Ann (api)"


def test_a_trade_that_ends_refused_with_something_bought_is_shown_with_what_it_bought() -> None:
    made = report(Told().admitted(4).bought(1, 1, "1.00").refused("broker_refused", "Rejected.", 30))
    assert made.refused == ()
    assert only(made).held == 1


@pytest.mark.parametrize("code", ["author_not_allowed", "ambiguous"])
def test_what_a_front_door_turns_away_is_an_alert_that_was_refused(code: str) -> None:
    made = report(turned_away(code=code, text="BTO or STC?"))
    assert (made.alerts, made.admitted, made.reasons) == (1, 0, ((code, 1),))
    assert made.refused[0].said == "BTO or STC?"


def sold_first() -> Told:
    said = "STO UBER 78p 12/04 @ 0.75"
    return Told(action="STO", said=said).admitted(4).bought(1, 4, "0.74")


def test_what_was_sold_first_gains_by_being_bought_back_for_less() -> None:
    book = report(sold_first().sold(50, 2, "0.37", end=False).sold(90, 2, "0.90", by="Ann (api)")).books[0]
    line = only(report(sold_first().sold(50, 2, "0.37", end=False)))
    assert (line.realised, line.held, line.held_at_cost) == (D("74.00"), 2, D("-148.00"))
    assert (book.received, book.paid, book.realised) == (D("296.00"), D("254.00"), D("42.00"))
    assert book.fees == D("4.48")


def test_less_than_the_alerts_price_is_worse_for_who_sells() -> None:
    assert only(report(sold_first())).over_alert == D("0.01")


def test_who_had_it_bought_back_is_said() -> None:
    told = sold_first().says(49, AuditKind.CLOSING, detail="Ann asks to buy back all", code="asked")
    told.fills(50, 4, "0.40", OrderRole.CLOSE)
    assert only(report(told)).sold_how == "Ann"
