"""The REST side's frame: routes, tokens, rate limits and faults around handlers that know none of it."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from aiohttp import web

from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.rates import RateLimits, Turn
from tests.fakes.discord.shapes import API, DiscordError, Json

_VIA = {"Via": "1.1 google"}  # without it discord.py takes a 429 for a ban by the network in front
_TOO_MANY = 429
Answer = Json | list[Json] | None


@dataclass(frozen=True)
class Call:
    """One request, taken apart. `files` are name and content by form field."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    host: str
    params: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass
class Asked:
    """A request as it is remembered. `status` is what was answered; None: nothing was."""

    method: str
    path: str
    body: Any
    at: float
    status: int | None = None


@dataclass(frozen=True)
class Route:
    """A handler at a path. `limit` is how many in how many seconds, for each channel, guild or webhook."""

    method: str
    pattern: str
    handle: Callable[[Call], Awaitable[Answer]]
    limit: tuple[int, float] = (50, 1.0)
    needs_token: bool = True

    def params(self, method: str, path: str) -> dict[str, str] | None:
        """The path's variables, if it is this route's."""
        if method != self.method:
            return None
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern), path)
        return found.groupdict() if found else None


class Rest:
    """All routes behind one token. `requests` is everything that was asked, in order."""

    def __init__(self, token: str, routes: Iterable[Route], faults: Faults, limits: RateLimits) -> None:
        self._token = token
        self._routes = list(routes)
        self._faults = faults
        self._limits = limits
        self.requests: list[Asked] = []
        self.unknown: list[str] = []

    def asked(self, method: str, pattern: str) -> list[Asked]:
        """The requests to a path, which may be a regular expression."""
        return [each for each in self.requests if each.method == method and re.fullmatch(pattern, each.path)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        call = await _taken_apart(request)
        asked = Asked(call.method, call.path, call.body, time.monotonic())
        self.requests.append(asked)
        fault = self._faults.due(call.method, call.path)
        if fault is not None:
            await asyncio.sleep(fault.delay)
        if fault is None or fault.commit or fault.status == 0:
            response = await self._answer(call, request)
        if fault is not None and fault.status != 0:
            response = _failure(fault, request)
        asked.status = response.status
        return response

    async def _answer(self, call: Call, request: web.Request) -> web.Response:
        headers = dict(_VIA)
        try:
            route, params = self._route(call, request.headers.get("Authorization"))
            turn = self._turn(route, call, params)
            headers |= turn.headers
            if not turn.allowed:
                return _told_to_wait(turn, headers)
            answer = await route.handle(Call(**{**vars(call), "params": params}))
        except DiscordError as error:
            return _as_json(error.body, error.status, headers)
        return web.Response(status=204, headers=headers) if answer is None else _as_json(answer, 200, headers)

    def _route(self, call: Call, authorization: str | None) -> tuple[Route, dict[str, str]]:
        for route in self._routes:
            if (params := route.params(call.method, call.path)) is None:
                continue
            if route.needs_token and authorization != f"Bot {self._token}":
                raise DiscordError(401, 0, "401: Unauthorized")
            return route, params
        self.unknown.append(f"{call.method} {call.path}")
        raise DiscordError(404, 0, "404: Not Found")

    def _turn(self, route: Route, call: Call, params: dict[str, str]) -> Turn:
        of = tuple(params.get(key, "") for key in ("channel", "guild", "webhook", "token"))
        is_interaction = not route.needs_token
        key = (route.method, route.pattern, *of)
        return self._limits.take(key, route.limit, f"{call.method} {call.path}", counts_globally=not is_interaction)


async def _taken_apart(request: web.Request) -> Call:
    raw = await request.read()
    body: Any = {}
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json" and raw:
        body = json.loads(raw)
    elif request.content_type.startswith("multipart/"):
        body, files = _parts(request.headers["Content-Type"], raw)
    path = request.path.removeprefix(API)
    return Call(request.method, path, dict(request.query), body, request.host, files=files)


def _parts(content_type: str, raw: bytes) -> tuple[Any, dict[str, tuple[str, bytes]]]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    body: Any = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        named, content = part["Content-Disposition"].params, bytes(part.get_payload(decode=True))
        if named["name"] == "payload_json":
            body = json.loads(content)
        else:
            files[named["name"]] = (named.get("filename", "file"), content)
    return body, files


def _failure(fault: Fault, request: web.Request) -> web.Response:
    if fault.status is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)
    headers = {**_VIA, **fault.headers}
    if fault.status == _TOO_MANY:
        turn = Turn(False, {}, fault.retry_after, "global" if fault.is_global else "user")
        return _told_to_wait(turn, {**headers, "X-RateLimit-Scope": turn.scope})
    if isinstance(fault.body, str):
        return web.Response(status=fault.status, text=fault.body, headers=headers)
    return _as_json(fault.body or {"message": f"{fault.status}: planned", "code": fault.code}, fault.status, headers)


def _told_to_wait(turn: Turn, headers: dict[str, str]) -> web.Response:
    is_global = turn.scope == "global"
    body = {"message": "You are being rate limited.", "retry_after": round(turn.retry_after, 3), "global": is_global}
    return _as_json(body, _TOO_MANY, {**headers, "Retry-After": f"{turn.retry_after:.3f}"})


def _as_json(answer: Any, status: int, headers: dict[str, str]) -> web.Response:
    """Discord's content type is exactly this: with a charset discord.py would not read it as JSON."""
    sent = {"Content-Type": "application/json", **headers}
    return web.Response(body=json.dumps(answer).encode(), status=status, headers=sent)
