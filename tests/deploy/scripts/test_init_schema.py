"""The schema job's calls of Temporal's own tool, which a stand-in notes: the tool itself is in no package index."""

from pathlib import Path

import pytest

from tests.deploy.parts import Recorder, Script

CONNECTION = "--plugin postgres12 --ep postgres -p 5432 -u temporal"
SECRET = "not on the command line"


@pytest.fixture
def password(tmp_path: Path) -> str:
    path = tmp_path / "password"
    path.write_text(SECRET, encoding="utf-8")
    return str(path)


def test_both_databases_are_made_and_then_brought_up_to_date(recorder: Recorder, script: Script, password: str) -> None:
    recorder.stand_in_for("temporal-sql-tool")
    done = script("init-schema.sh", PATH=str(recorder.folder), SQL_PASSWORD_FILE=password)
    assert done.returncode == 0, done.stderr
    versions = "/etc/temporal/schema/postgresql/v12/{}/versioned"
    assert recorder.calls == [
        f"{CONNECTION} --db {database} {step}"
        for database, schema in (("temporal", "temporal"), ("temporal_visibility", "visibility"))
        for step in ("create", "setup-schema -v 0.0", f"update-schema -d {versions.format(schema)}")
    ]


def test_the_password_goes_by_environment_not_by_argument(recorder: Recorder, script: Script, password: str) -> None:
    recorder.stand_in_for("temporal-sql-tool", also='[ "$SQL_PASSWORD" = "not on the command line" ] || exit 9')
    done = script("init-schema.sh", PATH=str(recorder.folder), SQL_PASSWORD_FILE=password)
    assert done.returncode == 0, done.stderr
    assert all(SECRET not in call for call in recorder.calls)


def test_a_step_that_fails_stops_the_job(recorder: Recorder, script: Script, password: str) -> None:
    recorder.stand_in_for("temporal-sql-tool", failing_on="setup-schema")
    done = script("init-schema.sh", PATH=str(recorder.folder), SQL_PASSWORD_FILE=password)
    assert done.returncode != 0
    assert len(recorder.calls) == 2


def test_without_a_password_file_nothing_is_tried(recorder: Recorder, script: Script, tmp_path: Path) -> None:
    recorder.stand_in_for("temporal-sql-tool")
    assert script("init-schema.sh", PATH=str(recorder.folder)).returncode != 0
    missing = str(tmp_path / "missing")
    assert script("init-schema.sh", PATH=str(recorder.folder), SQL_PASSWORD_FILE=missing).returncode != 0
    assert recorder.calls == []
