"""Sentences behind an order that say nothing to it."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)
BOUGHT = "Bought two XOM January 15th 118 calls at 3.30"
SOLD = "Sold the XOM January 15th 118 calls at 3.30"


@pytest.mark.parametrize(
    "behind",
    [
        ", and I would stop out if the stock closes below 110.",
        ". I will add on a test of the 50-day.",
        ". Assume it goes to zero.",
        "; I expect to lose that money and I'm happy to.",
        ". 2% of the book, I expect to hold 9 to 12 months.",
        ", one third of a full position.",
        ", and I'll give them six weeks.",
        ", i'm out if it loses 109",
        ". Same 2% as the others.",
        ". Rates idea, slow one.",
        ". First pullback after the breakout.",
        ", as promised.",
    ],
)
def test_what_is_meant_to_be_done_with_it_leaves_an_entry_as_it_is(behind: str) -> None:
    assert [str(alert) for alert in read(BOUGHT + behind, AT).alerts] == ["BTO 2 XOM 118c 01/15 @ 3.30"]


@pytest.mark.parametrize(
    "behind",
    [
        ". I will hold off for now.",
        ". I'm out if they don't fill.",
        ". I'm out at 5, what a trade.",
        ". I'll get out of them tomorrow morning, they are at 5.",
        ", half of the position sold at 5.",
        ". Consider it cancelled.",
        ". Treat this as an example.",
        ". As discussed this is a paper trade.",
        ". Trade idea.",
        ", breakout idea",
        ", as I promised my wife I would not.",
        ", but I would sell if it loses 110 and I'd rather be short.",
        ", and I'll post when it fills.",
        " and I would do it again.",
        ". I will add the January 15th 125 calls at 1.10.",
    ],
)
def test_what_takes_an_entry_back_or_tells_what_came_of_it_stays(behind: str) -> None:
    assert not read(BOUGHT + behind, AT).alerts


@pytest.mark.parametrize(
    "behind",
    [
        ", and I'm glad it's gone.",
        ", and that's the whole position finished.",
        ". The thesis took too long, that is a 28% loss and I would rather have the cash.",
        ", and I followed the plan, so I'm at peace with it.",
        ". It got to 9% of the book and I cap at 7%.",
        ". It is too big for my taste.",
        ". Market feels tired, I'd like more cash.",
        ", thesis not working",
    ],
)
def test_a_feeling_leaves_a_close_as_it_is(behind: str) -> None:
    (alert,) = read(SOLD + behind, AT).alerts
    assert alert.fraction in (None, 1)
    assert not alert.partial


def test_what_a_close_keeps_is_no_feeling() -> None:
    (alert,) = read(f"{SOLD}. I'm happy to keep the rest.", AT).alerts
    assert alert.partial


@pytest.mark.parametrize("behind", [". I would rather wait, order cancelled.", " on Friday, and I'm glad."])
def test_what_takes_a_close_back_stays(behind: str) -> None:
    assert not read(SOLD + behind, AT).alerts


def test_where_shares_are_left_is_their_stop() -> None:
    (alert,) = read("Bought 80 shares of ENPH at 41.25, and I would get out if it closes below 38.", AT).alerts
    assert str(alert.stop) == "38"
