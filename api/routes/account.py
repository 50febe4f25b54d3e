"""Comparing the account with the trades, asked for by hand."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from api.doors import ByCaller, ToDoors
from api.routes.trades import Asked
from domain.command import OperatorDid
from workflows.account_door import Pass

router = APIRouter(prefix="/reconciliations", tags=["account"])


@router.post("", status_code=HTTPStatus.ACCEPTED)
async def reconcile(doors: ToDoors, caller: ByCaller) -> Asked:
    """Start comparing the account with the trades: it heals what may be healed, and reports what is left."""
    await doors.desk.operator_did(OperatorDid(by=caller.person, what="reconcile"))
    return Asked(workflow_id=await doors.account.reconcile())


@router.get("/{workflow_id}")
async def reconciliation(workflow_id: Annotated[str, Path(max_length=100, pattern="^[!-~]+$")], doors: ToDoors) -> Pass:
    """Where one stands that was asked for here, and its report when it is done."""
    return await doors.account.look(workflow_id)
