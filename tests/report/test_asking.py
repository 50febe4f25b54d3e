"""A report's rows, from an audit log that holds more than the span."""

from datetime import date, timedelta

import pytest

from domain.errors import RefusedError, RetryableError
from domain.reporting.report import Report
from domain.reporting.span import Span
from domain.settings import Mode
from report import asking
from report.asking import report_from
from tests.domain.reporting.rows import DAY, NIGHT, OPEN, TODAY, Told, a_days_trades, report, rows_of
from tests.fakes.doors import FakeAudit

NEXT = Span(first=date(2026, 11, 26), last=date(2026, 11, 26))


async def asked(*told: Told, span: Span = TODAY) -> Report:
    return await report_from(FakeAudit(events=rows_of(*told)), span, Mode.PAPER, NIGHT)


async def test_the_days_rows_are_enough_for_the_day() -> None:
    day = a_days_trades()
    made = await asked(*day)
    assert made.model_copy(update={"head": report().head}) == report(*day)
    assert made.head.seq == len(rows_of(*day))


async def test_many_pages_are_read_to_the_end() -> None:
    told = [Told(OPEN + timedelta(seconds=n)).admitted().bought(1, 1, "1.00").sold(2, 1, "1.01") for n in range(300)]
    assert (await asked(*told)).books[0].realised == 300


async def test_what_is_sold_today_and_began_before_is_told_from_its_beginning() -> None:
    told = Told(OPEN).admitted(2).bought(1, 2, "1.00").sold(86_400, 2, "1.50")
    made = await asked(told, Told(OPEN).admitted().bought(1, 1, "1.00"), span=NEXT)
    assert [line.realised for line in made.books[0].lines] == [100]
    assert made.alerts == 0


async def test_more_than_a_report_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_MOST_ROWS", 10)
    with pytest.raises(RefusedError, match="fewer days"):
        await asked(*a_days_trades())


async def test_an_audit_that_does_not_answer_is_said() -> None:
    with pytest.raises(RetryableError):
        await report_from(FakeAudit(broken=RetryableError("no worker")), TODAY, Mode.PAPER, NIGHT)


async def test_days_are_whole_days() -> None:
    told = [
        Told(OPEN + timedelta(days=days)).admitted().bought(1, 1, "1.00").sold(9, 1, "2.00") for days in range(-2, 3)
    ]
    span = Span(first=DAY - timedelta(days=1), last=DAY)
    assert len((await asked(*told, span=span)).books[0].lines) == 2
