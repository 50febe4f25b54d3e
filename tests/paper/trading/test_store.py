"""The book on disk."""

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from paper.market.quote import Quote
from paper.trading.store import Store, StoreFailedError, StoreFormatError

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def pinned(bid: str) -> Quote:
    return Quote(Decimal(bid), None, 5, 0, NOW)


def test_a_new_book_is_empty_and_has_no_cash(tmp_path: Path) -> None:
    saved = Store(tmp_path / "new" / "paper.db").load()
    assert (saved.orders, saved.cash, saved.pins) == ([], None, {})


def test_pins_come_back_as_they_were_and_a_dropped_one_does_not(tmp_path: Path) -> None:
    store = Store(tmp_path / "paper.db")
    store.save(pins=[("A", pinned("1.05")), ("B", pinned("2.00"))])
    store.save(pins=[("B", None)])
    store.close()
    assert Store(tmp_path / "paper.db").load().pins == {"A": pinned("1.05")}


def test_a_point_is_reached_once_and_becomes_the_pin(tmp_path: Path) -> None:
    store = Store(tmp_path / "paper.db")
    point = store.add_point("A", 1.0, pinned("1.05"))
    assert store.reach_point(point)
    assert not store.reach_point(point)
    assert (store.load().pins, store.load().path) == ({"A": pinned("1.05")}, [])


def test_the_balance_is_that_of_the_last_entry(tmp_path: Path) -> None:
    store = Store(tmp_path / "paper.db")
    store.save(
        cash=[(NOW, "deposit", Decimal("100"), Decimal("100")), (NOW, "fee", Decimal("-1.12"), Decimal("98.88"))]
    )
    assert store.load().cash == Decimal("98.88")


def test_a_commit_that_fails_leaves_nothing_and_says_that_the_book_is_broken(tmp_path: Path) -> None:
    store = Store(tmp_path / "paper.db")
    store._db.execute("PRAGMA max_page_count = 1")  # SQLite's own "disk full"
    with pytest.raises(StoreFailedError, match="full"):
        store.save(pins=[(f"{n:0500}", pinned("1.05")) for n in range(500)])
    assert store.failed.is_set()
    assert store.load().pins == {}


def test_a_book_in_another_format_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "paper.db"
    Store(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=1")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreFormatError, match="format 1"):
        Store(path)
    assert path.read_bytes() == before
