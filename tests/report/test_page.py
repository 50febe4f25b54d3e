"""The page: everything in one file, nothing of a stranger's alive in it, and the mode unmistakable."""

import re
from html.parser import HTMLParser

import pytest

from domain.audit import AuditKind
from domain.settings import Mode
from report.page import page
from tests.domain.reporting.rows import Told, a_days_trades, report, turned_away

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }}</style>$\\frac{1}{0}$\u202e@everyone'


class Seen(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def hostile() -> Told:
    told = Told(author=HOSTILE, said=HOSTILE, text=HOSTILE, symbol=HOSTILE).admitted(2, contract=HOSTILE)
    return told.bought(1, 2, "1.00").sold(9, 2, "2.00", by=HOSTILE)


def test_strangers_words_are_text_and_nothing_else() -> None:
    refused = Told(author=HOSTILE, said=HOSTILE).refused("halted", HOSTILE)
    written = page(report(hostile(), refused, turned_away(text=HOSTILE)))
    seen = Seen(written)
    assert not {"script", "img", "iframe", "link", "object"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in seen.text
    assert "\u202e" not in written
    assert written.count("</style>") == 1


def test_it_asks_no_network_for_anything() -> None:
    seen = Seen(page(report(*a_days_trades())))
    assert not {name for name, _ in seen.attributes} & {"src", "href", "srcset", "action", "data"}
    assert "url(" not in page(report(*a_days_trades()))
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in seen.attributes


@pytest.mark.parametrize(("mode", "means"), [("live", "real money"), ("paper", "simulated, no real money")])
def test_the_mode_stands_above_all_else_in_its_own_colour(mode: str, means: str) -> None:
    written = page(report(*a_days_trades(mode)))
    assert Seen(written).text.split("}")[-1].strip().startswith(f"{mode.upper()} {means} Wed 25 Nov 2026")
    bands = re.findall(r'class="band" style="background: (#\w+)"', written)
    assert len(set(bands)) == 2  # its own, and the dry run's


def test_the_figures_are_the_reports() -> None:
    text = Seen(page(report(*a_days_trades()))).text
    for told in (
        "+$266.00",
        "+$330.00",
        "−$156.00",
        "+$92.00",
        "$752.00 at cost",
        "$20.16",
        "6 admitted",
        "stale quote",
    ):
        assert told in text
    assert "1 of them refused later; 3 refused" in text


def test_a_day_of_nothing_is_a_page_too() -> None:
    text = Seen(page(report(mode=Mode.LIVE))).text
    assert "LIVE real money" in text
    assert "+$" not in text


def test_a_loss_and_days_in_a_row_are_drawn_inside_the_frame() -> None:
    from datetime import timedelta

    from domain.reporting.span import Span
    from tests.domain.reporting.rows import DAY, OPEN

    told = [
        Told(OPEN - timedelta(days=days)).admitted(1).bought(1, 1, "2.00").sold(9, 1, f"{days / 4 + 1}")
        for days in range(9)
    ]
    made = report(*told, span=Span(first=DAY - timedelta(days=9), last=DAY))
    drawn = re.findall(r"<circle cx=\"([\d.-]+)\" cy=\"([\d.-]+)\"", page(made))
    assert len(drawn) == 9
    assert all(76 <= float(x) <= 970 and 12 <= float(y) <= 250 for x, y in drawn)


def test_more_trades_than_a_page_takes_are_counted_and_stay_in_the_sums() -> None:
    told = [Told().admitted(1).bought(1, 1, "1.00").sold(2, 1, "1.01") for _ in range(510)]
    text = Seen(page(report(*told))).text
    assert "10 more are in the sums and not in this table" in text
    assert "+$510.00" in text


def test_what_expired_while_held_is_said_where_nobody_misses_it() -> None:
    told = Told().admitted(2).bought(1, 2, "1.00").says(900, AuditKind.STATE, state="expired")
    assert "1 trade held $200.00 at cost when the contract expired" in Seen(page(report(told))).text


def test_what_was_short_at_expiry_or_is_gone_is_said_by_its_credit() -> None:
    told = Told(action="STO", said="STO UBER 78p 12/04 @ 1.00").admitted(2).bought(1, 2, "1.00")
    expired = Seen(page(report(told.says(900, AuditKind.STATE, state="expired")))).text
    assert "1 trade short for $200.00 when the contract expired: kept, or assigned." in expired
    gone = Told(action="STO", said="STO UBER 78p 12/04 @ 1.00").admitted(2).bought(1, 2, "1.00")
    said = Seen(page(report(gone.says(900, AuditKind.GONE, quantity=2).says(901, AuditKind.STATE, state="gone")))).text
    assert "1 trade short for $200.00 until the account was not any more: assigned, or bought back by hand." in said
