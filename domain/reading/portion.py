"""How much of a position a closing alert closes, and how many contracts are named behind the order."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from domain.alert import Action
from domain.reading import evidence
from domain.reading.chunks import Chunk
from domain.reading.counts import NUMBER_WORDS, QUANTITY_WORDS, is_whole_number
from domain.reading.draft import Draft
from domain.reading.levels import LEVELS
from domain.reading.prices import fraction_of, number
from domain.reading.refusal import ambiguous
from domain.reading.tail import Clause, clauses, is_kept_for_later, said
from domain.reading.vocabulary import Role

_SHORT_CLAUSE = 4
_FEW = 2
_SHARES = ("stock", "shares", "share", "underlying")
_WHOLE = Decimal(1)
_FINEST = Decimal("0.0001")
_STAYS_ALWAYS = (
    *("but", "except", "leaving", "leave", "left", "keeping", "keep", "kept", "still have"),
    *("still on", "still running", "still open", "left on", "stays on"),
    *("letting", "holding", "still holding", "riding", "still in"),
)
_TALK = (
    "ok",
    "okay",
    "fine",
    "happy",
    "good",
    "great",
    "i",
    "i'll",
    "it",
    "it's",
    "not",
    "will",
    "whatever",
    "hey",
    "oh",
    "a win",
)
_EXCEPT = ("but", "except")
_AT_MOST = ("max", "maximum", "most", "than", "limit", "cap", "up to")
_GAINS = ("credit", "profit", "profits", "gain", "gains", "max", "premium")
_RESTS = ("rest", "the rest", "rest of", "remaining", "remainder")


def take_portions(chunks: Sequence[Chunk], draft: Draft) -> None:
    """Take quantities from the words behind the order, and parts when it closes."""
    closes = draft.action in (Action.STC, Action.BTC)
    for clause in clauses(chunks):
        stays = closes and _stays(clause)
        if stays:
            _take_left(clause, draft)
        else:
            _take_count(clause, draft, closes=closes)
        if closes and not stays and not is_kept_for_later(clause):
            _take_parts(clause, draft)


def portion(draft: Draft) -> tuple[Decimal | None, bool]:
    """The fraction to close, or that it is a part of unknown size. NotRead when both all and a part are said."""
    if draft.count and draft.counted_of:
        if draft.count > draft.counted_of:
            raise ambiguous(f"{draft.count} of {draft.counted_of}")
        draft.fractions.append(Decimal(draft.count) / draft.counted_of)
    if any(not 0 < fraction <= _WHOLE for fraction in draft.fractions):
        raise ambiguous("more than all of it")
    fractions = {fraction.quantize(_FINEST) for fraction in draft.fractions if fraction != _WHOLE}
    is_whole = _WHOLE in draft.fractions and not fractions & {_WHOLE}
    if len(fractions) > 1 or (is_whole and (fractions or draft.is_part)):
        raise ambiguous("all of it, or which part")
    if fractions:
        return fractions.pop(), False
    return (_WHOLE if is_whole else None), draft.is_part


def _stays(clause: Clause) -> bool:
    """Whether the clause tells what is kept: "leaving 1/3", "2 left", "2 remaining", "holding a few runners"."""
    if any(chunk.lower in _SHARES for chunk in clause):
        return False  # "keeping the stock"
    if any(chunk.lower in ("nothing", "none") for chunk in clause):
        return False
    if any(_says_it_stays(clause, place) for place, chunk in enumerate(clause) if chunk.role is Role.LEFT):
        return True
    if _tells_of_the_rest(clause):
        return True
    if any(chunk.role is Role.LEFT and chunk.lower not in _EXCEPT for chunk in clause):
        return not any(chunk.meaning and chunk.meaning.fraction == _WHOLE for chunk in clause)
    first, *others = clause
    is_amount = first.role in (Role.NUMBER, Role.DAY, Role.PART)
    return is_amount and 0 < len(others) <= _FEW and others[-1].lower == "remaining"


def _says_it_stays(clause: Clause, place: int) -> bool:
    """ "leaving 2", "all but 1". A "but" with talk behind it keeps nothing: "wanted more but ok"."""
    word, behind = clause[place].lower, clause[place + 1 :]
    if word in _EXCEPT:
        return not behind or behind[0].lower not in _TALK
    return word in _STAYS_ALWAYS


def _tells_of_the_rest(clause: Clause) -> bool:
    """ "let the rest run", "rest at breakeven": it stays. "Out of the rest" goes."""
    place = next((place for place, chunk in enumerate(clause) if chunk.lower in ("rest", "the rest")), None)
    if place is None:
        return False
    closes = any(chunk.role is Role.VERB for chunk in clause[:place])
    return not closes and any(chunk.role not in (Role.PART, Role.FILLER, Role.MARK) for chunk in clause)


def _take_left(clause: Clause, draft: Draft) -> None:
    """What stays says what goes, unless that is said itself: "all out but 1" is a part."""
    if any(here.lower == "the" and after.lower in _GAINS for here, after in pairwise(clause)) or _says_none(clause):
        return  # "kept half the premium", "left no crumbs"
    kept = [fraction for chunk in clause if (fraction := _fraction(chunk)) is not None and fraction != _WHOLE]
    sold = [fraction for fraction in draft.fractions if fraction != _WHOLE]
    draft.fractions = sold
    if len(kept) == 1 and not sold:
        draft.fractions.append(_WHOLE - kept[0])
    elif not sold:
        draft.is_part = draft.count is None or draft.strike is not None


def _says_none(clause: Clause) -> bool:
    return any(here.role is Role.LEFT and after.lower in ("no", "nothing", "none") for here, after in pairwise(clause))


def _take_count(clause: Clause, draft: Draft, *, closes: bool) -> None:
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        before = clause[place - 1] if place else None
        if chunk.role is Role.COUNT:
            draft.say_count(chunk.lower.strip("x"))
        elif is_whole_number(chunk) and _is_of_many(clause[place : place + 3], closes=closes):
            draft.say_count(chunk.number)
            draft.counted_of = int(clause[place + 2].number[:6])
        elif chunk.lower in NUMBER_WORDS and following is not None and following.role is Role.UNIT:
            draft.say_count(NUMBER_WORDS[chunk.lower])
        elif is_whole_number(chunk) and _is_counted(before, following, closes=closes):
            draft.say_count(chunk.number)
            draft.unit = following.lower if following and following.role is Role.UNIT else draft.unit
        elif chunk.role is Role.UNIT and draft.unit is None:
            draft.unit = chunk.lower


def _is_of_many(chunks: Clause, *, closes: bool) -> bool:
    """`3 of 4`."""
    return closes and len(chunks) == 3 and chunks[1].lower == "of" and chunks[2].number.isdigit()


def _is_counted(before: Chunk | None, following: Chunk | None, *, closes: bool) -> bool:
    if before is not None and before.lower in QUANTITY_WORDS:
        return True
    if before is not None and (before.role is Role.PART or before.lower in _AT_MOST):
        return False  # "remaining 2 contracts", "max 2 contracts"
    if following is not None and following.role is Role.UNIT:
        return True
    return closes and before is not None and before.lower == "sold"


def _take_parts(clause: Clause, draft: Draft) -> None:
    is_about_selling = len(clause) <= _SHORT_CLAUSE or bool(evidence.SOLD_MORE.search(said(clause)))
    for place, chunk in enumerate(clause):
        if chunk.role in LEVELS:
            return  # "stop up on the other half"
        if chunk.role is Role.VERB:
            draft.say_part(chunk)
        elif chunk.role is Role.PERCENT:
            _take_percent(clause, place, draft)
        elif chunk.role is Role.PART and _is_of_the_gain(clause[place + 1 : place + 4]):
            continue
        elif chunk.lower in _RESTS and (draft.fractions or draft.is_part):
            continue  # "half, stop to entry on the rest"
        elif (fraction := _fraction(chunk)) is not None:
            _take_fraction(fraction, chunk, draft, is_sure=is_about_selling)
        elif chunk.meaning and chunk.meaning.is_part and (is_about_selling or chunk.lower.startswith("partial")):
            draft.is_part = True


def _is_of_the_gain(behind: Clause) -> bool:
    """ "half the credit": of what was earned, not of the position."""
    return any(chunk.lower in _GAINS for chunk in behind)


def _take_fraction(fraction: Decimal, chunk: Chunk, draft: Draft, *, is_sure: bool) -> None:
    if is_sure:
        draft.fractions.append(fraction)
    elif fraction != _WHOLE:
        raise ambiguous(f"part of what: {chunk.text}")


def _take_percent(clause: Clause, place: int, draft: Draft) -> None:
    """`50% off`, `sold 50%`: a part. Other percentages are gains, and risk."""
    following = clause[place + 1].lower if place + 1 < len(clause) else ""
    before = clause[place - 1].lower if place else ""
    is_part = following in ("off", "out", "here", "sold") or before in (
        "sold",
        "selling",
        "sell",
        "trimmed",
        "trimming",
        "trim",
    )
    is_alone = len(clause) == 1 and clause[0].number[:1].isdigit()
    if is_alone and not draft.is_part:
        raise ambiguous(f"a gain, or a part: {clause[0].text}")
    if (is_part or is_alone) and clause[place].number[:1].isdigit():
        draft.fractions.append(number(clause[place].number) / 100)


def _fraction(chunk: Chunk) -> Decimal | None:
    """What part a chunk names, if it names one."""
    if chunk.role in (Role.PART, Role.FILLER) and chunk.meaning:
        return chunk.meaning.fraction
    if chunk.role is Role.PERCENT and chunk.number[:1].isdigit():
        return number(chunk.number) / 100
    if chunk.role is Role.DAY and "/" in chunk.text:
        return fraction_of(chunk.text)
    return None
