"""Labelled blocks become sentences."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Unread, UnreadCode
from domain.reading.blocks import Sentence, unfold


def test_a_block_is_the_same_order_in_a_sentence() -> None:
    block = "Open\nPrice: 2.55\nTicker: HON\nExp: 12/18\nStrike: 230C\nNote: with the trend"
    assert unfold(block) == Sentence("Open\n HON 230C 12/18 @ 2.55", "with the trend")


def test_talk_with_a_colon_is_no_block() -> None:
    assert unfold("Lotto: BTO HON 230c 12/18 @ 2.55").order == "Lotto: BTO HON 230c 12/18 @ 2.55"


@pytest.mark.parametrize(
    "title", ["Update", "Watch", "Result", "Pending", "Signal cancelled", "Correction", "Reminder", "LOADING"]
)
def test_only_the_titles_of_orders_make_orders(title: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{title}\nContract: HON 12/18 230C\nEntry: 2.55")


def test_a_field_that_no_order_has(refused: Callable[[str], Unread]) -> None:
    assert refused("Open\nContract: HON 12/18 230C\nEntry: 2.55\nCurrent: 3.10").code is UnreadCode.NOT_AN_ALERT


def test_a_comment_may_chat_and_may_not_withdraw(one: Callable[[str], Alert], refused: Callable[[str], Unread]) -> None:
    block = "Open\nContract: HON 12/18 230C\nEntry: 2.55\nComment: "
    assert one(f"{block}only if you can watch it, 690 is key").price is not None
    refused(f"{block}this is a test, do not trade")


def test_an_entry_and_an_exit_are_no_entry(refused: Callable[[str], Unread]) -> None:
    assert refused("Open\nContract: HON 12/18 230C\nEntry: 2.55\nExit: 3.10").code is UnreadCode.AMBIGUOUS


def test_json_as_a_webhook_posts_it(one: Callable[[str], Alert]) -> None:
    text = '{"action": "BTO", "symbol": "HON", "strike": 230, "type": "call", "expiry": "2026-12-18", "price": 2.55}'
    assert str(one(text)) == "BTO HON 230c 12/18 @ 2.55"


@pytest.mark.parametrize(
    "text",
    [
        "NEW POSITION\n• Symbol → HON\n• Strike → 230\n• Call/Put → Call\n• Exp → 12/18\n• Cost → 2.55",
        "Action: BTO Ticker: HON Strike: 230 Type: CALL Exp: 12/18 Price: 2.55",
        "side=BUY symbol=HON strike=230 right=CALL exp=2026-12-18 price=2.55",
        "BTO | HON | 230 | CALL | 12/18 | 2.55",
        "Fill Notification\nSide: Buy to Open\nSymbol: HON\nExp: 12/18/26\nStrike: 230\nPut/Call: Call\nPrice: 2.55",
        "Status: OPENED\nSymbol: HON\nStrike: 230\nType: CALL\nExpiration: 12/18\nPremium: 2.55",
        "Direction: LONG CALL\nSymbol: HON\nStrike: 230\nExpiry: 12/18\nEntry Price: 2.55",
        "HarborBot\nENTRY\nCrew: Nils\nContract: HON 230C 12/18\nPaid: 2.55",
        "Instrument: HON Dec 18 230 Call\nAction: Buy to open\nFilled @ 2.55",
        "OPEN > HON 230c > 12/18 > 2.55",
    ],
)
def test_one_order_in_the_fields_of_many_bots(text: str, one: Callable[[str], Alert]) -> None:
    assert one(text) == one("BTO HON 230c 12/18 @ 2.55")


@pytest.mark.parametrize(
    "text",
    [
        "Trade Notification\nContract: HON 12/18 230C\nPrice: 2.55",
        "Position Update\nContract: HON 230C 12/18\nEntry: 2.55\nStop: 2.55",
        "Status: PENDING\nSymbol: HON\nStrike: 230\nType: CALL\nExpiration: 12/18\nPrice: 2.55",
        "HarborBot\nENTRY\nMode: paper\nContract: HON 230C 12/18\nPaid: 2.55",
        "HarborBot\nENTRY\nFiler: Rep. Dole\nContract: HON 230C 12/18\nPaid: 2.55",
        "Ticker → HON\nContract → 230C 12/18\nPrice → 2.55 → 4.10",
    ],
)
def test_fields_that_say_no_side_or_no_order_make_none(text: str, refused: Callable[[str], Unread]) -> None:
    assert refused(text)


def test_what_remains_says_whether_all_is_sold(one: Callable[[str], Alert]) -> None:
    sold = "Sold: HON 230C 12/18\nPrice: 4.10\nRemaining: "
    assert not one(f"{sold}0").partial
    assert one(f"{sold}1").partial


ENTRY = "Open\nContract: HON 12/18 230C\nEntry: 2.55"
JSON = '{"action":"BTO","symbol":"HON","strike":230,"type":"call","expiry":"2026-12-18","price":2.55,'


@pytest.mark.parametrize(
    "line",
    [
        "Notes: only if SPY holds VWAP",
        "Trigger: break of HOD",
        "Triggered: No",
        "When: tomorrow",
        "Comment: closed this one at 3.40",
        "only over 232",
        "closed for +40%",
        "Source: flow",
        "Author: Whale Stream",
        "Account: Sim101",
        "Name: Backtest v3",
        "Status: Working",
        "Status: Closed",
        "Position: Long",
        "TIF: Day",
        "Env: sandbox",
        "Exit: 3.00\nStop: 2.00",
    ],
)
def test_a_line_beside_the_fields_takes_an_entry_back(line: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{ENTRY}\n{line}")


@pytest.mark.parametrize(
    "line",
    [
        "Comment: cut if it loses 225",
        "Status: Filled 5/5\nTIF: Day",
        "Trader: Will Hart",
        "Account: Roth",
        "Mode: live",
        "Risk: 1/5",
        "Time: 9:58 AM EST",
        "Reason: breakout over 231",
    ],
)
def test_a_line_beside_the_fields_may_say_how_and_by_whom(line: str, one: Callable[[str], Alert]) -> None:
    assert one(f"{ENTRY}\n{line}") == one(ENTRY)


@pytest.mark.parametrize(
    "flag",
    [
        '"live":false',
        '"cancelled":true',
        '"isPaper":true',
        '"test":"true"',
        '"filled":0',
        '"partial":true',
        '"orderStatus":"working"',
        '"event":"order_rejected"',
        '"env":"sandbox"',
        '"meta":{"paper":true}',
        '"quantity":2.5',
    ],
)
def test_a_flag_of_json_takes_the_order_back(flag: str, refused: Callable[[str], Unread]) -> None:
    refused(f"{JSON}{flag}}}")


@pytest.mark.parametrize("flag", ['"live":true', '"paper":false', '"status":"FILLED"', '"event":"new_trade"'])
def test_a_flag_of_json_that_says_the_order_is_meant_changes_nothing(flag: str, one: Callable[[str], Alert]) -> None:
    assert str(one(f"{JSON}{flag}}}")) == "BTO HON 230c 12/18 @ 2.55"


def test_a_count_is_the_same_with_a_point(one: Callable[[str], Alert]) -> None:
    assert one(f'{JSON}"quantity":5.0}}').quantity == 5


@pytest.mark.parametrize(
    "block",
    [
        "Action: Alert\nContract: HON 12/18 230C\nPrice: 2.55",
        "Action: BUY\nContract: HON 12/18 230C\nPrice: 2.55\nSize: none, just tracking",
        "Action: BUY\nContract: HON 12/18 230C\nPrice: 2.55\nQty: -5",
        "Action: BUY\nContract: HON 12/18 230C\nPrice: 2.55\nExit: 3.00",
        "Contract: HON 12/18 230C\nEntry: market open",
        f'{JSON}"price":2.95}}',
    ],
)
def test_a_field_that_holds_something_else_makes_no_order(block: str, refused: Callable[[str], Unread]) -> None:
    refused(block)


def test_a_part_in_percent_needs_no_sign_and_one_that_is_not_understood_is_refused(
    one: Callable[[str], Alert], refused: Callable[[str], Unread]
) -> None:
    sold = "Sold: HON 230C 12/18\nPrice: 4.10"
    assert one(f"{sold}\nPercent closed: 50").fraction == one(f"{sold}\nPercent closed: 50%").fraction
    assert refused(f"{sold}\nPortion: a slice").code is UnreadCode.AMBIGUOUS


def test_the_status_of_a_line_is_read_too(refused: Callable[[str], Unread]) -> None:
    refused("BTO HON 230c 12/18 @ 2.55 | Status: New")


def test_a_sale_s_flag_that_it_is_a_part_is_read(one: Callable[[str], Alert]) -> None:
    sale = JSON.replace("BTO", "STC")
    assert one(f'{sale}"partial":true}}').partial
    assert not one(f'{sale}"partial":false}}').partial


@pytest.mark.parametrize(
    ("field", "fraction", "partial"),
    [
        ("Size: half", "0.5", False),
        ("Amount: half position", "0.5", False),
        ("Portion: a third", "0.3333", False),
        ("Portion: partial", None, True),
        ("Portion: 2 of 4", "0.5", False),
        ("Size: 1/2 position", "0.5", False),
        ("Percent: 50", "0.5", False),
    ],
)
def test_a_card_s_amount_in_words(field: str, fraction: str | None, partial: bool, one: Callable[[str], Alert]) -> None:
    alert = one(f"Action: STC\nContract: HON 230C 12/18\nPrice: 4.10\n{field}")
    assert (alert.fraction, alert.partial) == (None if fraction is None else Decimal(fraction), partial)


def test_a_card_s_amount_that_is_not_understood_is_refused(refused: Callable[[str], Unread]) -> None:
    assert refused("Action: STC\nContract: HON 230C 12/18\nPrice: 4.10\nSize: a smidge").code is UnreadCode.AMBIGUOUS
