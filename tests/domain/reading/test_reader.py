"""The reader: nothing wrong on the labelled corpora, the house format in every dress, and refusals with a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, OptionType, UnreadCode
from domain.reading import read
from tests.domain.reading.scoring import Verdict, score

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in New York


def one(text: str) -> Alert:
    reading = read(text, NOW)
    assert len(reading.alerts) == 1, reading
    return reading.alerts[0]


@pytest.mark.parametrize(
    ("corpus", "recall"), [("dev", 0.97), ("rooms", 0.95), ("own", 0.91), ("learned", 0.87), ("titles", 1)]
)
def test_no_message_of_the_corpus_is_read_wrong(corpus: str, recall: float) -> None:
    verdicts, orders, wrong = score(corpus)
    assert wrong == []
    assert verdicts[Verdict.RIGHT] / orders >= recall


def test_the_house_format() -> None:
    assert one("BTO UBER 78p 12/05 @ 0.75") == Alert(
        action=Action.BTO,
        symbol="UBER",
        strike=Decimal(78),
        option_type=OptionType.PUT,
        expiry=date(2026, 12, 5),
        price=Decimal("0.75"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "12/11 BTO ZS 300c @ 2.10",
        "bto zs 300c 12/11 2.10",
        "**BTO** ZS 300 calls Dec 11 @ $2.10 🚀",
        "@everyone BTO $ZS 300C 12/11/26 @2.10",
        "Action: BTO; Ticker: ZS; Strike: 300; Type: CALL; Exp: 12/11/2026; Price: 2.10",
        "Open\nContract: ZS 12/11 300C\nEntry: 2.10\nComment: with the trend",
        "BTO .ZS261211C300 @ 2.10",
    ],
)
def test_one_order_in_many_dresses(text: str) -> None:
    alert = one(text)
    assert (alert.symbol, alert.strike, alert.option_type, alert.expiry, alert.price) == (
        "ZS",
        Decimal(300),
        OptionType.CALL,
        date(2026, 12, 11),
        Decimal("2.10"),
    )


@pytest.mark.parametrize(
    ("written", "expiry"),
    [
        ("0dte", date(2026, 11, 23)),
        ("2DTE", date(2026, 11, 25)),
        ("weekly", date(2026, 11, 27)),
        ("next week", date(2026, 12, 4)),
        ("1/15", date(2027, 1, 15)),
        ("18DEC26", date(2026, 12, 18)),
        ("2026-12-18", date(2026, 12, 18)),
    ],
)
def test_expiries_are_resolved_on_the_message_s_new_york_day(written: str, expiry: date) -> None:
    assert one(f"BTO CZR 30c {written} @ .80").expiry == expiry


def test_late_in_the_evening_it_is_still_the_same_day_in_new_york() -> None:
    evening = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert read("BTO QQQ 620p 0dte @ 1.10", evening).alerts[0].expiry == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gm everyone", UnreadCode.NOT_AN_ALERT),
        ("should we BTO CZR 30c 12/18 @ .80?", UnreadCode.NOT_AN_ALERT),
        ("~~BTO CZR 30c 12/18 @ .80~~", UnreadCode.NOT_AN_ALERT),
        ("> BTO CZR 30c 12/18 @ .80", UnreadCode.NOT_AN_ALERT),
        ("BTO CZR 30c 12/18 @ .80 if it holds", UnreadCode.NOT_AN_ALERT),
        ("BTO CZR 30c 12/18 @ .80 @ .90", UnreadCode.AMBIGUOUS),
        ("BTO CZR 30c 12/11 12/18 @ .80", UnreadCode.AMBIGUOUS),
        ("BTO CZR 30c 30p 12/18 @ .80", UnreadCode.AMBIGUOUS),
        ("BTO CZR 30 12/18 @ .80", UnreadCode.INCOMPLETE),
        ("BTO CZR 30c @ .80", UnreadCode.INCOMPLETE),
        ("CZR 30c 12/18 .80", UnreadCode.INCOMPLETE),
        ("BTO CZR 30c 10/30 @ .80", UnreadCode.PAST_EXPIRY),
        ("BTO CZR 30c 02/30 @ .80", UnreadCode.IMPOSSIBLE_DATE),
        ("BTO .CZR261399C30 @ .80", UnreadCode.IMPOSSIBLE_DATE),
        ("BTO CZR 30c 12/18 @ 30", UnreadCode.SUSPICIOUS),
        ("BTO СZR 30c 12/18 @ .80", UnreadCode.SUSPICIOUS),  # a Cyrillic letter
        ("BTO 0 CZR 30c 12/18 @ .80", UnreadCode.SUSPICIOUS),
        ("x" * 5000, UnreadCode.TOO_LONG),
        ("BTO CZR 30c 12/18 @ .80" + "\n1" * 70, UnreadCode.TOO_LONG),
        ("BTO CZR 30c 12/18 @ .80" + " now" * 160, UnreadCode.TOO_LONG),
    ],
)
def test_what_is_no_clear_order_is_refused_with_its_reason(text: str, code: UnreadCode) -> None:
    reading = read(text, NOW)
    assert reading.alerts == ()
    assert reading.refused is not None
    assert reading.refused.code is code


def test_an_author_is_told_of_an_order_that_is_too_long() -> None:
    refused = read("BTO CZR 30c 12/18 @ .80" + " now" * 160, NOW).refused
    assert refused is not None
    assert refused.is_alert_like
    talk = read("so I was thinking" + " now 1" * 160, NOW).refused
    assert talk is not None
    assert not talk.is_alert_like


def test_as_many_orders_as_a_message_may_have_are_not_too_long_with_all_that_belongs_to_them() -> None:
    each = "BTO 2 CZR {}c 12/18 @ .80 small size\nSL .50\nPT 1.20 / 1.60\n"
    reading = read("".join(each.format(30 + number) for number in range(8)), NOW)
    assert len(reading.alerts) == 8


@pytest.mark.parametrize(
    ("text", "fraction", "partial"),
    [
        ("STC CZR 30c 12/18 @ 1.60", None, False),
        ("STC 1/2 CZR 30c 12/18 @ 1.60", Decimal("0.5"), False),
        ("STC half CZR 30c 12/18 @ 1.60", Decimal("0.5"), False),
        ("STC 25% CZR 30c 12/18 @ 1.60", Decimal("0.25"), False),
        ("Trim CZR 30c 12/18 @ 1.60", None, True),
        ("STC CZR 30c 12/18 @ 1.60 all out", Decimal(1), False),
    ],
)
def test_how_much_is_closed(text: str, fraction: Decimal | None, partial: bool) -> None:
    alert = one(text)
    assert (alert.action, alert.fraction, alert.partial) == (Action.STC, fraction, partial)


def test_stops_and_targets_are_not_the_price() -> None:
    alert = one("BTO CZR 30c 12/18 @ .80 SL .55 PT 1.2/1.6")
    assert (alert.price, alert.stop, alert.targets) == (
        Decimal(".80"),
        Decimal(".55"),
        (Decimal("1.2"), Decimal("1.6")),
    )


def test_two_orders_on_two_lines_are_two_alerts() -> None:
    alerts = read("BTO CZR 30c 12/18 @ .80\nBTO ZS 300c 12/11 @ 2.10", NOW).alerts
    assert [alert.symbol for alert in alerts] == ["CZR", "ZS"]


def test_one_bad_line_of_two_trades_neither() -> None:
    assert read("BTO CZR 30c 12/18 @ .80\nBTO ZS 300c 12/11 @ 2.10 maybe", NOW).alerts == ()


@pytest.mark.parametrize(
    "text",
    [
        "BTO HON 230c 12/18 @ 4.00\nBTO AMD 220c 12/18 @ 2.60\npick one, not both",
        "BTO HON 230c 12/18 @ 4.00\nBTO AMD 220c 12/18 @ 2.60\nwhichever fills first",
        "Upside: BTO HON 230c 12/18 @ 4.00\nDownside: BTO HON 225p 12/18 @ 3.10",
        "Bold: BTO HON 230c 12/18 @ 4.00\nTame: BTO HON 235c 12/18 @ 2.40",
        "BTO HON 230c 12/18 @ 4.00\nBTO HON 225p 12/18 @ 3.10",
        "BTO SPY 690c 12/18 @ 4.00 above VWAP\nBTO QQQ 600p 12/18 @ 3.10 below VWAP",
    ],
)
def test_of_orders_to_choose_from_none_is_read(text: str) -> None:
    assert read(text, NOW).refused is not None


def test_labels_are_known() -> None:
    assert one("Super Lotto: BTO SPX 6900c 0dte @ .90").label == "super lotto"


def test_six_hundred_numbers_are_no_quantity() -> None:
    assert read("BTO " + "1 " * 600 + "UBER 88p 12/04 @ 0.75", NOW).alerts == ()
