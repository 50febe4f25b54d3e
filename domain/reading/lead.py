"""The words before an order that only name or greet: `ER lotto`, `$500 challenge day 3:`, `Morning all.`

Words that are all known here need no mark behind them. Any others are a title, which `title.py` weighs.
"""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role, word_set

_LONGEST = 14
_KINDS = word_set("""
    er earnings lotto first play wheel challenge acct account small big swing scalp hedge cc csp csps ccs ira roth main
    momentum momo speculative spec shares lottery gamble yolo degen
""")
_PLACES = word_set("""
    tos thinkorswim webull robinhood rh ibkr fidelity schwab etrade tastytrade tasty moomoo
""")
_GREETINGS = word_set("""
    morning everyone everybody guys folks traders team fam back hello hi hey alright afternoon evening gm gang also
    ok okay yo fr ngl lowkey aight lfg boom live ladies and gents peeps people friends
""")
_COUNTED = word_set("""
    day week wk trade play # no alert lotto number challenge
""")
_COUNTS_OF = ("alerts", "trades", "orders", "plays", "entries", "positions")
_SUMS = word_set("""
    to -
""")
_QUIET = (Role.FILLER, Role.LABEL, Role.SHORT, Role.NEWLINE)
_JOINTS = (":", "|", "-", ".", "!", ",", ";", ">", "»", ")", "]")
_MARKS = (*_JOINTS, "#", "(", "[", "'", "&", "/")


def lead_length(chunks: Sequence[Chunk]) -> int:
    """How many chunks of lead stand before the order's verb; 0 when there is no lead, or not only one."""
    for place, chunk in enumerate(chunks[:_LONGEST]):
        if chunk.role in (Role.VERB, Role.IN):
            return place if place and _ends_a_lead(chunks[place - 1], chunk) else 0
        if not _is_lead(chunks, place):
            return 0
    return 0


def _ends_a_lead(last: Chunk, verb: Chunk) -> bool:
    """A plain word of the trade needs no mark before it; other verbs do."""
    is_strong = verb.meaning is not None and verb.meaning.is_strong
    return is_strong or last.lower == "fill" or last.is_mark(*_JOINTS) or last.role in (Role.NEWLINE, Role.MEASURE)


def _is_lead(chunks: Sequence[Chunk], place: int) -> bool:
    chunk = chunks[place]
    following = chunks[place + 1] if place + 1 < len(chunks) else None
    before = chunks[place - 1] if place else None
    if chunk.role is Role.MARK:
        return chunk.text in _MARKS
    if chunk.lower in ("day", "week", "wk"):
        return following is not None and following.role is Role.NUMBER
    if chunk.role in (Role.NUMBER, Role.MEASURE, Role.COUNT):
        return _is_counting(chunk, before) or (following is not None and following.lower in _COUNTS_OF)
    if chunk.lower in ("fill", "trade", "alert") and chunk.role is not Role.FILLER:
        return before is not None and before.lower in _PLACES
    if chunk.role is Role.WORD and chunk.lower.endswith("bot"):
        return following is not None and following.is_mark(":")
    return (
        chunk.role in _QUIET
        or chunk.lower in _KINDS | _PLACES | _GREETINGS
        or (chunk.lower in _SUMS and before is not None and before.role in (Role.NUMBER, Role.MEASURE))
    )


def _is_counting(chunk: Chunk, before: Chunk | None) -> bool:
    """`day 3`, `trade #1`, `$500`, `1k`, an arrow."""
    if chunk.role is Role.MEASURE and not any(letter.isdigit() for letter in chunk.text):
        return True
    is_money = chunk.text.startswith("$") or (chunk.role is Role.MEASURE and chunk.lower.endswith("k"))
    return is_money or (before is not None and before.lower in _COUNTED)
