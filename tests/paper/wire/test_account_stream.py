"""The account stream's rules, and what the faults make of its messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType
from httpx2.websockets import WebSocketDisconnect
from pydantic import ValidationError
from tastytrade import Account, Session
from tastytrade.order import OrderStatus, PlacedOrder
from tastytrade.streamer import SubscriptionType

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]


@pytest.fixture(autouse=True)
async def quoted(control: Control, ticket: Any) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as client, client.ws_connect(url, autoping=False) as socket:
        yield socket


async def ask(socket: aiohttp.ClientWebSocketResponse, session: Session, action: str, **more: Any) -> Any:
    await session.refresh()
    token = f"Bearer {session.session_token}"
    await socket.send_json({"action": action, "auth-token": token, "request-id": 7} | more)
    return await socket.receive_json()


async def states_until(streamer: Any, last: OrderStatus) -> list[str]:
    states = []
    async for order in streamer.listen(PlacedOrder):
        states.append(str(order.status))
        if order.status is last:
            break
    return states


async def loss(streaming: Any, act: Callable[[], Awaitable[Any]]) -> list[BaseException]:
    """What ends the SDK's streamer after `act`."""
    with pytest.raises(ExceptionGroup) as caught:
        await listen_through(streaming, act)
    return list(leaves(caught.value))


async def listen_through(streaming: Any, act: Callable[[], Awaitable[Any]]) -> None:
    async with streaming() as streamer:
        await act()
        async for _ in streamer.listen(PlacedOrder):
            pass


def leaves(group: BaseException) -> list[BaseException]:
    if not isinstance(group, BaseExceptionGroup):
        return [group]
    return [leaf for error in group.exceptions for leaf in leaves(error)]


async def test_nothing_is_answered_before_connecting_not_even_a_heartbeat(
    paper: RunningPaper, session: Session, account: Account
) -> None:
    async with connection(paper.streamer_url) as socket:
        for action in ("heartbeat", "quote-alerts-subscribe"):
            answer = await ask(socket, session, action)
            assert (answer["status"], answer["message"]) == ("error", "connect-not-completed")
        assert (await ask(socket, session, "connect", value=[account.account_number]))["status"] == "ok"
        assert (await ask(socket, session, "heartbeat")) | {"web-socket-session-id": ""} == {
            "status": "ok",
            "action": "heartbeat",
            "web-socket-session-id": "",
            "request-id": 7,
        }


async def test_connecting_to_somebody_elses_account_fails(paper: RunningPaper, session: Session) -> None:
    async with connection(paper.streamer_url) as socket:
        answer = await ask(socket, session, "connect", value=["5WX99999"])
        assert (answer["status"], answer["message"]) == ("error", "failed")


async def test_a_heartbeat_with_a_revoked_token_fails_and_a_fresh_one_goes_on(
    paper: RunningPaper, session: Session, account: Account, control: Control
) -> None:
    async with connection(paper.streamer_url) as socket:
        await ask(socket, session, "connect", value=[account.account_number])
        await control.fault("revoke_tokens")
        assert (await ask(socket, session, "heartbeat"))["message"] == "failed"
        await session.refresh(force=True)
        assert (await ask(socket, session, "heartbeat"))["status"] == "ok"


async def test_a_client_without_a_sign_of_life_is_dropped_and_pings_are_one() -> None:
    running = await serve(PaperSettings(stream_patience=0.3).hurried())
    loop = asyncio.get_running_loop()
    async with connection(running.streamer_url) as silent, connection(running.streamer_url) as pinging:
        until = loop.time() + 0.9
        dropped = asyncio.create_task(silent.receive())
        while loop.time() < until:
            await pinging.ping(b"here")
            assert (await pinging.receive(timeout=5)).type is WSMsgType.PONG
            await asyncio.sleep(0.05)  # the client's own pace
        message = await dropped
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1008)
    await running.close()


async def test_a_message_of_more_than_64_kib_closes_the_connection(paper: RunningPaper) -> None:
    async with connection(paper.streamer_url) as socket:
        await socket.send_str("x" * 66_000)
        message = await socket.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1009)


async def test_a_lost_message_leaves_a_gap_that_nothing_tells_of(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any
) -> None:
    await control.fault("lose_stream", skip=2)
    async with alerts() as streamer:
        await place(account, session, ticket.buy(1, "1.05"))
        assert await states_until(streamer, OrderStatus.LIVE) == ["Received", "Routed", "Live"]


async def test_a_reordered_message_comes_after_the_one_that_follows(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any
) -> None:
    await control.fault("reorder_stream", skip=1, seconds=60)
    async with alerts() as streamer:
        await place(account, session, ticket.buy(1, "1.05"))
        assert await states_until(streamer, OrderStatus.LIVE) == ["Received", "In Flight", "Routed", "Live"]


async def test_a_reordered_message_is_not_held_for_ever(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any
) -> None:
    await control.fault("reorder_stream", skip=3, seconds=0.05)
    async with alerts() as streamer:
        await place(account, session, ticket.buy(1, "1.05"))
        assert (await states_until(streamer, OrderStatus.LIVE))[-1] == "Live"


async def test_stream_faults_wait_until_somebody_listens(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    for kind in ("lose_stream", "reorder_stream", "repeat_stream"):
        await control.fault(kind, may_be_unused=True)
    await settled(await place(account, session, ticket.buy(1, "1.05")), "Live")
    assert [fault["fired"] for fault in await control.faults()] == [0, 0, 0]


@pytest.mark.parametrize("shape", ["unknown_status", "no_updated_at", "integer_user_id", "partial_order_rule"])
async def test_an_unreadable_record_ends_the_sdks_streamer(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any, shape: str
) -> None:
    await control.fault("unparseable_record", on="account", shape=shape)
    errors = await loss(alerts, lambda: place(account, session, ticket.buy(1, "1.05")))
    assert [type(error) for error in errors] == [ValidationError]


async def test_broken_json_can_not_be_read_at_all(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any
) -> None:
    await control.fault("unparseable_record", on="account", shape="broken_json")
    errors = await loss(alerts, lambda: place(account, session, ticket.buy(1, "1.05")))
    assert all(isinstance(error, ValueError) for error in errors)


@pytest.mark.parametrize(("kind", "code"), [("oversized_message", 1009), ("stream_reconnect", 1012)])
async def test_the_sdk_is_closed_with_the_brokers_codes(control: Control, alerts: Any, kind: str, code: int) -> None:
    errors = await loss(alerts, lambda: control.fault(kind))
    assert [error.code for error in errors if isinstance(error, WebSocketDisconnect)] == [code]


async def test_what_happens_between_two_connections_is_never_told(
    account: Account, session: Session, ticket: Any, alerts: Any, settled: Settled
) -> None:
    async with alerts() as streamer:
        await streamer._subscribe(SubscriptionType.HEARTBEAT)
    missed = await place(account, session, ticket.buy(1, "1.10"))
    await settled(missed, "Filled")
    async with alerts() as streamer:
        seen = await place(account, session, ticket.buy(1, "1.05"))
        assert (await anext(aiter(streamer.listen(PlacedOrder)))).id == seen


async def test_a_hidden_order_is_not_on_the_stream_either(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Any, settled: Settled
) -> None:
    async with alerts() as streamer:
        await control.fault("stale_lookup", seconds=60, identifier="al-hidden")
        await settled(await place(account, session, ticket.buy(1, "1.05", "al-hidden")), "Live")
        seen = await place(account, session, ticket.buy(1, "1.05", "al-seen"))
        assert (await anext(aiter(streamer.listen(PlacedOrder)))).id == seen
