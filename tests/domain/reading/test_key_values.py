"""Keys and values in one line."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_keys_and_values_in_one_line_are_a_block() -> None:
    text = "alert_name=opt_long; side=BTO; root=QQQ; right=C; k=627; exp=2026-11-24; px=1.31; n=2"
    assert [str(alert) for alert in read(text, AT).alerts] == ["BTO 2 QQQ 627c 11/24 @ 1.31"]


@pytest.mark.parametrize("more", ["status=working", "env=test", "trigger=1.70", "delta=0.31", "paper=true"])
def test_a_key_that_no_order_has_makes_the_line_none(more: str) -> None:
    assert not read(f"side=BTO; root=QQQ; right=C; k=627; exp=2026-11-24; px=1.70; n=2; {more}", AT).alerts


def test_names_that_stand_over_their_values_are_a_block() -> None:
    text = "Position opened\nUnderlying\nTEAM\nStrike\n165 C\nExpires\nDec 18\nLots\n2\nPaid\n$5.85"
    assert [str(alert) for alert in read(text, AT).alerts] == ["BTO 2 TEAM 165c 12/18 @ 5.85"]
