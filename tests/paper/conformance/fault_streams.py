"""Faults of the account stream's messages and of both streams' connections."""

from typing import Any

from aiohttp import WSMsgType

from paper.wire.account_stream import AccountStream
from paper.wire.dxlink import DxLink
from paper.wire.outbox import Outbox
from tests.paper.conformance.fault_requests import NEVER, OURS
from tests.paper.conformance.point import instead, point
from tests.paper.conformance.quote_streams import feeding, said, wanted
from tests.paper.conformance.stage import Stage


async def told(stage: Stage, kind: str, **more: Any) -> list[str]:
    """The states that the stream tells of one order, with this fault in the way."""
    await stage.control.fault(kind, **more)
    async with stage.listening() as wire:
        await stage.place(stage.ticket.buy(1, "1.05"))
        return [order["status"] for order in await wire.orders_until("Live")]


@point(OURS, NEVER)
async def a_message_can_be_lost(stage: Stage) -> None:
    """lose_stream: a gap that nothing tells of."""
    assert await told(stage, "lose_stream", skip=2) == ["Received", "Routed", "Live"]


@point(OURS, NEVER)
async def a_message_can_be_repeated(stage: Stage) -> None:
    """repeat_stream: the same message so many times."""
    states = await told(stage, "repeat_stream", copies=3)
    assert states == ["Received", "Received", "Received", "Routed", "In Flight", "Live"]


@point(OURS, NEVER)
async def messages_can_change_places(stage: Stage) -> None:
    """reorder_stream: one is delivered after the one that follows."""
    assert await told(stage, "reorder_stream", skip=1, seconds=60) == ["Received", "In Flight", "Routed", "Live"]


@point(OURS, NEVER)
async def a_message_can_be_unreadable(stage: Stage) -> None:
    """unparseable_record on the stream: an unknown status stays with the order in every message."""
    await stage.control.fault("unparseable_record", on="account", times=9)
    async with stage.listening() as wire:
        await stage.place(stage.ticket.buy(1, "1.05"))
        heard = [await wire.next() for _ in range(4)]
    assert {message["data"]["status"] for message in heard} == {"Remove Pending"}


def _spared(stream: Any, *_: Any) -> bool:
    return True


@point(
    OURS, {"it stays up": instead(AccountStream, "drop", _spared), "the quotes do": instead(DxLink, "drop", _spared)}
)
async def a_stream_can_be_cut(stage: Stage) -> None:
    """stream_drop: the sockets are gone without a word or a code, of either stream."""
    async with stage.listening() as wire:
        await stage.control.fault("stream_drop")
        assert await wire.closed_with() in (None, 1006)
    async with feeding(stage) as wire:
        await stage.control.fault("stream_drop", on="quotes")
        assert await wire.closed_with() in (None, 1006)


@point(OURS, {"it goes on": instead(Outbox, "silence", _spared)}, tick_seconds=3600)
async def a_stream_can_fall_silent_and_stay_up(stage: Stage) -> None:
    """stream_silence: what is said meanwhile is lost, pings are answered, and nothing tells of it."""
    async with stage.listening() as wire:
        await stage.control.fault("stream_silence", seconds=60)
        order_id = (await stage.place(stage.ticket.buy(1, "1.05"))).id
        await stage.settled(order_id, "Live")
        await wire.socket.ping()
        assert (await wire.frame()).type is WSMsgType.PONG
    async with feeding(stage) as wire:
        assert await said(wire, wanted(stage.option.streamer_symbol)) == ["FEED_DATA"]
        await stage.control.fault("stream_silence", on="quotes", seconds=60)
        await stage.quote("1.02", "1.12")
        await wire.socket.ping()
        assert (await wire.frame()).type is WSMsgType.PONG


@point(OURS, {"it is left out": instead(AccountStream, "oversize", _spared)})
async def a_message_can_be_longer_than_clients_take(stage: Stage) -> None:
    """oversized_message: more than 64 KiB, at which the SDK closes with 1009."""
    async with stage.listening() as wire:
        await stage.control.fault("oversized_message")
        assert len((await wire.frame()).data) > 65_536
