"""Reading recorded quotes: a CSV or Parquet file with the columns time, symbol, bid and ask.

`time` is a timestamp, or seconds from any start. An empty bid or ask is a side without a price. Symbols are order
symbols or streamer symbols. Columns bid_size and ask_size may be there, too.
"""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

_MOST_ROWS = 1_000_000
_NEEDED = frozenset({"time", "symbol", "bid", "ask"})
_SIZES = ("bid_size", "ask_size")
_DEFAULT_SIZE = 10
_NUMBERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"})


class RecordingError(ValueError):
    """The file can't be played; the message says why."""


class RecordedQuote(NamedTuple):
    """One row: the quote shown from `after` seconds after the first row on."""

    after: float
    symbol: str
    bid: Decimal | None
    ask: Decimal | None
    bid_size: int
    ask_size: int


def read_recording(path: Path) -> list[RecordedQuote]:
    """All rows, in the order of their times. RecordingError when it is no such file, too long, or has no rows."""
    try:
        with duckdb.connect() as db:
            rows = _ordered(_open(db, path)).limit(_MOST_ROWS + 1).fetchall()
    except duckdb.Error as error:
        raise RecordingError(f"{path.name} can't be read: {str(error).splitlines()[0]}") from error
    if not rows or len(rows) > _MOST_ROWS:
        raise RecordingError("it has no rows" if not rows else f"it has more than {_MOST_ROWS:,} rows")
    first = rows[0][0]
    return [RecordedQuote(at - first, symbol, bid, ask, *sizes) for at, symbol, bid, ask, *sizes in rows]


def _open(db: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if path.suffix.lower() == ".csv":
        return db.read_csv(str(path), header=True)
    if path.suffix.lower() == ".parquet":
        return db.read_parquet(str(path))
    raise RecordingError(f"{path.name} is neither .csv nor .parquet")


def _ordered(table: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Seconds, symbol, prices and sizes, by time."""
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    missing = _NEEDED - kinds.keys()
    if missing:
        raise RecordingError(f"columns are missing: {', '.join(sorted(missing))}")
    is_number = kinds["time"] in _NUMBERS or kinds["time"].startswith("DECIMAL")
    seconds = "time::DOUBLE" if is_number else "epoch(time::TIMESTAMPTZ)"
    sizes = [f"coalesce({name}, 0)::BIGINT" if name in kinds else str(_DEFAULT_SIZE) for name in _SIZES]
    listed = table.filter("symbol IS NOT NULL")
    prices = "bid::DECIMAL(18, 4), ask::DECIMAL(18, 4)"
    return listed.project(f"{seconds} AS seconds, symbol::VARCHAR, {prices}, {', '.join(sizes)}").order("seconds")
