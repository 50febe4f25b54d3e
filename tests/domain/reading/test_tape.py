"""Outright trades in a tape reader's shorthand."""

from datetime import UTC, datetime

import pytest

from domain.reading.reader import read

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("OUT half long /ES @ 6866", "STC /ES @ 6866"),
        ("ADD 1 lot long /GC @ 4,202.10, avg 4,204.25, same stop", "BTO 1 /GC @ 4202.10"),
        ("OUT long /ES last @ 6877.75 🎯 +19.25", "STC /ES @ 6877.75"),
        ("out lng /MNQ 25171", "STC /MNQ @ 25171"),
        ("Scaled 1 of 2 /MES long 6849.75", "STC 1 /MES @ 6849.75"),
        ("sold half my /GC long 4188.90", "STC /GC @ 4188.90"),
        ("STOPPED long /MES 5 @ 6865, -5.25", "STC 5 /MES @ 6865"),
        ("out both /ES longs 6866.50", "STC 2 /ES @ 6866.50"),
        ("Covered 1 of 2 /NQ short 25592", "BTC 1 /NQ @ 25592"),
        ("Stopped out of /ES short 6866.25. Happens", "BTC /ES @ 6866.25"),
        ("Flat /NQ short 25,590.25, +22", "BTC /NQ @ 25590.25"),
        ("Closed the runner /MNQ long 25,201", "STC /MNQ @ 25201"),
        ("Out rest of /MES long at breakeven 6842.75", "STC /MES @ 6842.75"),
        ("cov /ES 6840.25 +8", "BTC /ES @ 6840.25"),
        ("Add 1 /GC long 4176.20, avg 4174.00", "BTO 1 /GC @ 4176.20"),
        ("ADD long /NQ 1 @ 25,398.25 | avg 25,405", "BTO 1 /NQ @ 25398.25"),
        ("Added 1 /ES short 6852, avg 6850.25, stop 6858", "STO 1 /ES @ 6852"),
        ("/ES long: sold 1 of 2 @ 6854.00", "STC 1 /ES @ 6854.00"),
        ("/CL long: all out 58.70", "STC /CL @ 58.70"),
        ("/MNQ short: covered half @ 25553", "BTC /MNQ @ 25553"),
        ("/NQ short: stopped 25590", "BTC /NQ @ 25590"),
        ("/MES long: added 5 @ 6834.25, avg 6836.25", "BTO 5 /MES @ 6834.25"),
        ("SOLD 1 of 2 /MES 6843.25", "STC 1 /MES @ 6843.25"),
        ("COVER 1 of 2 /MGC 4176.00 | T1", "BTC 1 /MGC @ 4176.00"),
        ("LONG 1 /ES 6862.50 | stop 6856.50 | T1 6872 | afternoon trend", "BTO 1 /ES @ 6862.50"),
    ],
)
def test_the_side_of_a_future_says_which_way_it_goes(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("LONG SOUN 500 @ 14.22 | stop 13.95 | t 14.60, 15", "BTO 500 SOUN @ 14.22"),
        ("LONG JOBY 300 @ 17.48 | no stop tonight, swing | t 19", "BTO 300 JOBY @ 17.48"),
        ("LONG F 1,000 @ 13.37 | stop 13.10", "BTO 1000 F @ 13.37"),
        ("lng 500 soun 14.22 s/14.05", "BTO 500 SOUN @ 14.22"),
        ("SHORT CHWY 200 @ 31.85 | stop 32.40 | t 30.90", "STO 200 CHWY @ 31.85"),
        ("shrt 300 CVNA 371.20 s/374", "STO 300 CVNA @ 371.20"),
        ("ADD short CHWY 100 @ 32.05, avg 31.92", "STO 100 CHWY @ 32.05"),
        ("went short 200 CHWY @ 31.85", "STO 200 CHWY @ 31.85"),
        ("short 200 shares of CHWY at 31.85, stop 32.40", "STO 200 CHWY @ 31.85"),
        ("COVER half CHWY @ 31.20", "BTC CHWY @ 31.20"),
        ("COVER rest CHWY @ 30.95, never quite got t1. done w dogs", "BTC CHWY @ 30.95"),
        ("cov 300 CVNA 366.90", "BTC 300 CVNA @ 366.90"),
        ("OUT short CHWY 200 @ 30.95", "BTC 200 CHWY @ 30.95"),
        ("Short 400 BBAI 6.92 stop 7.10", "STO 400 BBAI @ 6.92"),
        ("Covered half my BBAI short @ 6.61", "BTC BBAI @ 6.61"),
        ("OUT long SOUN rest @ 14.41", "STC SOUN @ 14.41"),
        ("flat 500 SOUN 14.61", "STC 500 SOUN @ 14.61"),
        ("SCALE OUT SOUN 250 of 500 @ 14.58", "STC 250 SOUN @ 14.58"),
        ("SOLD rest RKLB 47.60", "STC RKLB @ 47.60"),
        ("$DJT short 400 @ 13.26, stop 13.62", "STO 400 DJT @ 13.26"),
        ("IN $BBAI 6.42 | 1000 sh | stop 6.18 | target 6.90", "BTO 1000 BBAI @ 6.42"),
        ("SHORT $NVAX 9.35 | 400 sh | stop 9.70 | target 8.60", "STO 400 NVAX @ 9.35"),
        ("$DJT covered 200 of 400 @ 12.88", "BTC 200 DJT @ 12.88"),
        ("$PLUG long 2k @ 2.38, stop 2.29, target 2.55", "BTO 2000 PLUG @ 2.38"),
        ("CLOSE LONG all AMD 207.55", "STC AMD @ 207.55"),
    ],
)
def test_shares_are_told_from_strikes_and_premiums(text: str, order: str) -> None:
    assert [str(alert) for alert in read(text, AT).alerts] == [order]


@pytest.mark.parametrize(
    ("text", "fraction", "is_add"),
    [
        ("OUT half long /ES @ 6866", 0.5, False),
        ("SCALE 1/2 out of long /ES @ 6844.00, stop to 6836.50", 0.5, False),
        ("OUT 25% $SMCI 40C 12/11 @ 1.82 | +35%", 0.25, False),
        ("SELL last /MES @ 6841.50, runner scratched", 1, False),
        ("COVER half CHWY @ 31.20", 0.5, False),
        ("COVER rest CHWY @ 30.95", 1, False),
        ("Scaled 1 of 2 /MES long 6849.75", 0.5, False),
        ("ADD short CHWY 100 @ 32.05", None, True),
        ("Added 1 /ES short 6852", None, True),
    ],
)
def test_parts_and_adds_are_kept(text: str, fraction: float | None, *, is_add: bool) -> None:
    alert = read(text, AT).alerts[0]
    assert (alert.fraction if fraction is None else float(alert.fraction or 0)) == fraction
    assert alert.is_add is is_add


def test_a_scale_without_an_amount_is_a_part() -> None:
    assert read("scaled /ES short 6840", AT).alerts[0].partial


@pytest.mark.parametrize(
    "text",
    [
        "OUT long /ES @ 6866 if it fails",
        "OUT 50% SMCI 40C 12/11 @ 1.82",
        "OUT 35% SMCI 40C 12/11 @ 1.82 (+35%)",
        "sold ALL 222.50",
        "OUT long /ES above 6866",
        "out long /ES 6866 area",
        "out long /ES 6840 -> 6866",
        "out long /ES 6840 at 6848",
        "out long /CL 58 at 59",
        "out long /ES 8",
        "out long ES 6843",
        "out long and short /ES 6840",
        "out long /ES 6866 tomorrow",
        "OUT long /ES @ 6866, half @ 6870",
        "scale out /ES long 6866, 6870, 6875",
        "sold half my /GC long 4188.90, other half 4192",
        "OUT long /ES @ 6866, working",
        "OUT long /ES @ 6866 | SHORT /ES @ 6866",
        "closed /ES long 6866 and flipped short",
        "sold 2 /MES short 6848.25",
        "cov /ES 6840 area",
        "Closed the runner /MNQ long 25,201 last night",
        "Trim /MES long 6848 and 6855",
        "cover 2/3 /RTY short 2462, rest 2455",
        "coop OUT long /ES @ 6866",
        "correction OUT long /ES @ 6866 not 6886",
        "ADD long /ES 6840 area",
        "adding short /ES 6850 only over 6852",
        "took /ES short 6852 to 6840",
        "went short 1 /NQ @ 25,592 last friday",
        "replay class tonight: OUT long /RTY 1 @ 2471",
        "> OUT half long /ES @ 6866\nnice",
        "sold 1 of 3 /NQ 25100, adding higher",
        "out my /ES long 6840 @ 6852",
        "Add /ES 6840 long 6850, avg 6845",
        "OUT /CL long 58 @ 58.60",
        "/ES long: sold 1 of 2 if 6854 trades",
        "/ES long: covered half @ 6854",
        "SOLD rest LULU 22.40",
    ],
)
def test_what_is_no_trade_of_a_future_is_refused(text: str) -> None:
    assert not read(text, AT).alerts


@pytest.mark.parametrize(
    "text",
    [
        "LONG CRWD 500 @ 14.22",
        "SHORT ROKU 100 @ 98.40",
        "LONG SPY 684 @ 684.10",
        "$TSLA long 420 @ 421.50",
        "$SPY short 650 @ 649.90",
        "LONG AMD 215 @ 214.90",
        "OUT META 600 @ 71.35, from 40",
        "OUT half COST 900 @ 64.20",
        "LONG CRWD 500 @ 14.22 | stop 12",
        "LONG UNH 350 @ 14.22 | stop 13.95",
        "LONG SPY 684 @ 2.31 | stop 2.20",
        "LONG TSLA 430 @ 6.10 | stop 5.90",
        "LONG SMCI 42 @ 1.34",
        "LONG ALAB 150 @ 14.25",
        "LONG ALAB 155 @ 14.22",
        "LONG 200 SMA @ 14.22 | stop 13.95",
        "lng 100 SOUN 2.10",
        "LONG MARA 20 @ 11.20 / SL 10.90",
        "LONG MARA 200 @ 1.20 / SL 1.15",
        "LONG 300 RKLB above 61.20",
        "short interest RKLB 30 @ 61.20",
        "Covered all BBAI 6.61",
        "Covered my CHWY short, was 31.92",
        "Covered CHWY short 30.95 yesterday",
        "short 200 PLTR 18.40",
        "short ZS 300c 12/18 @ 6",
        "SHORT AMD 215 @ 3.05",
        "SHORT CHWY 200 @ 31.85 on a retest",
        "SHORT CHWY 200 @ 31.85 limit",
        "SHORT CHWY 200 @ 31.85 | working",
        "SHORT CHWY 200 @ 31.85 | same as coop",
        "SHORT CHWY 200 @ 31.85 | covered 30.95",
        "SHORT CHWY 200 @ 31.85 from thursday, still in",
        "SHORT CHWY 200 @ 31.85 | LONG ROKU 100 @ 98.40",
        "SHORT CHWY 200 @ 31.85, sorry 31.58",
        "i'm short 200 shares of CHWY @ 31.85",
        "RECAP SHORT CHWY 200 @ 31.85",
        "working: SHORT CHWY 200 @ 31.85",
        "COVER CHWY @ 3.10",
        "COVER NVDA @ 12.40",
        "covered CHWY 30.95",
        "cover CHWY news at 4.30",
        "COVER half CHWY @ 31.20 next",
        "COVER half CHWY @ 31.20, rest @ 30.50",
        "COVER half CHWY @ 31.20, if we get it",
        "COVER half CHWY @ 31.20 thx coop",
        "cover 300 shares with calls @ 1.20",
        "OUT long COIN rest @ 14.41",
        "OUT SOUN rest @ 14.41",
        "flat 10 AMD 2.30",
        "out 100 SPX @ 12.40",
    ],
)
def test_what_may_be_an_option_or_no_trade_is_refused(text: str) -> None:
    assert not read(text, AT).alerts


def test_many_amounts_in_a_row_take_no_time() -> None:
    assert not read(f"out {'1 of ' * 60}/ES", AT).alerts
