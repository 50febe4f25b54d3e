"""Orders in the words of people who write whole sentences."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("I took half of the CRM December 18th 240 calls off at 5.30.", "0.5000"),
        ("Cutting the CRM December 18th 240 calls back by a quarter at 5.30.", "0.2500"),
        ("Three quarters of my CRM December 18th 240 calls are sold at 5.30, the rest I will hold.", "0.7500"),
        ("The rest of the CRM December 18th 240 calls are sold at 5.30.", "1"),
        ("I've sold that CRM December 18th 240 call for 5.30", None),
        ("I was stopped out of my CRM December 18th 240 calls at 5.30", None),
    ],
)
def test_what_is_taken_off_is_sold(text: str, fraction: str | None) -> None:
    (alert,) = read(text, AT).alerts
    assert (str(alert.action), alert.symbol, str(alert.price)) == ("STC", "CRM", "5.30")
    assert (None if alert.fraction is None else str(alert.fraction)) == fraction


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("I'm buying the CAT December 11th 570 calls here for around 8.20.", "BTO CAT 570c 12/11 @ 8.20"),
        ("I have just paid 3.30 for the Exxon (XOM) January 15th 118 calls", "BTO XOM 118c 01/15 @ 3.30"),
        ("I'm picking up a hundred shares of SBUX at 86.20", "BTO 100 SBUX @ 86.20"),
        ("Added the second half of my AMZN January 15 240 calls at 6.20", "BTO AMZN 240c 01/15 @ 6.20"),
        (
            "Buying the GOOGL Jan 21 2028 $310 calls here, between $55 and $56.50.",
            "BTO GOOGL 310c 01/21 @ 56.50",
        ),
        ("ROKU this Friday's 105C @ 1.70", "BTO ROKU 105c 12/04 @ 1.70"),
    ],
)
def test_what_is_bought_is_said_in_many_ways(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    "text",
    [
        "Someone took half of the CRM December 18th 240 calls off at 5.30.",
        "I took half of the CRM December 18th 240 calls off at 5.30 yesterday.",
        "I'm thinking of taking half of the CRM December 18th 240 calls off at 5.30.",
        "The rest of the CRM December 18th 240 calls were sold at 6.50 on Thursday.",
        "The rest of the CRM December 18th 240 calls are sold at 6.50 if it gets there.",
        "Half of the CRM December 18th 240 calls are to be sold at 6.50.",
        "Second half of the CRM December 18th 240 calls at 5.30.",
        "Second half of the CRM December 18th 240 calls bought at 5.30 if it dips.",
        "I was stopped out of my CAT December 11th 570 calls at 6.10 on Thursday.",
        "I've paid 3.30 for the XOM January 15th 118 calls and would not pay more.",
        "I have just paid 3.30 for the XOM January 15th 118 calls, sold them at 5.",
    ],
)
def test_what_is_planned_or_told_is_none(text: str) -> None:
    assert not read(text, AT).alerts
