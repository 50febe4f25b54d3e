"""Titles that say when an order would hold, or what else is done: `Above VWAP:`, `Catching up on posts:`."""

import re
from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.clauses import said
from domain.reading.vocabulary import Role, word_set

_SENTENCE_ENDS = (".", "!")
# What a trader does when he opens or closes, and what only ends like a doing.
_DOINGS = word_set("""
    dipping going reporting listening boring thanksgiving morning evening nothing something everything anything swing
    king spring lightning interesting reloading loading hedging averaging scaling scalping swinging trading jumping
    diving stepping putting adding buying selling opening closing entering exiting trimming grabbing taking starting
    getting picking coming calling posting sharing rolling swapping rotating riding betting gambling leaning feeling
    turning liking loving exploring experimenting pulling wing ring string sterling boeing during amazing exciting
    shining
    streaming beginning offering protecting insuring collecting lightening cutting
""")
_LEVELS = (
    r"(?:vwap|hod|lod|hos|los|pmh|pml|pdh|pdl|orb|orh|orl|ath|atl|poc|[es]?ma|[es]ma ?\d+|\d+ ?[es]?ma|trend ?line|"
    r"neck ?line|(?:pre-?market|pm|day|daily|week|weekly|opening range|yesterday'?s|monthly|overnight|session) "
    r"(?:highs?|lows?|range)|highs?|lows?|supports?|resistance|pivot|gap|level|range|channel|wedge|flag|triangle|base)"
)
_EVENTS = (
    r"(?:break ?outs?|break ?downs?|break|breaks?|reclaims?|re ?tests?|tests?|holds?|hold|rejections?|reject|bounces?|"
    r"pull ?backs?|dips?|flush|flushes|loss|fade|touch|tags?|cross(?:over)?|squeeze|pop|fills?|confirmation|trigger)"
)
_WHERE = re.compile(
    r"^\W*(?:(?:on|at|only|if|just) )*"
    r"(?:above|over|below|under|through|thru|past|off|near|inside|outside|beyond|towards?)\b(?! and\b)"
    r"|^\W*(?:(?:on|at|into|by|until|till|for) (?:the |a |an |any )?"
    r"(?:open|close|bell|green|red|volume|weakness|strength|news|dips?|rips?|pops?|flush|break\w*|candle|retest|reclaim"
    r"|confirmation|bounce)\b|(?:post|pre|after|before|red to green|green to red)\b)",
    re.IGNORECASE,
)
_WHAT = re.compile(
    rf"^\W*(?:(?:on|at|a|an|the|any|clean|first|next) )*(?:{_EVENTS})\b"
    rf"(?: (?:of|over|above|below|under|at|through|from|to|and hold)\b.*)?\W*$"
    rf"|\b{_LEVELS} (?:{_EVENTS})\W*$|\b{_LEVELS}\W*$"
    rf"|^(?!.*\b(?:closed|broke|broken|back|now|held|holding|reclaimed|cleared|pushed|crossed)\b)"
    rf".*\b(?:above|over|below|under|past|through)\b(?:\W*$| (?:the )?{_LEVELS})"
    r"|\b(?:break ?outs?|break ?downs?|breaks?|re ?tests?|reclaims?|cross(?:over)?)\W*$"
    r"|\b\w+ or \w+\W*$"
    rf"|\bto (?:clear|break|hold|reclaim|lose|beat|crack|take out)\W*$",
    re.IGNORECASE,
)
_LINES = ("day", "week", "ma", "ema", "sma", "dma")
_OF_THE_CHART = (
    *("held", "bounced", "reclaimed", "broke", "tested", "retested", "cleared", "tagged", "touched", "defended"),
    *("holding", "bouncing", "reclaiming"),
)


def is_of_another_thing(title: Sequence[Chunk]) -> bool:
    """`Above VWAP:`, as the last thing that is said before the order; or a doing that is no buying, "Catching up:"."""
    parting = (*_SENTENCE_ENDS, ",")
    ends = [place for place, chunk in enumerate(title[:-1]) if chunk.role is Role.NEWLINE or chunk.is_mark(*parting)]
    last = title[ends[-1] + 1 :] if ends else title
    if last[-1].is_mark(*_SENTENCE_ENDS):
        return False
    does = [chunk.lower for chunk in last if chunk.role is Role.WORD and chunk.lower.endswith("ing")]
    is_label = last[-1].is_mark(":", "-", "|", ">")
    return _is_condition(said(last)) or (is_label and any(word not in _DOINGS for word in does))


def _is_condition(title: str) -> bool:
    """Whether a title says when the order holds: "Above VWAP:", "PM high breakout:". Before a comma it is a reason."""
    return bool(_WHERE.match(title)) or (not title.endswith(",") and bool(_WHAT.search(title)))


def is_for_an_account(title: Sequence[Chunk]) -> bool:
    """`Shares for the long account:`."""
    return title[0].lower == "shares" and (title[1].lower == "for" or title[1].is_mark(":"))


def is_line_of_the_chart(title: Sequence[Chunk], place: int) -> bool:
    """`it held the 50 day. BTO ...`, in a sentence of its own."""
    before, following = title[max(place - 1, 0)].lower, title[min(place + 1, len(title) - 1)].lower
    is_line = title[place].number.isdigit() and following in _LINES and before in ("the", "its", "a")
    is_past = any(chunk.lower in _OF_THE_CHART for chunk in title[:place])
    return is_line and is_past and (title[-1].is_mark(*_SENTENCE_ENDS) or title[-1].role is Role.NEWLINE)
