"""How much of a flood of refused clicks comes to be written down, and what of a hostile name."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.background import Background
from bot.denied import Denials
from domain.command import Person
from tests.fakes.doors import FakeDesk
from workflows.desk_door import DeskDoor

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class Bench:
    """Denials, and the desk they come to."""

    def __init__(self) -> None:
        self.desk = FakeDesk()
        self.background = Background()
        self.denials = Denials(cast("DeskDoor", self.desk), self.background)

    def deny(self, person: int = 1, what: str = "cancel", after: float = 0, trade: str | None = "alert-1-2") -> None:
        by = Person(person_id=person, name=f"n{person}", via="discord")
        self.denials.deny(by, what, "for operators", NOON + timedelta(seconds=after), trade)

    async def rows(self) -> int:
        await self.background.finish(5)
        return len(self.desk.denials)


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_the_same_click_is_written_again_after_a_minute(bench: Bench) -> None:
    for after in (0, 1, 59, 60):
        bench.deny(after=after)
    assert await bench.rows() == 1
    bench.deny(after=61)
    assert await bench.rows() == 2


async def test_each_person_button_and_trade_is_a_row_of_its_own(bench: Bench) -> None:
    bench.deny()
    bench.deny(person=2)
    bench.deny(what="close")
    bench.deny(trade="alert-1-3")
    assert await bench.rows() == 4


async def test_one_person_who_tries_everything_leaves_room_for_the_others(bench: Bench) -> None:
    for number in range(500):
        bench.deny(trade=f"alert-1-{number}")
    bench.deny(person=2)
    assert await bench.rows() == 21


async def test_all_together_are_bounded_too(bench: Bench) -> None:
    for person in range(1, 500):
        bench.deny(person=person)
    assert await bench.rows() == 60


async def test_two_bots_that_hear_the_same_clicks_tell_the_desk_the_same(bench: Bench) -> None:
    other = Bench()
    for each in (bench, other):
        for after in range(0, 150, 7):
            each.deny(after=after)
        await each.rows()
    assert [denied.key for denied in bench.desk.denials] == [denied.key for denied in other.desk.denials]


async def test_a_name_neither_pings_nor_shows_a_secret(bench: Bench) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf." + "a1B2" * 8
    by = Person(person_id=1, name=f"@everyone <@&5> {token}\u202e", via="discord")
    bench.denials.deny(by, "allow add", "for operators", NOON)
    await bench.rows()
    (denied,) = bench.desk.denials
    assert denied.what == "allow_add"
    for raw in ("@everyone", "<@&5>", token, "\u202e"):
        assert raw not in denied.model_dump_json()
