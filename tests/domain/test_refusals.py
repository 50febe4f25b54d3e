"""Refusals: every reason has its sentence, and its numbers beside it."""

import pytest

from domain.refusals import Refusal, RefusalCode


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
