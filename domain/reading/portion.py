"""How much of a position a closing alert closes, and how many contracts are named behind the order."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from domain.alert import Action
from domain.reading import closing_words
from domain.reading.amount_words import DOUBT, OF_ELSE, PART_SAID
from domain.reading.behind_close import is_kept_for_later
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, clauses, said
from domain.reading.counts import NUMBER_WORDS, QUANTITY_WORDS, check_size, is_whole_number
from domain.reading.counts_behind import is_of_another, lead_of
from domain.reading.draft import SHARES, Draft
from domain.reading.kept import tells_what_stays
from domain.reading.others import names_another
from domain.reading.parts import GAINS, WHOLE, fraction, take_parts
from domain.reading.refusal import ambiguous
from domain.reading.sold_count import take_sold
from domain.reading.vocabulary import Role

_SOLD = re.compile(r"\b(?:sold|out|off|gone|trimmed|closed|done)\b", re.IGNORECASE)
_LEAVES = re.compile(r"\b(?:leav\w+|left|keep\w*|hold\w*)\b", re.IGNORECASE)
_OF_MANY = re.compile(r"\b\d+ (?:of|out of) (?:my |the )?(?:original )?\d+\b")
_KEPT_OF = re.compile(r"(?<![\w.])(?P<kept>\d{1,6}) of (?P<whole>\d{1,6})(?![\w.])", re.IGNORECASE)
_IN_ALL = re.compile(
    r"\b(?:that'?s|that is|that makes|makes it|so far|in total|total|all told|in all|original)\b", re.IGNORECASE
)
_FROM_TO = re.compile(
    r"\b(?:down )?from \d{1,6} (?:down )?to \d{1,6}\b(?![.\d])|\b\d{1,6} down to \d{1,6}\b", re.IGNORECASE
)
_ONLY_OTHER = re.compile(r"(?:[Oo]nly|[Jj]ust) \$?[A-Z]{2,5} (?:left|remains)")
_FINEST = Decimal("0.0001")
_OF_OTHERS = ("total", "altogether", "will", "i'll", "later", "lower", "had", "was", "were", "made", "already")
_OF_ADDS = ("adding", "add", "added")
_AT_MOST = ("max", "maximum", "most", "than", "limit", "cap", "up to")


def take_portions(chunks: Sequence[Chunk], draft: Draft) -> None:
    """Take quantities from the words behind the order, and parts when it closes."""
    closes = draft.action in (Action.STC, Action.BTC)
    for clause in clauses(chunks):
        if closes and _is_all_that_is_left(clause, draft):
            continue
        if closes and (other := names_another(clause, draft)) and DOUBT.search(OF_ELSE.sub(" ", said(clause))):
            raise ambiguous(f"of this position, or of another: {other}")
        if closes and _is_a_total(clause, draft):
            draft.is_part = True
            continue
        stays = closes and tells_what_stays(clause)
        if closes and PART_SAID.search(OF_ELSE.sub(" ", said(clause))):
            draft.is_part = True
        if stays:
            _take_left(clause, draft)
        elif closes:
            take_sold(clause, draft, is_beside_price=clause[0] is chunks[0])
        else:
            _take_count(clause, draft)
        if closes and not stays and not is_kept_for_later(clause):
            take_parts(clause, draft, chunks)


def _is_all_that_is_left(clause: Clause, draft: Draft) -> bool:
    """ "Only FCX left" behind a sale of SOFI: another position, and the only one."""
    other = names_another(clause, draft)
    is_counted = other is None or other.lower() in NUMBER_WORDS
    return not is_counted and _ONLY_OTHER.fullmatch(said(clause)) is not None


def _is_a_total(clause: Clause, draft: Draft) -> bool:
    """ "that makes 3 of 4 sold", "from 500 to 300": what was sold in all, of which this sale is a part."""
    text = said(clause)
    is_counted = bool(_OF_MANY.search(text)) and (bool(_SOLD.search(text)) or bool(_LEAVES.search(text)))
    return bool(_FROM_TO.search(text)) or (
        is_counted and (bool(_IN_ALL.search(text)) or draft.verb.startswith(("2nd", "second", "3rd", "third")))
    )


def check_implied(chunks: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for a close that says no part, and has words that only a part would have: "risk free now"."""
    is_said = draft.fractions or draft.is_part or draft.count or draft.action not in (Action.STC, Action.BTC)
    found = None if is_said else closing_words.IMPLIES_A_PART.search(said(chunks))
    if found:
        raise ambiguous(f"all of it, or a part: {found.group()}")


def portion(draft: Draft) -> tuple[Decimal | None, bool]:
    """The fraction to close, or that it is a part of unknown size. NotRead when both all and a part are said."""
    if draft.count and draft.counted_of:
        if draft.count > draft.counted_of:
            raise ambiguous(f"{draft.count} of {draft.counted_of}")
        draft.fractions.append(Decimal(draft.count) / draft.counted_of)
    if any(not 0 < found <= WHOLE for found in draft.fractions):
        raise ambiguous("more than all of it")
    is_part = draft.is_part or (draft.is_add and not draft.fractions and draft.count is None)  # "STC some more"
    fractions = {found.quantize(_FINEST) for found in draft.fractions if found != WHOLE}
    is_whole = WHOLE in draft.fractions and not fractions & {WHOLE}
    if len(fractions) > 1 or (is_whole and (fractions or is_part)):
        raise ambiguous("all of it, or which part")
    if fractions:
        return fractions.pop(), False
    return (WHOLE if is_whole else None), is_part


def _take_left(clause: Clause, draft: Draft) -> None:
    """What stays says what goes, unless that is said itself: "all out but 1" is a part."""
    if any(here.lower == "the" and after.lower in GAINS for here, after in pairwise(clause)) or _says_none(clause):
        return  # "kept half the premium", "left no crumbs"
    kept = [found for chunk in clause if (found := fraction(chunk)) is not None and found != WHOLE]
    sold = [found for found in draft.fractions if found != WHOLE]
    draft.fractions = sold
    if counted := _counted(clause):
        kept_count, whole = counted
        if draft.count not in (None, whole - kept_count):
            draft.is_part = True  # some were sold before
        else:
            draft.fractions.append(1 - Decimal(kept_count) / whole)
        return
    if any(chunk.lower.endswith("other half") for chunk in clause) and not kept:
        kept.append(WHOLE / 2)
    if len(kept) == 1 and not sold:
        draft.fractions.append(WHOLE - kept[0])
    elif not sold:
        draft.is_part = True


def _counted(clause: Clause) -> tuple[int, int] | None:
    """ "leaving 2 of 8": how many are kept, and of how many."""
    found = _KEPT_OF.search(said(clause))
    kept, whole = (int(found["kept"]), int(found["whole"])) if found else (0, 0)
    return (kept, whole) if 0 < kept < whole else None


def _says_none(clause: Clause) -> bool:
    return any(here.role is Role.LEFT and after.lower in ("no", "nothing", "none") for here, after in pairwise(clause))


def _take_count(clause: Clause, draft: Draft) -> None:
    others = _OF_OTHERS if draft.is_add else (*_OF_OTHERS, *_OF_ADDS)
    if any(chunk.lower in others for chunk in clause) or clause[0].lower == "now":
        return  # "now 8 contracts", "will add 5 contracts lower": not how many are bought here
    lead = lead_of(clause)
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        before = clause[place - 1] if place else None
        if is_of_another(clause, place, lead):
            continue
        if chunk.role is Role.COUNT:
            draft.say_count(chunk.lower.strip("x"))
        elif chunk.lower in NUMBER_WORDS and following is not None and following.role is Role.UNIT:
            draft.say_count(NUMBER_WORDS[chunk.lower])
        elif following is not None and following.lower in SHARES and draft.strike is not None:
            continue  # "against 100 shares"
        elif is_whole_number(chunk) and _is_counted(before, following):
            if draft.strike is not None:
                check_size(before, chunk)
            draft.say_count(chunk.number)
            draft.unit = following.lower if following and following.role is Role.UNIT else draft.unit
        elif chunk.role is Role.UNIT and draft.unit is None and not (before and before.role is Role.PART):
            draft.unit = chunk.lower


def _is_counted(before: Chunk | None, following: Chunk | None) -> bool:
    if before is not None and before.lower in QUANTITY_WORDS:
        return True
    if before is not None and (before.role is Role.PART or before.lower in _AT_MOST):
        return False  # "remaining 2 contracts", "max 2 contracts"
    return following is not None and following.role is Role.UNIT
