"""Refusals: every reason has its sentence, and its numbers beside it."""

import pytest

from domain.refusals import Refusal, RefusalCode
from tests.domain.refusals_table import PAGE, default_of, listed, table


@pytest.mark.parametrize("code", RefusalCode)
def test_every_reason_is_one_sentence_for_people(code: RefusalCode) -> None:
    assert code.sentence[0].isupper()
    assert code.sentence.endswith(".")
    assert "_" not in code.sentence


def test_no_two_reasons_read_the_same() -> None:
    assert len({code.sentence for code in RefusalCode}) == len(RefusalCode)


def test_a_refusal_reads_as_its_sentence_and_its_numbers() -> None:
    refusal = Refusal(code=RefusalCode.TOO_OLD, detail="12.3 s, at most 10 s")
    assert str(refusal) == "The alert is older than the maximum age. (12.3 s, at most 10 s)"


def test_a_refusal_without_numbers_is_its_sentence_alone() -> None:
    assert str(Refusal(code=RefusalCode.NO_QUOTE)) == RefusalCode.NO_QUOTE.sentence


def test_the_page_lists_the_refusals_as_they_are() -> None:
    assert listed(PAGE.read_text()) == table(), "run python -m tests.domain.refusals_table"


@pytest.mark.parametrize("code", RefusalCode)
def test_what_a_refusal_goes_by_is_a_setting_that_there_is(code: RefusalCode) -> None:
    for name in code.settings:
        default_of(name)


def test_every_reason_is_given_somewhere() -> None:
    """A code that nothing ever gives would be a promise on the page that nobody keeps."""
    root = PAGE.parents[1]
    source = "".join(
        path.read_text()
        for package in ("domain", "activities", "workflows")
        for path in (root / package).rglob("*.py")
        if path.name != "refusals.py"
    )
    assert [code for code in RefusalCode if f"RefusalCode.{code.name}" not in source] == []
