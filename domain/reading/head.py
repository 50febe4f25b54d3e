"""The order itself, from its first word to its price: every word here must be understood.

That is the defence against talk: a plan, a recap or somebody else's trade has a word that no order has. The first word
that is not understood ends the order when it is complete, and refuses it when it is not.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy

from domain.alert import Action
from domain.reading import amounts, counts, head_parts, naming
from domain.reading.chunks import Chunk
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.lead import lead_length
from domain.reading.refusal import multi_leg, not_an_alert, suspicious
from domain.reading.title import tells_of_an_add, title_length
from domain.reading.told_price import begin, told_entry
from domain.reading.trace import given
from domain.reading.vocabulary import Role

_QUIET = (Role.FILLER, Role.LABEL, Role.NEWLINE)
_NO_ORDER = ("?", '"', "'", "=", "<", ">", "#", "%", "\\", "{", "}")  # marks that no order has
_NEVER_FIRST = (
    "my",
    "a",
    "an",
    "the",
    "of",
    "into",
    "these",
    "those",
    "this",
    "with",
    "per",
    "few",
    "more",
    "worth",
    "type",
    "order",
    "position",
    "positions",
    "fill",
    "fills",
)
_SIGNALS = ("alert", "alerts", "signal", "order")
_GETS = ("add", "added", "adding", "got", "took", "taking", "opened", "opening", "started", "entered", "entering")
_JOINTS = ("/", "+", "&")
_OF_THE = ("of", "my", "the")


def read_head(chunks: Sequence[Chunk], draft: Draft) -> int:
    """Fill the draft from the order's words; returns the place of the first that is no part of it."""
    title = title_length(chunks, draft.minute)
    if not title and chunks and chunks[0].lower in _NEVER_FIRST and chunks[0].role is Role.FILLER:
        raise not_an_alert(f"not the beginning of an order: {chunks[0].text}")
    draft.is_add = tells_of_an_add(chunks[:title])
    cursor = Cursor(chunks)
    cursor.at = told_entry(chunks) or title or lead_length(chunks)
    begin(cursor, draft)
    _note(draft, chunks[: cursor.at], draft, "says nothing to the order")
    while not cursor.is_done and not draft.is_complete:
        begun = cursor.at
        before = None if draft.trace is None else deepcopy(draft)
        if not _step(cursor, draft):
            _check_begun(cursor.here, draft)
            break
        cursor.at += 1
        _note(draft, chunks[begun : cursor.at], before)
    return cursor.at + _counted_behind(chunks, cursor.at, draft)


def _counted_behind(chunks: Sequence[Chunk], at: int, draft: Draft) -> int:
    """`UBER 88p 12/04 .75 bot 2`: behind a verb that ends the order, how many. The number of chunks taken."""
    verb, count, beyond = (*chunks[max(at - 1, 0) : at + 2], None, None, None)[:3]
    ends = beyond is None or beyond.role in (Role.NEWLINE, Role.MARK, Role.UNIT)
    if at and verb and verb.role is Role.VERB and count and counts.is_whole_number(count) and ends and not draft.count:
        draft.say_count(count.number)
        return 1
    return 0


def _note(draft: Draft, chunks: Sequence[Chunk], before: Draft | None, gave: str = "") -> None:
    """Keep what a step gave, for people who ask."""
    if draft.trace is not None and before is not None and chunks:
        draft.trace.append((chunks, gave or given(before, draft)))


def _step(cursor: Cursor, draft: Draft) -> bool:
    """Take the chunk here; False when the order is over."""
    role = cursor.here.role
    if named := naming.word_as_ticker(cursor, draft):
        draft.say_symbol(named)
        return True
    if draft.action is None and cursor.here.lower in _NEVER_FIRST and not _is_of_a_part(cursor):
        raise not_an_alert(f"not the beginning of an order: {cursor.here.text}")
    if cursor.here.lower in _SIGNALS and _is_what_was_got(cursor):
        raise not_an_alert(f"about an alert: {cursor.here.text}")
    if role in _QUIET:
        draft.is_titled = draft.is_titled or (cursor.at == 0 and cursor.here.lower in ("alert", "alerts"))
        draft.is_add = draft.is_add or bool(cursor.here.meaning and cursor.here.meaning.is_add)
        if draft.action in (Action.STC, Action.BTC):
            head_parts.say_small(cursor, draft)
        elif cursor.here.lower == "one more" and draft.action is not None and draft.symbol is None:
            draft.say_count("1")
        return True
    return role in _STEPS and _STEPS[role](cursor, draft)


def _is_what_was_got(cursor: Cursor) -> bool:
    """`Added an alert for UBER 88p`, `Got a signal on`: what was added is the alert."""
    place = cursor.at - 1
    while place > 0 and cursor.chunks[place].lower in ("a", "an", "another", "my", "the"):
        place -= 1
    return place >= 0 and cursor.chunks[place].lower in _GETS


def _is_of_a_part(cursor: Cursor) -> bool:
    """`half of UBER 88p sold`, `half of the UBER 88p`."""
    place = cursor.at - 1
    while place > 0 and cursor.chunks[place].lower in _OF_THE:
        place -= 1
    return cursor.here.lower in _OF_THE and place >= 0 and cursor.chunks[place].role is Role.PART


def _check_begun(here: Chunk, draft: Draft) -> None:
    if here.role is Role.STRANGE:
        raise suspicious(f"not a letter of ours: {here.text}")
    if draft.action is None and draft.strike is None:
        raise not_an_alert(f"not the beginning of an order: {here.text}")


def _mark(cursor: Cursor, draft: Draft) -> bool:
    here = cursor.here
    if here.is_mark("@", "~"):
        return amounts.price_mark(cursor, draft)
    if here.is_mark(*_JOINTS) and draft.strike is not None:
        raise multi_leg(f"joined by {here.text}")
    return not here.is_mark(*_NO_ORDER)


_STEPS: dict[Role, Callable[[Cursor, Draft], bool]] = {
    Role.VERB: naming.verb,
    Role.IN: naming.come_in,
    Role.SYMBOL: naming.symbol,
    Role.FUTURE: naming.future,
    Role.CODE: naming.code,
    Role.STRIKE: naming.strike,
    Role.RIGHT: naming.right,
    Role.EXPIRY: naming.expiry,
    Role.DAY: naming.day,
    Role.PART: head_parts.part,
    Role.LEFT: head_parts.left,
    Role.SHORT: naming.short_sale,
    Role.WORD: naming.word,
    Role.AT: amounts.price_mark,
    Role.MARKET: amounts.market,
    Role.NUMBER: amounts.bare_number,
    Role.RANGE: amounts.bare_range,
    Role.PERCENT: head_parts.percent,
    Role.COUNT: counts.count,
    Role.UNIT: counts.unit,
    Role.STOP: amounts.level_before_price,
    Role.TARGET: amounts.level_before_price,
    Role.TRAIL: amounts.level_before_price,
    Role.MARK: _mark,
}
