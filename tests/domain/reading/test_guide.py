"""The guide for room owners says what the reader does."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.profile import Profiles
from domain.reading import read

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
GUIDE = (Path(__file__).parents[3] / "docs" / "reading.md").read_text("utf-8")
_BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [line.rsplit(" -> ", 1) for block in _BLOCK.findall(GUIDE) for line in block.splitlines()]


@pytest.mark.parametrize(("text", "result"), EXAMPLES)
def test_an_example_of_the_guide(text: str, result: str) -> None:
    reading = read(text.strip().replace("\\n", "\n"), MONDAY)
    refused = reading.refused
    said = "; ".join(map(str, reading.alerts)) if refused is None else f"refused {refused.code}: {refused.detail}"
    assert said == result.strip()


def test_the_guide_s_profile_is_one() -> None:
    written = tomllib.loads(GUIDE.split("```toml\n")[1].split("```")[0])
    assert Profiles.model_validate(written["profiles"]).named("scalps") is not None
