"""What is bought in words of a sale."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "opened 2 DAL 62p 12/18 for 1.35 credit",
        "entered DAL 62p 12/18 @ 1.35 cash secured",
        "CSP entry: DAL 62p 12/18 @ 1.35",
        "SHORT | ENTRY | CRWD 440P | 12/4 | 2.30",
        "CREDIT | ENTRY | CRWD 440P | 12/4 | 2.30",
        "New Position\nShort Put\nHOOD 120P 12/04 @ 2.10",
        "covered 3 SOFI 25p 12/4 @ .15",
        "half off /ES short 6850.25",
    ],
)
def test_words_of_a_sale_beside_a_verb_that_buys_make_it_none(text: str) -> None:
    assert not read(text, AT).alerts


def test_a_hedge_of_shares_is_bought() -> None:
    assert [str(alert) for alert in read("BTO DAL 62p 12/18 @ 1.35 against my shares", AT).alerts] == [
        "BTO DAL 62p 12/18 @ 1.35"
    ]
