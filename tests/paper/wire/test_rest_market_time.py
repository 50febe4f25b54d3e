"""Sessions and holidays on days when shares and futures differ."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from tastytrade import Session
from tastytrade.market_sessions import ExchangeType, MarketSession, MarketStatus, get_market_sessions

from paper.server import serve
from paper.settings import PaperSettings, SessionMode


@asynccontextmanager
async def on(at: datetime, new_session: Callable[[str], Session]) -> AsyncIterator[Session]:
    running = await serve(PaperSettings(session=SessionMode.REAL), clock=lambda: at)
    sdk = new_session(running.url)
    try:
        yield sdk
    finally:
        await sdk._client.aclose()
        await running.close()


async def both(sdk: Session) -> tuple[MarketSession, MarketSession]:
    shares, futures = await get_market_sessions(sdk, [ExchangeType.NYSE, ExchangeType.CME])
    return shares, futures


async def test_on_thanksgiving_shares_rest_and_futures_have_a_short_day(new_session: Callable[[str], Session]) -> None:
    async with on(datetime(2026, 11, 26, 15, 0, tzinfo=UTC), new_session) as sdk:
        shares, futures = await both(sdk)
    assert (shares.status, futures.status) == (MarketStatus.CLOSED, MarketStatus.OPEN)
    assert shares.open_at == datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    assert shares.close_at == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    assert futures.open_at == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
    assert futures.close_at == datetime(2026, 11, 26, 18, 0, tzinfo=UTC)


async def test_christmas_is_no_session_of_either(new_session: Callable[[str], Session]) -> None:
    async with on(datetime(2026, 12, 24, 16, 0, tzinfo=UTC), new_session) as sdk:
        for one in await both(sdk):
            assert one.next_session is not None
            assert one.previous_session is not None
            assert one.next_session.session_date == date(2026, 12, 28)
            assert one.previous_session.session_date == date(2026, 12, 23)
