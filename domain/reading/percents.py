"""What a percentage behind a close is: a part of the position, or what came of the trade."""

import re
from collections.abc import Sequence
from decimal import Decimal

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.other_numbers import is_price
from domain.reading.prices import number
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_NEAR = 4  # chunks
_USUAL = frozenset(map(Decimal, (10, 15, 20, 25, 30, 33, 35, 40, 50, 60, 65, 66, 67, 70, 75, 80, 90, 100)))
_RESULT_BEFORE = re.compile(
    r"(?:\b(?:up|down|made|making|makes|gain(?:ed|s)?|profit|for|from|quick|nice|easy|solid|cool|sweet|clean|tidy|good"
    r"|great|that's|that was|another|lost|losing|lose|returned|pocketed|green|caught|was|is|than|over|hit|ran"
    r"|roi|return)"
    r"|[=+])(?: [\w']+){0,2} $"
    r"|\b(?:booked|booking|banked|banking|locked in|locking in|secured|securing|stopped out|stopped)(?: \w+)? $",
    re.IGNORECASE,
)
_RESULT_BEHIND = re.compile(
    r"\+|(?:(?:net|nice|total|quick|realized|pure) )?"
    r"(?:(?:gains?|profits?|gainers?|wins?|winners?|loss|losers?|loses?|returns?|roi|up|down|green|red|from"
    r"|above|over|higher|lower"
    r"|better|below|since|overnight|move|pop|scalp|trade|bagger|banger|more than|on the|max)\b"
    r"|(?:captured|kept)\b"
    r"|of (?:the |my )?(?:max|credit|premium|debit|risk|profit|account|port\w*|move|potential|gain)s?\b"
    r"|in (?:\w+ )?(?:\w+ )?(?:sec\w*|min\w*|hours?|hrs?|days?|weeks?|no time|session|months?)\b"
    r"|(?:off|under) (?:the |its |our |my |those |today's )?(?:day |session )?"
    r"(?:highs?|tops?|peaks?|hod|lows?|lod|open|bottom|entry|entries|ath)\b)",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"\b(?:sold|sell|selling|trim(?:med|ming|s)?|clos(?:e|ed|ing)|unload(?:ed|ing)?|cut|cutting|dump(?:ed|ing)?"
    r"|scal(?:e|ed|ing)(?: out)?|peel(?:ed|ing)?(?: off)?|reduc(?:e|ed|ing)|exit(?:ed|ing)?"
    r"|lighten(?:ed|ing)?(?: up)?|offload(?:ed|ing)?|shav(?:ed|ing)|liquidat(?:ed|ing)|out(?: of)?)"
    r"(?: (?:about|around|by|the|my|of|another|a|first|only|just|roughly|like|out|an|additional|it))* $",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(
    r"(?:(?:off|out|sold|gone|closed|trimmed|position|portion|size)\b"
    r"|of (?:my|the|it|them|this|these|position|size|contracts|cons|our|that|what|original|total|holdings?)\b)",
    re.IGNORECASE,
)
_OF_IT = ("of", "the", "my", "it", "them", "position", "here", "now", "this", "size", "about", "another")


def take_percent(clause: Clause, place: int, draft: Draft, behind: Sequence[Chunk]) -> None:
    """`50% off`, `sold 50%`: a part. `up 50%`: a result. NotRead if it may be either. `behind`: the whole tail."""
    written = clause[place].number
    if not written[:1].isdigit() and not written.startswith("."):
        return  # its sign makes it a result
    before = "".join(f"{chunk.text} " for chunk in clause[max(place - _NEAR, 0) : place])
    after = said(clause[place + 1 : place + 1 + _NEAR])
    is_result = bool(_RESULT_BEFORE.search(before) or _RESULT_BEHIND.match(after))
    is_of_it = bool(_PART_BEFORE.search(before) or (_PART_BEHIND.match(after) and not _RESULT_BEHIND.match(after)))
    if is_of_it and is_result:
        raise ambiguous(f"a gain, or a part: {clause[place].text}")
    if is_of_it or (draft.is_part and not is_result and _is_bare_part(clause, behind)):
        draft.fractions.append(number(written) / 100)
    elif not is_result and not draft.is_part and not any(fraction < 1 for fraction in draft.fractions):
        raise ambiguous(f"a gain, or a part: {clause[place].text}")


def _is_bare_part(clause: Clause, behind: Sequence[Chunk]) -> bool:
    """`TRIM ... @ 8.5 (50%)`: of the position, as traders part it; beside what was paid it is the gain."""
    percents = [chunk for chunk in clause if chunk.role is Role.PERCENT]
    is_alone = all(chunk.role is Role.PERCENT or chunk.lower in _OF_IT for chunk in clause)
    is_usual = len(percents) == 1 and number(percents[0].number) in _USUAL
    return is_alone and is_usual and not any(map(is_price, behind))
