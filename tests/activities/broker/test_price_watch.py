"""Prices watched on the paper exchange: the option's own and its underlying's, each confirmed before it counts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal
from unittest.mock import AsyncMock

import pytest
from temporalio.testing import ActivityEnvironment

from activities.broker import TastytradeBroker, market_hours, price_watch
from domain.alert import OptionType
from domain.broker import QuoteRequest
from domain.contract import Contract, ContractQuery, Quote
from domain.errors import RetryableError
from domain.protection import Level, PriceReached, PriceWatch
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import PATIENCE

D = Decimal
Watch = Callable[..., "asyncio.Task[PriceReached]"]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_watch, "_LOOK_EVERY", 0.01)
    monkeypatch.setattr(price_watch, "_ASK_EVERY", 0.05)
    monkeypatch.setattr(market_hours, "_HOLDS", timedelta(0))


class Lookout:
    """Watches one option; counts how often it has said that it is there."""

    def __init__(self, broker: TastytradeBroker, option: Contract) -> None:
        self.beats = asyncio.Event()
        self._broker = broker
        self._option = option
        self._environment = ActivityEnvironment()
        self._environment.on_heartbeat = lambda *_: self.beats.set()
        self._watching: asyncio.Task[PriceReached] | None = None

    def begin(self, confirm: float = 0.02, **levels: str) -> None:
        prices = {name: D(price) for name, price in levels.items()}
        watch = PriceWatch(contract=self._option, confirm=timedelta(seconds=confirm), **prices)
        running = self._environment.run(self._broker.prices().watch_price, watch)
        self._watching = asyncio.ensure_future(running)

    async def looks(self, times: int = 30) -> None:
        """It has looked so often, and found nothing."""
        assert self._watching is not None
        for _ in range(times):
            self.beats.clear()
            beat = asyncio.ensure_future(self.beats.wait())
            await asyncio.wait({beat, self._watching}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
            assert not self._watching.done(), self._watching.result()
            assert beat.done()

    async def finds(self) -> tuple[Level, Decimal]:
        assert self._watching is not None
        async with asyncio.timeout(PATIENCE):
            found = await self._watching
        return found.level, found.price

    async def end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})


@pytest.fixture
async def lookout(broker: TastytradeBroker, option: Contract, control: Control) -> AsyncIterator[Lookout]:
    """The option is a put, at 1.05; UBER stands at 80."""
    await control.quote("UBER", "79.99", "80.01")
    watching = Lookout(broker, option)
    yield watching
    await watching.end()


async def test_a_puts_stop_is_met_when_the_underlying_rises_to_it(lookout: Lookout, control: Control) -> None:
    lookout.begin(underlying_stop="82", underlying_target="76")
    await control.quote("UBER", "81.97", "81.99")
    await lookout.looks()
    await control.quote("UBER", "82.05", "82.07")
    assert await lookout.finds() == (Level.UNDERLYING_STOP, D("82.06"))


async def test_a_puts_target_is_met_when_the_underlying_falls_to_it(lookout: Lookout, control: Control) -> None:
    lookout.begin(underlying_stop="82", underlying_target="76", stop="0.50")
    await lookout.looks()
    await control.quote("UBER", "75.99", "76.01")
    assert await lookout.finds() == (Level.UNDERLYING_TARGET, D("76.00"))


async def test_a_price_that_does_not_hold_counts_for_nothing(lookout: Lookout, control: Control) -> None:
    lookout.begin(confirm=0.3, underlying_stop="82")
    await control.quote("UBER", "82.05", "82.07")
    await lookout.looks(5)
    await control.quote("UBER", "80.05", "80.07")
    await lookout.looks(60)


@pytest.mark.parametrize("sides", [(None, None), ("82.05", None)])
async def test_an_underlying_without_a_market_hides_no_level_of_the_options_own(
    lookout: Lookout, option: Contract, control: Control, sides: tuple[str | None, str | None]
) -> None:
    await control.quote("UBER", *sides)
    lookout.begin(underlying_stop="82", stop="0.50", target="1.50")
    await lookout.looks()
    await control.quote(option.symbol, "1.50", "1.60")
    assert await lookout.finds() == (Level.TARGET, D("1.55"))


async def test_what_nobody_can_confirm_hides_no_level_that_comes_after_it(
    lookout: Lookout, option: Contract, control: Control, broker: TastytradeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream's last word says that the stop is met, and whoever is asked anew can't tell."""
    await control.quote("UBER", "82.05", "82.07")
    lookout.begin(underlying_stop="82", confirm=5)
    await lookout.looks(5)
    await lookout.end()
    stream = broker._quotes.stream
    assert stream.last("UBER") is not None
    newest = broker._quotes.newest

    async def all_but_the_underlying(asked: Contract, *more: object) -> Quote | None:
        if asked.symbol == "UBER":
            raise RetryableError("simulated")
        return await newest(asked)

    monkeypatch.setattr(broker._quotes, "newest", AsyncMock(side_effect=all_but_the_underlying))
    lookout.begin(underlying_stop="82", target="1.50")
    await lookout.looks()
    await control.quote(option.symbol, "1.50", "1.60")
    assert await lookout.finds() == (Level.TARGET, D("1.55"))


async def test_the_underlying_does_not_count_while_its_options_are_not_traded(
    lookout: Lookout, option: Contract, control: Control, broker: TastytradeBroker
) -> None:
    asked = QuoteRequest(contract=option, of_underlying=True)
    assert (await broker.take_quote(asked)).quote is not None
    await control.session("closed")
    await control.quote("UBER", "82.05", "82.07")
    lookout.begin(underlying_stop="82")
    await lookout.looks()
    assert (await broker.take_quote(asked)).quote is None
    await control.session("open")
    assert await lookout.finds() == (Level.UNDERLYING_STOP, D("82.06"))


@pytest.mark.parametrize("source", ["stream", "rest"])
async def test_the_underlying_of_an_options_on_an_index_is_the_index(
    paper: RunningPaper, broker: TastytradeBroker, control: Control, source: str
) -> None:
    series = next(each for each in paper.exchange.listings.chain("SPX") if each.root.symbol == "SPXW")
    strike = series.strikes[len(series.strikes) // 2]
    query = ContractQuery(symbol="SPX", strike=strike, option_type=OptionType.CALL, expiry=series.expiry.day)
    listing = await broker.find_contract(query)
    assert listing.contract is not None
    await control.quote("SPX", "6700.10", "6700.50")
    if source == "rest":
        await broker.take_quote(QuoteRequest(contract=listing.contract))
        await control.fault("stream_silence", on="quotes", seconds=60)
    quote = (await broker.take_quote(QuoteRequest(contract=listing.contract, of_underlying=True))).quote
    assert quote is not None
    assert (quote.symbol, quote.mid, quote.source) == ("SPX", D("6700.30"), source)
