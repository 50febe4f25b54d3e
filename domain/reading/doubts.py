"""What a close leaves in doubt: a word about how much, or about what stays, that no rule has understood.

All of the position would be sold on such words, so they refuse the close.
"""

from collections.abc import Sequence

from domain.alert import Action
from domain.reading.amount_words import DOUBT, OF_ELSE, OF_THE_STOCK
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, clauses, said
from domain.reading.closing_words import NO_LEVEL, WAS_HIT
from domain.reading.draft import Draft
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_REMAINS = ("rest", "the rest", "rest of", "remaining", "remainder", "runner", "runners", "what's left", "left")


def check_doubts(chunks: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for a close of all of it whose words speak of a part. Where all is said, the rest is what was held."""
    closes = draft.action in (Action.STC, Action.BTC)
    if not closes or draft.is_part or draft.count or any(fraction < 1 for fraction in draft.fractions):
        return
    for clause in clauses(chunks):
        text = OF_ELSE.sub(" ", _unsaid(clause, draft))
        found = DOUBT.search(OF_THE_STOCK.sub(" ", text) if draft.strike is not None else text)
        if found:
            raise ambiguous(f"all of it, or a part: {found.group()}")
        if _has_level(clause) and not (WAS_HIT.search(said(clause)) or NO_LEVEL.search(said(clause))):
            raise ambiguous(f"all of it, or a stop for what stays: {said(clause)}")


def _has_level(clause: Clause) -> bool:
    """A stop, or a target with its number: a close of all of it has neither. "PT1" alone is where it was sold."""
    has_number = any(chunk.role in (Role.NUMBER, Role.PERCENT, Role.RANGE) for chunk in clause) and not is_gain(clause)
    return any(chunk.role in (Role.STOP, Role.TRAIL) or (chunk.role is Role.TARGET and has_number) for chunk in clause)


def is_gain(clause: Clause) -> bool:
    """`+34 pts`: what was made, and no target."""
    numbers = [chunk for chunk in clause if chunk.role in (Role.NUMBER, Role.PERCENT, Role.RANGE)]
    return len(numbers) == 1 and numbers[0].number[:1] in ("+", "-") and clause[-1].lower in ("pts", "pt")


def _unsaid(clause: Clause, draft: Draft) -> str:
    """The clause without the words that say all of it."""
    is_whole = any(fraction == 1 for fraction in draft.fractions)
    return " ".join(chunk.text for chunk in clause if not (is_whole and _is_of_the_whole(chunk)))


def _is_of_the_whole(chunk: Chunk) -> bool:
    is_said = chunk.role in (Role.PART, Role.VERB) and chunk.meaning is not None and chunk.meaning.fraction == 1
    return is_said or chunk.lower in _REMAINS
