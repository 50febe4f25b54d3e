"""Preparing a fresh clone: the private files are made once, closed to others, and never overwritten."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Path:
    """The deployment's folder as the repository holds it, without what somebody prepared here."""
    folder = tmp_path / "deploy"
    shutil.copytree(root / "deploy", folder, ignore=shutil.ignore_patterns("*.env", "secrets"))
    return folder


def _prepare(clone: Path) -> None:
    subprocess.run(["sh", str(clone / "scripts" / "prepare")], check=True, timeout=30)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_every_example_becomes_a_file_that_only_its_owner_reads(clone: Path) -> None:
    _prepare(clone)
    made = [path.with_name(path.name.removesuffix(".example")) for path in clone.glob("*.example")]
    assert {path.name for path in made} == {".env", "settings.env", "broker.env", "discord.env", "api.env"}
    assert {_mode(path) for path in made} == {0o600}


def test_the_database_password_is_random_and_behind_a_closed_door(clone: Path) -> None:
    _prepare(clone)
    secret = clone / "secrets" / "postgres_password"
    assert re.fullmatch(r"[0-9a-f]{48}", secret.read_text(encoding="utf-8"))
    assert _mode(secret.parent) == 0o700
    assert _mode(secret) == 0o644  # containers read it as users of their own


def test_a_second_run_keeps_everything(clone: Path) -> None:
    _prepare(clone)
    secret = clone / "secrets" / "postgres_password"
    password = secret.read_text(encoding="utf-8")
    (clone / "settings.env").write_text("ALERTLADDER_MODE=sandbox\n", encoding="utf-8")
    _prepare(clone)
    assert secret.read_text(encoding="utf-8") == password
    assert (clone / "settings.env").read_text(encoding="utf-8") == "ALERTLADDER_MODE=sandbox\n"


def test_what_it_makes_is_never_committed(clone: Path) -> None:
    _prepare(clone)
    subprocess.run(["git", "init", "--quiet", str(clone)], check=True, timeout=30)
    shown = subprocess.run(
        ["git", "-C", str(clone), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    assert not re.search(r"\.env$|\.toml$|secrets/", shown, flags=re.MULTILINE)
