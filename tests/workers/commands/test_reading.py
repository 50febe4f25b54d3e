"""Trying the reader from the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workers.cli import app
from workers.commands.reading import NoProfile

_PROFILES = """
[profiles.by_name.scalps]
price_in_cents = true
no_verb_means_bto = true

[profiles.authors]
7 = "scalps"
"""
_LINE = '{"id": 1, "text": "UBER 78p 12/04 @ 75 here", "posted_at": "2026-11-23T15:00:00Z"}\n'


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alertladder.toml").write_text(_PROFILES)


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, words, input=given)


def test_a_profile_can_be_tried() -> None:
    assert '"code": "incomplete"' in run("parse", given=_LINE).stdout
    assert '"price": 0.75' in run("parse", "--profile", "scalps", given=_LINE).stdout


def test_a_profile_that_is_not_there_is_named() -> None:
    failed = run("parse", "--profile", "swings").exception
    assert isinstance(failed, NoProfile)
    assert str(failed) == "no profile swings; there are: scalps"


def test_a_reading_is_explained_piece_by_piece() -> None:
    shown = run("parse", "--explain", "BTO UBER 78p weekly @ 0.75 or 0.80").stdout
    assert "strike 78, side put" in shown
    assert "two prices: 0.75 or 0.80 - its author is told" in shown


def test_config_shows_the_profiles() -> None:
    shown = run("config").stdout.splitlines()
    assert "profiles.by_name.scalps.price_in_cents = true" in shown
    assert 'profiles.authors.7 = "scalps"' in shown
