"""Titles: what may stand before an order, and what speaks against it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Unread


@pytest.mark.parametrize(
    "title",
    [
        "kai:",
        "Coach Kai |",
        "From Kai (options lead):",
        "[Desk] [Tier 2]",
        "Trade #3 today:",
        "[10:00:02]",
        "Here it is:",
        "Bea reporting in:",
        "June's turn:",
        "June:",
        "Kai once more:",
        "Against my better judgement:",
        "A+ setup:",
        "Swing (2-3 weeks):",
        "I finally pulled the trigger:",
        "Kids are at school.",
        "<Kai>",
        "Kai »",
        "**Kai**",
        "No. 7:",
        "Risk 1%:",
        "6874 broke.",
        "fr",
    ],
)
def test_a_title_that_says_nothing_against_an_order_leaves_it_as_it_is(title: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{title} BTO HON 230c 12/18 @ 4.00") == one("BTO HON 230c 12/18 @ 4.00")


@pytest.mark.parametrize(
    "title",
    [
        "Recap:",
        "My friend:",
        "Watch list -",
        "Yesterday's winner →",
        "Format:",
        "He said:",
        "Missed it:",
        "[9:31:02]",
        "Paper account:",
        "If it breaks:",
        "Flow bot:",
        "Congress tracker:",
        "Kai bought:",
        "On deck:",
        "Kai's alert:",
        "Above VWAP:",
        "PM high breakout:",
        "Hold of VWAP -",
        "Bullish over the high:",
        "Level to clear:",
        "On volume:",
        "Sanity check:",
        "Good or bad:",
        "Catching up on posts:",
        "Teaser.",
        "Kai's week:",
        "Kai to Bex:",
        "June recap:",
        "Overheard:",
        "Itching to:",
        "Should've:",
        "Hope everyone got in.",
        "Hall of fame:",
        "Post it as:",
        "Inverse me:",
        "[Kai is in]",
    ],
)
def test_a_title_that_tells_plans_or_shows_makes_the_order_none(title: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{title} BTO HON 230c 12/18 @ 4.00")


def test_a_title_without_a_mark_is_no_title(refused: Callable[[str], Unread]) -> None:
    assert refused("Kai BTO HON 230c 12/18 @ 4.00")


def test_a_long_clause_before_a_word_of_stories_is_a_story(refused: Callable[[str], Unread]) -> None:
    assert refused("Everybody in there got very loud about it, bought 3 HON 230c 12/18 @ 4.00")


def test_another_tranche_is_an_add(one: Callable[[str], Alert]) -> None:
    assert one("2nd tranche: BTO HON 230c 12/18 @ 4.00").is_add


@pytest.mark.parametrize("title", ["One off:", "1st tranche:", "Fifty percent off:", "De-risking:", "Piece one |"])
def test_a_close_whose_title_may_say_how_much_is_refused(title: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{title} STC HON 230c 12/18 @ 4.00")


def test_a_day_in_a_title_is_not_dropped(refused: Callable[[str], Unread]) -> None:
    assert refused("11/20: BTO HON 230c 12/18 @ 4.00")


def test_a_part_before_a_close_is_kept(one: Callable[[str], Alert]) -> None:
    assert one("Half: STC HON 230c 12/18 @ 4.00").fraction == Decimal("0.5")


def test_the_symbol_may_stand_in_the_title(one: Callable[[str], Alert]) -> None:
    alert = one("HON: BTO 230c 12/18 @ 4.00")
    assert (alert.action, alert.symbol) == (Action.BTO, "HON")


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("Pike: half of HON 230c 12/18 sold at 6.00", Decimal("0.5")),
        ("Lena → rest of HON 230c 12/18 sold 6.00", Decimal(1)),
        ("All of HON 230c 12/18 off at 6.00. Pike.", Decimal(1)),
        ("Lund: HON 230c 12/18 closed, 6.00", None),
    ],
)
def test_the_verb_may_stand_behind_the_contract(
    text: str, fraction: Decimal | None, one: Callable[[str], Alert]
) -> None:
    alert = one(text)
    assert (alert.action, alert.fraction) == (Action.STC, fraction)


@pytest.mark.parametrize("title", ["Flow:", "Recap:", "Watching:", "kai,", "My book:"])
def test_a_contract_before_its_verb_needs_a_title_that_says_nothing(
    title: str, refused: Callable[[str], Unread]
) -> None:
    assert refused(f"{title} HON 230c 12/18 bought at 4.00")
