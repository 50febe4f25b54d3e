"""How much of a position a closing alert closes, and how many contracts are named behind the order."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice, pairwise

from domain.alert import Action
from domain.reading import closing_words
from domain.reading.amount_words import OF_ELSE, PART_SAID
from domain.reading.behind_close import is_kept_for_later
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, clauses, said
from domain.reading.counts import NUMBER_WORDS, QUANTITY_WORDS, check_size, is_whole_number
from domain.reading.counts_behind import is_of_another, lead_of
from domain.reading.draft import SHARES, Draft
from domain.reading.kept import tells_what_stays
from domain.reading.levels import LEVELS
from domain.reading.percents import take_percent
from domain.reading.prices import fraction_of, number
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role

_OF_MANY = 3  # chunks of "3 of 4"
_BESIDE = 2  # chunks
_WHOLE = Decimal(1)
_FINEST = Decimal("0.0001")
_SMALL = ("first", "1st", "that", "was", "is", "just", "only", "and", "now", "it", "it's", "about", "so", "for")
_OF_IT = ("of", "the", "my", "it", "them", "position", "here", "now", "this", "size", "off", "out")
_ELSE_BEFORE = ("better", "that", "this", "other", "same-day", "every", "no", "your", "my")
_OF_ELSE = re.compile(
    r"(?:a )?(?:half|third|quarter|some|few|a few|part|most|all|full|last|the rest|rest|rest of|partial)"
    r"(?: (?:of )?(?:the|a|an|my|this|our))? ?(?:of the |of my )?"
    r"(?:days?|hours?|weeks?|month|morning|session|asleep|awake|dead|times?|wins?|trades?|million|billion|to|price|moon|decent|way|expected"
    r"|mile|points?|ticks?|cents?|inch|room|fun|battle|move|market|plan|job|game|credit|profit|gains?|you|luck|people"
    r"|caf|size is|percent|candle|hearted\w*|year|quarter|in all|friday|monday|tape|chart|story"
    r"|process|reason|win|fill|fills)\b",
    re.IGNORECASE,
)
_OF_OTHERS = ("total", "altogether", "will", "i'll", "later", "lower", "had", "was", "were", "made", "already")
_OF_ADDS = ("adding", "add", "added")
_AT_MOST = ("max", "maximum", "most", "than", "limit", "cap", "up to")
_GAINS = ("credit", "profit", "profits", "gain", "gains", "max", "premium")
_RESTS = ("rest", "the rest", "rest of", "remaining", "remainder")


def take_portions(chunks: Sequence[Chunk], draft: Draft) -> None:
    """Take quantities from the words behind the order, and parts when it closes."""
    closes = draft.action in (Action.STC, Action.BTC)
    for clause in clauses(chunks):
        stays = closes and tells_what_stays(clause)
        if closes and PART_SAID.search(OF_ELSE.sub(" ", said(clause))):
            draft.is_part = True
        if stays:
            _take_left(clause, draft)
        else:
            _take_count(clause, draft, closes=closes)
        if closes and not stays and not is_kept_for_later(clause):
            _take_parts(clause, draft, chunks)


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
    if any(not 0 < fraction <= _WHOLE for fraction in draft.fractions):
        raise ambiguous("more than all of it")
    is_part = draft.is_part or (draft.is_add and not draft.fractions and draft.count is None)  # "STC some more"
    fractions = {fraction.quantize(_FINEST) for fraction in draft.fractions if fraction != _WHOLE}
    is_whole = _WHOLE in draft.fractions and not fractions & {_WHOLE}
    if len(fractions) > 1 or (is_whole and (fractions or is_part)):
        raise ambiguous("all of it, or which part")
    if fractions:
        return fractions.pop(), False
    return (_WHOLE if is_whole else None), is_part


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
        draft.is_part = draft.count is None or draft.strike is not None or draft.is_future


def _says_none(clause: Clause) -> bool:
    return any(here.role is Role.LEFT and after.lower in ("no", "nothing", "none") for here, after in pairwise(clause))


def _take_count(clause: Clause, draft: Draft, *, closes: bool) -> None:
    others = _OF_OTHERS if draft.is_add else (*_OF_OTHERS, *_OF_ADDS)
    if any(chunk.lower in others for chunk in clause) or clause[0].lower == "now":
        return  # "now 8 contracts", "will add 5 contracts lower": not how many are bought here
    lead = len(clause) if closes else lead_of(clause)
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        before = clause[place - 1] if place else None
        if not closes and is_of_another(clause, place, lead):
            continue
        if chunk.role is Role.COUNT:
            draft.say_count(chunk.lower.strip("x"))
        elif is_whole_number(chunk) and _is_of_many(clause[place : place + 4], closes=closes):
            draft.say_count(chunk.number)
            draft.counted_of = int(clause[place + 2].number[:6])
        elif chunk.lower in NUMBER_WORDS and following is not None and following.role is Role.UNIT:
            draft.say_count(NUMBER_WORDS[chunk.lower])
        elif following is not None and following.lower in SHARES and draft.strike is not None:
            continue  # "against 100 shares"
        elif draft.counted_of is not None and before is not None and before.lower == "of":
            continue  # the 2 of "1 of 2 lots"
        elif is_whole_number(chunk) and _is_counted(before, following, closes=closes):
            if not closes and draft.strike is not None:
                check_size(before, chunk)
            draft.say_count(chunk.number)
            draft.unit = following.lower if following and following.role is Role.UNIT else draft.unit
        elif chunk.role is Role.UNIT and draft.unit is None and not (before and before.role is Role.PART):
            draft.unit = chunk.lower


def _is_of_many(chunks: Clause, *, closes: bool) -> bool:
    """`3 of 4`."""
    if not closes or len(chunks) < _OF_MANY or chunks[1].lower != "of" or not chunks[2].number.isdigit():
        return False
    return len(chunks) == _OF_MANY or chunks[3].lower.split()[0] not in (
        "this",
        "today",
        "on",
        "in",
        "wins",
        "winners",
        "trades",
    )


def _is_counted(before: Chunk | None, following: Chunk | None, *, closes: bool) -> bool:
    if before is not None and before.lower in QUANTITY_WORDS:
        return True
    if before is not None and (before.role is Role.PART or before.lower in _AT_MOST):
        return False  # "remaining 2 contracts", "max 2 contracts"
    if following is not None and following.role is Role.UNIT:
        return True
    return closes and before is not None and before.lower == "sold"


def _take_parts(clause: Clause, draft: Draft, behind: Sequence[Chunk]) -> None:
    for place, chunk in enumerate(clause):
        if chunk.role in LEVELS:
            return  # "stop up on the other half"
        if chunk.lower == "all" and place and clause[place - 1].lower == "not":
            draft.is_part = True
        elif chunk.role is Role.VERB:
            draft.say_part(chunk)
        elif chunk.role is Role.PERCENT:
            take_percent(clause, place, draft, behind)
        elif chunk.role is Role.PART and (_is_of_the_gain(clause[place + 1 : place + 4]) or _is_of_else(clause, place)):
            continue
        elif chunk.lower in _RESTS and (draft.fractions or draft.is_part):
            continue  # "half, stop to entry on the rest"
        elif (fraction := _fraction(chunk)) is not None:
            _take_fraction(fraction, chunk, draft, is_sure=_is_about_selling(clause, place))
        elif chunk.meaning and chunk.meaning.is_part:
            draft.is_part = draft.is_part or chunk.lower.startswith("partial") or _is_about_selling(clause, place)


def _is_about_selling(clause: Clause, place: int) -> bool:
    """Whether a part stands alone, or beside a word for selling: "half", "half out", "sold a third"."""
    beside = clause[max(place - _BESIDE, 0) : place + _BESIDE + 1]
    if closing_words.SOLD_MORE.search(said(beside)) or closing_words.SOLD_MORE.search(said(clause[:1])):
        return True
    if any(chunk.lower not in _SMALL and chunk.role is not Role.FILLER for chunk in clause[:place]):
        return False
    rest = (chunk for chunk in clause[place + 1 :] if chunk.lower not in _OF_IT and chunk.role is not Role.FILLER)
    behind = list(islice(rest, 2))
    return len(behind) <= 1 and all(map(_is_of_the_position, behind))


def _is_of_the_position(chunk: Chunk) -> bool:
    return chunk.role in (Role.UNIT, Role.VERB, Role.NUMBER, Role.LABEL) or chunk.lower in ("gone", "done", "position")


def _is_of_else(clause: Clause, place: int) -> bool:
    """ "half day", "third win", "the rest of the week": a part of something else."""
    return bool(_OF_ELSE.match(said(clause[place : place + 4]))) or (
        place > 0 and clause[place - 1].lower in _ELSE_BEFORE
    )


def _is_of_the_gain(behind: Clause) -> bool:
    """ "half the credit": of what was earned, not of the position."""
    return any(chunk.lower in _GAINS for chunk in behind)


def _take_fraction(fraction: Decimal, chunk: Chunk, draft: Draft, *, is_sure: bool) -> None:
    if is_sure:
        draft.fractions.append(fraction)
    elif fraction != _WHOLE:
        raise ambiguous(f"part of what: {chunk.text}")


def _fraction(chunk: Chunk) -> Decimal | None:
    """What part a chunk names, if it names one."""
    if chunk.role in (Role.PART, Role.FILLER) and chunk.meaning:
        return chunk.meaning.fraction
    if chunk.role is Role.PERCENT and chunk.number[:1].isdigit():
        return number(chunk.number) / 100
    if chunk.role is Role.DAY and "/" in chunk.text:
        return fraction_of(chunk.text)
    return None
