"""The session with the broker: the SDK's own, pointed at an endpoint, and the raw answers behind it.

Records are read as raw JSON: the SDK's models are strict, and one unknown status or missing field would fail a whole
list of orders. Authentication, order serialisation and the quote stream are the SDK's.
"""

from typing import Any, Self

import httpx2
from pydantic import Field, SecretStr
from tastytrade import Session
from tastytrade.utils import TastytradeError

from activities.broker.pace import Pace
from domain.errors import RefusedError, RetryableError
from domain.frozen import Frozen

# An order's answer is worth waiting for; a connection that can't be made in 2 s is not coming.
_TIMEOUT = httpx2.Timeout(5.0, connect=2.0)
# The default drops idle connections after 5 s, and the next order would pay for a new handshake.
_LIMITS = httpx2.Limits(keepalive_expiry=60.0)
_UNAUTHORISED = 401
_TOO_MANY = 429
_SERVER_FAULTS = 500

Json = dict[str, Any]


class BrokerEndpoint(Frozen):
    """Where a broker is, and the account there."""

    api_url: str
    streamer_url: str
    is_test: bool = True  # no Accept-Version header: the sandbox refuses it
    account_number: str
    accept_version: str | None = Field(default=None, description="overrides the SDK's Accept-Version")


class BrokerCredentials(Frozen):
    """The OAuth application's secret and the personal grant's refresh token."""

    client_secret: SecretStr
    refresh_token: SecretStr

    @classmethod
    def for_paper(cls) -> Self:
        """What the paper exchange takes: it guards no money."""
        return cls(client_secret=SecretStr("paper"), refresh_token=SecretStr("paper"))


class _EndpointSession(Session):
    """The SDK's session at an address of ours; its constructor knows only the vendor's two."""

    def __init__(self, endpoint: BrokerEndpoint, credentials: BrokerCredentials) -> None:
        super().__init__(
            credentials.client_secret.get_secret_value(),
            credentials.refresh_token.get_secret_value(),
            is_test=endpoint.is_test,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            trust_env=False,  # a proxy of the environment must never see an order, nor a loopback address
        )
        self._client.base_url = httpx2.URL(endpoint.api_url)
        if endpoint.accept_version is not None:
            self._client.headers["Accept-Version"] = endpoint.accept_version


class BrokerSession:
    """One authenticated session for a whole process, shared by all activities on its loop."""

    def __init__(self, endpoint: BrokerEndpoint, credentials: BrokerCredentials) -> None:
        self.endpoint = endpoint
        self.sdk: Session = _EndpointSession(endpoint, credentials)
        self.pace = Pace()

    @property
    def account_path(self) -> str:
        """The account's part of the API."""
        return f"/accounts/{self.endpoint.account_number}"

    async def authorise(self, *, force: bool = False) -> None:
        """Have a valid access token. RetryableError when the broker can't be asked, RefusedError when it says no."""
        try:
            await self.sdk.refresh(force=force)
        except TastytradeError as error:
            raise RetryableError(f"no access token: {error}") from error
        except httpx2.HTTPError as error:
            raise RetryableError(f"no access token: {type(error).__name__}") from error

    async def send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """One request with the token at hand, sent once. Raises what httpx2 raises."""
        return await self.sdk._client.request(method, path, **options)

    async def read(self, path: str, params: Json | None = None) -> Json:
        """Read a whole JSON answer; a token refused in mid-session is renewed once.

        RefusedError for a definite no (its code is the broker's, "404" without one), RetryableError otherwise.
        """
        await self.pace.wait_for(path)
        await self.authorise()
        response = await self._read_once(path, params)
        if response.status_code == _UNAUTHORISED:
            await self.authorise(force=True)
            response = await self._read_once(path, params)
        return _json_of(response)

    async def read_all(self, path: str, params: Json | None = None) -> list[Json]:
        """Every item of a paged list. Any page that fails fails the whole: absence must mean something."""
        items: list[Json] = []
        page, pages = 0, 1
        while page < pages:
            answer = await self.read(path, {**(params or {}), "per-page": 200, "page-offset": page})
            items += answer["data"]["items"]
            pages = int((answer.get("pagination") or {}).get("total-pages") or 1)
            page += 1
        return items

    async def close(self) -> None:
        """Close the connections."""
        await self.sdk._client.aclose()

    async def _read_once(self, path: str, params: Json | None) -> httpx2.Response:
        try:
            return await self.send("GET", path, params=params)
        except httpx2.HTTPError as error:
            raise RetryableError(f"GET {path}: {type(error).__name__}") from error


def _json_of(response: httpx2.Response) -> Json:
    code, message = error_of(response)
    where = f"GET {response.url.path}: {response.status_code} {message}"
    if response.status_code == _TOO_MANY or response.status_code >= _SERVER_FAULTS:
        raise RetryableError(where)
    if not response.is_success:
        raise RefusedError(code or str(response.status_code), message or where)
    try:
        answer = response.json()
    except ValueError as error:
        raise RetryableError(f"{where}: not JSON") from error
    if not isinstance(answer, dict) or "data" not in answer:
        raise RetryableError(f"{where}: no data in it")
    return answer


def error_of(response: httpx2.Response) -> tuple[str, str]:
    """The broker's code and sentence in an answer; empty when it has none."""
    try:
        error = response.json()["error"]
        parts = error.get("errors") or [error]
        first = parts[0]
        code = str(first.get("code") or error.get("code") or "")
        said = "; ".join(str(part.get("message") or f"{part.get('domain')} {part.get('reason')}") for part in parts)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "", ""
    return code, said
