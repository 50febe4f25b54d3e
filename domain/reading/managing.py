"""Where a clause behind an entry begins to speak of the position: a condition behind that place is no condition of it.

"stop if it loses 155" is a stop; `over 221.50 stop 218` is a trigger, with a stop behind it.
"""

import re

from domain.reading import evidence
from domain.reading.clauses import Clause, said
from domain.reading.levels import LEVELS

# These have a word of managing in them, and are about the chart.
_OF_THE_CHART = re.compile(
    r"\b(?:(?:br(?:eak|oke|eaking|eaks|oken)|flush\w*|shak(?:e|es|ing)|shook|wash\w*|bottom\w*|top\w*|clear\w*|pop\w*"
    r"|push\w*|figur\w*|play\w*|turn\w*|find|found|hold\w*|com(?:e|es|ing)|pan\w*|hammer\w*|squeez\w*|pull\w*)"
    r" (?:\w+ )?out|out (?:of|from) (?:the|this|that|a|its) (?:\w+ )?(?:gate|box|wedge|range|flag|base|channel|pattern"
    r"|triangle|consolidation|pennant|squeeze|chop|downtrend|blue)|clos(?:e|es|ing) (?:at|below|above|under|over)"
    r"|(?:sell|selling|cut) ?-?(?:off|in)|add(?:s|ing)? up|stops (?:the|falling|dropping|dumping|bleeding|ripping)"
    r"|(?:paper|cash) trail|trail(?:s|ing) (?:the|spy|qqq|behind)|chas(?:e|ing) (?:the )?(?:tape|bid|ask))\b",
    re.IGNORECASE,
)
# "if it loses 147 I'm out": what would be done then is to leave.
_LEAVES = re.compile(
    r"\b(?:i'?m|im|i am|we'?re|i'?ll|i will|we'?ll|then|i|we|it'?s|and|gonna|to) "
    r"(?:be |just |probably |prob |going to |gonna |take the l and |get )*"
    r"(?:out|cut|cutting|exit|exiting|sell|selling|stop|stopped|stopping|close|closing|trim|trimming|bail|done"
    r"|was wrong|wrong)\b",
    re.IGNORECASE,
)
# "may add", "will post", "if anyone wants my stop": of what comes later, and no condition.
_WHAT_COMES_LATER = re.compile(
    r"\b(?:(?:may|might|would|will|could|i'?ll|we'?ll)(?: not)? (?:\w+ )?(?:add|average|avg|chase|trim|sell|post|update"
    r"|scale|cut|exit|hold|manage)|if (?:i|we) (?:add|trim|sell|exit|cut|scale|hold)"
    r"|if any(?:one|body) (?:wants?|asks?|cares?|needs?))\b",
    re.IGNORECASE,
)
_IF = re.compile(r"^(?:and |but )?(?:if|when|once|should)\b", re.IGNORECASE)


def before_managing(clause: Clause) -> str:
    """What a clause says before it speaks of the position; all of it where it never does."""
    text = _OF_THE_CHART.sub(_blank, said(clause))
    plain = _WHAT_COMES_LATER.sub(_blank, said(clause))
    if _IF.match(text) and _LEAVES.search(text):
        return ""
    found = evidence.MANAGEMENT.search(text)
    ends = [_own_place(found)] if found else []
    level = next((place for place, chunk in enumerate(clause) if chunk.role in LEVELS), None)
    if level is not None:
        ends.append(len(said(clause[:level])))
    return plain[: min(ends)] if ends else plain


def managed_from(clause: Clause) -> int:
    """The place of the first chunk that speaks of the position; the clause's length where none does."""
    text = _OF_THE_CHART.sub(_blank, said(clause))
    found = evidence.MANAGEMENT.search(text)
    begins = _own_place(found) if found else len(text)
    at = 0
    for place, chunk in enumerate(clause):
        if at >= begins or chunk.role in LEVELS:
            return place
        at += len(chunk.text) + 1
    return len(clause)


def _own_place(found: re.Match[str]) -> int:
    """Where the word of managing itself begins, behind the words that may stand before "holding"."""
    held = found.group().lower().find("hold")
    return found.start() + max(held, 0)


def _blank(found: re.Match[str]) -> str:
    """As long as what it stands for: places stay."""
    return "_" * len(found.group())
