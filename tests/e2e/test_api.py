"""The HTTP API on the whole system: what it starts is a trade at the exchange, and what it stops stays stopped."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from bench.parts import free_ports
from domain.symbols import plain
from domain.trade import TradeState
from paper.listings.series import Instrument
from tests.e2e.conftest import House, until_async, words

KEY = "an-operator's-key-of-thirty-two-"


class Api:
    """One running API, as its callers see it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def ask(self, method: str, path: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        async with self._session.request(method, path, **fields) as answer:
            return answer.status, await answer.json()

    async def alert(self, text: str, name: str) -> tuple[int, dict[str, Any]]:
        return await self.ask("POST", "/v1/alerts", json={"text": text}, headers={"Idempotency-Key": name})

    async def is_ready(self) -> bool:
        try:
            return (await self.ask("GET", "/readyz"))[0] == 200
        except aiohttp.ClientConnectionError:
            return False


@pytest.fixture
def overrides() -> dict[str, str]:
    """What the house with an API is told besides."""
    (port,) = free_ports(1)
    return {
        "ALERTLADDER_API__ENABLED": "true",
        "ALERTLADDER_API__PORT": str(port),
        "ALERTLADDER_API__OPERATOR_KEYS__ALICE": KEY,
    }


@pytest.fixture
async def api(house: House) -> AsyncIterator[Api]:
    base = f"http://127.0.0.1:{house.env['ALERTLADDER_API__PORT']}"
    async with aiohttp.ClientSession(base, headers={"Authorization": f"Bearer {KEY}"}) as session:
        api = Api(session)
        await until_async(api.is_ready, 60, lambda: house.output)
        yield api


def name(number: int) -> str:
    """An Idempotency-Key of now."""
    return str(UUID(int=(int(time.time() * 1000) << 80) | (7 << 76) | (2 << 62) | number))


async def test_an_alert_is_traded_once_and_after_a_halt_none_is_until_it_resumes(
    house: House, api: Api, uber: Instrument
) -> None:
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.60", "0.90")
    first = name(1)
    status, taken = await api.alert(words(uber), first)
    assert status == 202, taken
    workflow_id = taken["trades"][0]["workflow_id"]
    await house.view_when(workflow_id, lambda view: view.state is TradeState.WORKING and bool(view.entries))
    status, again = await api.alert(words(uber), first)
    assert (status, again["trades"][0]["is_new"], again["trades"][0]["workflow_id"]) == (202, False, workflow_id)
    assert len(await house.orders(workflow_id)) == 1

    status, receipt = await api.ask("POST", "/v1/desk/halt", json={"reason": "news"})
    assert (status, receipt["stopped"], receipt["pending"]) == (200, [workflow_id], [])
    assert [order["status"] for order in await house.orders(workflow_id)] == ["Cancelled"]
    status, refused = await api.alert(words(uber), name(2))
    assert (status, refused["error"]["code"]) == (409, "halted")

    _, offer = await api.ask("POST", "/v1/desk/resume")
    _, resumed = await api.ask("POST", "/v1/desk/resume", json={"code": offer["code"]})
    assert resumed["resumed"] is True
    assert uber.strike is not None
    other = words(uber).replace(f" {plain(uber.strike)}p", f" {plain(uber.strike + 1)}p")
    status, taken = await api.alert(other, name(3))
    assert status == 202, taken
    status, _ = await api.ask(
        "POST", f"/v1/trades/{taken['trades'][0]['workflow_id']}/cancel", json={"reason": "enough"}
    )
    assert status == 202
    await house.view_when(taken["trades"][0]["workflow_id"], lambda view: view.state.is_end)
    await shows_who_did_it(api)
    await lists_and_refuses_what_is_over(api, workflow_id)
    await reconciles(api)
    log = (house.folder / "state" / "log" / "api.log").read_text("utf-8")
    assert "alice POST /v1/desk/halt -> 200" in log
    assert KEY not in log


async def shows_who_did_it(api: Api) -> None:
    """Everything that was changed has a row, and each row a name."""
    _, audit = await api.ask("GET", "/v1/audit?kind=operator&limit=50")
    assert [row["event"]["code"] for row in reversed(audit["rows"])] == [
        *("alert", "halted", "alert_refused", "resume", "alert", "cancel")
    ]
    assert {row["event"]["author_name"] for row in audit["rows"]} == {"alice"}
    assert KEY not in json.dumps(audit)


async def lists_and_refuses_what_is_over(api: Api, workflow_id: str) -> None:
    """The server's own pages, and its own words about trades that have ended."""
    _, page = await api.ask("GET", "/v1/trades?limit=1")
    _, rest = await api.ask("GET", f"/v1/trades?cursor={page['next_cursor']}")
    assert {trade["workflow_id"] for trade in page["trades"] + rest["trades"]} >= {workflow_id}
    for cursor in ("YWJj", "AAAA"):
        status, refused = await api.ask("GET", f"/v1/trades?cursor={cursor}")
        assert (status, refused["error"]["code"]) == (400, "bad_cursor")
    status, refused = await api.ask("POST", f"/v1/trades/{workflow_id}/cancel")
    assert (status, refused["error"]["code"]) == (409, "trade_over")
    status, refused = await api.ask("GET", "/v1/trades/alert-1-2")
    assert (status, refused["error"]["code"]) == (404, "no_such_trade")


async def reconciles(api: Api) -> None:
    """A comparison that is asked for runs to its end."""
    _, started = await api.ask("POST", "/v1/reconciliations")

    async def is_done() -> bool:
        return (await api.ask("GET", f"/v1/reconciliations/{started['workflow_id']}"))[1]["state"] == "done"

    await until_async(is_done, 60, lambda: started)


async def test_without_its_server_the_api_lives_says_so_and_ends_in_order() -> None:
    (port,) = free_ports(1)
    env = os.environ | {
        "ALERTLADDER_TEMPORAL__ADDRESS": "127.0.0.1:1",
        "ALERTLADDER_API__PORT": str(port),
        "ALERTLADDER_API__OPERATOR_KEYS__ALICE": KEY,
    }
    process = await asyncio.create_subprocess_exec(*(sys.executable, "-m", "workers", "worker", "api"), env=env)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers={"X-API-Key": KEY}) as session:
        api = Api(session)

        async def lives() -> bool:
            try:
                return (await api.ask("GET", "/healthz"))[0] == 200
            except aiohttp.ClientConnectionError:
                return False

        await until_async(lives, 60, lambda: process)
        assert (await api.ask("GET", "/readyz"))[1]["error"]["message"] == "Missing: temporal."
        assert (await api.ask("GET", "/v1/desk"))[1]["error"]["code"] == "no_temporal"
    process.terminate()
    assert await process.wait() == 0
