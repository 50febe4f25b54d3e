"""Recorded quotes: what is read of a file, and how the market shows it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from paper.control.client import Control, ControlError
from paper.exchange import Exchange
from paper.market.recording import RecordedQuote, RecordingError, read_recording
from paper.server import RunningPaper
from paper.settings import PaperSettings

Happens = Callable[..., Awaitable[None]]
CSV = """time,symbol,bid,ask,bid_size,ask_size
2026-11-20T14:30:00Z,UBER,81.00,81.02,500,400
2026-11-20T14:30:02Z,SPY,670.10,670.11,900,800
2026-11-20T14:30:01Z,UBER,82.00,,300,0
"""


def write(folder: Path, text: str, name: str = "quotes.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_is_read_in_the_order_of_its_times(tmp_path: Path) -> None:
    assert read_recording(write(tmp_path, CSV)) == [
        RecordedQuote(0.0, "UBER", Decimal("81.00"), Decimal("81.02"), 500, 400),
        RecordedQuote(1.0, "UBER", Decimal("82.00"), None, 300, 0),
        RecordedQuote(2.0, "SPY", Decimal("670.10"), Decimal("670.11"), 900, 800),
    ]


def test_a_parquet_file_with_seconds_and_without_sizes_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    with duckdb.connect() as db:
        db.execute(
            "COPY (SELECT * FROM (VALUES (100.5, 'SPY', 670.1, 670.2), (99.5, 'SPY', 669.5, 669.6)) "
            f"AS t(time, symbol, bid, ask)) TO '{path}' (FORMAT parquet)"
        )
    assert read_recording(path) == [
        RecordedQuote(0.0, "SPY", Decimal("669.5"), Decimal("669.6"), 10, 10),
        RecordedQuote(1.0, "SPY", Decimal("670.1"), Decimal("670.2"), 10, 10),
    ]


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("time,symbol,bid\n1,SPY,2\n", "q.csv", "columns are missing: ask"),
        ("time,symbol,bid,ask\n", "q.csv", "no rows"),
        ("time,symbol,bid,ask\nsoon,SPY,1,2\n", "q.csv", "can't be read"),
        ("", "q.txt", "neither"),
        ("garbage", "q.parquet", "can't be read"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_with_its_reason(
    tmp_path: Path, text: str, name: str, reason: str
) -> None:
    with pytest.raises(RecordingError, match=reason):
        read_recording(write(tmp_path, text, name))


def bid(exchange: Exchange, symbol: str) -> Decimal | None:
    instrument = exchange.listings.find(symbol)
    assert instrument is not None
    return exchange.market.quote(instrument).bid


async def test_the_market_shows_what_was_recorded_and_then_goes_on_by_itself(
    tmp_path: Path, control: Control, paper: RunningPaper, happens: Happens
) -> None:
    seen: list[Decimal | None] = []
    exchange = paper.exchange
    exchange.market.shown.append(lambda symbol: seen.append(bid(exchange, symbol)) if symbol == "UBER" else None)
    loaded = await control.replay(write(tmp_path, CSV + "2026-11-20T14:30:02Z,NOSUCH,1,2,1,1\n"), speed=20)
    assert (loaded["rows"], loaded["left_out"]) == (3, ["NOSUCH"])
    await happens(lambda: exchange.replay.playing is None, exchange.market.shown)
    assert seen[:2] == [Decimal("81.00"), Decimal("82.00")]
    assert exchange.market.pinned("UBER") is None
    assert exchange.market.walks["UBER"] == pytest.approx(82, rel=0.01)


async def test_a_replay_goes_on_after_a_restart_where_it_would_be_by_now(tmp_path: Path) -> None:
    settings = PaperSettings(db=tmp_path / "paper.db").hurried()
    long_one = CSV + "2026-11-20T15:30:00Z,SPY,600,601,1,1\n"
    first = Exchange(settings)
    first.start()
    await first.replay.play(write(tmp_path, long_one), speed=1)
    await first.close()
    second = Exchange(settings)
    second.clock.go_to(second.clock() + timedelta(seconds=30))
    second.start()
    await second.replay.caught_up.wait()
    assert (bid(second, "UBER"), bid(second, "SPY")) == (Decimal("82.00"), Decimal("670.10"))
    await second.close()


async def test_stopping_a_replay_gives_its_symbols_back_to_the_model(
    tmp_path: Path, control: Control, paper: RunningPaper
) -> None:
    await control.replay(write(tmp_path, CSV + "2026-11-20T15:30:00Z,SPY,600,601,1,1\n"))
    await paper.exchange.replay.caught_up.wait()
    await control.stop_replay()
    assert paper.exchange.market.pinned("UBER") is None
    assert paper.exchange.store.recall("replay") is None


async def test_a_recording_that_can_not_be_played_is_refused_over_the_control_plane(
    tmp_path: Path, control: Control
) -> None:
    with pytest.raises(ControlError, match="none of its symbols is listed"):
        await control.replay(write(tmp_path, "time,symbol,bid,ask\n1,NOSUCH,1,2\n"))
    with pytest.raises(ControlError, match="absolute"):
        await control.replay(Path("quotes.csv"))
