"""The trading days and the expiries that follow from them."""

from datetime import UTC, date, datetime

import pytest

from paper.listings.calendar import Cadence, MarketCalendar, third_friday


@pytest.fixture(scope="module")
def calendar() -> MarketCalendar:
    return MarketCalendar(date(2026, 11, 23))


def days(calendar: MarketCalendar, cadence: Cadence, today: date) -> list[date]:
    return [expiry.day for expiry in calendar.expiries(cadence, today)]


def test_weeklies_are_fridays_for_eight_weeks(calendar: MarketCalendar) -> None:
    listed = days(calendar, Cadence.WEEKLY, date(2026, 11, 23))
    assert listed[:4] == [date(2026, 11, 27), date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18)]


def test_a_friday_holiday_moves_the_expiry_to_the_session_before(calendar: MarketCalendar) -> None:
    listed = days(calendar, Cadence.WEEKLY, date(2026, 12, 20))
    assert date(2026, 12, 24) in listed  # Christmas Day is a Friday
    assert date(2026, 12, 25) not in listed


def test_good_friday_moves_the_expiry_to_thursday(calendar: MarketCalendar) -> None:
    listed = days(calendar, Cadence.WEEKLY, date(2027, 3, 22))
    assert listed[0] == date(2027, 3, 25)


def test_the_day_after_thanksgiving_expires_early_but_on_friday(calendar: MarketCalendar) -> None:
    assert date(2026, 11, 27) in days(calendar, Cadence.WEEKLY, date(2026, 11, 23))
    assert calendar.hours(date(2026, 11, 27)).closes_at == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


def test_dailies_skip_thanksgiving(calendar: MarketCalendar) -> None:
    listed = days(calendar, Cadence.DAILY, date(2026, 11, 23))
    assert listed[:4] == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)]


def test_monthlies_are_regular_and_a_year_out(calendar: MarketCalendar) -> None:
    expiries = calendar.expiries(Cadence.MONTHLY, date(2026, 11, 23))
    assert {expiry.kind for expiry in expiries} == {"Regular"}
    assert expiries[-1].day == third_friday(2027, 11)


def test_ends_of_months_and_quarters_have_their_own_words(calendar: MarketCalendar) -> None:
    kinds = {expiry.day: expiry.kind for expiry in calendar.expiries(Cadence.DAILY, date(2026, 11, 23))}
    assert kinds[date(2026, 11, 24)] == "Weekly"
    assert kinds[date(2026, 11, 30)] == "End-Of-Month"
    assert kinds[date(2026, 12, 18)] == "Regular"
    assert kinds[date(2026, 12, 31)] == "Quarterly"
    assert kinds[date(2027, 1, 29)] == "End-Of-Month"  # the 31st is a Sunday


def test_juneteenth_on_a_third_friday_moves_the_month_to_thursday(calendar: MarketCalendar) -> None:
    assert date(2027, 6, 17) in days(calendar, Cadence.MONTHLY, date(2027, 6, 1))


def test_futures_are_shut_on_three_days_a_year_and_close_early_on_the_other_holidays(calendar: MarketCalendar) -> None:
    assert calendar.futures_holidays(2027) == [date(2027, 1, 1), date(2027, 3, 26), date(2027, 12, 24)]
    half_days = calendar.futures_half_days(2027)
    assert {date(2027, 1, 18), date(2027, 6, 18), date(2027, 11, 25), date(2027, 11, 26)} <= set(half_days)
    assert half_days == sorted(half_days)


def test_nothing_is_listed_on_a_weekend_or_in_the_past(calendar: MarketCalendar) -> None:
    today = date(2026, 11, 28)
    listed = days(calendar, Cadence.DAILY, today)
    assert all(calendar.is_session(day) and day >= today for day in listed)


def test_holidays_and_half_days_are_those_of_the_exchange(calendar: MarketCalendar) -> None:
    assert date(2026, 11, 26) in calendar.holidays(2026)
    assert calendar.half_days(2026) == [date(2026, 11, 27), date(2026, 12, 24)]


def test_hours_of_a_holiday_are_refused(calendar: MarketCalendar) -> None:
    with pytest.raises(ValueError, match="no session"):
        calendar.hours(date(2026, 11, 26))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 11, 23, 14, 29, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 14, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 27, 18, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 16, 0, tzinfo=UTC), False),
    ],
)
def test_it_is_open_in_regular_hours_only(calendar: MarketCalendar, at: datetime, is_open: bool) -> None:
    assert calendar.is_open(at) is is_open
