"""Every refusal in one shape: `{"error": {"code", "message"}}`, whoever refuses, and never a stack trace."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from temporalio.service import RPCError

from domain.errors import AlertladderError, RetryableError
from domain.frozen import Frozen
from workflows.account_door import UnknownPass
from workflows.desk_door import NoDesk
from workflows.trade_door import BadCursor, TradeOver, UnknownTrade

log = logging.getLogger(__name__)
_MOST_FAULTS = 5  # told of one request
_LONGEST_FAULT = 200  # characters

# What our own errors are in HTTP: a status, a code, and whether the message says it or our log does.
_OURS: tuple[tuple[type[AlertladderError], HTTPStatus, str, str | None], ...] = (
    (UnknownTrade, HTTPStatus.NOT_FOUND, "no_such_trade", None),
    (UnknownPass, HTTPStatus.NOT_FOUND, "no_such_reconciliation", None),
    (TradeOver, HTTPStatus.CONFLICT, "trade_over", None),
    (BadCursor, HTTPStatus.BAD_REQUEST, "bad_cursor", None),
    (
        NoDesk,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_desk",
        "The desk does not answer. Look how it stands before asking again.",
    ),
    (RetryableError, HTTPStatus.SERVICE_UNAVAILABLE, "unanswered", "Who would know does not answer now: try again."),
)


class Problem(Frozen):
    """What was wrong: a code for programs, a sentence for people."""

    code: str
    message: str


class ProblemAnswer(Frozen):
    """The body of every answer that refuses."""

    error: Problem


class ApiError(AlertladderError):
    """A refusal of the API's own."""

    def __init__(self, status: HTTPStatus, code: str, message: str, **headers: str) -> None:
        """`headers` with underscores for hyphens."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def answer(self) -> JSONResponse:
        """As it is sent."""
        return problem(self.status, self.code, self.message, self.headers)


def problem(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer that refuses."""
    body = ProblemAnswer(error=Problem(code=code, message=message))
    return JSONResponse(body.model_dump(), status_code=status, headers=dict(headers or {}))


def answer_errors(app: FastAPI) -> None:
    """Put every error that a route may raise into the one shape; what nobody expects is the gate's."""
    app.exception_handler(ApiError)(_refused)
    app.exception_handler(HTTPException)(_by_the_framework)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(RPCError)(_unanswered)
    for kind, *_ in _OURS:
        app.exception_handler(kind)(_ours)


async def _refused(_request: Request, error: ApiError) -> JSONResponse:
    return error.answer


async def _ours(_request: Request, error: AlertladderError) -> JSONResponse:
    for kind, status, code, sentence in _OURS:
        if isinstance(error, kind):
            if sentence is not None:
                log.warning("%s: %s", code, error)
            return problem(status, code, sentence or str(error))
    raise error


async def _unanswered(request: Request, error: RPCError) -> JSONResponse:
    return await _ours(request, RetryableError(f"Temporal could not be asked: {error.message}"))


async def _by_the_framework(_request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    return problem(status, status.name.lower(), f"{error.detail}.", error.headers)


async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    message = "; ".join(_fault(fault) for fault in _first(error.errors()))
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message)


def _first(faults: Sequence[Any]) -> Sequence[Any]:
    return faults[:_MOST_FAULTS]


def _fault(fault: Mapping[str, Any]) -> str:
    """Where and why; what was sent is not repeated."""
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}"[:_LONGEST_FAULT].encode("utf-8", "replace").decode()
