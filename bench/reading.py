"""What the reader takes for a message, and how often it is right, beside a plain parser on the same messages.

python -m bench.reading
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.regex_parser import read_plainly
from bench.timing import percentile
from domain.reading import read
from domain.reading.lines import fields
from domain.symbols import broker_symbol

_CORPORA = Path(__file__).parents[1] / "tests" / "data" / "alerts"
_MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_ROUNDS = 20

Parse = Callable[[str], list[dict[str, Any]]]


def rows(*corpora: str) -> list[dict[str, Any]]:
    """Labelled messages."""
    lines = [line for name in corpora for line in (_CORPORA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def main() -> None:
    """The comparison."""
    labelled = rows("dev", "rooms", "learned")
    table = Table("parser", "messages", "mean", "p99", "slowest", "acted on", "wrong or false", "precision", "recall")
    for name, parse in (("the reader", _ours), ("plain regular expressions", _plain)):
        taken = _time(parse, [row["text"] for row in labelled])
        verdicts = [_verdict(row, parse(row["text"])) for row in labelled]
        acted, wrong, right = (verdicts.count(each) for each in ("right", "wrong", "right"))
        acted += wrong
        orders = sum(1 for row in labelled if row["expect"])
        table.add_row(
            name,
            str(len(labelled)),
            f"{sum(taken) / len(taken) * 1e6:.0f} us",
            f"{percentile(taken, 99) * 1e6:.0f} us",
            f"{max(taken) * 1e6:.0f} us",
            str(acted),
            str(wrong),
            f"{right / max(acted, 1):.3f}",
            f"{right / orders:.3f}",
        )
    Console(width=140).print(table)


def _ours(text: str) -> list[dict[str, Any]]:
    return [fields(alert) for alert in read(text, _MONDAY).alerts]


def _plain(text: str) -> list[dict[str, Any]]:
    return read_plainly(text, _MONDAY)


def _time(parse: Parse, texts: Sequence[str]) -> list[float]:
    """Seconds for each text: the least of several rounds."""
    best = [float("inf")] * len(texts)
    for _ in range(_ROUNDS):
        for place, text in enumerate(texts):
            begun = perf_counter()
            parse(text)
            best[place] = min(best[place], perf_counter() - begun)
    return best


def _verdict(row: dict[str, Any], read_as: list[dict[str, Any]]) -> str:
    """ "right", "silent" (acted on nothing), or "wrong": side, contract or price of some order is not the label's."""
    if not read_as:
        return "silent"
    for wanted in (row["expect"], *row["also_safe"]):
        if wanted and len(wanted) == len(read_as) and all(map(_is_same, wanted, read_as)):
            return "right"
    return "wrong"


def _is_same(want: dict[str, Any], got: dict[str, Any]) -> bool:
    if broker_symbol(want["symbol"]) != broker_symbol(got["symbol"]):
        return False
    names = ["action", "strike", "option_type"] + ([] if want.get("price_range") else ["price"])
    return all(want.get(name) == got.get(name) for name in names)


if __name__ == "__main__":
    main()
