"""Stops and targets, on the option's own price. Levels on the underlying are no prices of the option, and left out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.prices import level
from domain.reading.refusal import NotRead
from domain.reading.vocabulary import Role

_CENT = Decimal("0.01")
_BETWEEN = ("@", ":", "=", "-", "~")
_LIST_MARKS = ("/", ",", "-", "&", "+")


def stop_and_targets(
    chunks: Sequence[Chunk], action: Action, price: Decimal | None, strike: Decimal | None = None
) -> tuple[Decimal | None, tuple[Decimal, ...]]:
    """The stop and the targets that are written. Percentages count from the price, and need one."""
    is_long = action in (Action.BTO, Action.BTC)
    stops: list[Decimal] = []
    targets: list[Decimal] = []
    for role, numbers in _named(chunks):
        is_stop = role is Role.STOP
        rises = is_long is not is_stop
        prices = [found for number in numbers if (found := _price(number, price, rises=rises)) is not None]
        (stops if is_stop else targets).extend(
            p for p in prices if _is_beyond(p, price, rises=rises) and not _is_of_underlying(p, strike)
        )
    stop = stops[0] if len(set(stops)) == 1 else None
    return stop, tuple(dict.fromkeys(targets))


def _named(chunks: Sequence[Chunk]) -> Iterator[tuple[Role, list[Chunk]]]:
    """Each stop or target word with its numbers: behind it, or before it at a line's end ("$2.00 TARGET")."""
    for at, chunk in enumerate(chunks):
        if chunk.role not in (Role.STOP, Role.TARGET):
            continue
        behind = _numbers(chunks, at + 1)
        is_last = at + 1 == len(chunks) or chunks[at + 1].role is Role.NEWLINE
        if behind:
            yield chunk.role, behind
        elif is_last and at and chunks[at - 1].role in (Role.NUMBER, Role.PERCENT):
            yield chunk.role, [chunks[at - 1]]


def _numbers(chunks: Sequence[Chunk], at: int) -> list[Chunk]:
    """The list of numbers that begins here: `1.5/2/3`, `.99 / 1.25`, `4.00, 5.00`."""
    found: list[Chunk] = []
    while at < len(chunks) and (chunks[at].is_mark(*_BETWEEN) or chunks[at].lower == "at"):
        at += 1
    while at < len(chunks) and chunks[at].role in (Role.NUMBER, Role.PERCENT, Role.RANGE, Role.DAY):
        found.append(chunks[at])
        is_list = at + 1 < len(chunks) and (
            chunks[at + 1].is_mark(*_LIST_MARKS) or chunks[at + 1].lower in ("and", "then")
        )
        at += 2 if is_list else len(chunks)
    return [part for chunk in found for part in _parts(chunk)]


def _parts(chunk: Chunk) -> list[Chunk]:
    if chunk.role in (Role.NUMBER, Role.PERCENT):
        return [chunk]
    return [Chunk(Role.NUMBER, part, number=part) for part in chunk.text.replace("-", "/").split("/")]


def _price(chunk: Chunk, price: Decimal | None, *, rises: bool) -> Decimal | None:
    try:
        written = level(chunk.number.lstrip("+-"))
    except NotRead:
        return None
    if chunk.role is not Role.PERCENT:
        return written
    if price is None:
        return None
    return (price * (1 + written / 100 * (1 if rises else -1))).quantize(_CENT)


def _is_of_underlying(found: Decimal, strike: Decimal | None) -> bool:
    """Near the strike, a level is the underlying's: `PT 240` on a 230 call."""
    return strike is not None and found > strike / 2


def _is_beyond(found: Decimal, price: Decimal | None, *, rises: bool) -> bool:
    """A stop below what was paid, a target above it; anything else is a level of the underlying, or a slip."""
    if found <= 0:
        return False
    return price is None or (found > price if rises else found < price)
