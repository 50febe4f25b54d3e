"""Made-up messages that must not crash the reader, change under its hands, or take it long.

    python -m bench.fuzz --messages 1000000 [--seed 1] [--seconds 600]

They are built out of the labelled messages' words, signs and odd letters, of any length, some changed letter by letter,
and read twice, in two processes. It fails when one crashes the reader, is read differently the second time, is both
read and refused, or takes far longer than its length allows. It prints how many took more than a millisecond of the
processor for each 1,000 characters, a message counting as 1,000 at least, and the worst of them.
"""

import argparse
import gc
import math
import random
import string
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
_SHARE = 10_000  # messages
_BEGINNING = 60  # characters of a message, as printed
_MOST_FOUND = 20  # messages, as printed
_ODD = (
    *("\u200b", "\u202e", "\u0410", "\ufffd", "\x00", "**", "||", "`", "~~", "> ", "\n"),
    *("{", "}", "(", "1/2", "@", "$", "%"),
)
_LETTERS = (*string.printable, *_ODD)


class Found(NamedTuple):
    """What one process found: complaints, each message's milliseconds for 1,000 characters, and the worst message."""

    complaints: list[str]
    taken: list[float]
    worst: str


def main() -> int:
    """The fuzz; 1 when it found something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="the first share's; each other has the next")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no more after so long")
    options = parser.parse_args()
    found = list(_shares(options.messages, options.seed, options.seconds))
    complaints = [complaint for each in found for complaint in each.complaints]
    for complaint in complaints[:_MOST_FOUND]:
        sys.stdout.write(f"{complaint}\n")
    Console(width=160).print(_table(found))
    return 1 if complaints else 0


def _shares(count: int, seed: int, seconds: float) -> Iterator[Found]:
    """What was found in each share of the messages, as they come."""
    begun, read_so_far = perf_counter(), 0
    shares = [(min(_SHARE, count - at), seed + at // _SHARE) for at in range(0, count, _SHARE)]
    with get_context("spawn").Pool(_PROCESSES) as pool:
        for found in pool.imap_unordered(fuzz, shares):
            yield found
            read_so_far += len(found.taken)
            sys.stdout.write(f"{read_so_far} read, {perf_counter() - begun:.0f} s\n")
            sys.stdout.flush()
            if perf_counter() - begun > seconds:
                return


def fuzz(share: tuple[int, int]) -> Found:
    """Read a share of the made-up messages: how many, and its seed."""
    gc.collect()
    gc.freeze()  # what was there before is no message's garbage
    complaints: list[str] = []
    taken: list[float] = []
    slowest, worst = 0.0, ""
    for text in messages(*share):
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


def _table(found: Sequence[Found]) -> Table:
    taken = [each for share in found for each in share.taken]
    worst = max(found, key=lambda share: max(share.taken)).worst
    over = sum(each > _AIM for each in taken)
    lines = {
        "messages": str(len(taken)),
        "crashed, or read in two ways": str(sum(len(share.complaints) for share in found)),
        "mean": f"{sum(taken) / len(taken):.3f}",
        "p99": f"{percentile(taken, 99):.2f}",
        "slowest": f"{max(taken):.2f}",
        "it begins": f"{worst[:_BEGINNING]!r}, {len(worst)} characters",
        f"over {_AIM:.0f}": f"{over} ({over / len(taken):.2%})",
    }
    table = Table(title="ms of the processor for 1,000 characters", show_header=False, box=None)
    for name, value in lines.items():
        table.add_row(name, value)
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
    if kind < 0.6:
        return _by_letter(chance, text)
    pieces = text.split(" ")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(pieces) + 1)
        pieces.insert(place, chance.choice(words if chance.random() < 0.6 else _ODD))
    if chance.random() < 0.5:
        del pieces[chance.randrange(len(pieces))]
    return (" " if chance.random() < 0.8 else "").join(pieces)


def _by_letter(chance: random.Random, text: str) -> str:
    """The text with a few of its characters left out, put in or changed."""
    letters = list(text)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(letters) + 1)
        letters[place : place + chance.randint(0, 2)] = chance.choices(_LETTERS, k=chance.randint(0, 2))
    return "".join(letters)


if __name__ == "__main__":
    sys.exit(main())
