"""A tape reader's words and signs."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("lng SPY 684c 0d .92 x10 s/.65", "BTO 10 SPY 684c 11/30 @ 0.92"),
        ("lng META 640p 12/4 3.90 x3 s/3.00 t/5.20", "BTO 3 META 640p 12/04 @ 3.90"),
        ("lng nvda 182.5c fri 1.48 x5", "BTO 5 NVDA 182.5c 12/04 @ 1.48"),
        ("tp 1/2 SPY 684c 0d 1.21", "STC SPY 684c 11/30 @ 1.21"),
        ("tp rest AMD 215c fri 2.45", "STC AMD 215c 12/04 @ 2.45"),
        ("flat SPY 684c 0d 1.34", "STC SPY 684c 11/30 @ 1.34"),
        ("cov AMD 215p fri 1.20", "BTC AMD 215p 12/04 @ 1.20"),
        ("shrt /ES 6848.50 x1 s/6853 t/6838", "STO 1 /ES @ 6848.50"),
        ("Short 2 MES @ 6848, stop 6853", "STO 2 /MES @ 6848"),
        ("Filled long 2 /ES 6843.50", "BTO 2 /ES @ 6843.50"),
        ("LNG 2 IWM 240p 0d .61 s/.40", "BTO 2 IWM 240p 11/30 @ 0.61"),
        ("Short 1 lot /RTY 2471.20 stop 2476", "STO 1 /RTY @ 2471.20"),
        ("Took /ES short 6852, stop 6857", "STO /ES @ 6852"),
        ("LONG /MES 5 @ 6870.25, breakout try | stop 6865 | t 6884", "BTO 5 /MES @ 6870.25"),
        ("BOUGHT 1 /MES @ 6841.25, SL 6836 (that's $26 risk)", "BTO 1 /MES @ 6841.25"),
        ("SOLD my /MES @ 6849.50, flat futures (+8.25 pts = +$41)", "STC /MES @ 6849.50"),
        ("EXIT\nKRE shares, all 200 @ 63.95", "STC 200 KRE @ 63.95"),
        ("SOLD -50 PLTR @168.90", "STC 50 PLTR @ 168.90"),
    ],
)
def test_shorthand_is_spelled_out(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


def test_levels_behind_a_slash_and_behind_a_letter_are_read() -> None:
    slashed = read("lng /MNQ 25110 x2 s/25085 t/25150/25180", AT).alerts[0]
    assert (slashed.stop, slashed.targets) == (Decimal(25085), (Decimal(25150), Decimal(25180)))
    lettered = read("LONG /NQ 1 @ 25,412.50 | stop 25,370 | t 25,480, 25,540", AT).alerts[0]
    assert (lettered.stop, lettered.targets) == (Decimal(25370), (Decimal(25480), Decimal(25540)))


def test_lng_is_a_ticker_too() -> None:
    assert [str(alert) for alert in read("out LNG 240c 12/4 3.20", AT).alerts] == ["STC LNG 240c 12/04 @ 3.20"]


@pytest.mark.parametrize(
    "text",
    [
        "lng bias > 6845, shrt bias < 6832",
        "shrt squeeze in CVNA 371.20",
        "almost lng CVNA 375c 12/4 at 6.1, glad i sat",
        "if 6838 holds lng SPY 685c 0d under .60",
        "lng SPX 6850c 3.20",
        "lng SPY 684c 0d under .60",
        "dont lng SPY 684c 0d .92",
        "lng = in, shrt = short, cov = cover, s/ stop, 0d = today",
        "> lng SPY 684c 0d .92 x10 s/.65\nthx rook",
        "shrt AMD 215c fri 1.95",
        "tp half here too ty",
        "tp 2 SPY 684c 0d 1.21",
        "tp half SPY 684c 0d at 1.21",
        "tp 1/2 SPY 684c 0d 1.21 if it gets there",
        "tp 2/3 /ES 6866",
        "tp half SPY 684c 0d 1.21, tp rest 1.60",
        "tp half SPY 684c 0d 1.21-1.30",
        "tp some SPY 684c 0d 1.21 sure looks nice",
        "SOLD -50 PLTR @168.90 LMT",
        "lng SPY 684c 0d .92 shrt SPY 686c 0d .40",
        "lng SPY 684c 0d .92 > 1.34",
        "bid in AMD 215c fri 1.80 x4, no fill yet",
        "rest s/be",
        "mes same levels",
        "got short squeezed on CVNA 371.20",
        "going short 2 /MES 6848.25 if it fails",
        "took /ES short 6852, then covered 6840",
        "LONG /ES 6866 breakout",
        "SOLD -3 PLTR 100 (Weeklys) 11 DEC 26 175 CALL @4.60",
        "SOLD -1 VERTICAL SPY 100 @1.20",
    ],
)
def test_shorthand_in_talk_is_no_order(text: str) -> None:
    assert not read(text, AT).alerts
