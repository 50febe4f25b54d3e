"""What can be made to go wrong, seen from the SDK and checked in the book."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from tastytrade import Account, Session
from tastytrade.order import OrderStatus, PlacedOrder
from tastytrade.utils import TastytradeError

from paper.control.client import Control, ControlError
from paper.server import RunningPaper
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


async def fired(control: Control) -> list[int]:
    return [fault["fired"] for fault in await control.faults()]


async def placed_in_the_book(control: Control) -> list[str]:
    return [order["external-identifier"] for order in (await control.book())["orders"]]


async def test_a_hang_after_accepting_loses_the_answer_and_not_the_order(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await session.refresh()
    session._client.timeout = httpx2.Timeout(0.2)
    await control.fault("hang_after_accept", seconds=1)
    with pytest.raises(httpx2.ReadTimeout):
        await account.place_order(session, ticket.buy(1, "1.05", "al-h"), dry_run=False)
    assert await placed_in_the_book(control) == ["al-h"]
    assert await fired(control) == [1]


async def test_a_dropped_answer_closes_the_socket_after_accepting(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("drop_answer", on="place")
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        await account.place_order(session, ticket.buy(1, "1.05", "al-d"), dry_run=False)
    assert await placed_in_the_book(control) == ["al-d"]


@pytest.mark.parametrize(
    ("kind", "params", "in_the_book"),
    [
        ("error_before", {"status": 503}, 0),
        ("error_after", {"status": 502}, 1),
        ("html_next", {"on": "place"}, 0),
        ("html_next", {"on": "place", "after": True}, 1),
        ("unauthorized_next", {"on": "place"}, 0),
    ],
)
async def test_errors_come_before_or_after_the_order_is_taken(
    account: Account, session: Session, control: Control, ticket: Any, kind: str, params: Any, in_the_book: int
) -> None:
    await control.fault(kind, **params)
    with pytest.raises(TastytradeError):
        await account.place_order(session, ticket.buy(1, "1.05"), dry_run=False)
    assert len(await placed_in_the_book(control)) == in_the_book
    await account.place_order(session, ticket.buy(1, "1.05"), dry_run=False)  # armed for once
    assert len(await placed_in_the_book(control)) == in_the_book + 1


async def test_the_venue_rejects_after_the_broker_accepted(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("reject_next")
    await settled(await place(account, session, ticket.buy(1, "1.05")), "Rejected")


async def test_the_venue_cancels_unasked(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("cancel_next")
    order = await settled(await place(account, session, ticket.buy(1, "1.05")), "Cancelled")
    assert order.live_at is not None


async def test_a_stale_lookup_hides_an_accepted_order(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("stale_lookup", seconds=60)
    order_id = await place(account, session, ticket.buy(1, "1.05", "al-s"))
    assert await account.get_live_orders(session) == []
    with pytest.raises(TastytradeError, match="record_not_found"):
        await account.get_order(session, order_id)
    assert await placed_in_the_book(control) == ["al-s"]


async def test_a_fill_beats_a_cancel(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("fill_during_cancel", quantity=2)
    order_id = await place(account, session, ticket.buy(3, "1.05"))
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    order = await settled(order_id, "Cancelled")
    assert (order.filled, [fill.price for fill in order.legs[0].fills]) == (2, [order.price])


async def test_a_whole_fill_during_a_cancel_ends_it_as_filled(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("fill_during_cancel", quantity=3)
    order_id = await place(account, session, ticket.buy(3, "1.05"))
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    await settled(order_id, "Filled")


async def test_a_fill_may_arrive_after_the_cancel(
    account: Account,
    session: Session,
    control: Control,
    ticket: Any,
    settled: Settled,
    paper: RunningPaper,
    happens: Callable[..., Awaitable[None]],
) -> None:
    await control.fault("fill_after_cancel", quantity=1)
    order_id = await place(account, session, ticket.buy(3, "1.05"))
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    order = await settled(order_id, "Cancelled")
    await happens(lambda: order.filled == 1, paper.exchange.book.order_changed)
    assert order.status == "Cancelled"
    assert paper.exchange.account.held(ticket.option.symbol) == 1


async def test_lots_fill_an_order_in_pieces(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("lots", lots=[1, 2])
    order = await settled(await place(account, session, ticket.buy(5, "1.10")), "Filled")
    assert [fill.quantity for fill in order.legs[0].fills] == [1, 2, 2]


async def test_filled_is_announced_before_its_last_fill_is_attached(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("late_fill_detail", seconds=60)
    order_id = await place(account, session, ticket.buy(2, "1.10"))
    await settled(order_id, "Filled")
    seen = await account.get_order(session, order_id)
    assert (seen.status, seen.legs[0].fills) == (OrderStatus.FILLED, [])
    assert len((await control.book())["fills"]) == 1


async def test_a_fault_may_wait_for_the_exit_alone(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("error_before", side="sell")
    await settled(await place(account, session, ticket.buy(2, "1.10")), "Filled")
    assert await fired(control) == [0]
    with pytest.raises(TastytradeError):
        await account.place_order(session, ticket.sell(1, "2.20"), dry_run=False)
    assert await fired(control) == [1]


async def test_a_fault_may_let_some_pass(account: Account, session: Session, control: Control, ticket: Any) -> None:
    await control.fault("error_before", skip=1)
    await place(account, session, ticket.buy(1, "1.05"))
    with pytest.raises(TastytradeError):
        await account.place_order(session, ticket.buy(1, "1.05"), dry_run=False)


async def test_a_dropped_stream_ends_the_sdks_streamer(control: Control, alerts: Callable[[], Any]) -> None:
    async def listen_through_a_drop() -> None:
        async with alerts() as streamer:
            await control.fault("stream_drop")
            async for _ in streamer.listen(PlacedOrder):
                pass

    with pytest.raises(ExceptionGroup):
        await listen_through_a_drop()
    assert await fired(control) == [1]


async def test_a_stream_fault_without_a_stream_is_unused(control: Control) -> None:
    await control.fault("stream_drop")
    assert await fired(control) == [0]
    await control.clear_faults()
    assert await control.faults() == []


async def test_a_silent_stream_stays_up_and_loses_what_happens(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, alerts: Callable[[], Any]
) -> None:
    async with alerts() as streamer:
        await control.fault("stream_silence", seconds=0.2)
        lost = await place(account, session, ticket.buy(1, "1.05"))
        await settled(lost, "Live")
        listening = asyncio.create_task(anext(aiter(streamer.listen(PlacedOrder))))
        while not listening.done():
            await place(account, session, ticket.buy(1, "1.05"))
        assert (await listening).id != lost


async def test_a_repeated_message_comes_again_unchanged(
    account: Account, session: Session, control: Control, ticket: Any, alerts: Callable[[], Any]
) -> None:
    await control.fault("repeat_stream", copies=3)
    async with alerts() as streamer:
        await place(account, session, ticket.buy(1, "1.05"))
        states = []
        async for order in streamer.listen(PlacedOrder):
            states.append(str(order.status))
            if order.status is OrderStatus.LIVE:
                break
    assert states == ["Received", "Received", "Received", "Routed", "In Flight", "Live"]


async def test_an_unknown_fault_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="kind"):
        await control.fault("earthquake")
