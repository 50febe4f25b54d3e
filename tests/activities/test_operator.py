"""Calling an operator: one message at a webhook, nothing in it that acts, and its address nowhere."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.operator import OperatorCalls, message
from domain.trouble import OperatorPage, Trouble, TroubleKind

SECRET = "kq7-Vw_xYz0123456789abcdefghijklmnopqrstuvw"
AT = datetime(2026, 12, 1, 15, tzinfo=UTC)


@dataclass
class Hook:
    """A webhook that keeps what was posted, and answers as it is told."""

    address: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.posts.append((request.path, await request.json()))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hook.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/webhooks/42/{SECRET}"
    yield hook
    await runner.cleanup()


def trouble(kind: TroubleKind = TroubleKind.ORPHAN, detail: str = "2 held", key: str = "k") -> Trouble:
    return Trouble(kind=kind, key=key, detail=detail, at=AT, workflow_id="alert-1-2")


def page(*troubles: Trouble) -> OperatorPage:
    return OperatorPage(account_number="5WX00042", troubles=troubles)


async def call(address: str | None, *troubles: Trouble) -> None:
    calls = OperatorCalls(None if address is None else SecretStr(address))
    await ActivityEnvironment().run(calls.page_operator, page(*troubles))


async def test_all_troubles_are_one_message(hook: Hook) -> None:
    await call(hook.address, trouble(), trouble(TroubleKind.WATCH_SEES, "It was blind for 40 s."))

    ((_, said),) = hook.posts
    lines = said["content"].splitlines()
    assert said["text"] == said["content"]
    assert said["allowed_mentions"] == {"parse": []}
    assert lines[0] == "alertladder, account 5WX00042:"
    assert lines[1].startswith("🚨 Orders or a position of a trade that no longer runs. 2 held [alert-1-2] → Entry")
    assert lines[2].startswith("✅ The account stream is back")


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone",
        "<@123> <@&5> <#7> <!channel> <https://evil.example|click>",
        "**bold** __under__ ~~gone~~ ||hidden|| `code` ```block```",
        "\n# heading\n> quote\n- list",
    ],
)
def test_no_markup_and_no_ping_survives(hostile: str) -> None:
    text = message(page(trouble(detail=hostile)))
    assert len(text.splitlines()) == 2
    assert not set("@<>`*_~|") & set(text.partition("→")[0])


def test_no_secret_of_a_broker_or_a_bot_survives() -> None:
    detail = f"Bearer {SECRET} at https://discord.com/api/webhooks/1/{SECRET}"
    assert SECRET not in message(page(trouble(detail=detail)))


@pytest.mark.parametrize("count", [1, 7, 200])
def test_a_message_is_never_longer_than_a_chat_takes(count: int) -> None:
    text = message(page(*(trouble(detail="x" * 10_000, key=str(number)) for number in range(count))))
    assert len(text) <= 2000
    told = text.count("🚨")
    assert told >= 1
    assert told == count or text.endswith(f"and {count - told} more: see `alertladder troubles`")


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
async def test_what_was_not_taken_is_an_error_that_may_pass(hook: Hook, status: int) -> None:
    hook.status, hook.headers = status, {"Location": f"{hook.address}/elsewhere"}
    with pytest.raises(ApplicationError) as failed:
        await call(hook.address, trouble())
    assert (failed.value.type, failed.value.non_retryable) == ("Retryable", False)
    assert len(hook.posts) == 1


async def test_without_a_webhook_the_log_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await call(None, trouble(), trouble(TroubleKind.SOLD_AFTER_END))
    told = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "activities.operator"]
    assert [level for level, _ in told] == [logging.CRITICAL, logging.INFO]
    assert "2 held" in told[0][1]
    assert TroubleKind.ORPHAN.advice in told[0][1]


@pytest.mark.parametrize(
    "address",
    [
        "{hook}",
        f"http://127.0.0.1:9/api/webhooks/42/{SECRET}",  # nobody there
        f"http://no-such-host.invalid/{SECRET}",
        f"no-scheme/{SECRET}",
        f"http://[broken/{SECRET}",
        f"http://127.0.0.1:99999999/{SECRET}",
    ],
)
async def test_the_address_stands_in_no_error_and_no_log_line(
    hook: Hook, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    with caplog.at_level(logging.DEBUG), pytest.raises(ApplicationError) as failed:
        await call(address.replace("{hook}", hook.address), trouble())

    seen = [repr(failed.value), str(failed.value), *(record.getMessage() for record in caplog.records)]
    cause: BaseException | None = failed.value
    while cause is not None:  # what Temporal writes into the history
        seen.append(str(cause))
        cause = cause.__cause__
    assert [text for text in seen if SECRET in text] == []
