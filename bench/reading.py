"""What the reader takes for a message, and how often it is right, beside a plain parser on the same messages.

    python -m bench.reading
    python -m bench.reading --fuzz 1000000 [--seed 1]

The fuzz builds messages of any length out of the labelled ones' words, signs and odd letters. It fails when one crashes
the reader, or takes it longer than its length allows. It prints how many took more than a millisecond of the processor
for each 1,000 characters, a message counting as 1,000 at least.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.regex_parser import read_plainly
from bench.timing import percentile
from domain.reading import read
from domain.reading.lines import fields
from domain.reading.visible import LONGEST_MESSAGE
from domain.symbols import broker_symbol

_CORPORA = Path(__file__).parents[1] / "tests" / "data" / "alerts"
_MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_AIM = 0.001  # seconds of the processor for each 1,000 characters
_MOST = 0.06  # numbers without end take 20 ms on a busy machine; a reader that is not linear would take far more
_ODD = (
    "\u200b",
    "\u202e",
    "\u0410",
    "\ufffd",
    "\x00",
    "**",
    "||",
    "`",
    "~~",
    "> ",
    "\n",
    "{",
    "}",
    "(",
    "1/2",
    "@",
    "$",
    "%",
)
_ROUNDS = 20

Parse = Callable[[str], list[dict[str, Any]]]


def main() -> int:
    """The comparison, or the fuzz; 1 when the fuzz found something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fuzz", type=int, default=0, metavar="N", help="read N made-up messages instead")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.fuzz:
        return _fuzz(options.fuzz, options.seed)
    _compare()
    return 0


def rows(*corpora: str) -> list[dict[str, Any]]:
    """Labelled messages."""
    lines = [line for name in corpora for line in (_CORPORA / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def _compare() -> None:
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


def _fuzz(count: int, seed: int) -> int:
    """Read that many made-up messages; prints what was found."""
    found, slow, worst = 0, 0, 0.0
    begun = perf_counter()
    for number, text in enumerate(_messages(count, seed), start=1):
        complaint, taken = _tried(text)
        worst, slow = max(worst, taken), slow + (taken > _AIM)
        if complaint:
            found += 1
            sys.stdout.write(f"{complaint}: {text!r}\n")
        if number % 100_000 == 0:
            sys.stdout.write(f"{number} read, {found} found, {perf_counter() - begun:.0f} s\n")
            sys.stdout.flush()
    over = f"{slow} over {_AIM * 1000:.0f} ms for 1,000 characters, the slowest {worst * 1000:.1f} ms"
    sys.stdout.write(f"{count} messages, seed {seed}: {found} found; {over}\n")
    return 1 if found else 0


def _tried(text: str) -> tuple[str, float]:
    """What is wrong, and the seconds for each 1,000 characters."""
    begun = thread_time()
    try:
        reading = read(text, _MONDAY)
    except Exception as error:  # noqa: BLE001  the fuzz is looking for any
        return f"raised {error!r}", 0
    taken = (thread_time() - begun) * 1000 / max(len(text), 1000)
    if bool(reading.alerts) == (reading.refused is not None):
        return "read and refused", taken
    return (f"took {taken * 1000:.1f} ms for 1,000 characters" if taken > _MOST else ""), taken


def _messages(count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311  a fuzz that can be repeated
    texts = [row["text"] for row in rows("dev", "rooms", "own", "learned")]
    words = sorted({word for text in texts for word in text.split(" ")})
    for _ in range(count):
        yield _mutated(chance, texts, words)[:LONGEST_MESSAGE]


def _mutated(chance: random.Random, texts: Sequence[str], words: Sequence[str]) -> str:
    kind = chance.random()
    if kind < 0.3:
        return " ".join(chance.choices(words, k=chance.randint(1, 40)))
    text = chance.choice(texts)
    if kind < 0.4:
        return text * chance.randint(2, 60)
    pieces = text.split(" ")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(pieces) + 1)
        pieces.insert(place, chance.choice(words if chance.random() < 0.6 else _ODD))
    if chance.random() < 0.5:
        del pieces[chance.randrange(len(pieces))]
    return (" " if chance.random() < 0.8 else "").join(pieces)


if __name__ == "__main__":
    sys.exit(main())
