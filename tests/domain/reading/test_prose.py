"""Orders told in whole sentences, with what leads to them."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


def _read(text: str) -> list[str]:
    return [str(alert) for alert in read(text, AT).alerts]


@pytest.mark.parametrize(
    "lead",
    [
        "CRM is through the level, so I went ahead and",
        "CRM is over 235, so I",
        "CRM held its 50-day again, so I just",
        "With CRM finally out of its base I",
        "I am constructive on CRM and",
        "CRM finally cleared the base,",
    ],
)
def test_a_symbol_that_only_the_lead_names_is_the_orders(lead: str) -> None:
    assert _read(f"{lead} bought the December 18th 240 calls at 4.10.") == ["BTO CRM 240c 12/18 @ 4.10"]


@pytest.mark.parametrize(
    "lead", ["For protection I", "As a hedge I", "On that flush I", "Semis look tired, so I", "So I just", "So I have"]
)
def test_what_leads_to_an_order_says_nothing_to_it(lead: str) -> None:
    assert _read(f"{lead} bought the SPY December 4th 675 puts at 1.40") == ["BTO SPY 675p 12/04 @ 1.40"]


@pytest.mark.parametrize(
    "lead",
    [
        "If CRM is through the level, I",
        "CRM over 235, so I",
        "CRM is through the level, so they",
        "CRM is through the level, so Mike",
        "CRM is through the level, so I would have",
        "CRM is a name that I sold last week, so I",
        "I was bearish on CRM and",
        "Her fund likes CRM and",
        "A friend likes CRM,",
        "With CRM at the highs back in October I",
        "CRM and TSLA are strong, so I",
        "SPY is through the level, so I",
        "I sold CRM and",
        "With hindsight on CRM I",
    ],
)
def test_a_condition_another_person_or_another_day_is_no_lead(lead: str) -> None:
    assert not _read(f"{lead} bought the December 18th 240 calls at 4.10.")


def test_shares_take_the_symbol_of_their_lead_as_well() -> None:
    assert _read("SBUX reclaimed the 200-day, so I just bought 100 shares at 86.40.") == ["BTO 100 SBUX @ 86.40"]
    assert not _read("SBUX reclaimed the 200-day, so I would buy 100 shares at 86.40.")
    assert not _read("SBUX reclaimed the 200-day, so I bought 100 shares at 86.40 last week.")


def test_what_is_sold_for_income_is_not_taken_for_a_close() -> None:
    assert _read("Into that dip I sold one of the two SPY December 4th 675 puts at 1.75.")
    assert not _read("For income I sold two XOM January 15th 125 calls at 1.10.")
