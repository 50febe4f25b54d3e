"""What is asked of the audit log, and what it answers. Every answer is bounded in rows and in bytes."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from domain.audit import AuditEvent, AuditKind
from domain.chain import Mark
from domain.frozen import Frozen

MAX_PAGE_ROWS = 500
MAX_PAGE_BYTES = 900_000  # Temporal warns at 512 KB and refuses at 2 MB; this leaves room for its own encoding

PageLimit = Annotated[int, Field(ge=1, le=MAX_PAGE_ROWS)]


class AuditQuery(Frozen):
    """The newest rows first, of one trade or one kind when given. `before` is the last page's `next_seq`."""

    limit: PageLimit = 20
    before: int | None = None
    workflow_id: str | None = None
    kind: AuditKind | None = None


class TradeAuditQuery(Frozen):
    """One trade's story, oldest row first. `after` is the last page's `next_seq`."""

    workflow_id: str
    limit: PageLimit = MAX_PAGE_ROWS
    after: int = 0


class SpanAuditQuery(Frozen):
    """What happened in a span of time, of these kinds, in the log's order. `until` is out; `after` as above."""

    since: AwareDatetime
    until: AwareDatetime
    kinds: tuple[AuditKind, ...]
    limit: PageLimit = MAX_PAGE_ROWS
    after: int = 0


class AuditRow(Frozen):
    """One row of the log. `abridged` rows were too large for a page: their payload is only in the export."""

    seq: int
    event: AuditEvent
    hash: str
    abridged: bool = False


class AuditPage(Frozen):
    """Some rows, and where to go on: `next_seq` is None on the last page."""

    rows: tuple[AuditRow, ...]
    next_seq: int | None
    head: Mark


class ExportFormat(StrEnum):
    """How the log can be taken out."""

    PARQUET = "parquet"
    CSV = "csv"


class ExportRequest(Frozen):
    """Write the whole log, as it stands, into the exports folder."""

    format: ExportFormat


class ExportReceipt(Frozen):
    """The file that was written (an absolute path on the owner's machine), its rows, and the head it ends with."""

    path: str
    rows: int
    head: Mark
