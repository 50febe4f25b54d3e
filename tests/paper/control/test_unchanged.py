"""Rows that are kept while they are unchanged."""

from paper.control.unchanged import Unchanged


def test_a_row_is_made_once_for_each_version() -> None:
    rows: Unchanged[str] = Unchanged(10)
    made: list[str] = []

    def make(text: str) -> str:
        made.append(text)
        return text

    assert [rows.row("a", version, lambda: make("one")) for version in (1, 1)] == ["one", "one"]
    assert rows.row("a", 2, lambda: make("two")) == "two"
    assert made == ["one", "two"]


def test_the_keys_used_last_are_kept_and_no_more() -> None:
    rows: Unchanged[int] = Unchanged(2)
    for key in ("a", "b", "a", "c"):
        rows.row(key, 1, lambda: 1)
    assert rows.row("a", 1, lambda: 2) == 1
    assert rows.row("b", 1, lambda: 2) == 2
