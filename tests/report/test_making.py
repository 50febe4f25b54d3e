"""Both files of a report, the picture drawn by a process of its own."""

import asyncio
import struct
import zlib
from pathlib import Path

import pytest

from domain.errors import RetryableError
from domain.settings import Mode
from report import making
from report.making import made, name_of
from tests.domain.reporting.rows import Told, a_days_trades, report
from tests.report.test_page import HOSTILE

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(PNG)
    wide, tall = struct.unpack(">II", picture[16:24])
    return int(wide), int(tall)


def colour_at_the_top(picture: bytes) -> tuple[int, ...]:
    """The first pixel: of the band that says the mode. The first line of a PNG has no line above it to differ from."""
    data, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            data += picture[at + 8 : at + 8 + length]
        at += length + 12
    return tuple(zlib.decompressobj().decompress(data, 5)[1:4])


async def test_a_report_is_a_page_and_a_picture(tmp_path: Path) -> None:
    files = await made(report(*a_days_trades()), tmp_path)
    assert files.name == "report-paper-2026-11-25"
    assert files.page.startswith(b"<!doctype html>")
    assert size_of(files.picture) == (1560, 936)
    assert len(files.picture) < 400_000


async def test_each_mode_has_its_own_colour_at_the_top(tmp_path: Path) -> None:
    rehearsed = Told(mode="live dry run").admitted().bought(1, 1, "1.00").sold(2, 1, "2.00")
    days = [
        report(*a_days_trades("live")),
        report(*a_days_trades("paper")),
        report(rehearsed),
        report(mode=Mode.SANDBOX),
    ]
    tops = [colour_at_the_top((await made(each, tmp_path)).picture) for each in days]
    assert tops == [(0xD8, 0x3A, 0x3F), (0x2F, 0x78, 0xE0), (0x85, 0x89, 0x8F), (0x8E, 0x4F, 0xB3)]


async def test_no_word_of_a_stranger_is_a_formula_or_breaks_the_picture(tmp_path: Path) -> None:
    told = Told(author=HOSTILE, said=HOSTILE, symbol="$x").admitted(2, contract="$\\frac{1}{ $_^ 🚀\u202e日本")
    files = await made(report(told.bought(1, 2, "1.00").sold(9, 2, "2.00")), tmp_path)
    assert size_of(files.picture) == (1560, 936)


async def test_the_loop_goes_on_while_it_is_drawn(tmp_path: Path) -> None:
    drawing = asyncio.ensure_future(made(report(*a_days_trades()), tmp_path))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1
    await drawing
    assert turns > 100


async def test_no_secret_of_the_environment_comes_to_the_process_that_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_DISCORD__TOKEN", "secret")
    assert "secret" not in making._environment(Path("x")).values()


async def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(making, "_PATIENCE", 0.001)
    with pytest.raises(RetryableError, match="too long"):
        await made(report(), tmp_path)


async def test_a_drawing_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "__init__.py").touch()
    (tmp_path / "report" / "__main__.py").write_text("raise SystemExit('no room')")
    monkeypatch.setattr(making, "_environment", lambda folder: {"PYTHONPATH": str(folder)})
    with pytest.raises(RetryableError, match="could not be drawn: no room"):
        await made(report(), tmp_path)


def test_its_name_says_mode_and_days() -> None:
    from datetime import date

    from domain.reporting.span import Span

    span = Span(first=date(2026, 11, 20), last=date(2026, 11, 25))
    assert name_of(report(mode=Mode.LIVE, span=span)) == "report-live-2026-11-20-to-2026-11-25"
