"""The envelopes of the REST answers: one object, a list, a page of a list, an error."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from aiohttp import web

from paper.refusals import InvalidRequestError
from paper.wire.order_json import dumps

_MAX_PER_PAGE = 2000
RowT = TypeVar("RowT")


def one(request: web.Request, data: Any, status: int = 200) -> web.Response:
    """A single object, or anything else under `data`."""
    return web.json_response({"data": data, "context": request.path}, status=status, dumps=dumps)


def listed(request: web.Request, items: Sequence[Any]) -> web.Response:
    """A list without pages."""
    return one(request, {"items": list(items)})


def page(
    request: web.Request,
    rows: Sequence[RowT],
    default: int,
    most: int = _MAX_PER_PAGE,
    *,
    write: Callable[[RowT], Any] = lambda row: row,
) -> web.Response:
    """One page of a list, chosen by `per-page` (at most `most`) and `page-offset`; `write` makes a row's JSON."""
    per_page = min(count(request, "per-page", default), most)
    offset = count(request, "page-offset", 0)
    if per_page < 1:
        raise InvalidRequestError([("per-page", "must be greater than 0")])
    items = [write(row) for row in rows[offset * per_page : (offset + 1) * per_page]]
    pagination = {
        "per-page": per_page,
        "page-offset": offset,
        "item-offset": offset * per_page,
        "total-items": len(rows),
        "total-pages": max(1, -(-len(rows) // per_page)),
        "current-item-count": len(items),
        "previous-link": None,
        "next-link": None,
        "paging-link-template": None,
    }
    body = {"data": {"items": items}, "context": request.path, "pagination": pagination}
    return web.json_response(body, dumps=dumps)


class OnceADay:
    """Answers that are large, asked for often, and the same all day: each is written once."""

    def __init__(self) -> None:
        self._today = date.min
        self._written: dict[str, bytes] = {}

    def answer(self, request: web.Request, today: date, write: Callable[[], Any]) -> web.Response:
        """The answer to this path; `write` makes its `data` when nobody asked today."""
        if self._today != today:
            self._today = today
            self._written.clear()
        if request.path not in self._written:
            self._written[request.path] = dumps({"data": write(), "context": request.path}).encode()
        return web.Response(body=self._written[request.path], content_type="application/json")


def count(request: web.Request, key: str, default: int) -> int:
    """A whole number from the query; InvalidRequestError when it isn't one."""
    text = request.query.get(key)
    if text is None:
        return default
    if not text.isdigit():
        raise InvalidRequestError([(key, "is not a number")])
    return int(text)


def read_day(text: str, key: str) -> date:
    """A day of the query; InvalidRequestError when it isn't one."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequestError([(key, "is not a date")]) from error


def read_moment(text: str, key: str) -> datetime:
    """A moment of the query, with its time zone; InvalidRequestError when it isn't one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequestError([(key, "is not a date-time")]) from error
    if at.tzinfo is None:
        raise InvalidRequestError([(key, "has no time zone")])
    return at


async def json_body(request: web.Request) -> Any:
    """The request's JSON; InvalidRequestError when it can't be read."""
    try:
        return await request.json()
    except ValueError as error:
        raise InvalidRequestError([("body", "is not JSON")]) from error
