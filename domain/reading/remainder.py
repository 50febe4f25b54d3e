"""The rest of a position, as a close tells of it: sold with the others, or kept."""

import re
from enum import StrEnum

from domain.reading.amount_words import OF_ELSE
from domain.reading.clauses import Clause, said
from domain.reading.levels import LEVELS
from domain.reading.vocabulary import Role


class Fate(StrEnum):
    """What becomes of the rest."""

    SOLD = "sold"
    STAYS = "stays"
    UNCLEAR = "unclear"


_NAME = (
    r"(?:rest|remaining|remainder|what(?:'s|s| is) left|balance|others?(?= (?:one|two|few|cons?|contracts?|piece)\b|$)"
    r"|other half|second half|final half"
    r"|last (?:half|quarter|third|\d/\d)(?! (?:of|was|is|earnings|er|report|results)))"
)
_REST = re.compile(rf"\b(?:the )?{_NAME}\b(?! (?:easy|assured|history))", re.IGNORECASE)
_SOLD_BEFORE = re.compile(
    r"\b(?:sold|closed|exited|dumped|out|out of|stopped|stopped out|stopped out of|cut|unloaded|flattened|cashed|booked"
    r"|got out of|stc|sell to close|took off|that's|was)(?: (?:all|my|the|of|on|this|now|just|also|out))* $",
    re.IGNORECASE,
)
_SOLD_BEHIND = re.compile(
    r"(?: of (?:it|them|this|these|(?:the|my) \w+))?(?: (?:is|are|now|all|just|also|got|was))*"
    r" (?:sold|out|gone|closed|off|done|stopped|exited|dumped)\b",
    re.IGNORECASE,
)
_SELLING = re.compile(
    r"\b(?:selling|closing|exiting|dumping|cutting|unloading|taking|letting go of)(?: (?:all|my|the|of|off))* $",
    re.IGNORECASE,
)
_QUIET_BEHIND = re.compile(
    r"(?: of (?:it|them|this|these|(?:the|my) \w+))?(?: (?:here|now|too|also|at|@|\$?\d*\.?\d+|off|out))*$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?:(?:and|that was|that's|this is|was|all|just|now|is) )*(?:the |my )?{_NAME}"
    r"(?: of (?:it|them|this|these|(?:the|my) \w+|my \w+ \w+))?(?: position| \d\d? (?:cons?|contracts?"
    r"|lots?))?(?: (?:here|now))?$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|'ll|i'll|we'll|gonna|going to|looking|look|plan\w*|want\w*|hop(?:e|ing)|try\w*|later|tomorrow"
    r"|tmrw|higher|lower"
    r"|next|soon|when|once|if|until|till|unless|tonight|monday|tuesday|wednesday|thursday|friday|can|may|might|should"
    r"|into (?:the )?(?:close|open|bell|print|cpi|earnings|er|fed|fomc|eod|week\w*|next|power hour)"
    r"|on (?:any|a|the|next) (?:more )?(?:pop|spike|push|bounce|rip|squeeze|move|break\w*)|around|eod|above|over|by)\b"
    r"|\bat (?:the )?(?:open|close|bell)\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:let|lets|letting|leav\w+|keep\w*|kept|hold\w*|held|rid(?:e|es|ing)|swing\w*|carry\w*|carri\w+|run"
    r"|runs|running"
    r"|stay\w*|trail\w*|still|work\w*|roll\w*|hang\w*|sit\w*|free|breathe|cook\w*|live\w*|march\w*|continue\w*|risk"
    r"|overnight|open|remains?|goes|going|ha(?:s|ve)|with|w)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r" (?:at|for|@|to|into|through|over|be|b/e|is free|on)\b| @", re.IGNORECASE)
_HIT = re.compile(r"\b(?:hit|tagged|triggered|stopped|reached|filled)\b", re.IGNORECASE)


def fate(clause: Clause) -> Fate | None:
    """What the clause says of the rest; None when it names none."""
    text = OF_ELSE.sub(" ", said(clause))
    found = _REST.search(text)
    if found is None:
        return None
    before, behind = text[: found.start()], text[found.end() :]
    comes = bool(_TO_COME.search(text))
    if _SOLD_BEFORE.search(before) or _SOLD_BEHIND.match(behind):
        return Fate.SOLD if not _TO_COME.search(before) and not re.match(r" (?:will|gonna)", behind) else Fate.STAYS
    if _SELLING.search(before):
        return Fate.STAYS if comes else (Fate.SOLD if _QUIET_BEHIND.match(behind) else Fate.UNCLEAR)
    if _HIT.search(text):
        return Fate.UNCLEAR
    if _ALONE.match(text.strip()):
        return Fate.SOLD
    is_level = any(chunk.role in (*LEVELS, Role.LEFT) for chunk in clause)
    stays = is_level or comes or _KEPT.search(text) or _GOES_ON.match(behind)
    return Fate.STAYS if stays else Fate.UNCLEAR
