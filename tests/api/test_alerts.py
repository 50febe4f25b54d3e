"""An alert over HTTP is a message: named, so that a repeat is the same trade, and refused in words when it is none."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from domain.command import Halt, Person
from domain.errors import RetryableError
from domain.identifiers import snowflake_at
from tests.api.conftest import ALERT, OPERATOR, Parts, code_of, knocking, posted
from workflows.desk_door import NoDesk


def key(age: timedelta = timedelta(0), random: int = 0xABC) -> str:
    """An Idempotency-Key: a UUID of version 7, made `age` ago."""
    milliseconds = int((datetime.now(UTC) - age).timestamp() * 1000)
    return str(UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | random))


async def test_the_same_message_is_the_same_trade_and_is_written_down_once(
    parts: Parts, client: httpx2.AsyncClient
) -> None:
    asked = posted()
    first, second = await client.post("/v1/alerts", json=asked), await client.post("/v1/alerts", json=asked)
    assert (first.status_code, second.status_code) == (202, 202)
    (one,), (again,) = first.json()["trades"], second.json()["trades"]
    assert (one["is_new"], again["is_new"]) == (True, False)
    assert one["workflow_id"] == again["workflow_id"] == f"alert-2-{asked['message_id']}"
    assert [(did.what, str(did.by), did.workflow_id) for did in parts.desk.did] == [
        ("alert", "alice (api)", one["workflow_id"])
    ]


async def test_the_same_idempotency_key_is_the_same_trade(parts: Parts, client: httpx2.AsyncClient) -> None:
    for name in [key()] * 2 + [key(random=1), key(timedelta(days=400))]:
        await client.post("/v1/alerts", json={"text": ALERT}, headers={"Idempotency-Key": name})
    assert len(parts.trades.requests) == 3


async def test_a_key_s_own_time_is_the_message_s(parts: Parts, client: httpx2.AsyncClient) -> None:
    """An alert sent again a day later is a day old, whatever the server has forgotten meanwhile."""
    await client.post("/v1/alerts", json={"text": ALERT}, headers={"Idempotency-Key": key(timedelta(days=1))})
    (request,) = parts.trades.requests.values()
    age = datetime.now(UTC) - request.message.posted_at
    assert timedelta(hours=23, minutes=59) < age < timedelta(hours=24, minutes=1)


async def test_a_message_of_another_channel_is_told_as_it_was(parts: Parts, client: httpx2.AsyncClient) -> None:
    await client.post("/v1/alerts", json=posted(channel_id=77, author_id=88, dry_run=True))
    (request,) = parts.trades.requests.values()
    assert (request.message.channel_id, request.message.author_id, request.dry_run) == (77, 88, True)


@pytest.mark.parametrize(
    ("changes", "headers", "code"),
    [
        ({"message_id": None}, {}, "name_needed"),
        ({}, {"Idempotency-Key": key()}, "name_needed"),
        ({"message_id": None, "channel_id": 7}, {"Idempotency-Key": key()}, "name_needed"),
        ({"message_id": None}, {"Idempotency-Key": "8f14e45f-ceea-467f-9a1b-4c2d5e6f7a8b"}, "bad_key"),
        ({"message_id": None}, {"Idempotency-Key": "today"}, "bad_key"),
        ({"message_id": None}, {"Idempotency-Key": "00000000-0000-7000-8000-000000000000"}, "bad_key"),
        ({"message_id": None}, {"Idempotency-Key": "ffffffff-ffff-7fff-bfff-ffffffffffff"}, "from_the_future"),
        ({"message_id": None}, {"Idempotency-Key": key(-timedelta(days=1))}, "from_the_future"),
        ({"message_id": snowflake_at(datetime(2080, 1, 1, tzinfo=UTC), 0)}, {}, "from_the_future"),
    ],
)
async def test_a_name_that_is_none_is_refused(
    parts: Parts, client: httpx2.AsyncClient, changes: dict[str, Any], headers: dict[str, str], code: str
) -> None:
    answer = await client.post("/v1/alerts", json=posted() | changes, headers=headers)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert parts.trades.requests == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("good morning everyone", "not_an_alert"),
        ("BTO UBER 78 12/18 @ 0.75", "incomplete"),
        ("BTO UBER 78p 13/45 @ 0.75", "impossible_date"),
    ],
)
async def test_what_is_no_alert_is_refused_with_the_reader_s_own_code(
    parts: Parts, client: httpx2.AsyncClient, text: str, code: str
) -> None:
    answer = await client.post("/v1/alerts", json=posted(text))
    assert (answer.status_code, code_of(answer)) == (422, code)
    assert (parts.trades.requests, parts.desk.did) == ({}, [])


async def test_a_name_is_not_given_to_two_alerts(parts: Parts, client: httpx2.AsyncClient) -> None:
    asked = posted()
    await client.post("/v1/alerts", json=asked)
    for changes in ({"text": ALERT.replace("78p", "80p")}, {"dry_run": True}, {"author_id": 9}):
        answer = await client.post("/v1/alerts", json=asked | changes)
        assert (answer.status_code, code_of(answer)) == (409, "name_taken")
    assert len(parts.trades.requests) == 1


async def test_while_halted_nothing_is_started_and_who_tried_is_written_down(
    parts: Parts, client: httpx2.AsyncClient
) -> None:
    before = posted()
    await client.post("/v1/alerts", json=before)
    parts.desk.kept.halt(Halt(by=Person(name="carol", via="discord"), reason="news"), datetime.now(UTC))
    answer = await client.post("/v1/alerts", json=posted())
    assert (answer.status_code, code_of(answer)) == (409, "halted")
    assert "halted by carol (discord): news" in answer.text
    assert [did.what for did in parts.desk.did] == ["alert", "alert_refused"]
    # A repeat of what was started before the halt still says which trade it is.
    assert (await client.post("/v1/alerts", json=before)).json()["trades"][0]["is_new"] is False
    assert len(parts.trades.requests) == 1


async def test_nothing_is_started_that_nobody_could_write_down(parts: Parts, client: httpx2.AsyncClient) -> None:
    parts.desk.broken = NoDesk("nobody")
    answer = await client.post("/v1/alerts", json=posted())
    assert (answer.status_code, code_of(answer)) == (503, "no_desk")
    assert parts.trades.requests == {}


async def test_when_the_server_does_not_answer_it_says_to_try_again(parts: Parts) -> None:
    parts.front.broken = RetryableError("deadline exceeded at 10.0.0.7")
    async with knocking(parts.app(), OPERATOR) as client:
        answer = await client.post("/v1/alerts", json=posted())
    assert (answer.status_code, code_of(answer)) == (503, "unanswered")
    assert "10.0.0.7" not in answer.text
