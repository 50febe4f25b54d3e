"""The command as people run it: a process, its output and its exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

ALERTLADDER = str(Path(sys.executable).with_name("alertladder"))


def run(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "ALERTLADDER_TEMPORAL__ADDRESS": "127.0.0.1:1"}
    return subprocess.run(
        [ALERTLADDER, *words], cwd=folder, env=env, input=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help")
    assert shown.returncode == 0
    for command in ("up", "alert", "trades", "trade", "parse", "config", "audit", "demo", "paper"):
        assert f" {command} " in shown.stdout


@pytest.mark.parametrize("words", [("trades",), ("trade", "alert-1-2"), ("alert", "BTO UBER 78p 12/05 @ 0.75")])
def test_without_a_server_it_says_so_in_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "alertladder: no Temporal server at 127.0.0.1:1: is `alertladder up` running?\n"


def test_a_bad_line_to_parse_is_named_by_its_number(tmp_path: Path) -> None:
    done = run(tmp_path, "parse", given="not json\n")
    assert done.returncode == 1
    assert done.stderr.startswith("alertladder: line 1: ")


def test_config_prints_what_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "alertladder.toml").write_text("[exit]\nprofit_percent = 80\n")
    done = run(tmp_path, "config")
    assert done.returncode == 0
    assert 'exit.profit_percent = "80"' in done.stdout.splitlines()


def test_an_unknown_option_is_an_error_of_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "trades", "--nonsense").returncode == 2
