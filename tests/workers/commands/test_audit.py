"""`alertladder audit` says what the log holds, with its owner and without, and fails in one line."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from typer.testing import CliRunner, Result

from activities.audit.activities import DuckDbAudit
from activities.audit.store import AuditStore
from activities.interfaces import AUDIT_QUEUE
from domain.audit import AuditKind
from tests.activities.audit.events import event, events, meddling
from workers.commands.audit import app

TEMPORAL = Path(sys.executable).with_name("temporal")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTLADDER_AUDIT__PATH", str(tmp_path / "audit" / "audit.duckdb"))
    return tmp_path / "audit" / "audit.duckdb"


@pytest.fixture
def log(path: Path) -> Path:
    fill = event(3, kind=AuditKind.FILL, symbol="UBER", quantity=2, price="0.75", detail="entry filled 2 @ 0.75")
    with AuditStore(path) as store:
        store.append([*events(1, 2), fill, event(1, workflow_id="alert-9-9")]).result()
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def test_recent_is_a_table_of_the_newest_rows_first(log: Path) -> None:
    result = run("recent", "--limit", "2")
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if "alert-" in line]
    assert len(lines) == 2
    assert "alert-9-9" in lines[0]
    for word in ("3", "11-23 15:00:03.000", "alert-1-2", "fill", "UBER", "0.75", "entry filled 2 @ 0.75"):
        assert word in lines[1]


def test_recent_as_json_is_one_whole_row_a_line(log: Path) -> None:
    rows = [json.loads(line) for line in run("recent", "--json", "--trade", "alert-1-2").stdout.splitlines()]
    assert [row["seq"] for row in rows] == [3, 2, 1]
    assert (rows[0]["event"]["price"], rows[0]["event"]["kind"], len(rows[0]["hash"])) == ("0.75", "fill", 64)


def test_recent_can_be_narrowed_to_a_kind(log: Path) -> None:
    assert [json.loads(line)["seq"] for line in run("recent", "--json", "--kind", "fill").stdout.splitlines()] == [3]
    assert run("recent", "--kind", "cancel").stdout == "no rows\n"


def test_recent_goes_on_over_as_many_pages_as_asked_for(path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 1100)).result()
    rows = run("recent", "--json", "--limit", "1050").stdout.splitlines()
    assert [json.loads(row)["seq"] for row in rows] == list(range(1100, 50, -1))


def test_hostile_text_is_shown_and_not_obeyed(path: Path) -> None:
    with AuditStore(path) as store:
        store.append([event(1, detail="\x1b[2J[bold]x[/bold]\x07")]).result()
    shown = run("recent").stdout
    assert "\x1b[2J" not in shown
    assert "�[2J[bold]x[/bold]�" in shown


def test_verify_says_rows_and_head(log: Path) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "4 rows read, proved up to 4 " in result.stdout
    assert "the chain is whole" in result.stdout


def test_verify_names_the_first_fault_and_fails(log: Path) -> None:
    with meddling(log) as connection:
        connection.execute("UPDATE audit SET price = 0.76 WHERE seq = 3")
    result = run("verify")
    assert result.exit_code == 1
    assert "proved up to 2 " in result.stdout
    assert "FAULT at row 3: altered: its content is not what was written" in result.stdout


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_export_puts_the_file_where_it_is_wanted(log: Path, tmp_path: Path, form: str) -> None:
    result = run("export", "--format", form, "--to", str(tmp_path / "out"))
    assert result.exit_code == 0
    written = tmp_path / "out" / f"audit-4.{form}"
    assert written.stat().st_size > 0
    assert result.stdout.splitlines()[-1] == str(written)


@pytest.mark.parametrize("command", ["recent", "verify", "export"])
def test_a_missing_log_is_one_line_and_a_failure(path: Path, command: str) -> None:
    result = run(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: no_audit_log: there is no audit log at {path}\n"


def test_an_owner_without_temporal_is_one_line_and_a_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_TEMPORAL__ADDRESS", "127.0.0.1:1")
    with AuditStore(path):
        result = run("verify")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: no Temporal server at 127.0.0.1:1")
    assert result.stderr.count("\n") == 1


async def test_while_a_worker_owns_the_file_it_is_asked(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(TEMPORAL), data_converter=pydantic_data_converter
    ) as environment:
        monkeypatch.setenv("ALERTLADDER_TEMPORAL__ADDRESS", environment.client.service_client.config.target_host)
        monkeypatch.setenv("ALERTLADDER_TEMPORAL__NAMESPACE", environment.client.namespace)
        with AuditStore(log) as store:
            served = DuckDbAudit(store).served
            async with Worker(environment.client, task_queue=AUDIT_QUEUE, activities=served):
                verified = await asyncio.to_thread(run, "verify")
                listed = await asyncio.to_thread(run, "recent", "--json")
                exported = await asyncio.to_thread(run, "export", "--format", "csv")
    assert "4 rows read" in verified.stdout
    assert len(listed.stdout.splitlines()) == 4
    assert exported.stdout.splitlines()[-1] == str(log.parent / "exports" / "audit-4.csv")
