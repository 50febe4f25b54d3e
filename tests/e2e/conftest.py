"""The whole system as real processes: `alertladder up` in a folder of its own, with its own ports."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from bench.parts import free_ports
from domain.alert import OptionType
from domain.symbols import plain
from domain.trade import TradeView
from paper.control.client import Control
from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from workers.timely import AsksAgain
from workflows.alert_trade import AlertTrade

_UP_WITHIN = 60.0
_PAUSE = 0.05
BIN = Path(sys.executable).parent


@dataclass
class House:
    """One running `alertladder up`, seen from outside."""

    folder: Path
    env: dict[str, str]
    temporal_port: int
    paper_port: int
    process: asyncio.subprocess.Process | None = None
    output: list[str] = field(default_factory=list)
    client: Client | None = None
    control: Control | None = None

    async def up(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(str(BIN / "alertladder"), "up"),
            env=os.environ | self.env,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.output.clear()
        self._reader = asyncio.create_task(self._read())
        await until(lambda: any(line.startswith("up. ") for line in self.output), _UP_WITHIN, lambda: self.output)

    async def down(self) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        code = await asyncio.wait_for(self.process.wait(), 40)
        await self._reader
        return code

    async def run(self, *words: str) -> tuple[int, str, str]:
        """One command of the same installation."""
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "alertladder"), *words),
            env=os.environ | self.env,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode or 0, out.decode(), err.decode()

    async def alert(self, text: str, *words: str) -> str:
        code, out, err = await self.run("alert", text, *words)
        assert code == 0, err
        return out.strip().splitlines()[0]

    async def temporal(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "temporal"), *words, "--address", f"127.0.0.1:{self.temporal_port}", "-n", "trading"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0, out.decode()
        return out.decode()

    def pid_of(self, service: str) -> int:
        """The process that `up` last reported as ready."""
        lines = [line.split() for line in self.output if f"{service} " in line and " ready " in line]
        return int(lines[-1][lines[-1].index("pid") + 1])

    async def view(self, workflow_id: str) -> TradeView:
        assert self.client is not None
        return await self.client.get_workflow_handle(workflow_id).query(AlertTrade.view)

    async def view_when(
        self, workflow_id: str, condition: Callable[[TradeView], bool], within: float = 30
    ) -> TradeView:
        """The trade's view once it is so; its worker may be dead for a while."""
        seen: list[TradeView] = []

        async def holds() -> bool:
            try:
                seen.append(await self.view(workflow_id))
            except RPCError:
                return False
            return condition(seen[-1])

        await until_async(holds, within, lambda: seen[-1:])
        return seen[-1]

    async def orders(self, workflow_id: str) -> list[dict[str, Any]]:
        """This trade's orders in the exchange's own book, oldest first."""
        from domain.identifiers import TradeId

        assert self.control is not None
        book = await self.control.book()
        trade = TradeId.of_workflow(workflow_id)
        found = [order for order in book["orders"] if TradeId.of_order(order.get("external-identifier")) == trade]
        return sorted(found, key=lambda order: int(order["id"]))

    async def refused_for_haste(self) -> list[str]:
        """The requests that came faster than the broker allows."""
        assert self.control is not None
        recent = (await self.control.requests())["recent"]
        return [
            f"{asked['method']} {asked['path']}" for asked in recent if asked["status"] == HTTPStatus.TOO_MANY_REQUESTS
        ]

    async def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output.append(line.decode().rstrip())


async def until(condition: Callable[[], bool], within: float, said: Callable[[], object]) -> None:
    async def holds() -> bool:
        return condition()

    await until_async(holds, within, said)


async def until_async(condition: Callable[[], Any], within: float, said: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not await condition():
        assert loop.time() < deadline, said()
        await asyncio.sleep(_PAUSE)


@pytest.fixture
def overrides() -> dict[str, str]:
    """Settings of the house that a module's tests need otherwise."""
    return {}


@pytest.fixture
async def house(tmp_path: Path, overrides: dict[str, str]) -> AsyncIterator[House]:
    temporal, ui, paper = free_ports(3)
    env = {
        "ALERTLADDER_STATE_FOLDER": str(tmp_path / "state"),
        "ALERTLADDER_TEMPORAL__ADDRESS": f"127.0.0.1:{temporal}",
        "ALERTLADDER_TEMPORAL__UI_PORT": str(ui),
        "ALERTLADDER_PAPER__PORT": str(paper),
        "ALERTLADDER_LADDER__RUNG": "PT1S",
        "ALERTLADDER_LADDER__WINDOW": "PT5S",
        "ALERTLADDER_LADDER__MARKET_FILL_WAIT": "PT2S",
        "ALERTLADDER_LADDER__LATECOMER_WAIT": "PT5S",
        "ALERTLADDER_LIMITS__DUPLICATE_WINDOW": "PT1S",
        "ALERTLADDER_LIMITS__MAX_TRADES_PER_UNDERLYING": "40",
        "ALERTLADDER_LIMITS__MAX_FAILURES_IN_A_ROW": "40",
        **overrides,
    }
    async with AsyncExitStack() as stack:
        house = House(tmp_path, env, temporal, paper)
        stack.push_async_callback(house.down)  # also of a house that did not come up in time
        await house.up()
        house.client = await Client.connect(
            f"127.0.0.1:{temporal}",
            namespace="trading",
            data_converter=pydantic_data_converter,
            interceptors=[AsksAgain()],
        )
        house.control = await stack.enter_async_context(Control(f"http://127.0.0.1:{paper}"))
        yield house
        await house.control.require_faults_used()
    await asyncio.sleep(0.1)  # a Temporal client whose loop closes at once may take the interpreter with it


@pytest.fixture(scope="session")
def listings() -> Listings:
    return Listings(MarketCalendar(new_york_day(datetime.now(UTC))), lambda: datetime.now(UTC))


@pytest.fixture(scope="session")
def uber(listings: Listings) -> Instrument:
    """A put that is listed today, some days from its expiry."""
    soon = listings.today + timedelta(days=3)
    series = next(series for series in listings.chain("UBER") if series.expiry.day >= soon)
    return series.option(series.strikes[len(series.strikes) // 2], OptionType.PUT)


def words(option: Instrument, price: str | Decimal = "0.75", quantity: int = 4) -> str:
    """The alert for a contract, in the house format."""
    assert option.strike is not None
    assert option.expiry is not None
    return f"BTO {quantity} {option.underlying} {plain(option.strike)}p {option.expiry.day:%m/%d} @ {price}"
