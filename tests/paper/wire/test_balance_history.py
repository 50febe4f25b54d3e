"""What is remembered of the account's worth, over days and restarts."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from paper.exchange import Exchange
from paper.settings import PaperSettings
from paper.wire.balance_history import BalanceHistory

START = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)


class Clock:
    """The time a test says it is."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def exchange(clock: Clock, tmp_path: Path) -> AsyncIterator[Exchange]:
    made = Exchange(PaperSettings(db=tmp_path / "book.db"), clock)
    yield made
    await made.close()


def worth(exchange: Exchange, history: BalanceHistory, *amounts: int) -> None:
    for amount in amounts:
        exchange.set_cash(Decimal(amount))
        history.note()


def test_a_bar_spans_what_the_account_was_worth_in_five_minutes(exchange: Exchange, clock: Clock) -> None:
    history = BalanceHistory(exchange)
    worth(exchange, history, 100, 90, 120, 110)
    clock.now += timedelta(minutes=5)
    worth(exchange, history, 115)
    first, second = history.bars(START - timedelta(hours=1))
    assert (first.open, first.high, first.low, first.close) == (100, 120, 90, 110)
    assert first.start == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert (second.start - first.start, second.open) == (timedelta(minutes=5), 115)


def test_older_days_shrink_to_one_bar_and_keep_their_first_and_last_balances(exchange: Exchange, clock: Clock) -> None:
    history = BalanceHistory(exchange)
    for amount in (100, 200, 300):
        worth(exchange, history, amount)
        clock.now += timedelta(minutes=10)
        worth(exchange, history, amount + 50)
        clock.now += timedelta(days=1)
    history.note()
    assert [len(day.bars) for day in history.days] == [1, 1, 2, 1]
    monday = history.days[0]
    assert (monday.first["cash-balance"], monday.last["cash-balance"]) == ("100.0", "150.0")
    assert (monday.bar.open, monday.bar.close) == (100, 150)


def test_the_days_are_still_known_after_a_restart_without_a_goodbye(exchange: Exchange, clock: Clock) -> None:
    worth(exchange, BalanceHistory(exchange), 100)
    clock.now += timedelta(days=1)
    worth(exchange, BalanceHistory(exchange), 200)
    assert [day.day for day in BalanceHistory(exchange).days] == [date(2026, 11, 23), date(2026, 11, 24)]


def test_a_day_too_far_back_makes_room(exchange: Exchange, clock: Clock) -> None:
    history = BalanceHistory(exchange)
    history.note()
    clock.now += timedelta(days=400)
    history.note()
    assert [day.day for day in history.days] == [START.date() + timedelta(days=400)]
    assert [day.day for day in BalanceHistory(exchange).days] == [START.date() + timedelta(days=400)]
