"""The one login of a worker process at the broker: where it is, its tokens, and its requests as raw JSON answers.

The SDK owns OAuth and the HTTP client. Its models are not used for answers: one record with an unknown status or a
missing field would turn a whole answer, or an order that was placed, into an exception.
"""

import asyncio
import json
import logging
import time
from datetime import timedelta
from typing import Any, Self

import httpx2
from pydantic import SecretStr
from tastytrade import Session
from tastytrade.utils import TastytradeError

from activities.broker.limits import Family, Pacing, ThrottledError
from activities.broker.replies import Json, Reply
from domain.errors import RefusedError, RetryableError
from domain.frozen import Frozen
from domain.redaction import redact

log = logging.getLogger(__name__)
# The SDK sets its own logger to DEBUG, and writes whole frames there.
logging.getLogger("tastytrade").setLevel(logging.WARNING)

_TIMEOUT = httpx2.Timeout(5.0, connect=2.0)
# The client's default of 5 s would make the first order after a quiet moment pay for TCP and TLS again.
_LIMITS = httpx2.Limits(keepalive_expiry=60.0)
_READ_PATIENCE = timedelta(seconds=4)
_THROTTLE_PAUSE = timedelta(seconds=2)
_TOKEN_STILL_GOOD = 5.0  # seconds of life left that make a failed early refresh harmless


class BrokerEndpoint(Frozen):
    """Where the broker is. `accept_version` is the API version to ask for; None leaves the SDK's."""

    api_url: str
    streamer_url: str
    is_test: bool
    account_number: str
    accept_version: str | None = None


class BrokerCredentials(Frozen):
    """An OAuth application's secret and the refresh token of its personal grant."""

    client_secret: SecretStr
    refresh_token: SecretStr

    @classmethod
    def for_paper(cls) -> Self:
        """The paper exchange takes any."""
        return cls(client_secret=SecretStr("paper"), refresh_token=SecretStr("paper"))


class LoginError(RetryableError):
    """No access token could be had. The request that needed it was not sent."""


class _RedirectedSession(Session):
    """The SDK's session at our address. Its own addresses are constants."""

    def __init__(self, endpoint: BrokerEndpoint, credentials: BrokerCredentials) -> None:
        super().__init__(
            credentials.client_secret.get_secret_value(),
            credentials.refresh_token.get_secret_value(),
            is_test=endpoint.is_test,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            trust_env=False,  # a proxy in the environment would also catch the loopback address
        )
        self._client.base_url = endpoint.api_url
        if endpoint.accept_version is not None:
            self._client.headers["Accept-Version"] = endpoint.accept_version

    @property
    def http(self) -> httpx2.AsyncClient:
        """The client that carries the token."""
        return self._client


class BrokerSession:
    """Requests in, answers out. Build one per process, and close it."""

    def __init__(self, endpoint: BrokerEndpoint, credentials: BrokerCredentials, pacing: Pacing | None = None) -> None:
        self.endpoint = endpoint
        self.pacing = pacing or Pacing()
        self._credentials = credentials
        self._sdk = _RedirectedSession(endpoint, credentials)
        self._renewing = asyncio.Lock()

    @property
    def sdk(self) -> Session:
        """The SDK's session, for its quote streamer."""
        return self._sdk

    @property
    def account_path(self) -> str:
        """The address of everything of our account."""
        return f"/accounts/{self.endpoint.account_number}"

    async def close(self) -> None:
        """Let the connections go."""
        await self._sdk.http.aclose()

    async def token(self) -> str:
        """A valid access token, refreshed ahead of its end. LoginError when there is none."""
        try:
            await self._sdk.refresh()
        except (TastytradeError, httpx2.HTTPError, ValueError, KeyError) as error:
            if self._sdk.session_expiration - time.time() < _TOKEN_STILL_GOOD:
                raise LoginError(f"no access token: {self._clean(error)}") from None
            log.warning("the early token refresh failed, the old token still holds: %s", self._clean(error))
        return str(self._sdk.session_token)

    async def renew(self, refused: str) -> None:
        """Get another token than the `refused` one; many requests refused together renew once."""
        async with self._renewing:
            if self._sdk.session_token != refused:
                return
            try:
                await self._sdk.refresh(force=True)
            except (TastytradeError, httpx2.HTTPError, ValueError, KeyError) as error:
                raise LoginError(f"no access token: {self._clean(error)}") from None

    async def send(self, method: str, path: str, *, params: Any = None, body: str | None = None) -> Reply:
        """One request, once, with the token at hand: call `token` and the pacing first.

        A failure of the transport comes through as httpx2.HTTPError.
        """
        response = await self._sdk.http.request(method, path, params=params, content=body)
        return Reply(response.status_code, _json_object(response), _retry_after(response))

    async def read(self, path: str, family: Family | None, params: Any = None) -> Reply:
        """A GET that succeeded with JSON. A refused token is renewed and the read repeated, once.

        `family` None: the caller has paced it. RefusedError: the broker said no (404 and the like). RetryableError: no
        answer, or none that can be used.
        """
        token = await self.token()
        reply = await self._get(path, family, params)
        if reply.status == httpx2.codes.UNAUTHORIZED:
            await self.renew(token)
            reply = await self._get(path, family, params)
        return _usable(reply, path)

    async def _get(self, path: str, family: Family | None, params: Any) -> Reply:
        if family is not None:
            await self.pacing.take(family, _READ_PATIENCE)
        try:
            return await self.send("GET", path, params=params)
        except httpx2.HTTPError as error:
            raise RetryableError(f"GET {path}: {type(error).__name__}: {error}") from error

    def _clean(self, error: Exception) -> str:
        """An error of the login endpoint, without what was sent there."""
        ours = self._credentials
        known = (ours.client_secret.get_secret_value(), ours.refresh_token.get_secret_value())
        return redact(f"{type(error).__name__}: {error}"[:300].strip(), known)


def _usable(reply: Reply, path: str) -> Reply:
    if reply.is_success and reply.body is not None:
        return reply
    if reply.status == httpx2.codes.TOO_MANY_REQUESTS:
        raise ThrottledError(f"GET {path}: the broker throttles", reply.retry_after or _THROTTLE_PAUSE)
    definite = 400 <= reply.status < 500 and reply.error is not None
    if definite and reply.status not in (httpx2.codes.UNAUTHORIZED, httpx2.codes.REQUEST_TIMEOUT):
        raise RefusedError(reply.code, reply.message)
    raise RetryableError(f"GET {path}: HTTP {reply.status}, {reply.message}")


def _json_object(response: httpx2.Response) -> Json | None:
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _retry_after(response: httpx2.Response) -> timedelta | None:
    seconds = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdigit() else None
