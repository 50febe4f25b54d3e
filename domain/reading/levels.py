"""Stops and targets: as prices of what is traded, in percent, on the underlying, and stops that trail.

A level near the strike, or with the stock named behind it, is the underlying's. One on the wrong side of the price is a
slip, or belongs to something else, and is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from domain.alert import Action, Levels, Trail
from domain.reading import no_levels
from domain.reading.chunks import Chunk
from domain.reading.prices import is_decimal, level
from domain.reading.refusal import NotRead
from domain.reading.vocabulary import Role, word_set

LEVELS = (Role.STOP, Role.TARGET, Role.TRAIL)
_NEAR = Decimal("0.7")
_CENT = Decimal("0.01")
_BETWEEN = ("@", ":", "=", "-", "~")
_BETWEEN_WORDS = word_set("""
    at is of set around near about be will to by now a for if it under below over above
""")
_BETWEEN_WORDS |= word_set("""
    loses breaks closes close on goes hits back candle 5m 5min 15m 15min hourly daily
""")
_SHARES = ("stock", "underlying", "share", "shares", "spot", "index", "chart")
_LIST_MARKS = ("/", ",", "-", "&", "+")
_LIST_WORDS = ("and", "then")
_MEASURES = (Role.NUMBER, Role.PERCENT, Role.RANGE, Role.DAY)
_OUT = ("out", "cut", "cutting", "exit", "stopped")  # "out under 147" is a stop
_CROSSES = ("under", "below", "over", "above", "loses", "breaks", "closes")
_LONGEST_WAY = 7  # chunks between the word and its number: "stop if it closes under 147"


class AlertLevels(NamedTuple):
    """Everything that an order says about its stop and its targets."""

    stop: Decimal | None = None
    targets: tuple[Decimal, ...] = ()
    in_percent: Levels = Levels()
    on_underlying: Levels = Levels()
    trail: Trail | None = None


class _Named(NamedTuple):
    """A level's word with the numbers that are written for it."""

    role: Role
    numbers: Sequence[Chunk]
    is_shares: bool = False
    is_points: bool = False


class _Terms(NamedTuple):
    """What a level is measured against."""

    is_long: bool
    price: Decimal | None
    strike: Decimal | None
    is_future: bool = False

    def rises(self, role: Role) -> bool:
        """Whether such a level is above the price: a buyer's target, a seller's stop."""
        return self.is_long is (role is Role.TARGET)

    def is_near_strike(self, found: Decimal) -> bool:
        """Near the strike, a level is the underlying's: `PT 240` on a 230 call."""
        return self.strike is not None and self.strike / 2 < found < self.strike * 2

    def is_of_underlying(self, found: Decimal) -> bool:
        """Whether it is so near that no word need say it. `SL 50` on an 88 put is rather a percentage."""
        return self.strike is not None and self.strike * _NEAR < found < self.strike / _NEAR

    def is_far(self, named: _Named) -> bool:
        """Whether one of its numbers can't be a level: 8 on /ES, 62 for 6862, percents without their sign."""
        return named.role is not Role.TRAIL and any(
            no_levels.is_far(written, self.price, is_future=self.is_future, is_option=self.strike is not None)
            for chunk, written in _written(named)
            if chunk.role is not Role.PERCENT and not named.is_points and not self.is_near_strike(written)
        )

    def points_away(self, points: Decimal, role: Role) -> Decimal | None:
        """The price of a future or a share that is so many points away, on the level's side."""
        if self.price is None or self.strike is not None:
            return None
        return self.price + (points if self.rises(role) else -points)

    def is_beyond(self, found: Decimal, role: Role) -> bool:
        """Whether it is on the level's side of what was paid."""
        return self.price is None or (found > self.price if self.rises(role) else found < self.price)

    def counted(self, percent: Decimal, role: Role) -> Decimal | None:
        """The price that a percentage comes to."""
        if self.price is None:
            return None
        found = (self.price * (1 + percent / 100 * (1 if self.rises(role) else -1))).quantize(_CENT)
        return found if found > 0 else None


def stop_and_targets(
    chunks: Sequence[Chunk],
    action: Action,
    price: Decimal | None,
    strike: Decimal | None = None,
    *,
    is_future: bool = False,
) -> AlertLevels:
    """The levels that are written. A percentage counts from the price, where there is one."""
    terms = _Terms(action in (Action.BTO, Action.BTC), price, strike, is_future)
    named = [each for each in _named(chunks) if not terms.is_far(each)]
    own = [(each.role, found) for each in named for found in _own(each, terms)]
    percent = [(each.role, found) for each in named for found in _in_percent(each)]
    underlying = [(each.role, found) for each in named for found in _on_underlying(each, terms)]
    stop, targets = _settled(own)
    return AlertLevels(stop, targets, _levels(percent), _levels(underlying), _trail(named, price))


def _settled(found: Iterable[tuple[Role, Decimal]]) -> tuple[Decimal | None, tuple[Decimal, ...]]:
    """Two stops are none."""
    found = list(found)
    stops = {price for role, price in found if role is Role.STOP}
    targets = dict.fromkeys(price for role, price in found if role is Role.TARGET)
    return (stops.pop() if len(stops) == 1 else None), tuple(targets)


def _levels(found: Iterable[tuple[Role, Decimal]]) -> Levels:
    stop, targets = _settled(found)
    return Levels(stop=stop, targets=targets)


def _own(named: _Named, terms: _Terms) -> Iterator[Decimal]:
    for chunk, written in _written(named):
        if chunk.role is Role.PERCENT:
            counted = terms.counted(written, named.role)
            yield from () if counted is None else (counted,)
        elif named.is_points:
            away = terms.points_away(written, named.role)
            yield from () if away is None else (away,)
        elif not named.is_shares and not terms.is_near_strike(written) and terms.is_beyond(written, named.role):
            yield written


def _in_percent(named: _Named) -> Iterator[Decimal]:
    return (written for chunk, written in _written(named) if chunk.role is Role.PERCENT)


def _on_underlying(named: _Named, terms: _Terms) -> Iterator[Decimal]:
    if terms.strike is None:
        return
    for chunk, written in _written(named):
        is_number = chunk.role is not Role.PERCENT and not named.is_points
        if is_number and (named.is_shares or terms.is_of_underlying(written)):
            yield written


def _trail(named: Iterable[_Named], price: Decimal | None) -> Trail | None:
    """A stop that trails by more than was paid is a percentage without its sign, or a price."""
    for each in named:
        for chunk, written in _written(each) if each.role is Role.TRAIL else ():
            if chunk.role is Role.PERCENT:
                return Trail(percent=written)
            return None if price is not None and written >= price else Trail(amount=written)
    return None


def _written(named: _Named) -> Iterator[tuple[Chunk, Decimal]]:
    """The numbers' values; what is no clear number is left out."""
    for chunk in named.numbers:
        try:
            value = level(chunk.number.lstrip("+-"))
        except NotRead:
            continue
        if value > 0:
            yield chunk, value


def _named(chunks: Sequence[Chunk]) -> Iterator[_Named]:
    """Each level's word with its numbers: behind it, or right before it ("$2.00 TARGET", "20% stop")."""
    taken = -1  # the last number that has its word
    for at, chunk in enumerate(chunks):
        is_way_out = chunk.lower in _OUT and _crosses(chunks[at + 1 : at + _LONGEST_WAY])
        if chunk.role not in LEVELS and not is_way_out:
            continue
        role = Role.STOP if is_way_out else chunk.role
        first = _first_number(chunks, at + 1)
        before = chunks[at - 1] if at - 1 > taken else None
        is_before = before is not None and before.role in (Role.NUMBER, Role.PERCENT)
        if before is not None and is_before and (first is None or _is_of_another(chunks, at, first)):
            yield _Named(role, [before])
        elif first is not None:
            numbers, taken = numbers_from(chunks, first)
            behind = chunks[taken + 1 : taken + 6]
            numbers = _in_one_measure(numbers, behind[:1])
            if no_levels.is_day(chunks[first], chunks[at + 1 : first]) or no_levels.is_no_level(numbers, behind):
                continue
            yield _Named(role, numbers, _is_of_shares(chunks, taken + 1), no_levels.in_points(behind))


def _is_of_another(chunks: Sequence[Chunk], at: int, first: int) -> bool:
    """`.70 stop 1.50 target`: the number behind the word is the next word's."""
    return first == at + 1 and first + 1 < len(chunks) and chunks[first + 1].role in LEVELS


def _crosses(way: Sequence[Chunk]) -> bool:
    return any(chunk.lower in _CROSSES for chunk in way)


def _first_number(chunks: Sequence[Chunk], at: int) -> int | None:
    """The place of the number that the word has, over what may stand between them."""
    for place in range(at, min(at + _LONGEST_WAY, len(chunks))):
        if chunks[place].role in _MEASURES:
            return place
        if not (chunks[place].is_mark(*_BETWEEN) or chunks[place].lower in _BETWEEN_WORDS):
            return None
    return None


def numbers_from(chunks: Sequence[Chunk], first: int) -> tuple[list[Chunk], int]:
    """The list of numbers that begins there, and the place of its last: `1.5/2/3`, `.99 / 1.25`, `4, 5 and 6`."""
    found = _parts(chunks[first])
    at = first
    while (following := _next_in_list(chunks, at)) is not None:
        at = following
        found += _parts(chunks[at])
    return found, at


def _next_in_list(chunks: Sequence[Chunk], at: int) -> int | None:
    joint, number = (*chunks[at + 1 : at + 3], None, None)[:2]
    if joint is not None and joint.role is Role.NUMBER and is_decimal(joint.text) and is_decimal(chunks[at].text):
        return at + 1  # `PTs 1.30 1.60 2.00`
    if joint is None or number is None or number.role not in _MEASURES:
        return None
    return at + 2 if joint.is_mark(*_LIST_MARKS) or joint.lower in _LIST_WORDS else None


def _parts(chunk: Chunk) -> list[Chunk]:
    if chunk.role in (Role.NUMBER, Role.PERCENT):
        return [chunk]
    return [Chunk(Role.NUMBER, part, number=part) for part in chunk.text.replace("-", "/").split("/")]


def _in_one_measure(numbers: list[Chunk], behind: Sequence[Chunk]) -> list[Chunk]:
    """`20/40/60%`: one sign for the whole list."""
    is_percent = numbers[-1].role is Role.PERCENT or any(chunk.is_mark("%") for chunk in behind)
    if not is_percent:
        return numbers
    return [Chunk(Role.PERCENT, chunk.text, number=chunk.number) for chunk in numbers]


def _is_of_shares(chunks: Sequence[Chunk], at: int) -> bool:
    """`147 on the stock`, `2060 (share price)`."""
    return any(chunk.lower in _SHARES for chunk in chunks[at : at + 3])
