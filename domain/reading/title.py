"""A title before an order: a name, a greeting, a clock, a sentence. It may say anything that is no evidence against it.

Before a plain word of the trade (BTO, "sell to close") a title is as long as it likes; before a word that stories use
too (bought, out) it is short, or a finished sentence. Both end with a mark, and hold no piece of a contract.
"""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.reading.before import speaks_against
from domain.reading.chunks import Chunk
from domain.reading.clock import is_clock, is_just_now
from domain.reading.prices import fraction_of
from domain.reading.tickers import ticker
from domain.reading.title_kinds import is_for_an_account, is_line_of_the_chart, is_of_another_thing
from domain.reading.vocabulary import Role

_LONGEST = 40  # chunks
_SHORT = 5  # words
_LABEL = 9  # words before a colon
_EVERYBODY = (
    "gang",
    "team",
    "all",
    "folks",
    "guys",
    "everyone",
    "traders",
    "fam",
    "crew",
    "squad",
    "friends",
    "people",
)
_CONTRACT = 6  # chunks of a contract, with the verb behind it
_A_CALL = 2  # words
_MANY = 200  # contracts
_SENTENCE_ENDS = (".", "!")
_JOINTS = (":", "|", "-", ",", ".", "!", ";", ">", ")", "]", "/", "~")
_MARKS = (*_JOINTS, "(", "[", "'", "&", "+", "#", "@")
_PIECES = (
    *(Role.STRIKE, Role.RANGE, Role.CODE, Role.FUTURE, Role.RIGHT, Role.DAY, Role.COUNT, Role.UNIT, Role.PERCENT),
    *(Role.MARKET, Role.SHORT, Role.TRAIL, Role.STRANGE),
)
_OF_THE_POSITION = (Role.PART, Role.LEFT)
_BEFORE_SYMBOL = (
    *(Role.FILLER, Role.NUMBER, Role.COUNT, Role.UNIT, Role.PART, Role.LEFT, Role.PERCENT, Role.LABEL, Role.MARK),
    *(Role.DAY, Role.EXPIRY, Role.NEWLINE, Role.VERB, Role.IN, Role.SHORT, Role.RIGHT),
)
_SAYING_I = ("i", "i'm", "im", "i am", "we", "just", "now", "and", "so")
_NUMBERED = ("#", "no", "id", "number", "trade", "alert", "signal", "tier", "part", "level", "day", "play", "ticket")
_ZONE = ("et", "est", "edt", "utc", "gmt", "ct", "cst", "pt", "pst", "am", "pm")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
_SUM = re.compile(r"\$?\d{1,4}k|\d{1,3}\.\d[mb]", re.IGNORECASE)
_NOBODY = ("candle", "bar", "gap", "market", "day", "session", "update", "re", "a", "trade", "position")
_HELD = ("update", "updates", "position", "positions")  # before a contract they tell of one that is held
_THINGS = ("bot", "entry", "entries", "exit", "long")  # that nobody does
_A_PART = re.compile(
    r"(?<!this )(?<!that )(?<!last )\b(?:one|two|three|four|five|six|ten|twenty|thirty|fifty)\b|\d of \d"
    r"|\b(?:first|1st|initial|second|2nd|third|3rd|next|another) (?:exit|out|sale|sell|scale|close|take)s?\b"
    r"|\bstops?(?:[- ]?loss|[- ]?limit)?\b(?! (?:is |was |got |were )?(?:hit|out|tagged|triggered|taken))"
    r"|\b(?:size|risk) (?:down|off)\b|\bhouse money\b|\bfree ?roll\w*"
    r"|\b(?:tranches?|pieces?|portions?|slices?|bits?|percent|pct|chunks?|clips?|off|de-?risk\w*|partial\w*"
    r"|fraction|loads?"
    r"|halfway|halves|halving|thirds?|quarters?|(?<!once )more|remain\w*|leftovers?|ladder\w*"
    r"|derisk\w*|scal\w+|trim\w*|reduc\w+)\b",
    re.IGNORECASE,
)
_MORE_OF_IT = re.compile(
    r"\b(?:2nd|3rd|4th|second|third|fourth|another|next|final) (?:tranche|add|leg|piece|lot|clip|bullet|entry|buy)\b",
    re.IGNORECASE,
)


def title_length(chunks: Sequence[Chunk], minute: int) -> int:
    """How many chunks of title stand before the order's verb; 0 when there is none, or it speaks against the order."""
    ends = [place for place, before in enumerate(chunks[: _LONGEST - 1], 1) if _is_joint(before)]
    place = next((place for place in ends if place < len(chunks) and _begins_order(chunks, place)), 0)
    title = chunks[:place]
    if not place or not _is_title(title, chunks[place:], minute):
        return 0
    return 0 if speaks_against(_said(title)) or is_of_another_thing(title) else place


def tells_of_an_add(title: Sequence[Chunk]) -> bool:
    """`2nd tranche:`: more of what is held."""
    return bool(_MORE_OF_IT.search(_said(title)))


def _said(title: Sequence[Chunk]) -> str:
    return " ".join(chunk.text for chunk in title)


def _begins_order(chunks: Sequence[Chunk], place: int) -> bool:
    """Whether a verb stands here, behind a joint, with its contract: the place where a title may end."""
    verb = _verb_at(chunks, place)
    if verb is None:
        last = chunks[place - 1]
        if _verb_behind(chunks, place) is None or last.role is Role.NEWLINE or last.is_mark(",", "/", "~"):
            return False
        return _words(chunks[:place]) <= _SHORT and not any(chunk.lower in _HELD for chunk in chunks[:place])
    longest = _LABEL if chunks[place - 1].is_mark(":") else _SHORT
    is_short_title = _words(chunks[:place]) <= longest and not chunks[place - 1].is_mark("/", "~")
    if not _is_plain(verb) and (_is_print(chunks[place:]) or _calls_somebody(chunks[:place])):
        return False
    return (_is_plain(verb) or is_short_title or _is_sentence(chunks[:place])) and _names_contract(chunks, place)


def _verb_at(chunks: Sequence[Chunk], place: int) -> Chunk | None:
    while place < len(chunks) and chunks[place].lower in _SAYING_I:
        place += 1
    return chunks[place] if place < len(chunks) and chunks[place].role in (Role.VERB, Role.IN) else None


def _verb_behind(chunks: Sequence[Chunk], place: int) -> Chunk | None:
    """`half of AMD 222.5c 12/04 sold`: the verb behind a contract that begins here."""
    if chunks[place].role is Role.PART:
        place += 2 if place + 1 < len(chunks) and chunks[place + 1].lower == "of" else 1
    named, strike = (*chunks[place : place + 2], None, None)[:2]
    if named is None or strike is None or strike.role is not Role.STRIKE or not ticker(named.text.lstrip("$")):
        return None
    for chunk in chunks[place + 2 : place + _CONTRACT]:
        if chunk.role in (Role.VERB, Role.IN):
            return chunk
        if chunk.role not in (Role.EXPIRY, Role.DAY, Role.FILLER) and not chunk.is_mark("-", ",", "|", ":"):
            return None
    return None


def _is_print(order: Sequence[Chunk]) -> bool:
    """`Buyer: bought 900 MRVL 92c`: the tape's, more than a room trades."""
    count, named = (*order[1:3], None, None)[:2]
    is_many = count is not None and count.number.isdigit() and int(count.number[:6]) >= _MANY
    return is_many and named is not None and named.role is not Role.UNIT


def _calls_somebody(title: Sequence[Chunk]) -> bool:
    """`bex, I sold`: talk between two. Greetings of a whole room are known, and read elsewhere."""
    is_to_all = len(title) > 1 and title[-2].lower in (*_EVERYBODY, "update", "news", "resist", "here", "again")
    return title[-1].is_mark(",") and _words(title) <= _A_CALL and not is_to_all


def _is_plain(verb: Chunk) -> bool:
    return verb.meaning is not None and verb.meaning.is_strong


def _is_sentence(title: Sequence[Chunk]) -> bool:
    return title[-1].is_mark(*_SENTENCE_ENDS) or title[-1].role is Role.NEWLINE


def _is_joint(chunk: Chunk) -> bool:
    if chunk.role is Role.MARK:
        return chunk.text in _JOINTS
    if chunk.role is Role.MEASURE:
        return is_clock(chunk.text) or not any(map(str.isalnum, chunk.text))
    return chunk.role is Role.NEWLINE or chunk.lower in _ZONE


def _words(title: Sequence[Chunk]) -> int:
    return sum(len(chunk.text.split()) for chunk in title if chunk.role not in (Role.MARK, Role.NEWLINE))


def _names_contract(chunks: Sequence[Chunk], place: int) -> bool:
    """Whether the first piece behind the verb is a symbol, not a strike whose symbol stands in the title."""
    for chunk in chunks[place + 1 :]:
        if chunk.text.isupper() and chunk.role is not Role.VERB and ticker(chunk.text, is_word=True):
            return True
        if chunk.role not in _BEFORE_SYMBOL:
            return chunk.role in (Role.WORD, Role.SYMBOL, Role.FUTURE, Role.CODE) or bool(chunk.symbol)
    return False


def _is_title(title: Sequence[Chunk], order: Sequence[Chunk], minute: int) -> bool:
    verb = _verb_at(order, 0) or _verb_behind(order, 0)
    if verb is None or verb.meaning is None:
        return False
    opens = verb.role is Role.IN or verb.meaning.action in (Action.BTO, Action.STO)
    if not opens and _A_PART.search(_said(title)) and not _says_part(order):
        return False  # how much is closed may be said in words that are not known here
    return all(_may_stand(title, place, verb, minute, opens=opens) for place in range(len(title)))


def _says_part(order: Sequence[Chunk]) -> bool:
    """`De-risking: STC 60% UBER 88p`: the order itself says how much."""
    first, amount = (*order[:2], None, None)[:2]
    is_plain = first is not None and _is_plain(first)
    is_part = amount is not None and (
        amount.role is Role.PERCENT or (amount.role is Role.DAY and fraction_of(amount.text) is not None)
    )
    return is_plain and is_part


def _may_stand(title: Sequence[Chunk], place: int, verb: Chunk, minute: int, *, opens: bool) -> bool:
    chunk, before = title[place], title[place - 1] if place else None
    if chunk.role is Role.PERCENT and opens and _is_of_risk(title[:place]):
        return True
    if chunk.role is Role.SHORT and verb.meaning is not None and verb.meaning.action is Action.STO:
        return True
    if chunk.role is Role.UNIT and not place and opens and is_for_an_account(title):
        return True
    if chunk.role in _PIECES or (chunk.role in _OF_THE_POSITION and not opens):
        return False
    if chunk.role is Role.MARK:
        return chunk.text in _MARKS
    if chunk.role is Role.EXPIRY:
        return chunk.lower == "today"
    if chunk.role is Role.AT:
        return title[place + 1].role is not Role.NUMBER if place + 1 < len(title) else False
    if chunk.role is Role.NUMBER:
        return _only_numbers(chunk, before, opens=opens) or (
            opens and (_is_level(chunk, verb, title) or (_is_plain(verb) and is_line_of_the_chart(title, place)))
        )
    if chunk.role is Role.MEASURE:
        return _is_measure_of_nothing(chunk, minute)
    return chunk.role is not Role.VERB or (_agrees(chunk, verb, title) and not _has_subject(chunk, before))


def _is_of_risk(before: Sequence[Chunk]) -> bool:
    """`Risk: 1%`."""
    words = [chunk.lower for chunk in before if chunk.role is not Role.MARK]
    return bool(words) and words[-1] in ("risk", "risking", "sizing")


def _agrees(other: Chunk, verb: Chunk, title: Sequence[Chunk]) -> bool:
    """Another verb in the title says the same, and no more; or its sentence is over."""
    told, meant = other.meaning, verb.meaning
    if other.lower == "bot":
        return True  # here it is the machine
    if told is None or told.is_strong or told.is_part or told.is_add or told.fraction is not None:
        return False
    if told.action is Action.STC and meant is not None and meant.action is Action.BTC:
        return True  # "Closing early: BTC"
    return (meant is not None and told.action is meant.action) or _is_sentence(title)


def _has_subject(verb: Chunk, before: Chunk | None) -> bool:
    """`Mike bought:`: whose trade it is. A candle that closed is nobody."""
    is_named = before is not None and before.role is Role.WORD and before.lower not in _NOBODY
    return is_named and verb.lower not in _THINGS


def _only_numbers(chunk: Chunk, before: Chunk | None, *, opens: bool) -> bool:
    """`Trade #3`, `1 more time`, `Tier 2`: what counts, and is no price."""
    if not chunk.number.isdigit():
        return False
    return (opens and len(chunk.number) == 1) or (
        before is not None and before.lower in _NUMBERED and len(chunk.number) < 7
    )


def _is_level(chunk: Chunk, verb: Chunk, title: Sequence[Chunk]) -> bool:
    """`6874 broke. BTO ...`: where the market is, in a sentence of its own."""
    is_index = chunk.number.isdigit() and len(chunk.number) > 2
    return is_index and _is_plain(verb) and _is_sentence(title) and not any(each.role is Role.VERB for each in title)


def _is_measure_of_nothing(chunk: Chunk, minute: int) -> bool:
    """An arrow, `2nd`, `2k`, or the clock of just now."""
    if is_clock(chunk.text):
        return is_just_now(chunk.text, minute)
    is_arrow = not any(map(str.isalnum, chunk.text))
    return is_arrow or bool(_ORDINAL.fullmatch(chunk.text) or _SUM.fullmatch(chunk.text))
