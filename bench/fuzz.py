"""Made-up messages that must not crash the reader, change under its hands, or take it long.

    python -m bench.fuzz --messages 1000000 [--seed 1]

They are built out of the labelled messages' words, signs and odd letters, of any length, and read twice, in two
processes. It fails when one crashes the reader, is read differently the second time, is both read and refused, or takes
far longer than its length allows. It prints how many took more than a millisecond of the processor for each 1,000
characters, a message counting as 1,000 at least, and the worst of them.
"""

import argparse
import gc
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing import get_context
from time import perf_counter, thread_time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench.reading import rows
from bench.timing import percentile
from domain.alert import Reading
from domain.reading import read
from domain.reading.visible import LONGEST_MESSAGE

_MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_AIM = 1.0  # milliseconds of the processor for each 1,000 characters
_MOST = 60.0  # a reader that is not linear would take far more
_PROCESSES = 2
_BEGINNING = 60  # characters of a message, as printed
_MOST_FOUND = 20  # messages, as printed
_ODD = (
    *("\u200b", "\u202e", "\u0410", "\ufffd", "\x00", "**", "||", "`", "~~", "> ", "\n"),
    *("{", "}", "(", "1/2", "@", "$", "%"),
)


class Found(NamedTuple):
    """What one process found: complaints, each message's milliseconds for 1,000 characters, and the worst message."""

    complaints: list[str]
    taken: list[float]
    worst: str


def main() -> int:
    """The fuzz; 1 when it found something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the first process's; each other has the next")
    options = parser.parse_args()
    begun = perf_counter()
    shares = [(options.messages // _PROCESSES, options.seed + place) for place in range(_PROCESSES)]
    with get_context("spawn").Pool(_PROCESSES) as pool:
        found = pool.starmap(fuzz, shares)
    complaints = [complaint for each in found for complaint in each.complaints]
    for complaint in complaints[:_MOST_FOUND]:
        sys.stdout.write(f"{complaint}\n")
    Console(width=160).print(_table(found, shares))
    sys.stdout.write(f"{len(complaints)} found, in {perf_counter() - begun:.0f} s\n")
    return 1 if complaints else 0


def fuzz(count: int, seed: int) -> Found:
    """Read that many made-up messages."""
    gc.collect()
    gc.freeze()  # what was there before is no message's garbage
    complaints: list[str] = []
    taken: list[float] = []
    slowest, worst = 0.0, ""
    for text in messages(count, seed):
        complaint, milliseconds = _tried(text)
        taken.append(milliseconds)
        if complaint:
            complaints.append(f"{complaint}: {text!r}")
        if milliseconds > slowest:
            slowest, worst = milliseconds, text
    return Found(complaints, taken, worst)


def _tried(text: str) -> tuple[str, float]:
    """What is wrong, and the milliseconds for each 1,000 characters: the lesser of two readings'."""
    try:
        first, at_first = _timed(text)
        second, again = _timed(text)
    except Exception as error:  # noqa: BLE001  the fuzz is looking for any
        return f"raised {error!r}", 0.0
    taken = min(at_first, again) * 1_000_000 / max(len(text), 1000)
    if bool(first.alerts) == (first.refused is not None):
        return "read and refused", taken
    if first != second:
        return "read in two ways", taken
    if Reading.model_validate_json(first.model_dump_json()) != first:
        return "no reading when told", taken
    return (f"took {taken:.1f} ms for 1,000 characters" if taken > _MOST else ""), taken


def _timed(text: str) -> tuple[Reading, float]:
    begun = thread_time()
    reading = read(text, _MONDAY)
    return reading, thread_time() - begun


def _table(found: Sequence[Found], shares: Sequence[tuple[int, int]]) -> Table:
    table = Table(title="ms of the processor for 1,000 characters", header_style="bold", box=None)
    for name in ("seed", "messages", "mean", "p99", "max", "over 1 ms", "the worst begins"):
        table.add_column(name)
    for (_, seed), each in zip(shares, found, strict=True):
        over = sum(taken > _AIM for taken in each.taken)
        table.add_row(
            str(seed),
            str(len(each.taken)),
            f"{sum(each.taken) / len(each.taken):.3f}",
            f"{percentile(each.taken, 99):.2f}",
            f"{max(each.taken):.2f}",
            f"{over} ({over / len(each.taken):.2%})",
            f"{each.worst[:_BEGINNING]!r} ({len(each.worst)})",
        )
    return table


def messages(count: int, seed: int) -> Iterator[str]:
    """Made-up messages, the same for the same seed."""
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
