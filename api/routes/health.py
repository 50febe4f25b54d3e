"""Whether the process lives, and whether everything that it needs is there. Both answer without a key."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.errors import problem
from api.readiness import Readiness
from domain.frozen import Frozen

router = APIRouter(tags=["health"])


class Alive(Frozen):
    """The process lives."""

    alive: bool = True


class Ready(Frozen):
    """Everything is there."""

    ready: bool = True


@router.get("/healthz")
async def healthz() -> Alive:
    """Whether the process lives."""
    return Alive()


@router.get("/readyz", response_model=Ready)
async def readyz(request: Request) -> Ready | JSONResponse:
    """Whether keys are set, Temporal, desk and audit answer, and the account watch sees; 503 names what does not."""
    readiness: Readiness = request.app.state.readiness
    missing = await readiness.missing(request.app.state.doors)
    if missing:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", f"Missing: {', '.join(missing)}.")
    return Ready()
