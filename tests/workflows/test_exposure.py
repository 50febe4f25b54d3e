"""The desk hears how many contracts are short: from the end of the entry on, each change once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from domain.desk import TradeReport
from domain.identifiers import OrderRole
from workflows.changes import Change
from workflows.exposure import Exposure


class Hall:
    """A trade's world with a desk that listens, and the trade's ledger, as far as they are asked here."""

    def __init__(self) -> None:
        self.held = self.gone = 0
        self.listed: Decimal | None = None
        self.closing: list[OrderRole] = []  # open orders
        self.entry_is_over = self.is_over = self.sends_meanwhile = False
        self.told: list[int | None] = []
        self._moved = asyncio.Event()
        facts = {"workflow_id": "alert-1-2", "contract": None, "take_calls": lambda: 0}
        told: Any = SimpleNamespace(world=self, ledger=self, **facts)
        self.exposure = Exposure(told, "5WX00042", lambda: self.entry_is_over, lambda: self.is_over)

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 15, tzinfo=UTC)

    async def until(self, condition: Callable[[], bool], within: timedelta | None, why: str) -> bool:
        while not condition():
            self._moved.clear()
            await self._moved.wait()
        return True

    def knows(self, change: Change) -> bool:
        return True

    async def position(self, contract: object) -> Decimal | None:
        self.closing += [OrderRole.CLOSE] * self.sends_meanwhile
        return self.listed

    def open_orders(self, role: OrderRole) -> list[OrderRole]:
        return [each for each in self.closing if each is role]

    async def tell_desk(self, account_number: str, report: TradeReport) -> None:
        assert (account_number, report.workflow_id, report.over) == ("5WX00042", "alert-1-2", False)
        self.told.append(report.short)

    async def becomes(self, **facts: Any) -> None:
        """So it is now; whoever waits looks again."""
        for name, value in facts.items():
            setattr(self, name, value)
        self._moved.set()
        for _ in range(3):
            await asyncio.sleep(0)


async def test_while_the_entry_works_the_desk_counts_all_that_may_be_sold() -> None:
    hall = Hall()
    task = asyncio.create_task(hall.exposure.run())
    await hall.becomes(held=2)
    assert hall.told == []
    await hall.becomes(is_over=True)
    await task


async def test_each_change_after_it_is_told_once() -> None:
    hall = Hall()
    task = asyncio.create_task(hall.exposure.run())
    await hall.becomes(held=3)
    assert hall.exposure.take_short() == 3
    await hall.becomes(entry_is_over=True)
    assert hall.told == []  # the trade's own report has told it
    await hall.becomes(held=4)
    await hall.becomes(held=4)
    await hall.becomes(held=1)
    await hall.becomes(held=0)
    assert hall.told == [4, 1, 0]
    await hall.becomes(is_over=True)
    await task


async def test_what_was_bought_back_beyond_what_was_sold_is_no_cover_for_others() -> None:
    hall = Hall()
    hall.held = -1
    assert hall.exposure.take_short() == 0


@pytest.mark.parametrize(
    ("listed", "lost"), [(-3, 1), (-1, 3), (0, 4), (200, 4), (-9, 1), (None, 1)], ids=lambda each: str(each)
)
async def test_what_is_lost_is_what_the_account_is_less_short_of(listed: int | None, lost: int) -> None:
    hall = Hall()
    hall.held, hall.gone = 3, 1
    hall.listed = None if listed is None else Decimal(listed)
    assert await hall.exposure.lost() == lost


async def test_what_a_closing_order_may_have_bought_back_is_lost_only_if_it_did_not_once_it_is_over() -> None:
    hall = Hall()
    hall.held, hall.listed, hall.closing = 4, Decimal(-2), [OrderRole.CLOSE]
    asked = asyncio.create_task(hall.exposure.lost())
    await hall.becomes(gone=0)
    assert not asked.done()
    await hall.becomes(held=3, closing=[OrderRole.EXIT])
    assert await asked == 1


async def test_a_list_that_was_read_while_a_closing_order_went_out_is_read_again() -> None:
    hall = Hall()
    hall.held, hall.listed, hall.sends_meanwhile = 4, Decimal(-3), True
    asked = asyncio.create_task(hall.exposure.lost())
    await hall.becomes(gone=0)
    hall.sends_meanwhile = False
    assert (asked.done(), hall.closing) == (False, [OrderRole.CLOSE])
    await hall.becomes(held=3, closing=[])
    assert await asked == 0


async def test_nothing_is_lost_where_a_trade_never_stops_closing() -> None:
    hall = Hall()
    hall.held, hall.listed, hall.sends_meanwhile, hall.is_over = 4, Decimal(-3), True, True
    assert await hall.exposure.lost() == 0
