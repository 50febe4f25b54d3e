"""`alertladder report` writes both files from the audit log, and says in a line what went wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from activities.audit.store import AuditStore
from tests.domain.reporting.rows import a_days_trades, rows_of
from workers.cli import app


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "audit" / "audit.duckdb"
    monkeypatch.setenv("ALERTLADDER_AUDIT__PATH", str(path))
    with AuditStore(path) as store:
        store.append(rows_of(*a_days_trades())).result()
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments])


def test_a_day_is_a_page_and_a_picture_and_its_figures(log: Path, tmp_path: Path) -> None:
    result = run("--day", "2026-11-25", "--out", "here")
    assert result.exit_code == 0
    assert "Wed 25 Nov 2026: 9 alerts, 5 traded, 4 refused" in result.stdout
    assert "PAPER: +$266.00 realised before fees, 4 trades filled" in result.stdout
    assert "DRY RUN: +$90.00" in result.stdout
    page, picture = sorted((tmp_path / "here").iterdir())
    assert (page.name, picture.name) == ("report-paper-2026-11-25.html", "report-paper-2026-11-25.png")
    assert "+$266.00" in page.read_text()
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert page.stat().st_mode & 0o777 == 0o600


def test_without_a_folder_they_stand_in_the_state_folder(log: Path, tmp_path: Path) -> None:
    result = run("--since", "2026-11-25", "--day", "2026-11-25")
    assert (result.exit_code, "not both" in result.stderr) == (1, True)
    assert run("--day", "2026-11-24").exit_code == 0
    assert len(list((tmp_path / "var" / "reports").iterdir())) == 2


@pytest.mark.parametrize("day", ["25.11.2026", "2199-01-01"])
def test_a_day_that_is_none_is_an_error_in_a_line(log: Path, day: str) -> None:
    result = run("--day", day)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
