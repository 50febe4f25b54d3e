"""The reader as lines of JSON."""

import json

import pytest

from domain.reading.lines import answer_line

POSTED = "2026-11-23T15:00:00Z"


def answer(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(answer_line(json.dumps({"id": 7, "text": text, "posted_at": POSTED})))
    return found


def test_an_alert_has_every_field() -> None:
    assert answer("Lotto: BTO 2 HON 230c 12/18 @ 2.50-2.60 SL 1.8") == {
        "id": 7,
        "alerts": [
            {
                "action": "BTO",
                "symbol": "HON",
                "strike": 230.0,
                "option_type": "call",
                "expiry": "2026-12-18",
                "quantity": 2,
                "price": None,
                "price_range": [2.5, 2.6],
                "fraction": None,
                "partial": False,
                "stop": 1.8,
                "targets": [],
                "label": "lotto",
            }
        ],
        "refused": None,
    }


def test_a_refusal_has_its_code() -> None:
    assert answer("BTO HON 230c @ 2.50")["refused"] == {"code": "incomplete", "detail": "missing: expiry"}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "no id, text, posted_at"),
        ('{"id": 1, "text": "x"}', "no posted_at"),
        ('{"id": 1, "text": 5, "posted_at": "x"}', "strings"),
        ('{"id": 1, "text": "x", "posted_at": "monday"}', "monday"),
        ('{"id": 1, "text": "x", "posted_at": "2026-11-23T15:00:00"}', "time zone"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        answer_line(line)
