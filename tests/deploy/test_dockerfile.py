"""The image holds what the wheel is built from, nothing else, and runs without privileges."""

import re
import tomllib
from pathlib import Path

import pytest


@pytest.fixture
def dockerfile(root: Path) -> str:
    return (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def _packages(root: Path) -> set[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def test_every_package_of_the_wheel_is_copied(root: Path, dockerfile: str) -> None:
    folders = re.findall(r"^COPY (\w+) \1$", dockerfile, flags=re.MULTILINE)
    assert set(folders) == _packages(root)


def test_what_is_copied_is_let_into_the_build(root: Path, dockerfile: str) -> None:
    copied = [line.split()[1:-1] for line in dockerfile.splitlines() if re.match(r"COPY (?!--)", line)]
    ignore = (root / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignore[0] == "*"
    assert {name for names in copied for name in names} == {line[1:] for line in ignore if line.startswith("!")}


def test_every_download_is_checked_against_the_lock(dockerfile: str) -> None:
    fetching = [line for line in dockerfile.splitlines() if "pip download" in line]
    assert len(fetching) == 1
    assert "--require-hashes" in fetching[0]
    assert "pip install --no-index" in dockerfile


def test_the_image_runs_without_privileges(dockerfile: str) -> None:
    users = re.findall(r"^USER (\w+)$", dockerfile, flags=re.MULTILINE)
    assert users == ["10001"]


def test_the_interpreter_is_the_one_the_lock_was_made_for(root: Path, dockerfile: str) -> None:
    wanted = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["python_version"]
    assert set(re.findall(r"^FROM python:([\d.]+)-", dockerfile, flags=re.MULTILINE)) == {wanted}
