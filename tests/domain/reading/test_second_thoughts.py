"""Remarks behind an entry, and the lines of a room's footer."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from domain.alert import Alert, Unread
from domain.reading import read

ORDER = "BTO HON 230c 12/18 @ 4.00"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("remark", ["giddyup", "- kai", ", breathe", "into the readout", "send it", "(day 1 of 3)"])
def test_an_unknown_remark_is_talk(remark: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER} {remark}").price == one(ORDER).price


@pytest.mark.parametrize(
    "remark", ["killed it", "scrubbed", "no bid", "order sent", "bazinga", "banger", "by Bob", "nobody filled", "undo"]
)
def test_a_remark_that_takes_an_entry_back_is_heard(remark: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER} - {remark}")


@pytest.mark.parametrize(
    "footer",
    [
        "- Theo, Iron Oak Trading",
        "Not advice. Past results don't guarantee future results.",
        "Sent from my iPhone",
        "Reply STOP to opt out.",
        "-# posted by signal relay",
    ],
)
def test_a_footer_says_nothing(footer: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER}\n{footer}") == one(ORDER)


@pytest.mark.parametrize("footer", ["posted by a whale tracker", "for educational purposes", "paper account"])
def test_a_footer_that_says_it_is_not_meant_is_heard(footer: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER}\n{footer}")


@pytest.mark.parametrize(
    "text",
    [
        "Bought HON 37c 12/18 at .84, except the order bounced, so I am flat",
        "Bought HD 370c 12/18 @ 5.4 back on Thursday, still red",
        "BTO TXN 172.5c 12/18 @ 3.4 as soon as the 5 min closes green",
        "BTO TXN 172.5c 12/18 @ 3.4 the moment it closes green",
    ],
)
def test_an_order_that_died_is_old_or_waits_for_a_candle_is_none(text: str) -> None:
    assert read(text, MONDAY).alerts == ()


@pytest.mark.parametrize(
    "text", ["sold hood 125c 12/4 5.3 ate and left no crumbs", "STC BX 150p 12/18 1.10, kept half the premium"]
)
def test_what_is_left_of_something_else_is_no_part_of_the_position(text: str) -> None:
    (alert,) = read(text, MONDAY).alerts
    assert (alert.fraction, alert.partial) == (None, False)


@pytest.mark.parametrize(
    "talk",
    [
        "steady as she goes",
        "my cat was on the fence about it",
        "vol was cheaper on Friday",
        "the long game, not a sprint",
        "I only trade one of these",
        "yesterday's high is the level",
        "would you believe this chart",
        "should be quick",
        "might be early, sized for that",
        "hope everybody slept",
        "if it goes to zero I won't cry",
        "careful with the spread",
        "watching the dollar here",
        "10:02 AM",
    ],
)
def test_talk_of_something_else_leaves_an_order_as_it_is(talk: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER}, {talk}").price == one(ORDER).price


@pytest.mark.parametrize(
    "words",
    [
        "was my best trade",
        "she took that on Friday",
        "Hale bought it",
        "my barber likes it",
        "is this a good alert",
        "agree or disagree",
        "this is how an alert looks",
        "for the contest",
        "sitting on the bid",
        "on a close over 235",
        "on the next pullback",
        "if it hits 235 I'm in",
        "in from Friday",
        "this is my average",
        "stop moved to entry",
        "and watched it die",
        "10:41 AM",
        "+30",
        "puts",
    ],
)
def test_what_is_said_of_the_order_itself_is_heard(words: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER}, {words}")


@pytest.mark.parametrize("told", ["here is chasing", "would be chasing", "feels greedy", "takes guts"])
def test_a_doing_that_a_sentence_is_about_is_no_order(told: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"buying HON 230c 12/18 at 4.00 {told}")


def test_a_doing_with_its_reason_is_an_order(one: Callable[[str], Alert]) -> None:
    assert one("buying HON 230c 12/18 at 4.00 because it is cheap").price == one(ORDER).price


@pytest.mark.parametrize(
    "words", ["missed it", "on a spike", "at the close", "limit is in", "Marta did", "would you", "after CPI"]
)
def test_a_close_that_is_planned_missed_or_somebody_s_is_none(words: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"STC HON 230c 12/18 @ 6.00, {words}")
