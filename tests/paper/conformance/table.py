"""The points as docs/paper-exchange.md lists them: `python -m tests.paper.conformance.table` writes them there."""

from collections.abc import Iterator
from pathlib import Path

from tests.paper.conformance.catalogue import AREAS, POINTS

PAGE = Path(__file__).parents[3] / "docs" / "paper-exchange.md"
BEGIN, END = "<!-- points: written by tests/paper/conformance/table.py -->\n", "<!-- end of points -->\n"


def table() -> str:
    """All points, area by area: what holds, how the exchange behaves, how we know, and how it was broken."""
    return "\n".join(_lines())


def listed(page: str) -> str:
    """What stands on the page between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0]


def with_table(page: str) -> str:
    """The page with the points as they are now."""
    return page.replace(BEGIN + listed(page) + END, BEGIN + table() + END)


def _lines() -> Iterator[str]:
    for area in AREAS:
        name = area.__name__.rpartition(".")[2]
        yield f"### {name}\n\n{(area.__doc__ or '').splitlines()[0]}\n"
        yield "| point | how the exchange behaves | source | fails when |\n|---|---|---|---|"
        for point in POINTS:
            if point.area == name:
                yield f"| {point.name} | {point.behaviour} | {point.source} | {'; '.join(point.breaks)} |"
        yield ""


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
