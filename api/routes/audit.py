"""The audit log, newest rows first."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.doors import ToDoors
from domain.audit import AuditKind
from domain.audit_queries import AuditPage, AuditQuery

router = APIRouter(tags=["audit"])


@router.get("/audit")
async def audit(
    doors: ToDoors,
    limit: Annotated[int, Query(ge=1, le=500)] = 20,
    before: Annotated[int | None, Query(gt=0, lt=2**63, description="The last page's `next_seq`.")] = None,
    workflow_id: Annotated[str | None, Query(max_length=100, description="Only this trade's.")] = None,
    kind: Annotated[AuditKind | None, Query(description="Only this kind of step.")] = None,
) -> AuditPage:
    """Show the newest rows, newest first, page by page."""
    return await doors.audit.audit_recent(AuditQuery(limit=limit, before=before, workflow_id=workflow_id, kind=kind))
