"""Troubles: every kind has its words, and none grows without bound."""

from datetime import UTC, datetime

import pytest

from domain.trouble import Trouble, TroubleKind

AT = datetime(2026, 12, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("kind", list(TroubleKind))
def test_every_kind_says_what_happened_and_what_to_do(kind: TroubleKind) -> None:
    assert kind.sentence.endswith(".")
    assert kind.advice.endswith(".")


@pytest.mark.parametrize("kind", list(TroubleKind))
def test_only_good_news_asks_for_nothing(kind: TroubleKind) -> None:
    assert kind.is_good_news is (kind.advice == "Nothing.")


def test_says_which_trade_it_is_about() -> None:
    trouble = Trouble(kind=TroubleKind.ORPHAN, key="k", detail="2 held", at=AT, workflow_id="alert-1-2")
    assert str(trouble) == "Orders or a position of a trade that no longer runs. 2 held [alert-1-2]"


def test_a_detail_of_any_length_is_cut() -> None:
    trouble = Trouble(kind=TroubleKind.ACCOUNT_UNREAD, key="k", detail="x" * 10_000, at=AT)
    assert len(trouble.detail) == 500
    assert trouble.detail.endswith("…")
