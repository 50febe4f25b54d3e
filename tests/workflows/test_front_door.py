"""The front door: one message, one workflow for each alert in it, however often it comes in."""

from datetime import UTC, datetime
from itertools import count

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.alert import AlertMessage
from domain.identifiers import snowflake_at
from domain.settings import Mode
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


async def test_chat_starts_nothing_and_says_why(door: FrontDoor) -> None:
    submission = await door.submit(message("good morning all"))
    assert submission.started == ()
    assert submission.refused is not None
