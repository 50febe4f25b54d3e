"""What belongs to an order, what is talk behind it, and what takes it back."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Levels, Unread, UnreadCode

ORDER = "BTO HON 230c 12/18 @ 2.55"


@pytest.mark.parametrize(
    "tail",
    [
        "love this base",
        "- day trade",
        "(small size)",
        "watch the 20ema",
        "earnings tomorrow so sized down",
        "will trim at 4 and let the rest ride",
        "out if it loses 225",
        "stop to breakeven once it hits 3.50",
        "risking 2% of account",
        "adding under 2.00",
    ],
)
def test_talk_behind_an_order_changes_nothing(tail: str, one: Callable[[str], Alert]) -> None:
    levels = {"targets": (), "on_underlying": Levels()}
    assert one(f"{ORDER} {tail}").model_copy(update=levels) == one(ORDER)


@pytest.mark.parametrize(
    "tail",
    [
        "if it holds 228",
        "only over 231",
        "tomorrow at the open",
        "not filled",
        "jk",
        "(paper)",
        "cancelled",
        "was my best trade",
        "yesterday",
        "now 3.40",
        "2.70",
        "@ 2.70",
        "-> 3.40",
        "hit +40%",
        "closed @ 3.40",
        "STC @ 3.40",
        "12/24",
        "235c",
        "5",
        "maybe",
        "up 40%",
        "is what I would take",
        "someone said",
        "at 9:31",
        "from Friday",
        "gave us 60%",
        "?",
    ],
)
def test_words_that_take_an_order_back(tail: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{ORDER} {tail}")


@pytest.mark.parametrize(
    "head",
    [
        "Looking to",
        "Might",
        "If it dips",
        "Yesterday we",
        "Don't",
        "not an alert:",
        "Example:",
        "Plan:",
        "Setup:",
        "my friend",
        "To",
        "Will",
        "Should have",
        "Recap:",
    ],
)
def test_words_before_an_order_make_it_talk(head: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{head} {ORDER}")


@pytest.mark.parametrize("tail", ["too, thanks", "as well", "following you"])
def test_a_follower_is_no_caller(tail: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"Bought HON 230c 12/18 @ 2.55 {tail}").code is UnreadCode.NOT_AN_ALERT


def test_plain_words_need_a_price(one: Callable[[str], Alert], refused: Callable[[str], Unread]) -> None:
    assert one("BTO HON 230c 12/18").price is None
    assert refused("Bought HON 230c 12/18").code is UnreadCode.INCOMPLETE


def test_no_talk_is_put_at_the_market(refused: Callable[[str], Unread]) -> None:
    assert refused("BTO HON 230c 12/18 good one, call it 3").code is UnreadCode.INCOMPLETE


@pytest.mark.parametrize(
    "text",
    [
        "BTO HON 230/235 call spread 12/18 @ 2.10",
        "BTO HON 230c 12/18 / STO HON 235c 12/18 @ 1.90",
        "BTO HON 230c + 220p 12/18 @ 4.40",
        "STC HON 230c 12/18 @ 3.10, BTO HON 235c 12/18 @ 1.60",
        "Rolled HON 230c to 235c 12/18 @ 1.10",
    ],
)
def test_more_than_one_leg(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text).code is UnreadCode.MULTI_LEG


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (f"{ORDER} @ 2.70", "two prices: 2.55 or 2.70"),
        (f"{ORDER} or 2.70", "two prices: 2.55 or 2.70"),
        ("BTO HON 230c 12/11 12/18 @ 2.55", "12/11 or 12/18"),
        ("BTO HON DE 230c 12/18 @ 2.55", "HON"),
        ("BTO HON 230 12/18 @ 2.55", "call or put: 230"),
        ("BTO HON 230c 12/18 @ 240c", "240c"),
        ("BTO HON 230c 11/13 @ 2.55", "11/13"),
        ("BTO \u041dON 230c 12/18 @ 2.55", "\u041dON"),
    ],
)
def test_a_refusal_names_the_piece_that_decided_it(text: str, detail: str, refused: Callable[[str], Unread]) -> None:
    assert detail in refused(text).detail


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("STO HON 220p 12/18 @ 2.10", Action.STO),
        ("Sold to open HON 220p 12/18 for 2.10", Action.STO),
        ("CSP on HON: sold the 12/18 220p for 2.10", Action.STO),
        ("BTC HON 220p 12/18 @ .80, sold at 2.10", Action.BTC),
        ("Bought back HON 220p 12/18 for .80", Action.BTC),
        ("Sold HON 230c 12/18 @ 3.10", Action.STC),
    ],
)
def test_which_way_a_sale_goes(text: str, action: Action, one: Callable[[str], Alert]) -> None:
    assert one(text).action is action


def test_a_short_put_that_is_closed_is_not_sold(refused: Callable[[str], Unread]) -> None:
    assert refused("Closed short put HON 220p 12/18 at .80").code is UnreadCode.AMBIGUOUS


def test_a_sale_for_a_credit_may_open_or_close(refused: Callable[[str], Unread]) -> None:
    assert refused("Sold HON 220p 12/18 @ 2.10, nice credit").code is UnreadCode.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("BTO 3 HON 230c 12/18 @ 2.55", 3),
        ("BTO 3x HON 230c 12/18 @ 2.55", 3),
        ("BTO HON 230c 12/18 @ 2.55 x3", 3),
        ("BTO HON 230c 12/18 @ 2.55 qty 3", 3),
        ("BTO HON 230c 12/18 @ 2.55 3 contracts", 3),
        ("BTO (3) HON 230c 12/18 @ 2.55", 3),
        ("STC HON 230c 12/18 @ 3.10 sold 3, 2 left", 3),
    ],
)
def test_how_many(text: str, quantity: int, one: Callable[[str], Alert]) -> None:
    assert one(text).quantity == quantity


@pytest.mark.parametrize(
    ("tail", "fraction", "partial"),
    [
        ("half", "0.5", False),
        ("(1/3)", "0.3333", False),
        ("leaving 1/4 on", "0.75", False),
        ("took 50% off", "0.5", False),
        ("trimming half, stop to entry on the rest", "0.5", False),
        ("keeping a runner", None, True),
        ("all out but 1", None, True),
        ("partials", None, True),
        ("all out", "1", False),
        ("+40%", None, False),
        ("took 40% in 3 hours", None, False),
    ],
)
def test_what_part_is_closed(tail: str, fraction: str | None, partial: bool, one: Callable[[str], Alert]) -> None:
    alert = one(f"STC HON 230c 12/18 @ 3.60 {tail}")
    assert (alert.fraction, alert.partial) == (None if fraction is None else Decimal(fraction), partial)


@pytest.mark.parametrize("tail", ["half, all out", "1/2 and 1/4", "50%"])
def test_an_unclear_part_is_refused(tail: str, refused: Callable[[str], Unread]) -> None:
    assert refused(f"STC HON 230c 12/18 @ 3.60 {tail}").code is UnreadCode.AMBIGUOUS


@pytest.mark.parametrize(
    ("tail", "stop", "targets"),
    [
        ("SL 1.80 PT 3.5/4.5", "1.80", ("3.5", "4.5")),
        ("stop: 1.80, targets: 3.50, 4.50", "1.80", ("3.50", "4.50")),
        ("SL @ 1.80 TP1 3.5 TP2 4.5", "1.80", ("3.5", "4.5")),
        ("SL 20% PT 100%", "2.04", ("5.10",)),
        ("stop under 225 on the stock", None, ()),
        ("SL 225 PT 240", None, ()),
        ("no SL", None, ()),
    ],
)
def test_stops_and_targets(tail: str, stop: str | None, targets: tuple[str, ...], one: Callable[[str], Alert]) -> None:
    alert = one(f"{ORDER} {tail}")
    assert alert.stop == (None if stop is None else Decimal(stop))
    assert alert.targets == tuple(map(Decimal, targets))


@pytest.mark.parametrize(
    "text",
    ["Bought HON 230c at 4.00 on Friday", "Bought HON 230c @ 4.00 Thursday", "Friday bought HON 230c at 4.00"],
)
def test_a_day_away_from_the_contract_is_no_expiry(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text).code is UnreadCode.AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "Bought HON 230c 12/18 for 2 weeks",
        "Bought HON 230c 12/18 at 30 delta",
        "Bought HON 230c 12/18 for 5 contracts",
        "Bought HON 230c 12/18 for $12 each",
        "BTO HON 230c 12/18 @ $5/contract",
        "BTO 2 HON 230c 12/18 @ 4.20 total",
        "Bought 500 worth of HON 230c 12/18 @ 2.10",
        "BTO HON 230c 12/18 @ 2.10 size 500",
        "Action: BTO\nTicker: HON\nStrike: 230c\nExp: 12/18\nPrice: 2.10\nAmount: 500",
    ],
)
def test_a_number_of_something_else_is_neither_price_nor_quantity(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    ("behind", "quantity"),
    [
        (", 2 contracts", 2),
        ("x2", 2),
        ("with 2 cons", 2),
        (", that makes 10 contracts", None),
        (", volume 900 contracts", None),
        (", 1 con per 10k", None),
        (", 2x the usual size", None),
    ],
)
def test_how_many_stands_first_in_its_clause(behind: str, quantity: int | None, one: Callable[[str], Alert]) -> None:
    assert one(f"{ORDER} {behind}").quantity == quantity


def test_one_quantity_for_several_orders_is_not_the_last_one_s(refused: Callable[[str], Unread]) -> None:
    assert refused(f"{ORDER}\nBTO ZS 300c 12/18 @ 2.60\n2 contracts each").code is UnreadCode.AMBIGUOUS


@pytest.mark.parametrize("text", ["Added HON 230c 12/18, new avg 2.10", "Added HON 230c 12/18 2.10 avg"])
def test_the_new_average_is_not_the_price_of_an_add(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text).code is UnreadCode.AMBIGUOUS


@pytest.mark.parametrize("text", ["BTO NVDA @ 8.40", "BTO 2 AMD @ 7.80", "BTO 60 SPY @ 5.20"])
def test_what_an_option_may_cost_is_not_read_as_a_share_s_price(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text).code is UnreadCode.INCOMPLETE
