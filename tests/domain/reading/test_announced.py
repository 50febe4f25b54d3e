"""Orders whose sentence names the stock first, and then what was done with it."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


def _read(text: str) -> list[str]:
    return [str(alert) for alert in read(text, AT).alerts]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Starting a position in DIS common today, bought 100 shares at 111.35.", "BTO 100 DIS @ 111.35"),
        ("Took a starter in CCJ after all, 50 shares at 97.80.", "BTO 50 CCJ @ 97.80"),
        ("I'm going back into URA, bought 100 shares at 52.10", "BTO 100 URA @ 52.10"),
        ("I'm taking a small flyer on QQQ, one of tomorrow's 626 calls at 1.55.", "BTO 1 QQQ 626c 12/01 @ 1.55"),
        ("New position in GE: 12/18 310 calls at 4.85", "BTO GE 310c 12/18 @ 4.85"),
    ],
)
def test_what_is_begun_is_bought(text: str, order: str) -> None:
    assert _read(text) == [order]


@pytest.mark.parametrize(
    ("text", "count", "fraction"),
    [
        ("Lightened up on KRE, sold 100 of my 300 shares at 63.15 into this pop.", 100, "0.3333"),
        ("Trimmed COST at 921.40, sold a quarter of the shares.", None, "0.2500"),
        ("Stopped out of KRE, the remaining 200 shares went at 61.90.", 200, None),
        ("Exited KO, sold all 150 shares at 71.05.", 150, "1"),
        ("Lightening up on CRM, sold half of the December 18th 240 calls at 5.30", None, "0.5000"),
    ],
)
def test_what_is_left_is_sold_as_far_as_it_says(text: str, count: int | None, fraction: str | None) -> None:
    (alert,) = read(text, AT).alerts
    assert alert.action == "STC"
    assert alert.quantity == count
    assert (None if alert.fraction is None else str(alert.fraction)) == fraction


@pytest.mark.parametrize(
    "text",
    [
        "Lightened up on KRE, bought 100 shares of XLF at 50.",
        "Starting a position in DIS today, sold 100 shares at 111.35",
        "Starting a position in DIS under 110, 100 shares at 109.50 limit.",
        "If it gets there I'm starting a position in DIS, 100 shares at 109.50.",
        "Took a starter in CCJ on paper, 50 shares at 97.80.",
        "Trimmed UBER last week at 91.60, sold a third of the shares.",
        "Somebody in the room trimmed UBER at 91.60, sold a third of the shares.",
        "Reducing XOM, 50 shares at 112 if we get there.",
        "Back in XOM would be nice, bought 100 shares at 110 in 2022.",
        "Out of XOM, bought 100 shares of CVX at 150.20.",
        "Trimmed UBER at 91.60, sold 50 shares at 92.",
        "Started a position in XOM, half of it at 110.20.",
    ],
)
def test_a_plan_another_day_or_two_things_are_none(text: str) -> None:
    assert not _read(text)
