"""One connection of the account stream, against servers that refuse, stall, stammer and vanish."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from unittest.mock import AsyncMock

import pytest
from aiohttp import WSMessage, web

from activities.broker import BrokerCredentials, BrokerSession, stream
from activities.broker.replies import Json
from activities.broker.stream import UNREADABLE, StreamLostError, account_stream
from tests.activities.broker.conftest import ACCOUNT, endpoint

Start = Callable[..., Awaitable[str]]
Script = Callable[[web.WebSocketResponse, Json], Awaitable[None]]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_ANSWER_WITHIN", 0.2)
    monkeypatch.setattr(stream, "_BEAT_EVERY", 0.01)


@pytest.fixture
async def speaking(hostile: Start) -> AsyncIterator[Callable[[Script], Awaitable[BrokerSession]]]:
    """A session whose account stream is served by a script, called with each message of the client."""
    made: list[BrokerSession] = []

    async def start(script: Script) -> BrokerSession:
        async def handler(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for message in socket:
                assert isinstance(message, WSMessage)
                await script(socket, json.loads(message.data))
            return socket

        url = await hostile(**{"GET /streamer": handler})
        made.append(
            BrokerSession(endpoint(url, f"{url}/streamer".replace("http", "ws")), BrokerCredentials.for_paper())
        )
        return made[-1]

    yield start
    for session in made:
        await session.close()


async def agree(socket: web.WebSocketResponse, asked: Json) -> None:
    await socket.send_json({"status": "ok", "action": asked["action"], "request-id": asked["request-id"]})


async def ignore(_: web.WebSocketResponse, __: Json) -> None:
    return


async def heard(session: BrokerSession, until: Callable[[list[Json]], bool] = lambda _: False) -> list[Json]:
    """Subscribe and listen until a condition on what came."""
    messages: list[Json] = []
    async with account_stream(session) as opened:
        asking = asyncio.create_task(opened.subscribe())
        async for message in opened.notifications():
            messages.append(message)
            if until(messages):
                break
        await asking
    return messages


async def test_subscribes_to_our_account_with_a_token(speaking: Any) -> None:
    asked: list[Json] = []

    async def script(socket: web.WebSocketResponse, message: Json) -> None:
        asked.append(message)
        await agree(socket, message)
        await socket.send_json({"type": "Order", "data": {"id": 1}})

    await heard(await speaking(script), lambda messages: bool(messages))

    assert asked == [{"auth-token": "Bearer granted", "action": "connect", "request-id": 1, "value": [ACCOUNT]}]


async def test_passes_on_what_it_cannot_read_as_unreadable(speaking: Any) -> None:
    async def script(socket: web.WebSocketResponse, message: Json) -> None:
        await agree(socket, message)
        for text in ("{cut", "[1, 2]", '"text"', '{"type": "Order", "data": null}'):
            await socket.send_str(text)

    messages = await heard(await speaking(script), lambda messages: len(messages) == 4)

    assert [message["type"] for message in messages] == [UNREADABLE, UNREADABLE, UNREADABLE, "Order"]


async def test_takes_a_record_of_any_length(speaking: Any) -> None:
    async def script(socket: web.WebSocketResponse, message: Json) -> None:
        await agree(socket, message)
        await socket.send_json({"type": "Order", "data": {"legs": ["x" * 1_000_000]}})

    messages = await heard(await speaking(script), lambda messages: bool(messages))

    assert len(messages[0]["data"]["legs"][0]) == 1_000_000


async def test_a_connection_that_ends_is_lost(speaking: Any) -> None:
    async def script(socket: web.WebSocketResponse, message: Json) -> None:
        await agree(socket, message)
        await socket.close(code=1012)

    with pytest.raises(StreamLostError):
        await heard(await speaking(script))


async def test_no_server_is_lost(speaking: Any) -> None:
    session = await speaking(ignore)
    session.endpoint = session.endpoint.model_copy(update={"streamer_url": "ws://127.0.0.1:9"})

    with pytest.raises(StreamLostError):
        await heard(session)


@pytest.mark.parametrize("number", [{}, {"request-id": 1}], ids=["without-number", "with-number"])
async def test_a_refused_subscription_is_lost_and_renews_the_token(
    speaking: Any, number: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(socket: web.WebSocketResponse, _: Json) -> None:
        await socket.send_json({"status": "error", "action": "connect", "message": "failed", **number})

    session = await speaking(script)
    renewed: list[str] = []
    monkeypatch.setattr(session, "renew", AsyncMock(side_effect=renewed.append))

    await lost_while(session, "subscribe", "refused connect: failed")

    assert renewed == ["granted"]


async def test_a_subscription_that_is_not_answered_is_lost(speaking: Any) -> None:
    await lost_while(await speaking(ignore), "subscribe", "does not answer to connect")


async def test_a_heartbeat_that_is_not_answered_is_lost(speaking: Any) -> None:
    await lost_while(await speaking(ignore), "beat", "does not answer to heartbeat")


async def test_heartbeats_go_on_while_they_are_answered(speaking: Any) -> None:
    beats: list[int] = []
    third = asyncio.Event()

    async def script(socket: web.WebSocketResponse, message: Json) -> None:
        beats.append(message["request-id"])
        if len(beats) == 3:
            third.set()
        await agree(socket, message)

    async with account_stream(await speaking(script)) as opened, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(drain(opened.notifications())), tasks.create_task(opened.beat())]
        await asyncio.wait_for(third.wait(), 5)
        for task in running:
            task.cancel()

    assert beats[:3] == [1, 2, 3]


async def lost_while(session: BrokerSession, doing: str, words: str) -> None:
    async with account_stream(session) as opened:
        listening = asyncio.create_task(drain(opened.notifications()))
        with pytest.raises(StreamLostError, match=words):
            await getattr(opened, doing)()
        listening.cancel()


async def drain(messages: AsyncIterator[Json]) -> None:
    async for _ in messages:
        pass
