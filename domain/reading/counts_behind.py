"""A number with a unit behind an entry: how many are bought, or how many there are of something else."""

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause
from domain.reading.counts import NUMBER_WORDS, QUANTITY_WORDS
from domain.reading.levels import LEVELS
from domain.reading.vocabulary import Role, word_set

_BEFORE_COUNT = (
    *LEVELS,
    Role.FILLER,
    Role.LABEL,
    Role.PART,
    Role.NUMBER,
    Role.PERCENT,
    Role.RANGE,
    Role.COUNT,
    Role.UNIT,
    Role.AT,
    Role.MARK,
    Role.IN,
    Role.VERB,
)
_LEADS_TO_COUNT = (*QUANTITY_WORDS, "only", "with", "w", "did", "doing", "about")
_WITH = ("with", "w", "w/", "took", "did", "doing", "qty")
_MEASURED = word_set("""
    per every ask bid offer tape trading traded printed went hit interest left remaining volume oi now total altogether
    max maximum most tops
""")


def lead_of(clause: Clause) -> int:
    """How many chunks of a clause may stand before how many are bought."""
    ends = (at for at, each in enumerate(clause) if not (each.role in _BEFORE_COUNT or each.lower in _LEADS_TO_COUNT))
    return next(ends, len(clause))


def is_of_another(clause: Clause, place: int, lead: int) -> bool:
    """ "that makes 10", "1 con per 10k", "volume 900 contracts": how many are bought stands first in its clause."""
    chunk, beyond = clause[place], clause[place + 1 : place + 5]
    if chunk.role not in (Role.COUNT, Role.NUMBER) and chunk.lower not in NUMBER_WORDS:
        return False
    if any(after.lower in _MEASURED for after in beyond):
        return True
    if chunk.role is Role.COUNT and chunk.lower.endswith("x") and beyond and _goes_on(beyond[0]):
        return True  # "2x leverage"
    if place and clause[place - 1].lower in _WITH:
        return False
    return place > lead


def _goes_on(chunk: Chunk) -> bool:
    return chunk.role is Role.WORD or chunk.lower in ("the", "my", "normal", "a", "of")
