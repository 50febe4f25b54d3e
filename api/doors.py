"""What the routes reach: the doors to desk, trades and account, the audit store, and who is asking."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request

from activities.audit_queries import AuditQueries
from activities.kill_mark import KillMark
from api.errors import ApiError
from api.keys import Caller
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor
from workflows.front_door import FrontDoor
from workflows.trade_door import TradeDoor


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """All of one account. `channel_id` and `author_id` are whom an alert speaks as that names nobody."""

    front: FrontDoor
    desk: DeskDoor
    trades: TradeDoor
    account: AccountDoor
    audit: AuditQueries
    mark: KillMark
    channel_id: int
    author_id: int


def _doors(request: Request) -> Doors:
    doors: Doors | None = request.app.state.doors
    if doors is None:  # the process lives, and is still looking for its Temporal server
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "no_temporal", "The Temporal server was not reached yet.")
    return doors


def _caller(request: Request) -> Caller:
    caller: Caller = request.scope["caller"]  # the gate let nobody pass without
    return caller


def _now() -> datetime:
    return datetime.now(UTC)


ToDoors = Annotated[Doors, Depends(_doors)]
ByCaller = Annotated[Caller, Depends(_caller)]
Now = Annotated[datetime, Depends(_now)]
