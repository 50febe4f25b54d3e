"""The account stream: who is let in, what is told and in which order, and how it ends."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from httpx2.websockets import WebSocketDisconnect
from tastytrade.account import AccountBalance, CurrentPosition
from tastytrade.order import OrderStatus, PlacedOrder
from tastytrade.streamer import SubscriptionType

from paper.trading.orders import Fill
from paper.wire import account_stream, outbox
from paper.wire.account_stream import AccountStream
from paper.wire.order_json import dumps
from paper.wire.outbox import Outbox
from paper.wire.tokens import Standing, Tokens
from tests.paper.conformance.point import Source, around, instead, point, with_changes
from tests.paper.conformance.stage import Stage


@point(
    Source.DOCUMENTED,
    {
        "a heartbeat will do": instead(account_stream, "_NOT_CONNECTED", {}),
        "any token will do": instead(Tokens, "standing", lambda *_: Standing.GOOD),
        "any account will do": around(
            AccountStream,
            "_outcome",
            lambda outcome: (
                lambda stream, outbox, action, asked: outcome(
                    stream, outbox, action, asked | {"value": [stream._number]}
                )
            ),
        ),
        "no request-id": around(
            AccountStream,
            "_answer",
            lambda answer: lambda *a: {key: v for key, v in answer(*a).items() if key != "request-id"},
        ),
    },
)
async def connecting_comes_first_with_a_good_token_and_ones_own_account(stage: Stage) -> None:
    """Before it, `connect-not-completed`; a bad token, another account or an unknown action: `failed`."""
    async with stage.socket("/streamer") as wire:
        early = await wire.request("heartbeat")
        assert (early["status"], early["message"], early["request-id"]) == ("error", "connect-not-completed", 1)
        for wrong in (
            {"action": "connect", "value": ["5WX99999"]},
            {"action": "connect", "value": [stage.account.account_number], "auth-token": "Bearer x"},
            {"action": "dance"},
        ):
            answer = await wire.request(**wrong)
            assert (answer["status"], answer["message"]) == ("error", "failed")
        connected = await wire.request("connect", value=[stage.account.account_number])
        assert connected["value"] == [stage.account.account_number]
        assert (connected["status"], connected["action"]) == ("ok", "connect")
        beat = await wire.request("heartbeat", **{"request-id": 2})
        assert (beat["status"], beat["action"], beat["request-id"]) == ("ok", "heartbeat", 2)
        assert beat["web-socket-session-id"] == connected["web-socket-session-id"] == early["web-socket-session-id"]


@point(
    Source.DOCUMENTED,
    {
        "no position": instead(account_stream, "position_json", lambda *_: {}),
        "no balance": instead(account_stream, "balance_json", lambda *_: {}),
        "nothing but orders": around(
            AccountStream,
            "_publish",
            lambda publish: lambda stream, kind, *more: publish(stream, kind, *more) if kind == "Order" else None,
        ),
        "it is told as Live": around(
            account_stream,
            "order_json",
            with_changes(lambda wire: {"status": "Live"} if wire["legs"][0]["fills"] else {}),
        ),
    },
)
async def a_fill_is_told_as_the_order_then_the_position_then_the_balance(stage: Stage) -> None:
    """Whole objects, each with its `type` and a `timestamp` in epoch milliseconds."""
    async with stage.listening() as wire:
        await stage.place(stage.ticket.buy(2, "1.10"))
        heard = await wire.until(lambda message: message["type"] == "AccountBalance")
    told = [(message["type"], message["data"].get("status")) for message in heard[-3:]]
    assert told == [("Order", "Filled"), ("CurrentPosition", None), ("AccountBalance", None)]
    assert all(message["timestamp"] > 1_600_000_000_000 for message in heard)
    assert (heard[-2]["data"]["symbol"], heard[-2]["data"]["quantity"]) == (stage.option.symbol, 2)
    assert heard[-1]["data"]["cash-balance"] == "99777.76"


@point(
    Source.DOCUMENTED,
    {
        "no fills": around(account_stream, "order_json", with_changes(lambda wire: {"legs": []})),
        "no quantity": around(account_stream, "position_json", with_changes(lambda _: {"quantity": None})),
        "the cash of before": around(
            account_stream, "balance_json", with_changes(lambda _: {"cash-balance": "100000.0"})
        ),
    },
    streams=True,
)
async def the_sdks_streamer_reads_orders_positions_and_balances(stage: Stage) -> None:
    """Its own models take every message, its heartbeat is acknowledged."""
    async with stage.alerts() as streamer:
        await streamer._subscribe(SubscriptionType.HEARTBEAT)
        await stage.place(stage.ticket.buy(2, "1.10", "al-7"))
        async for order in streamer.listen(PlacedOrder):
            if order.status is OrderStatus.FILLED:
                break
        position = await anext(aiter(streamer.listen(CurrentPosition)))
        balance = await anext(aiter(streamer.listen(AccountBalance)))
    assert (order.external_identifier, sum(fill.quantity for leg in order.legs for fill in leg.fills or [])) == (
        "al-7",
        2,
    )
    assert (position.quantity, balance.cash_balance) == (2, 100_000 - 220 - Decimal("2.24"))


def _remembering(patch: pytest.MonkeyPatch, _: Any) -> None:
    said: list[str] = []
    publish, outcome = AccountStream._publish, AccountStream._outcome

    def kept(stream: AccountStream, kind: str, wire: Any, *subject: Any) -> None:
        said.append(dumps({"type": kind, "data": wire, "timestamp": 0}))
        publish(stream, kind, wire, *subject)

    def replayed(stream: AccountStream, box: Outbox, action: str, asked: Any) -> Any:
        for text in said if action == "connect" else ():
            asyncio.get_running_loop().call_soon(box.send, text)
        return outcome(stream, box, action, asked)

    patch.setattr(AccountStream, "_publish", kept)
    patch.setattr(AccountStream, "_outcome", replayed)


@point(Source.RECORDED, {"it is told again": _remembering})
async def nothing_is_replayed_to_a_client_that_comes_back(stage: Stage) -> None:
    """What happened while it was away is lost to it: it must read REST after each connection."""
    async with stage.listening() as wire:
        first = (await stage.place(stage.ticket.buy(1, "1.10"))).id
        await wire.orders_until("Filled")
    missed = (await stage.place(stage.ticket.buy(1, "1.10"))).id
    await stage.settled(missed, "Filled")
    async with stage.listening() as wire:
        seen = (await stage.place(stage.ticket.buy(1, "1.05"))).id
        told = {order["id"] for order in await wire.orders_until("Live")}
    assert told == {seen}
    assert first != missed


async def _stays(_: AccountStream) -> bool:
    return True


@point(
    Source.RECORDED,
    {
        "another code": instead(account_stream, "RECONNECT", (1000, "bye")),
        "no goodbye": instead(AccountStream, "close", _stays),
    },
    streams=True,
)
async def a_restart_closes_the_stream_with_1012(stage: Stage) -> None:
    """stream_reconnect: "Reconnection is required". The SDK's streamer ends with it, and doesn't come back."""
    with pytest.raises(ExceptionGroup) as caught:
        await _listen_through_a_restart(stage)
    disconnects, _ = caught.value.split(WebSocketDisconnect)
    assert disconnects is not None
    assert _codes(disconnects) == {1012}


async def _listen_through_a_restart(stage: Stage) -> None:
    async with stage.alerts() as streamer, asyncio.timeout(stage.patience):
        await stage.control.fault("stream_reconnect")
        async for _ in streamer.listen(PlacedOrder):
            pass


def _codes(group: BaseExceptionGroup[Any]) -> set[int]:
    found: set[int] = set()
    for error in group.exceptions:
        found |= _codes(error) if isinstance(error, BaseExceptionGroup) else {error.code}
    return found


@point(
    Source.DOCUMENTED,
    {
        "nobody is missed": around(
            Outbox, "heard", lambda heard: lambda box, _, **more: heard(box, lambda: 60.0, **more)
        )
    },
    stream_patience=0.1,
)
async def a_client_that_gives_no_sign_of_life_is_dropped(stage: Stage) -> None:
    """Without a heartbeat, a request or a ping it is closed with 1008. The broker asks for one a minute."""
    async with stage.listening() as wire:
        assert await wire.closed_with() == 1008


@point(
    Source.DOCUMENTED,
    {
        "any length is taken": instead(outbox, "LONGEST_RECEIVED", 0),
        "any length is sent": instead(outbox, "MAX_MESSAGE", 10**9),
    },
)
async def no_message_is_longer_than_64_kib_either_way(stage: Stage) -> None:
    """A longer one from a client closes the stream with 1009; of an order with hundreds of fills nothing is told."""
    order_id = await stage.resting(900, "0.01")
    async with stage.listening() as wire:
        order, at = stage.order(order_id), stage.paper.exchange.clock()
        order.legs[0].fills = [
            Fill(fill_id=f"SIM-9{n:04}", quantity=1, price=Decimal("0.01"), at=at) for n in range(450)
        ]
        stage.paper.exchange.book.tell(order)
        await wire.say(action="heartbeat", **{"auth-token": f"Bearer {stage.session.session_token}"})
        heard = await wire.frame()
        assert len(heard.data) < 65_536
        assert "heartbeat" in heard.data
        await wire.socket.send_str("x" * 66_000)
        assert await wire.closed_with() == 1009
