"""The front door: one message, one workflow for each alert in it, however often it comes in."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.alert import AlertMessage
from domain.identifiers import snowflake_at
from domain.profile import Profile, Profiles
from domain.reading.reader import READER_VERSION
from domain.settings import Mode
from domain.trade import TradeRequest
from workflows.front_door import FrontDoor

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_MESSAGES = count(1)


@pytest.fixture
def door(env: WorkflowEnvironment) -> FrontDoor:
    return FrontDoor(env.client, "5WX00042", Mode.PAPER)


def message(text: str) -> AlertMessage:
    return AlertMessage(
        channel_id=5, message_id=snowflake_at(NOW, next(_MESSAGES)), author_id=2, text=text, posted_at=NOW
    )


async def test_an_alert_starts_the_workflow_that_its_message_names(door: FrontDoor) -> None:
    said = message("BTO UBER 78p 12/04 @ 0.75")
    (started,) = (await door.submit(said)).started
    assert (started.workflow_id, started.is_new) == (f"alert-5-{said.message_id}", True)


async def test_a_second_delivery_starts_nothing(door: FrontDoor) -> None:
    said = message("BTO UBER 78p 12/04 @ 0.75")
    await door.submit(said)
    (again,) = (await door.submit(said)).started
    assert not again.is_new


async def test_a_message_whose_trade_is_over_starts_nothing(door: FrontDoor, env: WorkflowEnvironment) -> None:
    said = message("BTO UBER 78p 12/04 @ 0.75")
    (started,) = (await door.submit(said)).started
    await env.client.get_workflow_handle(started.workflow_id).terminate()
    (again,) = (await door.submit(said)).started
    assert not again.is_new


async def test_a_message_is_read_by_its_author_s_profile(env: WorkflowEnvironment) -> None:
    profiles = Profiles(by_name={"scalps": Profile(price_in_cents=True)}, authors={2: "scalps"})
    door = FrontDoor(env.client, "5WX00042", Mode.PAPER, profiles)
    (started,) = (await door.submit(message("BTO UBER 78p 12/04 @ 75"))).started
    assert started.alert.price == Decimal("0.75")


async def test_a_trade_knows_how_its_message_was_read(door: FrontDoor, env: WorkflowEnvironment) -> None:
    (started,) = (await door.submit(message("BTO UBER 78p 12/04 @ 0.75"))).started
    history = await env.client.get_workflow_handle(started.workflow_id).fetch_history()
    given = history.events[0].workflow_execution_started_event_attributes.input
    (request,) = await env.client.data_converter.decode(given.payloads, [TradeRequest])
    assert request.reader_version == READER_VERSION
    assert request.read_as[:2] == ("verb BTO", "word UBER")


async def test_chat_starts_nothing_and_says_why(door: FrontDoor) -> None:
    submission = await door.submit(message("good morning all"))
    assert submission.started == ()
    assert submission.refused is not None
