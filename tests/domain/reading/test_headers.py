"""Headers that bots write: the action is the verb, and the name is nobody's business."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Unread


@pytest.mark.parametrize(
    ("header", "action"),
    [
        ("PulseBot\n@kai | ENTRY", Action.BTO),
        ("PulseBot\nIN • Kai", Action.BTO),
        ("ENTRY ALERT by Kai", Action.BTO),
        ("PulseBot\nKai • EXIT ALL", Action.STC),
        ("OUT - Kai", Action.STC),
        ("CLOSED ALL • kai", Action.STC),
    ],
)
def test_a_header_s_word_is_the_verb(header: str, action: Action, one: Callable[[str], Alert]) -> None:
    assert one(f"{header}\nHON 230c 12/18 @ 4.00").action is action


@pytest.mark.parametrize("header", ["SCALE • Kai", "PARTIAL CLOSE | Kai", "PulseBot\nKai • PARTIAL EXIT"])
def test_a_header_s_part_is_never_taken_for_a_name(header: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{header}\nHON 230c 12/18 @ 4.00").partial


def test_a_header_says_how_much(one: Callable[[str], Alert]) -> None:
    assert one("PulseBot\n@kai | TRIM 50%\nHON 230c 12/18\n@ 4.00").fraction == Decimal("0.5")


@pytest.mark.parametrize("header", ["ENTRY | Whale", "Pelosi | ENTRY", "ENTRY • Paper", "FlowBot: Kai bought"])
def test_a_header_that_names_somebody_else_stays(header: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{header}\nHON 230c 12/18 @ 4.00")


@pytest.mark.parametrize("tag", ["[tag:  ]", "[trader:   ]"])
def test_a_tag_without_a_name_says_nothing(tag: str, one: Callable[[str], Alert]) -> None:
    assert str(one(f"{tag} BTO HON 230c 12/18 @ 4.00")) == "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("#31 bought 2 SOFI $27 calls 12/11 for 0.68 each ($136 total)", "BTO 2 SOFI 27c 12/11 @ 0.68"),
        ("#34 filled, bought 1 CCL $29 call 12/18 for 0.75 ($75 total)", "BTO 1 CCL 29c 12/18 @ 0.75"),
        ("#31 closed, sold the last SOFI $27 call 12/11 for 1.02 (+$34)", "STC SOFI 27c 12/11 @ 1.02"),
        ("#34 added 1 CCL $29 call 12/18 for 0.66 ($66 total), avg 0.705", "BTO 1 CCL 29c 12/18 @ 0.66"),
    ],
)
def test_a_trade_s_number_before_its_verb_says_nothing(text: str, order: str, one: Callable[[str], Alert]) -> None:
    assert str(one(text)) == order


@pytest.mark.parametrize(
    "text", ["#31 planned: buy 2 SOFI $27 calls 12/11 for 0.68", "#1 bought last week: SOFI $27 calls 12/11 at 0.68"]
)
def test_a_number_before_anything_else_is_not_passed_over(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text)
