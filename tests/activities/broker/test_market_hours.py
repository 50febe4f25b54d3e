"""The broker's market hours: asked once a minute, once for all who ask together, and never waited for long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from activities.broker import BrokerCredentials, BrokerSession, TastytradeBroker
from activities.broker.market_hours import MarketSessions, collection
from domain.contract import ContractQuery
from paper.control.client import Control
from tests.activities.broker.conftest import endpoint

START = datetime(2026, 11, 23, 20, 59, 30, tzinfo=UTC)
CLOSES = START + timedelta(seconds=30)


class Desk:
    """A broker that says what a test tells it to say, and counts who asks."""

    def __init__(self) -> None:
        self.now = START
        self.asked: list[str] = []
        self.state = "Open"
        self.fields: dict[str, str] = {"open-at": "2026-11-23T14:30:00.000+00:00", "close-at": CLOSES.isoformat()}
        self.status = 200
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def clock(self) -> datetime:
        return self.now

    async def answer(self, request: web.Request) -> web.Response:
        name = request.query["instrument-collections[]"]
        self.asked.append(name)
        await self.may_answer.wait()
        if self.status != 200:
            return web.json_response({"error": {"code": "x", "message": "y"}}, status=self.status)
        session = {"instrument-collection": name, "state": self.state, **self.fields}
        return web.json_response({"data": {"items": [session]}})


@pytest.fixture
def said() -> Desk:
    return Desk()


@pytest.fixture
async def sessions(said: Desk, hostile: Callable[..., Awaitable[str]]) -> AsyncIterator[MarketSessions]:
    url = await hostile(**{"GET /market-time/sessions/current": said.answer})
    session = BrokerSession(endpoint(url), BrokerCredentials.for_paper())
    yield MarketSessions(session, said.clock)
    said.may_answer.set()
    await session.close()


@pytest.mark.parametrize(
    ("state", "is_open"), [("Open", True), ("Closed", False), ("Pre-market", False), ("Extended", False)]
)
async def test_only_the_regular_session_is_open(
    said: Desk, sessions: MarketSessions, state: str, is_open: bool
) -> None:
    said.state = state
    hours = await sessions.hours("UBER")
    assert hours is not None
    assert (hours.is_open, hours.closes_at) == (is_open, CLOSES)


async def test_a_word_that_nobody_knows_says_nothing(said: Desk, sessions: MarketSessions) -> None:
    said.state = "Auction"
    assert await sessions.hours("UBER") is None


async def test_a_broker_that_fails_says_nothing_and_is_asked_again_soon(said: Desk, sessions: MarketSessions) -> None:
    said.status = 503
    assert await sessions.hours("UBER") is None
    said.status = 200
    assert await sessions.hours("UBER") is None
    said.now += timedelta(seconds=5)
    assert await sessions.hours("UBER") is not None


async def test_all_who_ask_together_are_one_question(said: Desk, sessions: MarketSessions) -> None:
    answers = await asyncio.gather(*[sessions.hours("UBER") for _ in range(20)])
    assert all(hours is not None and hours.is_open for hours in answers)
    assert said.asked == ["Equity"]


async def test_an_answer_holds_no_longer_than_a_minute(said: Desk, sessions: MarketSessions) -> None:
    said.fields = {}
    for seconds in (0, 59, 1, 59):
        said.now += timedelta(seconds=seconds)
        await sessions.hours("UBER")
    assert said.asked == ["Equity"] * 2


async def test_an_answer_does_not_hold_over_the_close(said: Desk, sessions: MarketSessions) -> None:
    before = await sessions.hours("UBER")
    said.now, said.state = CLOSES, "Extended"
    after = await sessions.hours("UBER")
    assert before is not None
    assert after is not None
    assert (before.is_open, after.is_open) == (True, False)


async def test_what_takes_too_long_is_not_waited_for(
    said: Desk, sessions: MarketSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.broker.market_hours._PATIENCE", 0.02)
    said.may_answer.clear()
    assert await sessions.hours("UBER") is None
    said.may_answer.set()
    monkeypatch.undo()
    assert await sessions.hours("UBER") is not None
    assert said.asked == ["Equity"]


@pytest.mark.parametrize(
    ("symbol", "name"),
    [("UBER", "Equity"), ("SPX", "Equity"), ("/ES", "CME"), ("/ESZ6", "CME"), ("/VX", "CFE"), ("/vxmz26", "CFE")],
)
def test_a_symbol_keeps_the_hours_of_its_exchange(symbol: str, name: str) -> None:
    assert collection(symbol) == name


async def test_a_listing_comes_with_the_hours_of_its_market(broker: TastytradeBroker, control: Control) -> None:
    await control.session("closed")
    listing = await broker.find_contract(ContractQuery(symbol="UBER"))
    assert listing.contract is not None
    assert listing.hours is not None
    assert not listing.hours.is_open
