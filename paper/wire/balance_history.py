"""What the account was worth: five-minute bars of today and yesterday, and for each day before its bar and balances.

Noted every few seconds while the exchange runs, so a day on which it did not run is missing. Kept in the book, in as
many rows as there are days remembered: a day takes the row of the one that lies so far back.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel

from paper.exchange import Exchange
from paper.listings.calendar import new_york_day
from paper.wire.account_json import balance_json
from paper.wire.order_json import Json

_DAYS_KEPT = 400
_BAR = timedelta(minutes=5)


class Bar(BaseModel):
    """Net liquidation over a while, dollars."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    def joined_by(self, worth: Decimal) -> "Bar":
        """The bar once the account was worth that, too."""
        return self.model_copy(update={"high": max(self.high, worth), "low": min(self.low, worth), "close": worth})


class Day(BaseModel):
    """One day in New York: its bars, and the balances when it was first and last looked at."""

    day: date
    first: Json
    last: Json
    bars: list[Bar]

    @property
    def bar(self) -> Bar:
        """The whole day in one."""
        return Bar(
            start=self.bars[0].start,
            open=self.bars[0].open,
            high=max(bar.high for bar in self.bars),
            low=min(bar.low for bar in self.bars),
            close=self.bars[-1].close,
        )


class BalanceHistory:
    """The days that are remembered, oldest first."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._days = {day.day: day for day in sorted(self._kept(), key=lambda day: day.day)}
        exchange.noted.append(self.note)

    @property
    def days(self) -> list[Day]:
        """Each day until now."""
        self.note()
        return list(self._days.values())

    def bars(self, since: datetime) -> list[Bar]:
        """Every bar from then on: fine ones of today and yesterday, one a day before."""
        return [bar for day in self.days for bar in day.bars if bar.start >= since]

    def note(self) -> None:
        """Look at the account now."""
        exchange, at = self._exchange, self._exchange.clock()
        balance = balance_json(exchange.account, exchange.buying_power, exchange.available(), at)
        worth, start = Decimal(balance["net-liquidating-value"]), _bar_start(at)
        today = self._days.get(new_york_day(at))
        if today is None:
            today = self._begin(Day(day=new_york_day(at), first=balance, last=balance, bars=[]))
        today.last = balance
        if today.bars and today.bars[-1].start == start:
            today.bars[-1] = today.bars[-1].joined_by(worth)
        else:
            today.bars.append(Bar(start=start, open=worth, high=worth, low=worth, close=worth))
        self._keep(today)

    def _begin(self, today: Day) -> Day:
        """A new day: those before yesterday shrink to one bar, and the one that lies too far back is forgotten."""
        for day in self._days.values():
            if today.day - day.day > timedelta(days=1) and len(day.bars) > 1:
                day.bars = [day.bar]
                self._keep(day)
        self._days = {day: kept for day, kept in self._days.items() if _row(day) != _row(today.day)}
        self._days[today.day] = today
        return today

    def _keep(self, day: Day) -> None:
        self._exchange.store.remember(_row(day.day), day.model_dump(mode="json"))

    def _kept(self) -> Iterator[Day]:
        for number in range(_DAYS_KEPT):
            kept = self._exchange.store.recall(_row(date.fromordinal(number + 1)))
            if kept is not None:
                yield Day.model_validate(kept)


def _row(day: date) -> str:
    return f"balances {day.toordinal() % _DAYS_KEPT}"


def _bar_start(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // _BAR.total_seconds() * _BAR.total_seconds(), UTC)
