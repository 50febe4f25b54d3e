"""Nothing goes stale: what is listed makes sense on every day of the two years that come."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.listings.instruments import Listings

DAYS = 730


def every_day() -> Iterator[Listings]:
    """One exchange that runs for two years, looked at around noon of each day."""
    today = datetime.now(UTC).replace(hour=17, minute=0)
    clock = [today]
    listings = Listings(MarketCalendar(today.date()), lambda: clock[0])
    for ahead in range(DAYS):
        clock[0] = today + timedelta(days=ahead)
        yield listings


def test_every_product_has_an_active_month_and_the_one_after_it_on_every_day() -> None:
    for listings in every_day():
        for code in FUTURES:
            months = listings.months(code)
            last_days = [month.last_day for month in months]
            actives = [n for n, month in enumerate(months) if month.is_active]
            assert last_days == sorted(set(last_days))
            assert last_days[0] >= listings.today
            assert all(listings.calendar.is_session(day) for day in last_days)
            assert actives in ([0], [1], [2])
            assert [n for n, month in enumerate(months) if month.is_next] == [actives[0] + 1]
            assert len({month.symbol for month in months}) == len(months)
            assert (months[actives[0]].first_notice or date.max) > listings.today


def test_every_option_expires_in_a_session_to_come_on_every_day() -> None:
    for listings in every_day():
        for symbol in ("SPX", "UBER"):  # between them every cadence and both settlements
            chain = listings.chain(symbol)
            by_root = {root.symbol: [one for one in chain if one.root == root] for root in UNDERLYINGS[symbol].roots}
            for series in by_root.values():
                days = [one.expiry.day for one in series]
                assert days == sorted(set(days))
                assert days[0] >= listings.today
                assert all(listings.calendar.is_session(day) for day in days)
                assert all(one.expires_at.date() <= one.expiry.day for one in series)


def test_every_option_on_a_future_ends_before_its_future_on_every_day() -> None:
    for listings in every_day():
        for code in ("ES", "CL"):
            chain = listings.future_chain(code)
            assert len({one.contract for one in chain}) == len(chain)
            assert [one.expires_at for one in chain] == sorted(one.expires_at for one in chain)
            for one in chain:
                assert listings.calendar.is_session(one.expiry.day)
                assert one.expiry.day >= listings.today
                assert new_york_day(one.expires_at) == one.expiry.day
                assert one.expires_at <= one.future.expires_at
        nearest = listings.future_chain("ES")[0]
        assert nearest.expiry.day == listings.calendar.session_on_or_after(listings.today)
