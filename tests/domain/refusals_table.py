"""The refusals as docs/refusals.md lists them: `python -m tests.domain.refusals_table` writes them there."""

from collections.abc import Iterator
from pathlib import Path

from domain.refusals import RefusalCode
from domain.settings import DeskPolicy

PAGE = Path(__file__).parents[2] / "docs" / "refusals.md"
BEGIN, END = "<!-- refusals: written by tests/domain/refusals_table.py -->\n", "<!-- end of refusals -->\n"


def table() -> str:
    """Every code: its sentence, who decides it, and the settings that it goes by, with what they are by default."""
    return "\n".join(_lines()) + "\n"


def listed(page: str) -> str:
    """What stands on the page between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0]


def with_table(page: str) -> str:
    """The page with the refusals as they are now."""
    return page.replace(BEGIN + listed(page) + END, BEGIN + table() + END)


def default_of(name: str) -> object:
    """What a setting is unless somebody sets it, as JSON has it; KeyError when there is no such setting."""
    area, _, field = name.partition(".")
    return DeskPolicy().model_dump(mode="json")[area][field]


def _lines() -> Iterator[str]:
    yield "| code | what people read | who decides | goes by |\n|---|---|---|---|"
    for code in RefusalCode:
        settings = "<br>".join(map(_setting, code.settings))
        yield f"| `{code}` | {code.sentence} | {code.decided_by} | {settings} |"


def _setting(name: str) -> str:
    default = default_of(name)
    is_plain = isinstance(default, str | int | float | bool)
    return f"`{name}` ({default})" if is_plain else f"`{name}`"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
