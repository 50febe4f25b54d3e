"""Bugs planted in the real code, one at a time: the checker, which knows nothing of that code, must find each."""

import re

import pytest

from simulation.campaign import verdict_of
from tests.simulation.planted import BUGS, broken_by
from tests.simulation.planted_table import PAGE, Catch, rows

_ROW = re.compile(r"\| (?P<name>[^|]+) \| (?P<caught_by>[\d, ]+) \| (?P<seeds>\d+) \| (?P<first>\d+) \|")


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str) -> None:
    bug = BUGS[name]
    assert broken_by(bug, bug.seed) & bug.caught_by


def test_without_a_bug_their_seeds_break_nothing() -> None:
    assert [seed for seed in sorted({bug.seed for bug in BUGS.values()}) if verdict_of(seed).violations] == []


def test_a_planted_bug_leaves_nothing_behind() -> None:
    bug = BUGS["every order is for the whole size"]
    assert broken_by(bug, bug.seed)
    assert not verdict_of(bug.seed).violations


def test_the_page_lists_every_bug_with_its_invariants_and_its_first_seed() -> None:
    listed = {row["name"]: (row["caught_by"], int(row["first"])) for row in _ROW.finditer(PAGE.read_text("utf-8"))}
    assert listed == {bug.name: (", ".join(map(str, sorted(bug.caught_by))), bug.seed) for bug in BUGS.values()}


def test_a_bug_that_is_found_only_beyond_the_tables_seeds_keeps_its_first_seed() -> None:
    bug = next(iter(BUGS.values()))
    assert f"| 0 | {bug.seed} | - |" in rows([Catch(bug.name, 0, None)])[0]
