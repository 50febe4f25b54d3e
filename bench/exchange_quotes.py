"""Many option quotes to several clients: how many reach them, and what that costs the exchange."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp

from bench.contracts import plays
from bench.exchange_process import ExchangeProcess

_FIELDS = ["eventSymbol", "bidTime", "bidPrice", "askPrice", "bidSize", "askSize"]
_CHANNEL = 1
_CHUNK = 200


@dataclass
class Watched:
    """What the clients received."""

    contracts: int
    clients: int
    seconds: float
    cpu_seconds: float
    events: list[int]  # quotes, by client
    seen: list[int]  # contracts of which anything came, by client

    def rows(self) -> Iterator[tuple[str, str]]:
        """For the table."""
        yield f"quotes a second to each of {self.clients} clients", f"{min(self.events) / self.seconds:,.0f}"
        yield f"contracts of {self.contracts} quoted to every client", f"{min(self.seen)}"
        yield "the exchange's share of one core meanwhile", f"{self.cpu_seconds / self.seconds:.0%}"


async def watch_quotes(exchange: ExchangeProcess, seconds: float, contracts: int, clients: int) -> Watched:
    """Subscribe every client to every contract, and count for so long."""
    symbols = [play.option.streamer_symbol for play in plays(contracts, 1)]
    async with aiohttp.ClientSession(exchange.url, headers={"User-Agent": "alertladder-bench/1"}) as session:
        url, token = await _quote_token(session)
        counted = [_Client() for _ in range(clients)]
        tasks = [asyncio.create_task(client.watch(session, url, token, symbols)) for client in counted]
        await asyncio.gather(*(client.complete.wait() for client in counted))
        began, cpu, before = time.monotonic(), exchange.cpu_seconds(), [client.events for client in counted]
        await asyncio.sleep(seconds)
        took, used = time.monotonic() - began, exchange.cpu_seconds() - cpu
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    events = [client.events - start for client, start in zip(counted, before, strict=True)]
    return Watched(contracts, clients, took, used, events, [len(client.seen) for client in counted])


class _Client:
    """One DXLink connection. `complete` is set once every contract was quoted."""

    def __init__(self) -> None:
        self.events = 0
        self.seen: set[str] = set()
        self.complete = asyncio.Event()

    async def watch(self, session: aiohttp.ClientSession, url: str, token: str, symbols: list[str]) -> None:
        async with session.ws_connect(url, max_msg_size=0) as socket:
            for message in self._handshake(token, symbols):
                await socket.send_json(message)
            async for answer in socket:
                told = json.loads(answer.data)
                if told["type"] == "FEED_DATA":
                    values = told["data"][1]
                    self.events += len(values) // len(_FIELDS)
                    self.seen.update(values[:: len(_FIELDS)])
                    if len(self.seen) == len(symbols):
                        self.complete.set()

    def _handshake(self, token: str, symbols: list[str]) -> Iterator[dict[str, object]]:
        yield {"type": "SETUP", "channel": 0, "version": "0.1", "keepaliveTimeout": 60, "acceptKeepaliveTimeout": 60}
        yield {"type": "AUTH", "channel": 0, "token": token}
        yield {"type": "CHANNEL_REQUEST", "channel": _CHANNEL, "service": "FEED", "parameters": {"contract": "AUTO"}}
        yield {
            "type": "FEED_SETUP",
            "channel": _CHANNEL,
            "acceptAggregationPeriod": 0.1,
            "acceptDataFormat": "COMPACT",
            "acceptEventFields": {"Quote": _FIELDS},
        }
        for start in range(0, len(symbols), _CHUNK):
            added = [{"type": "Quote", "symbol": symbol} for symbol in symbols[start : start + _CHUNK]]
            yield {"type": "FEED_SUBSCRIPTION", "channel": _CHANNEL, "add": added}


async def _quote_token(session: aiohttp.ClientSession) -> tuple[str, str]:
    grant = {"grant_type": "refresh_token", "client_secret": "paper", "refresh_token": "paper"}
    async with session.post("/oauth/token", json=grant) as answer:
        access = (await answer.json())["access_token"]
    async with session.get("/api-quote-tokens", headers={"Authorization": f"Bearer {access}"}) as answer:
        found = (await answer.json())["data"]
    return found["dxlink-url"], found["token"]
