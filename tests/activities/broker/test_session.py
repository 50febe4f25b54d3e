"""The login and its requests: tokens renewed once, reads that say what may follow, secrets that stay inside."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from activities.broker import BrokerCredentials, BrokerSession
from activities.broker.limits import Family, ThrottledError
from activities.broker.session import LoginError
from domain.errors import RefusedError, RetryableError
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import ACCOUNT, endpoint

BALANCES = f"/accounts/{ACCOUNT}/balances/USD"
SECRETS = BrokerCredentials(client_secret=SecretStr("s3cret-of-ours"), refresh_token=SecretStr("r3fresh-of-ours"))
Start = Callable[..., Awaitable[str]]


@pytest.fixture
async def to() -> AsyncIterator[Callable[[str], BrokerSession]]:
    """Makes sessions with an address, and closes them."""
    made: list[BrokerSession] = []

    def session(url: str) -> BrokerSession:
        made.append(BrokerSession(endpoint(url), SECRETS))
        return made[-1]

    yield session
    for each in made:
        await each.close()


def text(body: str, status: int = 200, **headers: str) -> Any:
    async def handler(_: web.Request) -> web.Response:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return web.Response(text=body, status=status, headers=named)

    return handler


async def test_one_token_serves_many_requests(to: Any, paper: RunningPaper, control: Control) -> None:
    session = to(paper.url)

    await asyncio.gather(*(session.token() for _ in range(20)))

    assert (await control.requests())["counts"] == {"POST /oauth/token": 1}


async def test_a_token_refused_in_mid_session_is_renewed_and_the_read_repeated(
    to: Any, paper: RunningPaper, control: Control
) -> None:
    session = to(paper.url)
    await control.fault("unauthorized_next", on="read")

    reply = await session.read(BALANCES, Family.BALANCES)

    assert reply.data["account-number"] == ACCOUNT
    assert (await control.requests())["counts"]["POST /oauth/token"] == 2


async def test_requests_refused_together_renew_the_token_once(to: Any, paper: RunningPaper, control: Control) -> None:
    session = to(paper.url)
    refused = await session.token()

    await asyncio.gather(*(session.renew(refused) for _ in range(10)))

    assert (await control.requests())["counts"]["POST /oauth/token"] == 2
    assert await session.token() != refused


async def test_a_token_refused_for_good_ends_as_retryable(to: Any, paper: RunningPaper, control: Control) -> None:
    await control.fault("unauthorized_next", on="read", times=9)

    with pytest.raises(RetryableError, match="401"):
        await to(paper.url).read(BALANCES, Family.BALANCES)


async def test_no_token_is_an_error_that_shows_no_secret(to: Any, hostile: Start) -> None:
    async def echo(request: web.Request) -> web.Response:
        sent = await request.json()
        return web.json_response({"error_code": "invalid_grant", "error_description": str(sent)}, status=400)

    url = await hostile(**{"POST /oauth/token": echo})

    with pytest.raises(LoginError, match="invalid_grant") as failed:
        await to(url).token()

    assert "of-ours" not in f"{failed.value} {failed.value.__cause__!r} {SECRETS!r} {to(url)!r}"


async def test_a_login_server_that_is_down_is_retryable(to: Any) -> None:
    with pytest.raises(LoginError):
        await to("http://127.0.0.1:9").token()


async def test_an_early_refresh_that_fails_does_not_waste_a_token_that_still_holds(
    to: Any, paper: RunningPaper, control: Control
) -> None:
    session = to(paper.url)
    token = await session.token()
    session.sdk.session_expiration = time.time() + 30  # the SDK refreshes a minute ahead
    await control.fault("error_before", on="token", status=503)

    assert await session.token() == token


async def test_a_404_of_the_brokers_is_refused(to: Any, paper: RunningPaper) -> None:
    with pytest.raises(RefusedError) as refused:
        await to(paper.url).read("/instruments/equities/NOPE", Family.EQUITIES)

    assert refused.value.code == "record_not_found"


@pytest.mark.parametrize(
    ("body", "status"),
    [("<html>bad gateway</html>", 502), ("<html>not here</html>", 404), ("", 200), ('{"data": ', 200), ("[]", 200)],
    ids=["502-html", "404-html", "empty", "cut", "list"],
)
async def test_what_is_not_the_brokers_own_answer_is_retryable(to: Any, hostile: Start, body: str, status: int) -> None:
    url = await hostile(**{f"GET {BALANCES}": text(body, status)})

    with pytest.raises(RetryableError):
        await to(url).read(BALANCES, Family.BALANCES)


async def test_a_throttling_broker_says_when_to_come_back(to: Any, hostile: Start) -> None:
    url = await hostile(**{f"GET {BALANCES}": text("", 429, Retry_After="7")})

    with pytest.raises(ThrottledError) as throttled:
        await to(url).read(BALANCES, Family.BALANCES)

    assert throttled.value.after == timedelta(seconds=7)


async def test_an_api_version_can_be_asked_for(to: Any, hostile: Start) -> None:
    asked: list[str | None] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Accept-Version"))
        return web.json_response({"data": {}})

    url = await hostile(**{f"GET {BALANCES}": handler})
    session = BrokerSession(endpoint(url).model_copy(update={"accept_version": "20261012"}), SECRETS)

    await session.read(BALANCES, Family.BALANCES)
    await to(url).read(BALANCES, Family.BALANCES)
    await session.close()

    assert asked == ["20261012", None]


async def test_a_proxy_of_the_environment_is_not_used(
    to: Any, paper: RunningPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert await to(paper.url).token()
