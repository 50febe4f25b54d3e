"""The application: the routes behind the gate, and what the OpenAPI document says of all of them."""

from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.security import APIKeyHeader, HTTPBearer

from api.doors import Doors
from api.errors import ProblemAnswer, answer_errors
from api.gate import Gate
from api.keys import Keys
from api.rate import Buckets
from api.readiness import Readiness
from api.routes import account, alerts, audit, desk, health, policy, trades

_OF_EVERYBODY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
_BEHIND_A_KEY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def create_app(keys: Keys, rate: Buckets, doors: Doors | None = None) -> FastAPI:
    """The API. `doors` may come later, as `app.state.doors`: until then it answers that it is not ready.

    There is no page at /docs: FastAPI's loads its scripts from elsewhere. /openapi.json describes everything.
    """
    app = FastAPI(
        title="alertladder",
        description="A trade alert becomes a managed trade at TastyTrade, durably.",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_problems(_OF_EVERYBODY),
    )
    app.state.doors = doors
    app.state.readiness = Readiness(has_keys=not keys.is_empty)
    app.include_router(health.router)
    # The gate asks for the key; these two say so in the OpenAPI document.
    shown = [Depends(HTTPBearer(auto_error=False)), Depends(APIKeyHeader(name="X-API-Key", auto_error=False))]
    for area in (alerts, trades, desk, policy, account, audit):
        app.include_router(area.router, prefix="/v1", dependencies=shown, responses=_problems(_BEHIND_A_KEY))
    answer_errors(app)
    app.add_middleware(Gate, keys=keys, rate=rate)
    return app


def _problems(statuses: tuple[HTTPStatus, ...]) -> dict[int | str, dict[str, Any]]:
    return {int(status): {"model": ProblemAnswer, "description": status.phrase} for status in statuses}
