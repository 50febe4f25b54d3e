"""What every request passes before a route sees it: a key, its role, its rate, its size; and what every answer bears.

Reading takes a viewer's key, and anything else an operator's: no route can forget to ask.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_hex

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, problem
from api.keys import Caller, Keys, Role
from api.rate import Buckets

log = logging.getLogger(__name__)
OPEN = frozenset({"/healthz", "/readyz"})  # without a key: they name parts, and tell nothing of trades
LARGEST_BODY = 16 * 1024  # bytes; an alert is at most 4,000 characters
_BODY_TIME = 10.0  # seconds for a whole body to arrive
_READING = frozenset({"GET", "HEAD"})
_SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Gate:
    """Around the whole application; nothing comes in or goes out beside it."""

    def __init__(self, app: ASGIApp, keys: Keys, rate: Buckets) -> None:
        """`rate` is for each key, and for each address that shows none."""
        self._app = app
        self._keys = keys
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._pass(scope, receive, answer)
        except ApiError as error:
            await error.answer(scope, receive, answer)
        except Exception:  # noqa: BLE001  the process's edge: whatever it is, the caller gets a sentence
            await _fail(scope, receive, answer)
        finally:
            _note(scope, answer.status)

    async def _pass(self, scope: Scope, receive: Receive, answer: Send) -> None:
        headers = Headers(scope=scope)
        if scope["path"] in OPEN:
            self._take(f"address {_address(scope)}")
        else:
            scope["caller"] = self._identify(scope, headers)
            self._take(f"key {scope['caller'].name}")
            _require_role(scope["caller"], scope["method"])
        body = await _body(headers, receive)
        await self._app(scope, _replay(body, receive), answer)

    def _identify(self, scope: Scope, headers: Headers) -> Caller:
        if self._keys.is_empty:
            message = "No key is set, so nobody comes in: set ALERTLADDER_API__OPERATOR_KEYS and start again."
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "no_keys", message)
        presented = _presented(headers)
        caller = None if presented is None else self._keys.holder(presented)
        if caller is None:
            self._take(f"address {_address(scope)}")
            code, message = ("no_key", "A key is needed.") if presented is None else ("wrong_key", "Nobody's key.")
            raise ApiError(HTTPStatus.UNAUTHORIZED, code, message, WWW_Authenticate="Bearer")
        return caller

    def _take(self, name: str) -> None:
        wait = self._rate.take(name)
        if wait:
            seconds = str(math.ceil(wait))
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, "too_many", "Asked too often.", Retry_After=seconds)


class _Answer:
    """The way out: puts the security headers on, and remembers what was said."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message).update(_SECURITY)
        await self._send(message)


def _presented(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return headers.get("x-api-key")


def _require_role(caller: Caller, method: str) -> None:
    if method not in _READING and caller.role is not Role.OPERATOR:
        raise ApiError(HTTPStatus.FORBIDDEN, "not_an_operator", "That takes an operator's key.")


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body, within its bounds of size and time, and only JSON."""
    if headers.get("content-length", "0").isdecimal() and int(headers.get("content-length", "0")[:12]) > LARGEST_BODY:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIME):
            is_whole = False
            while not is_whole:
                message = await receive()
                if message["type"] != "http.request":  # the caller has gone: half a request is none
                    raise ApiError(HTTPStatus.BAD_REQUEST, "cut_off", "The request ended too early.")
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise _too_large()
                is_whole = not message.get("more_body", False)
    except TimeoutError:
        raise ApiError(HTTPStatus.REQUEST_TIMEOUT, "too_slow", "The body did not arrive in time.") from None
    if body and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", "A body is application/json.")
    return bytes(body)


def _too_large() -> ApiError:
    message = f"A request's body has at most {LARGEST_BODY} bytes."
    return ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", message, Connection="close")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Tell the routes the body that was read, and then what comes after it: that the caller has gone."""
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _fail(scope: Scope, receive: Receive, answer: _Answer) -> None:
    reference = token_hex(6)
    log.exception("a request failed, reference %s", reference)
    if answer.status is None:
        await _internal(reference)(scope, receive, answer)


def _internal(reference: str) -> JSONResponse:
    message = f"Something went wrong here. The log says what, under {reference}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", message)


def _address(scope: Mapping[str, object]) -> str:
    client = scope.get("client")
    return str(client[0]) if isinstance(client, tuple | list) and client else "unknown"


def _note(scope: Scope, status: int | None) -> None:
    """One line for each request: the path as it came over the wire, in ASCII, and never a header or a query."""
    caller = scope.get("caller")
    who = caller.name if isinstance(caller, Caller) else _address(scope)
    path = scope.get("raw_path", b"").decode("ascii", "backslashreplace").partition("?")[0]
    level = logging.DEBUG if scope["path"] in OPEN else logging.INFO
    log.log(level, "%s %s %s -> %s", who, scope["method"], path, status)
