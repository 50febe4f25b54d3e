"""Watchlists that a person makes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tastytrade import Session
from tastytrade.order import InstrumentType
from tastytrade.utils import TastytradeError
from tastytrade.watchlists import PrivateWatchlist

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings


async def test_a_list_is_kept_before_it_is_answered_and_outlives_the_exchange(
    tmp_path: Path, new_session: Callable[[str], Session]
) -> None:
    mine = PrivateWatchlist(name="mine", watchlist_entries=[{"symbol": "UBER", "instrument-type": "Equity"}])
    for run in range(2):
        running = await serve(PaperSettings(db=tmp_path / "book.db"))
        sdk = new_session(running.url)
        if run == 0:
            await mine.upload(sdk)
            assert running.exchange.store.recall("watchlists") == [mine.model_dump(mode="json", by_alias=True)]
        else:
            assert await PrivateWatchlist.get(sdk) == [mine]
        await sdk._client.aclose()
        await running.close()


async def test_a_list_may_be_renamed_but_not_over_another_one(session: Session) -> None:
    for name in ("one", "two"):
        await PrivateWatchlist(name=name).upload(session)
    body = {"name": "three", "watchlist-entries": [], "group-name": "default", "order-index": 1}
    await session._put("/watchlists/one", json=body)
    assert [found.name for found in await PrivateWatchlist.get(session)] == ["three", "two"]
    with pytest.raises(TastytradeError, match="taken"):
        await session._put("/watchlists/two", json=body)


async def test_a_fault_armed_for_orders_is_not_spent_on_a_list(session: Session, control: Control) -> None:
    await control.fault("error_before", on="place", status=500)
    await PrivateWatchlist(name="mine").upload(session)
    assert [fault["fired"] for fault in await control.faults()] == [0]
    await control.clear_faults()


async def test_a_list_has_a_bound(session: Session, paper: RunningPaper) -> None:
    huge = PrivateWatchlist(name="huge")
    for _ in range(1001):
        huge.add_symbol("UBER", InstrumentType.EQUITY)
    with pytest.raises(TastytradeError, match="watchlist-entries"):
        await huge.upload(session)
    assert paper.exchange.store.recall("watchlists") is None
