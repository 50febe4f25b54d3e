"""What every request passes: the log, error shapes, rate limits, the token, and the faults of the connection."""

import asyncio
import logging
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from paper.exchange import Exchange
from paper.faults import Fault, FaultKind, On, Subject
from paper.refusals import ApiError, InvalidRequestError, UnauthorizedError
from paper.wire.answers import json_body
from paper.wire.garbled import with_a_garbled_record
from paper.wire.order_json import dumps, iso
from paper.wire.rate_limits import RateLimits
from paper.wire.tokens import Standing, Tokens, bearer

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTROL_PREFIX = "/__ctl__"
_STREAMS = ("/dxlink", "/streamer")
# They look at tokens themselves, or give them, or need none.
_OPEN_PATHS = ("/oauth/token", "/margin-requirements-public-configuration", *_STREAMS)
_PRODUCT = re.compile(r"^\S+/\S+")  # a User-Agent must be <product>/<version>
_KEPT_REQUESTS = 500
_HTML = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
_INTERNAL = {"error": {"code": "internal_server_error", "message": "An unexpected error occurred"}}


def is_control(request: web.BaseRequest) -> bool:
    """Whether it is for the control plane or the page, and no business of the broker's."""
    return request.path == "/" or request.path.startswith(CONTROL_PREFIX)


class RequestLog:
    """How often each route was asked, and the last requests."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.recent: deque[dict[str, Any]] = deque(maxlen=_KEPT_REQUESTS)

    def add(self, request: web.Request, status: int, at: str) -> None:
        """Note a request once it is answered."""
        resource = request.match_info.route.resource
        template = request.path if resource is None else resource.canonical
        self.counts[f"{request.method} {template}"] += 1
        self.statuses[status] += 1
        self.recent.append({"method": request.method, "path": request.raw_path, "status": status, "at": at})


class Gate:
    """The middlewares, outermost first."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._limits = RateLimits() if exchange.settings.rate_limits else None
        self.requests = RequestLog()

    def middlewares(self) -> list[Any]:
        """For the application."""
        return [self._logged, self._distant, self._shaped, self._limited, self._admitted, self._faulted]

    @web.middleware
    async def _logged(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_control(request):
            return await handler(request)
        status = 0  # stays when the client never got an answer
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        else:
            return response
        finally:
            self.requests.add(request, status, iso(self._exchange.clock()))

    @web.middleware
    async def _distant(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Half the way there, and half the way back."""
        half = self._exchange.settings.round_trip_seconds / 2
        if not half or is_control(request) or request.path.startswith(_STREAMS):
            return await handler(request)
        await asyncio.sleep(half)
        try:
            return await handler(request)
        finally:
            await asyncio.sleep(half)

    @web.middleware
    async def _shaped(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return web.json_response(error.body, status=error.status, dumps=dumps)
        except web.HTTPException as error:
            body = {"error": {"code": "not_found", "message": error.reason}}
            return web.json_response(body, status=error.status, dumps=dumps)
        except Exception:  # the edge of the process: a bug here must look like the broker's own bad day
            log.exception("a request failed: %s %s", request.method, request.path)
            return web.json_response(_INTERNAL, status=500, dumps=dumps)

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The streams are other hosts at the broker, with no limits published."""
        free = is_control(request) or request.path.startswith(_STREAMS)
        if self._limits is None or free or self._limits.admits(request.method, request.path):
            return await handler(request)
        return _too_many()

    @web.middleware
    async def _admitted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_control(request) or request.path in _OPEN_PATHS:
            return await handler(request)
        if not _PRODUCT.match(request.headers.get("User-Agent", "")):
            raise UnauthorizedError("invalid_user_agent", "User-Agent must be <product>/<version>")
        standing = self._tokens.standing("access", bearer(request.headers.get("Authorization", "")))
        if standing is Standing.REVOKED:
            self._exchange.faults.note(FaultKind.REVOKE_TOKENS)
        if standing is not Standing.GOOD:
            raise UnauthorizedError
        return await handler(request)

    @web.middleware
    async def _faulted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        on = _family(request)
        if on is None or not self._exchange.faults.armed:
            return await handler(request)
        subject = await self._subject(request, on)
        if late := self._take(FaultKind.LATENCY, on, subject):
            await asyncio.sleep(late.seconds)
        if answer := self._answer_before(on, subject):
            return answer
        response = await handler(request)
        return response if response.status >= 400 else await self._answer_after(request, response, on, subject)

    def _answer_before(self, on: On, subject: Subject | None) -> web.Response | None:
        """Nothing is carried out, and this is the answer."""
        if self._take(FaultKind.RATE_LIMITED, on, subject):
            return _too_many()
        if self._take(FaultKind.UNAUTHORIZED_NEXT, on, subject):
            raise UnauthorizedError
        if fault := self._take(FaultKind.ERROR_BEFORE, on, subject):
            return _error(fault)
        page = self._take(FaultKind.HTML_NEXT, on, subject, after=False)
        return _html(page) if page else None

    async def _answer_after(
        self, request: web.Request, response: web.StreamResponse, on: On, subject: Subject | None
    ) -> web.StreamResponse:
        """It was carried out; the client may not learn so."""
        if hang := self._take(FaultKind.HANG_AFTER_ACCEPT, on, subject):
            await asyncio.sleep(hang.seconds)
        if fault := self._take(FaultKind.ERROR_AFTER, on, subject):
            return _error(fault)
        if page := self._take(FaultKind.HTML_NEXT, on, subject, after=True):
            return _html(page)
        if self._take(FaultKind.DROP_ANSWER, on, subject) and request.transport is not None:
            request.transport.abort()
        if isinstance(response, web.Response) and response.text:
            response.text = with_a_garbled_record(response.text, on, self._exchange.faults, self._exchange.book.orders)
        return response

    def _take(self, kind: FaultKind, on: On, subject: Subject | None, *, after: bool | None = None) -> Fault | None:
        return self._exchange.faults.take(kind, on, subject, after=after)

    async def _subject(self, request: web.Request, on: On) -> Subject | None:
        number = request.match_info.get("order_id", "")
        if number.isdigit() and int(number) in self._exchange.book.orders:
            return Subject.of(self._exchange.book.orders[int(number)])
        return _asked_for(await json_body(request)) if on in (On.PLACE, On.DRY_RUN) else None


def _asked_for(body: Any) -> Subject:
    """A complex order's trigger, or the first of its parts, speaks for it."""
    try:
        order = body.get("trigger-order") or (body.get("orders") or [body])[0]
        leg = order["legs"][0]
        return Subject(str(leg["symbol"]), str(leg["action"]).startswith("Buy"), str(order.get("external-identifier")))
    except (AttributeError, KeyError, IndexError, TypeError) as error:
        raise InvalidRequestError([("legs", "is missing")]) from error


def _family(request: web.Request) -> On | None:
    """Which faults a request may meet; None for the streams and the control plane."""
    path = request.path
    if is_control(request) or path.startswith(_STREAMS):
        return None
    if path == "/oauth/token":
        return On.TOKEN
    if path.endswith("/dry-run"):
        return On.DRY_RUN
    if path.startswith(("/market-data", "/api-quote-tokens")):
        return On.QUOTES
    if "orders" not in path:
        return On.READ
    by_method = {"POST": On.PLACE, "PUT": On.REPLACE, "PATCH": On.REPLACE, "DELETE": On.CANCEL}
    return by_method.get(request.method, On.READ)


def _too_many() -> web.Response:
    """No body, and no header that says when to come again."""
    return web.Response(status=429)


def _error(fault: Fault) -> web.Response:
    return web.json_response(_INTERNAL, status=fault.status, dumps=dumps)


def _html(fault: Fault) -> web.Response:
    return web.Response(text=_HTML, status=fault.status, content_type="text/html")
