"""Everything that must not be traded: each is refused with its own code, written down, and no order exists."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.alert import AlertMessage
from domain.identifiers import snowflake_at
from domain.settings import Mode
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words
from workflows.front_door import FrontDoor


@pytest.fixture
def quotes() -> dict[str, tuple[str | None, str | None]]:
    """What the market shows, by the code it must be refused with: (bid, ask)."""
    return {
        "no_quote": (None, None),
        "one_sided_quote": (None, "0.75"),
        "crossed_quote": ("0.80", "0.70"),
        "spread_too_wide": ("0.20", "1.30"),
    }


async def refusal_of(house: House, workflow_id: str) -> str:
    """The code that the trade ended with; the audit log must say the same."""
    view = await house.view_when(workflow_id, lambda view: view.state.is_end)
    assert view.refusal is not None, view
    code, out, err = await house.run("audit", "recent", "--trade", workflow_id, "--kind", "refused", "--json")
    assert code == 0, err
    assert [json.loads(line)["event"]["code"] for line in out.splitlines()] == [view.refusal.code]
    return view.refusal.code


async def test_a_market_that_is_none_is_not_traded_on(
    house: House, uber: Instrument, quotes: dict[str, tuple[str | None, str | None]]
) -> None:
    assert house.control is not None
    for code, (bid, ask) in quotes.items():
        await house.control.quote(uber.symbol, bid, ask)
        assert await refusal_of(house, await house.alert(words(uber))) == code
    assert (await house.control.book())["orders"] == []


async def test_who_may_not_and_what_can_not_be_paid_is_refused(house: House, uber: Instrument) -> None:
    assert house.control is not None
    assert house.client is not None
    await house.control.quote(uber.symbol, "0.70", "0.80")
    stranger = await house.alert(words(uber), "--author", "666")
    assert await refusal_of(house, stranger) == "author_not_allowed"
    elsewhere = await house.alert(words(uber), "--channel", "667")
    assert await refusal_of(house, elsewhere) == "channel_not_allowed"
    late = await FrontDoor(house.client, "5WX00042", Mode.PAPER).submit(_message(words(uber), timedelta(seconds=30)))
    assert await refusal_of(house, late.started[0].workflow_id) == "too_old"
    await house.control.cash("50")
    assert await refusal_of(house, await house.alert(words(uber))) == "no_buying_power"
    assert (await house.control.book())["orders"] == []


async def test_the_same_contract_twice_within_the_window_is_one_trade(house: House, uber: Instrument) -> None:
    assert house.control is not None
    assert house.client is not None
    await house.control.quote(uber.symbol, "0.70", "0.90")
    door = FrontDoor(house.client, "5WX00042", Mode.PAPER)
    messages = [_message(words(uber), timedelta(0), number) for number in (1, 2)]
    first, second = await asyncio.gather(*[door.submit(message) for message in messages])
    views = [
        await house.view_when(submission.started[0].workflow_id, lambda view: bool(view.refusal or view.entries))
        for submission in (first, second)
    ]
    assert sorted(view.refusal.code if view.refusal else "traded" for view in views) == ["duplicate", "traded"]
    refused = next(view.workflow_id for view in views if view.refusal)
    assert await house.orders(refused) == []


async def test_one_message_delivered_twice_is_one_trade(house: House, uber: Instrument) -> None:
    assert house.control is not None
    assert house.client is not None
    await house.control.quote(uber.symbol, "0.75", "0.75")
    door = FrontDoor(house.client, "5WX00042", Mode.PAPER)
    message = _message(words(uber), timedelta(0))
    first, again = await door.submit(message), await door.submit(message)
    assert [started.is_new for started in (*first.started, *again.started)] == [True, False]
    workflow_id = first.started[0].workflow_id
    await house.view_when(workflow_id, lambda view: bool(view.exits))
    assert [order["legs"][0]["action"] for order in await house.orders(workflow_id)].count("Buy to Open") == 1


def _message(text: str, age: timedelta, number: int = 99) -> AlertMessage:
    posted_at = datetime.now(UTC) - age
    return AlertMessage(
        channel_id=1,
        message_id=snowflake_at(posted_at, number),
        author_id=1,
        author_name="ann",
        text=text,
        posted_at=posted_at,
    )
