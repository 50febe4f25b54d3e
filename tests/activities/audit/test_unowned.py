"""A file without an owner is read as it lies, and left as it lay."""

import asyncio
from pathlib import Path

import pytest

from activities.audit.ownership import AuditFileInUse
from activities.audit.store import AuditStore
from activities.audit.unowned import unowned_audit
from activities.audit_queries import AuditQueries
from domain.audit_queries import AuditPage, AuditQuery, ExportFormat, ExportReceipt, ExportRequest, TradeAuditQuery
from domain.chain import Verdict
from domain.errors import InvariantError, RefusedError
from tests.activities.audit.events import TRADE, events


async def ask_everything(audit: AuditQueries) -> tuple[AuditPage, AuditPage, Verdict, ExportReceipt]:
    return (
        await audit.audit_recent(AuditQuery(limit=2)),
        await audit.audit_trade(TradeAuditQuery(workflow_id=TRADE)),
        await audit.audit_verify(),
        await audit.audit_export(ExportRequest(format=ExportFormat.PARQUET)),
    )


def test_every_question_is_answered_and_nothing_changes(path: Path) -> None:
    with AuditStore(path) as store:
        head = store.append(events(1, 3)).result()
    before = path.read_bytes()
    with unowned_audit(path) as audit:
        newest, trade, verdict, receipt = asyncio.run(ask_everything(audit))
    assert ([row.seq for row in newest.rows], [row.seq for row in trade.rows]) == ([3, 2], [1, 2, 3])
    assert (verdict.head, verdict.fault) == (head, None)
    assert Path(receipt.path).exists()
    assert path.read_bytes() == before


def test_a_file_with_an_owner_is_left_to_it(store: AuditStore) -> None:
    with pytest.raises(AuditFileInUse), unowned_audit(store.path):
        pass


def test_no_owner_can_come_in_meanwhile_and_one_can_after(path: Path) -> None:
    AuditStore(path).close()
    with unowned_audit(path), pytest.raises(AuditFileInUse), unowned_audit(path):
        pass
    AuditStore(path).close()


def test_a_missing_file_is_said_so_and_not_made(path: Path) -> None:
    with pytest.raises(RefusedError, match="there is no audit log"), unowned_audit(path):
        pass
    assert not path.parent.exists()


def test_something_else_in_its_place_is_one_clear_error(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database" * 1000)
    with pytest.raises(InvariantError, match="can't be read"), unowned_audit(path):
        pass
