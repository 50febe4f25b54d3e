"""An order runs on with known words only; what is told, asked, taken back or added to a list behind it is none."""

from collections.abc import Callable

import pytest

from domain.alert import Alert, Unread

ORDER = "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize(
    "behind",
    [
        " rescued my week",
        " bankrolls the beach house",
        " and dumped them into the close",
        " as agreed with the boss",
        " to the scoreboard",
        " hinges on the bond auction",
        " come Wednesday",
        " the other night",
        " a few weeks back",
        " during Friday's fade",
        " sobald 232 bricht",
        " cuando abra",
    ],
)
def test_an_order_does_not_run_on_with_a_story(behind: str, refused: Callable[[str], Unread]) -> None:
    assert refused(ORDER + behind)


@pytest.mark.parametrize(
    "behind",
    [
        ", schwab hung on me",
        ", it gapped past my limit",
        ", order got eaten",
        ", count me out",
        ", must hold 228, else skip",
        ", needs 232 first",
        ", took the L",
        ", monday open",
        " bought my lunch",
        " HOD 6.40",
        " working order",
        " \U0001f44e",
        ", talked myself out of it",
        ", thoughts everyone",
        ", lmk what you think",
        ", what would you do\u2753",
        ", a\u00fan no",
        " \u274c",
        " (symbol, strike, expiry, price)",
    ],
)
def test_what_is_not_done_or_asked_behind_a_mark_is_no_order(behind: str, refused: Callable[[str], Unread]) -> None:
    assert refused(ORDER + behind)


@pytest.mark.parametrize(
    "behind",
    ["*AMD", "*235c", "AMD*", "*calls, sorry", "235", "AMD", "its 235 not 230", "make it January", "strike is 235"],
)
def test_another_piece_of_the_contract_below_corrects_it(behind: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"BTO HON 230p 12/18 @ 4.00\n{behind}")


def test_in_a_diff_the_line_with_a_minus_is_what_was_there_before(one: Callable[[str], Alert]) -> None:
    assert one(f"```diff\n- BTO HON 225c 12/18 @ 4.00\n+ {ORDER}\n```").strike == 230


@pytest.mark.parametrize(
    "behind",
    [
        " small size, stop 3.00",
        " for a bounce off the 50dma",
        " swing into earnings, risking 1%",
        " nice inside day setup",
        " against my shares",
        "\n*not financial advice",
        ", broke out of the wedge and retested",
        " to the long term account",
        " \u2705",
        "\n\u274c SL 3.00",
    ],
)
def test_size_levels_the_chart_and_good_wishes_leave_an_order_what_it_is(
    behind: str, one: Callable[[str], Alert]
) -> None:
    assert one(ORDER + behind).price == 4


def test_behind_a_word_for_what_is_held_every_clause_is_known(refused: Callable[[str], Unread]) -> None:
    assert refused("In HON 230c 12/18 @ 4.00, comfy")
