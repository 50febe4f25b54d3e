"""Author profiles: each widens what is read in the one way that it states, and loosens no check."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from domain.alert import Action, Alert, AlertMessage, UnreadCode
from domain.profile import PLAIN, Profile, Profiles
from domain.reading import read
from tests.domain.reading.scoring import rows

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
WIDEST = Profile(
    no_verb_means_bto=True, no_expiry_means_friday=True, zero_dte_roots=frozenset({"SPX"}), price_in_cents=True
)


def one(text: str, profile: Profile, at: datetime = MONDAY) -> Alert:
    (alert,) = read(text, at, profile).alerts
    return alert


def code(text: str, profile: Profile, at: datetime = MONDAY) -> UnreadCode | None:
    refused = read(text, at, profile).refused
    return None if refused is None else refused.code


@pytest.mark.parametrize(
    "text", ["HON 230c 12/18 4.00", "HON 230c 12/18 4.00 love this base", "HON 12/18 230c 4.00 SL 3"]
)
def test_no_verb_may_mean_an_entry(text: str) -> None:
    assert code(text, PLAIN) is not None
    assert one(text, Profile(no_verb_means_bto=True)).action is Action.BTO


@pytest.mark.parametrize(
    "text", ["HON 230c 12/18 4.00 now 6.00", "HON 230c 12/18 was 4.00", "HON 230c 12/18 4.00 maybe"]
)
def test_a_story_without_verb_is_no_entry_either(text: str) -> None:
    assert code(text, Profile(no_verb_means_bto=True)) is not None


def test_no_expiry_may_mean_the_coming_friday() -> None:
    profile = Profile(no_expiry_means_friday=True)
    assert code("BTO HON 230c @ 4.00", PLAIN) is UnreadCode.INCOMPLETE
    assert one("BTO HON 230c @ 4.00", profile).expiry == date(2026, 11, 27)
    assert one("BTO HON 230c 12/18 @ 4.00", profile).expiry == date(2026, 12, 18)


def test_on_a_friday_the_coming_friday_may_be_two_days() -> None:
    assert code("BTO HON 230c @ 4.00", Profile(no_expiry_means_friday=True), FRIDAY) is UnreadCode.AMBIGUOUS


def test_no_expiry_may_mean_today_for_chosen_roots() -> None:
    profile = Profile(zero_dte_roots=frozenset({"SPX"}))
    assert one("BTO SPX 6900c @ 4.00", profile).expiry == date(2026, 11, 23)
    assert code("BTO HON 230c @ 4.00", profile) is UnreadCode.INCOMPLETE


def test_a_close_leaves_its_day_to_the_position_whatever_the_profile() -> None:
    assert one("STC HON 230c @ 4.00", WIDEST).expiry is None


@pytest.mark.parametrize(
    ("written", "price"), [("75", "0.75"), ("105", "1.05"), (".75", "0.75"), ("$2", "2"), ("1.05", "1.05")]
)
def test_whole_numbers_may_be_cents(written: str, price: str) -> None:
    assert one(f"BTO HON 230c 12/18 @ {written}", Profile(price_in_cents=True)).price == Decimal(price)


def test_what_a_profile_does_not_have_is_refused_with_that_reason() -> None:
    profile = Profile(actions=frozenset({Action.BTO}))
    assert code("BTO HON 230c 12/18 @ 4.00", profile) is None
    assert code("STO HON 230c 12/18 @ 4.00", profile) is UnreadCode.NOT_ALLOWED


def test_size_words_are_labels() -> None:
    profile = Profile(size_words={"Small": "Half", "yolo": "super lotto"})
    assert one("BTO HON 230c 12/18 @ 4.00 small", profile).label == "half"
    assert one("yolo BTO HON 230c 12/18 @ 4.00", profile).label == "super lotto"
    assert one("BTO HON 230c 12/18 @ 4.00 lotto", profile).label == "lotto"
    assert one("BTO HON 230c 12/18 @ 4.00 small", PLAIN).label is None


def test_a_block_may_have_names_of_its_own() -> None:
    block = "Entry\nPapier: HON 230C\nVerfall: 12/18\nKurs: 4.00"
    profile = Profile.model_validate({"field_names": {"Papier": "symbol", "verfall": "expiry", "kurs": "price"}})
    assert code(block, PLAIN) is not None
    assert str(one(block, profile)) == "BTO HON 230c 12/18 @ 4.00"


@pytest.mark.parametrize("corpus", ["dev", "rooms", "learned"])
def test_what_is_read_without_a_profile_is_read_the_same_with_one(corpus: str) -> None:
    for row in rows(corpus):
        plain, wide = read(row["text"], MONDAY), read(row["text"], MONDAY, WIDEST)
        whole_prices = all(alert.price is None or alert.price % 1 for alert in plain.alerts)
        if plain.alerts and whole_prices:
            assert wide.alerts == plain.alerts, row["text"]


def test_no_check_is_looser_for_the_widest_profile() -> None:
    profile = WIDEST.model_copy(update={"price_in_cents": False})
    for row in rows("own"):
        refused = read(row["text"], MONDAY).refused
        if refused is not None and refused.code in (
            UnreadCode.SUSPICIOUS,
            UnreadCode.PAST_EXPIRY,
            UnreadCode.MULTI_LEG,
        ):
            assert read(row["text"], MONDAY, profile).alerts == (), row["text"]


def said(author: int, channel: int) -> AlertMessage:
    return AlertMessage(channel_id=channel, message_id=1, author_id=author, text="", posted_at=MONDAY)


def test_an_author_s_profile_comes_before_the_channel_s() -> None:
    profiles = Profiles(
        by_name={"scalps": Profile(price_in_cents=True), "room": Profile(no_verb_means_bto=True)},
        authors={7: "scalps"},
        channels={5: "room"},
    )
    assert [profiles.of(said(author, channel)).name for author, channel in ((7, 5), (8, 5), (8, 6))] == [
        "scalps",
        "room",
        "",
    ]


def test_a_profile_that_is_named_must_be_there() -> None:
    with pytest.raises(ValidationError, match="no profile is named scalps"):
        Profiles(authors={7: "scalps"})
