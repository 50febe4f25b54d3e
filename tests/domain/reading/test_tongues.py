"""First words in other languages, and mistyped ones."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Compré 2 SOFI 29c 12/11 @ 1.10", "BTO 2 SOFI 29c 12/11 @ 1.10"),
        ("vendí la mitad de CHWY 38c 12/11 en 1.60", "STC CHWY 38c 12/11 @ 1.60"),
        ("Kauf: 3x SBUX 90 Call 12/11 zu 1,12", "BTO 3 SBUX 90c 12/11 @ 1.12"),
        ("soild half nflx 115c 12/11 at 2.95", "STC NFLX 115c 12/11 @ 2.95"),
    ],
)
def test_a_first_word_in_another_language_or_mistyped_is_the_verb(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "Compré SOFI 29c 12/11 @ 1.10 ayer",
        "Compré SOFI 29c 12/11 @ 1.10, arriba de 28",
        "Vendo SOFI 29c 12/11 @ 1.60 si llega",
        "vendido SOFI 29c 12/11 @ 1.60",
    ],
)
def test_what_else_is_said_in_another_language_makes_it_none(text: str) -> None:
    assert not read(text, AT).alerts
