"""What can be made to go wrong, seen from the SDK and checked in the book."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.order import PlacedOrder
from tastytrade.utils import TastytradeError

from paper.control.client import Control, ControlError
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


async def test_a_whole_fill_during_a_cancel_ends_it_as_filled(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.fault("fill_during_cancel", quantity=3)
    order_id = await place(account, session, ticket.buy(3, "1.05"))
    await settled(order_id, "Live")
    await account.delete_order(session, order_id)
    await settled(order_id, "Filled")


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


async def test_an_unknown_fault_is_refused(control: Control) -> None:
    with pytest.raises(ControlError, match="kind"):
        await control.fault("earthquake")
