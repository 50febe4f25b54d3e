"""Trades whose workflow was terminated, and a whole house that fell: what reconciliation makes of it, by the book."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.audit.remote import RemoteAudit
from domain.alert import AlertMessage, OptionType
from domain.audit import AuditKind
from domain.audit_queries import TradeAuditQuery
from domain.identifiers import snowflake_at
from domain.settings import Mode
from domain.trade import TradeState
from paper.control.client import Control
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from tests.e2e.conftest import House, until_async, words
from workflows.desk import Desk
from workflows.front_door import FrontDoor

ACCOUNT = "5WX00042"
_CHANGES = ("POST", "PUT", "PATCH", "DELETE")
_PATIENCE = 90.0  # seconds: the watch sweeps once a minute
_WORKS, _OFF = ("Buy to Open", "Live"), ("Buy to Open", "Cancelled")
_HELD = [("Buy to Open", "Filled"), ("Sell to Close", "Live")]


@pytest.fixture
def puts(listings: Listings) -> Iterator[Instrument]:
    """One listed put after the other."""
    soon = listings.today + timedelta(days=3)
    series = next(series for series in listings.chain("UBER") if series.expiry.day >= soon)
    middle = len(series.strikes) // 2
    return (series.option(strike, OptionType.PUT) for strike in series.strikes[middle - 4 : middle + 4])


class Scene:
    """The house, its exchange, and trades in contracts of their own."""

    def __init__(self, house: House, control: Control, puts: Iterator[Instrument]) -> None:
        assert house.client is not None
        self.house = house
        self.control = control
        self._door = FrontDoor(house.client, ACCOUNT, Mode.PAPER)
        self.puts = puts
        self._posted = 0

    async def trade(self, bid: str, ask: str) -> tuple[str, Instrument]:
        """An alert at 0.75 in that market; its workflow's id and its contract."""
        option = next(self.puts)
        return await self.post(option, bid, ask), option

    async def post(self, option: Instrument, bid: str, ask: str) -> str:
        """The same for a contract of the test's choice."""
        self._posted += 1
        await self.control.quote(option.symbol, bid, ask)
        posted_at = datetime.now(UTC)
        message = AlertMessage(
            channel_id=1,
            message_id=snowflake_at(posted_at, self._posted),
            author_id=1,
            author_name="ann",
            text=words(option),
            posted_at=posted_at,
        )
        return (await self._door.submit(message)).started[0].workflow_id

    async def working(self) -> str:
        """A trade with its entry in the market."""
        workflow_id, _ = await self.trade("0.60", "0.90")
        await self.book_shows(workflow_id, [_WORKS])
        return workflow_id

    async def holding(self) -> tuple[str, Instrument]:
        """A trade that holds four, two of them out for sale."""
        workflow_id, option = await self.trade("0.70", "0.80")
        await self.in_the_book(workflow_id)
        await self.control.quote(option.symbol, "0.70", "0.75")
        await self.book_shows(workflow_id, _HELD)
        await self.house.view_when(workflow_id, lambda view: view.state is TradeState.HOLDING and bool(view.exits))
        return workflow_id, option

    async def terminate(self, workflow_id: str) -> None:
        """With the command that the issue names."""
        await self.house.temporal("workflow", "terminate", "-w", workflow_id)

    async def cancel(self, workflow_id: str) -> None:
        """With the command that the issue names."""
        await self.house.temporal("workflow", "cancel", "-w", workflow_id)

    async def end(self, workflow_id: str) -> WorkflowExecutionStatus | None:
        """Await the workflow's end."""
        assert self.house.client is not None
        handle = self.house.client.get_workflow_handle(workflow_id)

        async def is_over() -> bool:
            return (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING

        await until_async(is_over, _PATIENCE, lambda: workflow_id)
        return (await handle.describe()).status

    async def in_the_book(self, workflow_id: str) -> None:
        """Await its first order at the exchange."""

        async def shows() -> bool:
            return bool(await self.orders(workflow_id))

        await until_async(shows, _PATIENCE, lambda: workflow_id)

    async def orders(self, workflow_id: str) -> list[tuple[str, str]]:
        return [(order["legs"][0]["action"], order["status"]) for order in await self.house.orders(workflow_id)]

    async def book_shows(self, workflow_id: str, wanted: list[tuple[str, str]]) -> None:
        """Await the trade's newest orders in the exchange's own book."""
        seen: list[tuple[str, str]] = []

        async def shows() -> bool:
            seen[:] = await self.orders(workflow_id)
            return seen[-len(wanted) :] == wanted

        await until_async(shows, _PATIENCE, lambda: (wanted, seen))

    async def by_hand(self) -> int:
        """Somebody buys at the broker, without this program."""
        option = next(self.puts)
        await self.control.quote(option.symbol, "0.60", "0.90")
        leg = {
            "instrument-type": "Equity Option", "symbol": option.symbol, "action": "Buy to Open", "quantity": 1,
        }  # fmt: skip
        order = {
            "order-type": "Limit",
            "time-in-force": "Day",
            "price": "0.50",
            "price-effect": "Debit",
            "legs": [leg],
        }
        address = f"http://127.0.0.1:{self.house.paper_port}"
        async with aiohttp.ClientSession(address, headers={"User-Agent": "by-hand/1.0"}) as session:
            grant = {"grant_type": "refresh_token", "client_secret": "x", "refresh_token": "y"}
            async with session.post("/oauth/token", json=grant) as answer:
                token = (await answer.json())["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(f"/accounts/{ACCOUNT}/orders", json=order, headers=headers) as answer:
                assert answer.ok, await answer.text()
                return int((await answer.json())["data"]["order"]["id"])

    async def order(self, order_id: int) -> dict[str, Any]:
        (found,) = [order for order in (await self.control.book())["orders"] if int(order["id"]) == order_id]
        return found

    async def changes(self) -> int:
        """Requests so far that were to change something at the broker."""
        counts = (await self.control.requests())["counts"]
        return sum(n for name, n in counts.items() if name.startswith(_CHANGES) and "/orders" in name)

    async def rows(self, workflow_id: str, *kinds: AuditKind) -> list[str]:
        """What the audit has of the trade, of these kinds."""
        assert self.house.client is not None
        found = await RemoteAudit(self.house.client).audit_trade(TradeAuditQuery(workflow_id=workflow_id))
        return [f"{row.event.kind}: {row.event.detail}" for row in found.rows if row.event.kind in kinds]


@pytest.fixture
async def scene(house: House, puts: Iterator[Instrument]) -> AsyncIterator[Scene]:
    assert house.control is not None
    yield Scene(house, house.control, puts)
    assert await house.refused_for_haste() == []


async def test_terminated_trades_lose_their_entry_and_keep_their_exit_and_a_person_hears_of_both(scene: Scene) -> None:
    foreign = await scene.by_hand()
    held, _ = await scene.holding()
    worked = await scene.working()
    await scene.terminate(worked)
    await scene.terminate(held)

    code, out, err = await scene.house.run("reconcile")
    assert code == 1, out + err
    assert set(await scene.orders(worked)) == {_OFF}
    assert (await scene.orders(held))[-2:] == _HELD
    assert (await scene.order(foreign))["status"] == "Live"
    assert "1 working orders that are not ours" in out

    _, told, _ = await scene.house.run("troubles")
    assert worked in "".join(told.split())
    assert held in "".join(told.split())
    assert [row.split(":")[0] for row in await scene.rows(worked, AuditKind.CANCEL)] == ["cancel", "cancel"]
    for workflow_id in (worked, held):
        assert len(await scene.rows(workflow_id, AuditKind.TROUBLE)) >= 1
    assert scene.house.client is not None
    desk = scene.house.client.get_workflow_handle(f"desk-{ACCOUNT}")
    assert await desk.query(Desk.open_trades) == []

    book, changes = (await scene.control.book())["orders"], await scene.changes()
    troubles = await scene.house.run("troubles")
    again, out, err = await scene.house.run("reconcile")
    assert again == 1, out + err
    assert "cancelled: none" in out
    assert (await scene.control.book())["orders"] == book
    assert await scene.changes() == changes
    assert await scene.house.run("troubles") == troubles


async def test_the_watch_finds_a_terminated_trades_entry_by_itself(scene: Scene) -> None:
    """Its sweep, once a minute, asks for the reconciliation that takes it off."""
    worked = await scene.working()
    await scene.terminate(worked)
    await scene.book_shows(worked, [_OFF])


async def test_an_exit_that_fills_while_everything_is_down_is_known_to_its_trade_within_one_pass(scene: Scene) -> None:
    held, option = await scene.holding()
    point = {"after": 1.0, "bid": "1.60", "ask": "1.70", "bid_size": 10, "ask_size": 10}
    await scene.control.path(option.symbol, [point])
    up = scene.house.process
    assert up is not None
    up.kill()
    await up.wait()
    await scene.house.up()

    view = await scene.house.view_when(held, lambda view: view.exited == 2)

    assert (await scene.orders(held))[-2:] == [("Buy to Open", "Filled"), ("Sell to Close", "Filled")]
    assert (view.filled, view.state) == (4, TradeState.HOLDING)
    _, told, _ = await scene.house.run("troubles")
    assert held not in "".join(told.split())


async def test_a_trade_that_is_cancelled_at_any_stage_leaves_no_entry_and_keeps_its_exit(scene: Scene) -> None:
    slow = next(scene.puts)
    await scene.control.fault("hang_after_accept", symbol=slow.symbol, side="buy", seconds=3)
    under_way = await scene.post(slow, "0.60", "0.90")
    await scene.in_the_book(under_way)  # the exchange has it, and does not answer yet
    await scene.cancel(under_way)
    replaced, _ = await scene.trade("0.60", "0.90")
    await scene.house.view_when(replaced, lambda view: view.rung >= 1 and len(view.entries) > 1)
    await scene.cancel(replaced)
    worked = await scene.working()
    await scene.cancel(worked)
    held, _ = await scene.holding()
    await scene.cancel(held)

    for workflow_id in (under_way, replaced, worked, held):
        assert await scene.end(workflow_id) is WorkflowExecutionStatus.CANCELED
    for workflow_id in (under_way, replaced, worked):
        assert set(await scene.orders(workflow_id)) == {_OFF}
    assert (await scene.orders(held))[-2:] == _HELD
    code, out, err = await scene.house.run("reconcile")
    assert code == 0, out + err
