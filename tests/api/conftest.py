"""The API in this process, on doors in memory, and what a caller needs to knock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from activities.kill_mark import KillMark
from api.app import create_app
from api.doors import Doors
from api.keys import Keys
from api.rate import Buckets
from domain.identifiers import snowflake_at
from tests.fakes.doors import FakeAccount, FakeAudit, FakeDesk, FakeFront, FakeTrades

OPERATOR = "an-operator's-key-of-thirty-two-"
VIEWER = "a-viewer's-key-of-thirty-two-ch-"
ALERT = "BTO 2 UBER 78p 12/18 @ 0.75"
KEYS = Keys({"alice": SecretStr(OPERATOR)}, {"bob": SecretStr(VIEWER)})
_LOW_BITS = count(1)


class Clock:
    """Stands still until it is moved; seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Parts:
    """The fakes behind one API."""

    folder: Path
    desk: FakeDesk = field(default_factory=FakeDesk)
    trades: FakeTrades = field(default_factory=FakeTrades)
    account: FakeAccount = field(default_factory=FakeAccount)
    audit: FakeAudit = field(default_factory=FakeAudit)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.front = FakeFront(self.trades)
        self.mark = KillMark(self.folder)

    @property
    def doors(self) -> Doors:
        """As the routes take them."""
        held: dict[str, Any] = {name: getattr(self, name) for name in ("front", "desk", "trades", "account", "audit")}
        return Doors(**held, mark=self.mark, channel_id=2, author_id=2)

    def app(self, keys: Keys = KEYS, burst: int = 10_000) -> FastAPI:
        return create_app(keys, Buckets(1, burst, self.clock), self.doors)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx2.AsyncClient]:
    async with knocking(parts.app()) as client:
        yield client


def knocking(app: FastAPI, key: str | None = OPERATOR) -> httpx2.AsyncClient:
    """A client of an API in this process."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://api", headers=headers)


def posted(text: str = ALERT, **fields: Any) -> dict[str, Any]:
    """An alert's body, of a message of its own that was posted just now."""
    return {"text": text, "message_id": snowflake_at(datetime.now(UTC), next(_LOW_BITS))} | fields


def code_of(answer: httpx2.Response) -> str:
    """The code of a refusal; its body has that shape and no other field."""
    body = cast("dict[str, dict[str, str]]", answer.json())
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return body["error"]["code"]
