"""The desk on the real parts: the red button, the kill without a server, and a burst against small limits."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest

from domain.alert import AlertMessage, OptionType
from domain.command import Person, SetLimit
from domain.identifiers import TradeId, snowflake_at
from domain.refusals import RefusalCode
from domain.settings import Mode
from domain.trade import TradeState, TradeView
from paper.control.client import Control
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from tests.e2e.conftest import House, until_async, words
from workflows.desk_door import DeskDoor
from workflows.front_door import FrontDoor

ACCOUNT = "5WX00042"
_OVER = ("Filled", "Cancelled", "Expired", "Rejected", "Removed")
_UNDERLYINGS = ("AAPL", "UBER", "TSLA", "NVDA", "AMD")
_FEE = Decimal("1.12")
# Who would come too late says so; these are the reasons that small limits and a small account give.
_EXPECTED = {
    RefusalCode.TOO_MANY_OPEN,
    RefusalCode.TOO_MANY_IN_UNDERLYING,
    RefusalCode.TOO_MANY_TODAY,
    RefusalCode.NO_BUYING_POWER,
    RefusalCode.ZERO_QUANTITY,
}
_TOO_LONG = RefusalCode.BROKER_UNREACHABLE


@pytest.fixture
def overrides() -> dict[str, str]:
    """A ladder that is still climbing when it is halted, and room for it; alerts of a busy machine may be older."""
    return {
        "ALERTLADDER_LADDER__RUNG": "PT15S",
        "ALERTLADDER_LADDER__WINDOW": "PT90S",
        "ALERTLADDER_LIMITS__MAX_OPEN_TRADES": "40",
        "ALERTLADDER_LIMITS__MAX_TRADES_PER_UNDERLYING": "40",
        "ALERTLADDER_GUARD__MAX_ALERT_AGE": "PT300S",
        "ALERTLADDER_GUARD__MAX_QUOTE_AGE": "PT300S",
    }


def puts(listings: Listings, underlying: str, count: int) -> list[Instrument]:
    """Different puts of one underlying, some days from their expiry."""
    soon = listings.today + timedelta(days=3)
    series = next(series for series in listings.chain(underlying) if series.expiry.day >= soon)
    first = (len(series.strikes) - count) // 2
    return [series.option(strike, OptionType.PUT) for strike in series.strikes[first : first + count]]


class Floor:
    """The house, its exchange and its desk."""

    def __init__(self, house: House, control: Control) -> None:
        assert house.client is not None
        self.house = house
        self.control = control
        self.door = FrontDoor(house.client, ACCOUNT, Mode.PAPER)
        self.desk = DeskDoor(house.client, ACCOUNT)
        self._posted = 0

    async def post(self, options: Iterable[Instrument], bid: str, ask: str) -> list[str]:
        """An alert for each, all at once, on a market like that."""
        options = list(options)
        for option in options:
            await self.control.quote(option.symbol, bid, ask, 100, 100)
        submissions = await asyncio.gather(*[self.door.submit(self._message(words(option))) for option in options])
        return [submission.started[0].workflow_id for submission in submissions]

    def _message(self, text: str) -> AlertMessage:
        self._posted += 1
        now = datetime.now(UTC)
        own_id = snowflake_at(now, self._posted)
        return AlertMessage(channel_id=1, message_id=own_id, author_id=1, author_name="ann", text=text, posted_at=now)

    async def orders(self, action: str) -> list[dict[str, Any]]:
        """Our trades' orders of that action in the exchange's book."""
        ours = [each for each in (await self.control.book())["orders"] if TradeId.of_order(each["external-identifier"])]
        return [order for order in ours if order["legs"][0]["action"] == action]

    async def working(self, action: str) -> set[int]:
        return {int(order["id"]) for order in await self.orders(action) if order["status"] not in _OVER}

    async def shows(self, action: str, count: int, within: float = 60) -> set[int]:
        """Await so many working orders in the book."""
        seen: list[set[int]] = []

        async def hold() -> bool:
            seen.append(await self.working(action))
            return len(seen[-1]) == count

        await until_async(hold, within, lambda: seen[-1:])
        return seen[-1]

    async def refused_as(self, workflow_id: str) -> str:
        view = await self.house.view_when(workflow_id, lambda view: view.state.is_end, 60)
        assert view.refusal is not None, view
        return view.refusal.code

    async def resume(self) -> None:
        _, out, _ = await self.house.run("resume")
        code, out, err = await self.house.run("resume", out.split()[-1])
        assert code == 0, out + err


@pytest.fixture
async def floor(house: House) -> Floor:
    assert house.control is not None
    return Floor(house, house.control)


@pytest.mark.timeout(300)
async def test_a_halt_in_the_middle_of_twenty_ladders_takes_every_entry_off_and_holds_through_a_restart(
    floor: Floor, listings: Listings
) -> None:
    options = puts(listings, "UBER", 14) + puts(listings, "AAPL", 11)
    await floor.post(options[:4], "0.75", "0.75")
    exits = await floor.shows("Sell to Close", 4)
    climbing = await floor.post(options[4:24], "0.60", "0.90")
    entries = await floor.shows("Buy to Open", 20)

    code, out, err = await floor.house.run("halt", "FOMC")
    assert code == 0, out + err
    assert await floor.working("Buy to Open") == set()
    assert await floor.working("Sell to Close") == exits
    assert [await floor.refused_as(workflow_id) for workflow_id in climbing] == [RefusalCode.HALTED] * 20
    assert {int(order["id"]) for order in await floor.orders("Buy to Open")} >= entries
    bought = len(await floor.orders("Buy to Open"))

    await floor.house.down()
    await floor.house.up()
    (late,) = await floor.post(options[24:], "0.75", "0.75")
    assert await floor.refused_as(late) == RefusalCode.HALTED
    assert len(await floor.orders("Buy to Open")) == bought
    assert await floor.working("Sell to Close") == exits
    standing = (await floor.desk.book()).standing
    assert (standing.reason, standing.by.via) == ("FOMC", "command line")

    await floor.resume()
    await floor.post(options[24:], "0.75", "0.75")
    await floor.shows("Sell to Close", 5)


@pytest.mark.timeout(300)
async def test_a_kill_with_the_server_dead_takes_entries_off_and_the_next_start_is_halted(
    floor: Floor, listings: Listings
) -> None:
    options = puts(listings, "UBER", 9)
    await floor.post(options[:2], "0.75", "0.75")
    exits = await floor.shows("Sell to Close", 2)
    await floor.post(options[2:8], "0.60", "0.90")
    await floor.shows("Buy to Open", 6)
    up = floor.house.process
    assert up is not None
    up.send_signal(signal.SIGSTOP)  # nobody starts anything anew
    os.kill(floor.house.pid_of("temporal"), signal.SIGKILL)

    code, out, err = await floor.house.run("kill")
    assert code == 0, out + err
    assert "6 orders taken off" in out
    assert "no desk runs now" in out
    assert await floor.working("Buy to Open") == set()
    assert await floor.working("Sell to Close") == exits
    bought = len(await floor.orders("Buy to Open"))

    up.send_signal(signal.SIGCONT)
    await floor.house.down()
    await floor.house.up()
    (late,) = await floor.post(options[8:], "0.75", "0.75")
    assert await floor.refused_as(late) == RefusalCode.HALTED
    assert (await floor.desk.book()).standing.by.via == "kill"
    assert len(await floor.orders("Buy to Open")) == bought
    assert await floor.working("Sell to Close") == exits
    await floor.resume()
    await floor.post(options[8:], "0.75", "0.75")
    await floor.shows("Sell to Close", 3)


@pytest.mark.timeout(400)
async def test_a_burst_of_two_hundred_alerts_keeps_every_limit_to_the_contract_and_loses_no_trade(
    floor: Floor, listings: Listings
) -> None:
    power = Decimal(2000)
    await floor.control.cash(str(power))
    limits = {
        "limits.max_open_trades": 10,
        "limits.max_trades_per_underlying": 4,
        "limits.max_entries_a_day": 12,
        "limits.max_order_percent": 100,
        "limits.max_loss_percent_a_day": 100,
        "sizing.allocation_percent": 50,
    }
    for name, value in limits.items():
        told = await floor.desk.set_limit(SetLimit(by=Person(name="ann", via="test"), name=name, value=value))
        assert told.refused is None, told
    options = [option for underlying in _UNDERLYINGS for option in puts(listings, underlying, 40)]
    posted = await floor.post(options, "0.75", "0.75")
    views = [
        await floor.house.view_when(one, lambda view: view.state.is_end or view.state is TradeState.HOLDING, 120)
        for one in posted
    ]
    assert len(views) == 200
    codes = _refusals(views)
    holding = [view for view in views if view.state is TradeState.HOLDING]
    await _the_books_agree(floor, holding, power)
    # How many are let in depends on when the first of them fail; that none is let in beyond the limits does not.
    let_in = len(holding) + codes[RefusalCode.NO_BUYING_POWER] + codes[RefusalCode.ZERO_QUANTITY]
    in_doubt = codes[_TOO_LONG]  # let in, perhaps, by an answer that came too late
    assert let_in <= (await floor.desk.book()).entries_today <= let_in + in_doubt
    assert 10 <= (await floor.desk.book()).entries_today <= 12
    assert await floor.house.refused_for_haste() == []


def _refusals(views: list[TradeView]) -> Counter[RefusalCode]:
    """Each with its reason, and all for a reason that such an account has, or a desk that has 199 others to answer."""
    refused = [view.refusal for view in views if view.state is not TradeState.HOLDING]
    assert all(refusal is not None and refusal.detail for refusal in refused), refused
    codes = Counter(refusal.code for refusal in refused if refusal is not None)
    waited = {refusal.detail.partition(":")[0] for refusal in refused if refusal.code is _TOO_LONG}
    assert codes.keys() <= _EXPECTED | {_TOO_LONG}, codes
    assert waited <= {"the desk"}, waited
    return codes


async def _the_books_agree(floor: Floor, holding: list[TradeView], power: Decimal) -> None:
    orders = await floor.orders("Buy to Open")
    trades = {TradeId.of_order(order["external-identifier"]) for order in orders}
    bought = sum(view.filled for view in holding)
    assert {trade.workflow_id for trade in trades if trade} == {view.workflow_id for view in holding}
    assert sum(int(fill["quantity"]) for order in orders for fill in order["legs"][0]["fills"]) == bought
    by_underlying = sorted(order["underlying-symbol"] for order in orders)
    assert all(len(list(same)) <= 4 for _, same in groupby(by_underlying))
    spent = sum((view.filled * (view.average_price or 0) * 100 for view in holding), Decimal(0)) + bought * _FEE
    assert spent <= power
    assert Decimal((await floor.control.book())["cash"]) >= 0
    desk = await floor.desk.book()
    assert desk.trades.keys() == {view.workflow_id for view in holding}
    assert not any(trade.is_entering for trade in desk.trades.values())
    assert len(holding) <= 10
