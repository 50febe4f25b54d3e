"""The durable book: orders, executions, deliveries, cash, positions and pinned quotes in one SQLite file.

Everything is committed before it is answered or published, so a killed exchange forgets nothing that it ever said.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from paper.market.quote import Quote
from paper.trading.account import Position
from paper.trading.deliveries import Delivery
from paper.trading.orders import Execution, Order

_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS executions (number INTEGER PRIMARY KEY, fill_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (number INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ledger (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, amount TEXT NOT NULL, balance TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS positions (symbol TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pins (symbol TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS quote_path (
    number INTEGER PRIMARY KEY, symbol TEXT NOT NULL, due REAL NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, record TEXT NOT NULL);
"""
_UPSERTS = {
    "orders": "INSERT OR REPLACE INTO orders VALUES (?, ?)",
    "positions": "INSERT OR REPLACE INTO positions VALUES (?, ?)",
    "pins": "INSERT OR REPLACE INTO pins VALUES (?, ?)",
    "remembered": "INSERT OR REPLACE INTO remembered VALUES (?, ?)",
}
_FORMAT = 2  # of the records; to be raised with each change that makes older ones unreadable
_WAL_PAGES = 8000  # a checkpoint syncs the disk and holds the exchange up, so it is made rarely


_PATIENCE = 2.0  # seconds for an earlier run to let go of the file


class StoreBusyError(OSError):
    """Another process has the book open."""


class StoreFormatError(OSError):
    """The book was written by a version that kept it in another form."""


class StoreFailedError(Exception):
    """A commit failed: what this process believes is ahead of what is kept, so it must end."""


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A quote to be pinned at `due` (seconds since the epoch)."""

    number: int
    symbol: str
    due: float
    quote: Quote


@dataclass(slots=True)
class Saved:
    """Everything an earlier run left behind; `cash` None for a new book."""

    orders: list[Order] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    cash: Decimal | None = None
    positions: dict[str, Position] = field(default_factory=dict)
    pins: dict[str, Quote] = field(default_factory=dict)
    path: list[PathPoint] = field(default_factory=list)


class Store:
    """One open book. StoreBusyError when another process has it: an exchange shares its book with nobody.

    `failed` is set when a commit failed (the disk is full): nothing said after that would be kept.
    """

    def __init__(self, path: Path | None) -> None:
        self.failed = asyncio.Event()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=_PATIENCE)
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            self._db.close()
            raise StoreBusyError(f"{path}: {error}") from error
        # NORMAL writes each commit to the log without a sync: it survives the death of the process, which is what
        # this exchange promises. Losing power may cost the last moments.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}")
        self._check_format(path)
        self._db.executescript(_SCHEMA)

    def _check_format(self, path: Path | None) -> None:
        """A book that this version can't read is left as it is."""
        is_new = not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if is_new:
            self._db.execute(f"PRAGMA user_version={_FORMAT}")
            return
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found != _FORMAT:
            self._db.close()
            raise StoreFormatError(f"{path} was written in format {found}, this version reads {_FORMAT}: move it away")

    def close(self) -> None:
        """Fold the log into the file and let it go."""
        self._db.close()

    def save(
        self,
        orders: Iterable[Order] = (),
        executions: Iterable[Execution] = (),
        cash: Iterable[tuple[datetime, str, Decimal, Decimal]] = (),
        positions: Iterable[Position] = (),
        pins: Iterable[tuple[str, Quote | None]] = (),
        deliveries: Iterable[Delivery] = (),
        closed: Iterable[str] = (),
    ) -> None:
        """Commit all of it, or nothing. `cash` rows are (at, kind, amount, balance after); a pin of None is gone.

        `closed` are symbols whose rows among the positions are dropped.
        """
        with self._transaction():
            self._put("orders", ((order.id, order.model_dump_json()) for order in orders))
            self._put("positions", ((position.symbol, position.model_dump_json()) for position in positions))
            self._db.executemany(
                "INSERT INTO executions (fill_id, record) VALUES (?, ?)",
                [(execution.fill_id, execution.model_dump_json()) for execution in executions],
            )
            self._db.executemany(
                "INSERT INTO ledger (at, kind, amount, balance) VALUES (?, ?, ?, ?)",
                [(at.isoformat(), kind, str(amount), str(balance)) for at, kind, amount, balance in cash],
            )
            self._db.executemany(
                "INSERT INTO deliveries VALUES (?, ?)",
                [(delivery.number, delivery.model_dump_json()) for delivery in deliveries],
            )
            self._db.executemany("DELETE FROM positions WHERE symbol = ?", [(symbol,) for symbol in closed])
            for symbol, quote in pins:
                self._save_pin(symbol, quote)

    def remember(self, name: str, value: object) -> None:
        """Keep one JSON value under a name."""
        self._put("remembered", [(name, json.dumps(value))])

    def recall(self, name: str) -> object:
        """What is kept under a name; None for nothing."""
        row = self._db.execute("SELECT record FROM remembered WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def add_point(self, symbol: str, due: float, quote: Quote) -> PathPoint:
        """Keep one point of a quote path until it is reached."""
        row = self._db.execute(
            "INSERT INTO quote_path (symbol, due, record) VALUES (?, ?, ?)", (symbol, due, _quote_json(quote))
        )
        return PathPoint(row.lastrowid or 0, symbol, due, quote)

    def reach_point(self, point: PathPoint) -> bool:
        """The point is reached: it becomes the pin, in one step. False when the path was dropped meanwhile."""
        with self._transaction():
            found = self._db.execute("DELETE FROM quote_path WHERE number = ?", (point.number,)).rowcount
            if found:
                self._save_pin(point.symbol, point.quote)
        return bool(found)

    def drop_path(self, symbol: str) -> None:
        """Forget the points of a symbol that were not reached."""
        self._db.execute("DELETE FROM quote_path WHERE symbol = ?", (symbol,))

    def load(self) -> Saved:
        """Everything kept, orders by id and executions in the order they happened."""
        rows = self._db.execute
        balance = rows("SELECT balance FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
        positions = [Position.model_validate_json(row[0]) for row in rows("SELECT record FROM positions")]
        points = rows("SELECT number, symbol, due, record FROM quote_path ORDER BY due, number")
        return Saved(
            orders=[Order.model_validate_json(row[0]) for row in rows("SELECT record FROM orders ORDER BY id")],
            executions=[
                Execution.model_validate_json(row[0]) for row in rows("SELECT record FROM executions ORDER BY number")
            ],
            deliveries=[
                Delivery.model_validate_json(row[0]) for row in rows("SELECT record FROM deliveries ORDER BY number")
            ],
            cash=None if balance is None else Decimal(balance[0]),
            positions={position.symbol: position for position in positions},
            pins={symbol: _read_quote(record) for symbol, record in rows("SELECT symbol, record FROM pins")},
            path=[PathPoint(number, symbol, due, _read_quote(text)) for number, symbol, due, text in points],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            with self._db:
                self._db.execute("BEGIN")
                yield
        except sqlite3.Error as error:
            self.failed.set()
            raise StoreFailedError(f"the book can't be written: {error}") from error

    def _put(self, table: str, rows: Iterable[tuple[object, str]]) -> None:
        self._db.executemany(_UPSERTS[table], list(rows))

    def _save_pin(self, symbol: str, quote: Quote | None) -> None:
        if quote is None:
            self._db.execute("DELETE FROM pins WHERE symbol = ?", (symbol,))
        else:
            self._put("pins", [(symbol, _quote_json(quote))])


def _quote_json(quote: Quote) -> str:
    sides = [None if price is None else str(price) for price in (quote.bid, quote.ask)]
    return json.dumps([*sides, quote.bid_size, quote.ask_size, quote.at.isoformat()])


def _read_quote(text: str) -> Quote:
    bid, ask, bid_size, ask_size, at = json.loads(text)
    prices = [None if price is None else Decimal(price) for price in (bid, ask)]
    return Quote(prices[0], prices[1], bid_size, ask_size, datetime.fromisoformat(at))
