"""The words behind an order: they may withdraw it, make it depend on something, or hold a second one."""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.reading import evidence, sentences
from domain.reading.behind_close import check_close, is_kept_for_later
from domain.reading.behind_entry import another_piece, check_known, check_lesson, check_told
from domain.reading.chunks import Chunk
from domain.reading.clauses import BREAKS, Clause, clauses, first_clause, said
from domain.reading.clock import is_just_now
from domain.reading.counts import QUANTITY_WORDS
from domain.reading.draft import Draft
from domain.reading.expiry import DAY_WORDS
from domain.reading.held import check_held, check_stop
from domain.reading.levels import LEVELS
from domain.reading.managing import before_managing, managed_from
from domain.reading.other_numbers import check_numbers, two_prices
from domain.reading.refusal import ambiguous, incomplete, multi_leg, not_an_alert, suspicious
from domain.reading.second_thoughts import takes_back
from domain.reading.vocabulary import Role

_DONE = (
    "sold",
    "closed",
    "stopped out",
    "stopped out of",
    "got stopped out",
    "out",
    "out of",
    "exited",
    "cut",
    "dumped",
)
_FINITE = ("is", "was", "are", "were", "would", "could", "should", "can", "may", "has", "had")
_LATER_PARTS = ("half", "rest", "the rest", "remainder", "the other half", "second half")
_FEW = 3
_FILLED_IN_PART = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|some|most|part|partly|partially|only \d+|just \d+)"
    r"(?: (?:of )?(?:them|em|'em|it))?(?: got| were| was)? filled\b"
    r"|\b(?:got|filled) \d+ of (?:\d+|them|em|'em|it)\b"
    r"|\b(?:got|only|filled) (?:one|two|three|four|five|half|some) (?:of )?(?:them|em|'em|it)\b",
    re.IGNORECASE,
)
_BOUGHT = ("bought", "went", "took", "got")
_LIKELY_COUNT = 25
_NUMBERS = (Role.NUMBER, Role.RANGE, Role.MEASURE)


def check(tail: Sequence[Chunk], draft: Draft) -> None:
    """NotRead when the tail withdraws the order, makes it depend on something, tells of the past, or holds another."""
    opens = draft.action in (Action.BTO, Action.STO)
    _check_number_behind(tail, opens=opens)
    if opens:
        _check_alternative(tail, draft)
        _check_subject(tail)
        check_stop(tail, draft)
        check_lesson(tail)
    if not draft.is_strong:
        _check_doing(tail, draft)
    if not draft.has_price:
        _check_bare(tail)
    begins_apart = bool(tail) and (tail[0].role is Role.NEWLINE or tail[0].is_mark(*BREAKS))
    first, *others = clauses(tail) or [[]]
    if first:
        _check_clause(first, draft, stands_apart=begins_apart)
    for clause in {tuple(map(id, clause)): clause for clause in others}.values():  # said again, it says no more
        _check_clause(clause, draft, stands_apart=True)
    if first and opens:
        check_known([first, *others], draft, stands_apart=begins_apart)


def _check_clause(clause: Clause, draft: Draft, *, stands_apart: bool) -> None:
    opens = draft.action in (Action.BTO, Action.STO)
    _check_withdrawn(clause)
    if draft.count is not None and (found := _FILLED_IN_PART.search(said(clause))):
        raise ambiguous(f"how many were filled: {found.group()}")
    _check_another_order(clause, draft)
    _check_follower(clause, draft)
    _check_story(clause)
    if opens:
        if not (stands_apart and _is_second_half(clause)):
            _check_entry(clause, draft)
    elif stands_apart and is_kept_for_later(clause):
        draft.is_part = True
    elif stands_apart and said(clause).lower() == "next" and draft.verb in _DONE:
        return  # on to another trade
    else:
        check_close(clause, draft)


def check_remark(remark: Sequence[Chunk], draft: Draft) -> None:
    """What a block says beside its fields is held against the order as words behind it are."""
    for clause in clauses(remark):
        _check_clause(clause, draft, stands_apart=True)
        found = None if evidence.EVENT.search(said(clause)) else evidence.COMES_LATER.search(said(clause))
        if found:
            raise not_an_alert(f"not done yet: {found.group()}")


def _check_number_behind(tail: Sequence[Chunk], *, opens: bool) -> None:
    """`@ 1.20 5`: a quantity, or another price."""
    first, second = (*tail[:2], None, None)[:2]
    is_counted = second is not None and (
        second.role in (Role.UNIT, Role.LEFT, *LEVELS) or second.lower in ("of", "profit", "profits", "gain", "loss")
    )
    is_arrow = first is not None and first.role is Role.MEASURE and not first.text[0].isalnum()
    if is_arrow and second is not None and second.role is Role.NUMBER:
        raise ambiguous(f"which price: {second.text}")
    is_result = first is not None and not opens and first.number[:1] in ("+", "-")  # `STC /MES 6872 +5.5`
    if first is not None and first.role is Role.NUMBER and not is_counted and not is_result:
        raise ambiguous(f"a number too many: {first.text}")


def _check_bare(tail: Sequence[Chunk]) -> None:
    """An order without a price has nothing behind it but levels and parts: talk would put it at the market."""
    for clause in clauses(tail):
        has_level = any(chunk.role in LEVELS for chunk in clause)
        talk = [chunk for chunk in clause if chunk.role is Role.WORD or (chunk.role in _NUMBERS and not has_level)]
        if talk:
            raise incomplete(f"no price, and: {said(clause)}")


def _check_alternative(tail: Sequence[Chunk], draft: Draft) -> None:
    """`@ 1.08 or 1.20`."""
    if len(tail) > 1 and tail[0].lower == "or" and tail[1].role is Role.NUMBER:
        raise ambiguous(two_prices(tail[1], tail, draft))


def _check_doing(tail: Sequence[Chunk], draft: Draft) -> None:
    """ "buying UBER 88p at .75 here is chasing": the order is what the sentence is about."""
    runs_on = bool(tail) and tail[0].role is not Role.NEWLINE and not tail[0].is_mark(*BREAKS)
    first = said(first_clause(tail)) if runs_on else ""
    if sentences.is_subject(draft.verb, first):
        raise not_an_alert(f"told, not ordered: {first}")


def _check_subject(tail: Sequence[Chunk]) -> None:
    """The word right behind the order, with no mark between, shows whether the order goes on as a sentence."""
    runs_on = bool(tail) and tail[0].role is not Role.NEWLINE and not tail[0].is_mark(*BREAKS)
    first = said(first_clause(tail)) if runs_on else ""
    found = sentences.SUBJECT.match(first)
    is_managed = found and found.group().lower() not in _FINITE and evidence.MANAGEMENT.search(first[found.end() :])
    if found and not is_managed:
        raise not_an_alert(f"told, not ordered: {first}")


def _check_withdrawn(clause: Clause) -> None:
    if any(chunk.is_mark("<") for chunk in clause):
        raise not_an_alert(f"pointed at: {said(clause)}")
    if found := evidence.WITHDRAWN.search(said(clause)):
        raise not_an_alert(f"withdrawn or not done: {found.group()}")
    for chunk in clause:
        if chunk.role is Role.STRANGE:
            raise suspicious(f"not a letter of ours: {chunk.text}")


def _check_another_order(clause: Clause, draft: Draft) -> None:
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        is_plan = following is not None and following.role in LEVELS
        if chunk.role is Role.VERB and chunk.meaning and chunk.meaning.is_strong and not is_plan:
            raise ambiguous(f"another order: {chunk.text}")
        if chunk.role in (Role.STRIKE, Role.CODE):
            raise multi_leg(f"another strike: {chunk.text}")
    if draft.action in (Action.BTO, Action.STO) and draft.right is not None and (other := another_piece(clause, draft)):
        raise ambiguous(f"another piece of a contract: {other}")
    if len(clause) == 1 and clause[0].right not in (None, draft.right):
        raise ambiguous(f"call or put: {clause[0].text}")


def _check_story(clause: Clause) -> None:
    if found := sentences.STORY.search(said(clause)):
        raise not_an_alert(f"a story: {found.group()}")


def _check_follower(clause: Clause, draft: Draft) -> None:
    closes = draft.action in (Action.STC, Action.BTC)
    found = evidence.FOLLOWER.search(said(clause))
    if found and not draft.is_strong and not (closes and evidence.THANKS_ALL.fullmatch(said(clause))):
        raise not_an_alert(f"somebody follows another's trade: {found.group()}")


def _check_entry(clause: Clause, draft: Draft) -> None:
    text = said(clause)
    if (taken := takes_back(clause)) and not _is_when(taken, draft):
        raise not_an_alert(f"taken back, or not done: {taken}")
    if text.lower() in evidence.ALONE:
        raise not_an_alert(f"told, or not done yet: {text}")
    if not draft.is_add and (held := evidence.HELD.search(text)):
        raise not_an_alert(f"held, not ordered: {held.group()}")
    text = sentences.HARMLESS.sub(" ", text)
    is_managed = bool(evidence.MANAGEMENT.search(text)) or any(chunk.role in LEVELS for chunk in clause)
    unmanaged = sentences.HARMLESS.sub(" ", before_managing(clause))
    if found := evidence.CONDITIONAL.search(unmanaged) or _planned(unmanaged):
        raise not_an_alert(f"depends, or not done yet: {found.group()}")
    if found := evidence.PAST.search(text) or evidence.HEARSAY.search(text):
        raise not_an_alert(f"told, not ordered: {found.group()}")
    check_held(clause, draft)
    check_told(clause)
    is_explained = is_managed or bool(evidence.EXPLAINED.search(text)) or draft.is_market
    has_day = any(chunk.lower in DAY_WORDS for chunk in clause)
    timeless = [chunk for chunk in clause if has_day or not is_just_now(chunk.text, draft.minute)]
    if any(_is_result(chunk, is_managed=is_managed, is_explained=is_explained) for chunk in timeless):
        raise not_an_alert(f"a result, or a time: {text}")
    is_told = bool(evidence.EXPLAINED.search(text)) or draft.is_market or draft.is_average
    check_numbers(clause, draft, managed_from(clause), is_explained=is_told)
    if not is_explained and len(clause) <= _FEW and any(map(_may_be_count, clause)) and not _is_counted(clause):
        raise ambiguous(f"how many, or something else: {text}")


def _is_when(taken: str, draft: Draft) -> bool:
    """`Went long UBER 88c into the close`: what is done was done then."""
    verb = draft.verb.split()[0] if draft.verb else ""
    return taken.lower() == "into the close" and (verb in _BOUGHT or verb.endswith("ed"))


def _may_be_count(chunk: Chunk) -> bool:
    return chunk.role is Role.NUMBER and chunk.number.isdigit() and 0 < int(chunk.number[:6]) <= _LIKELY_COUNT


def _is_counted(clause: Clause) -> bool:
    return any(chunk.role is Role.UNIT or chunk.lower in QUANTITY_WORDS for chunk in clause)


def _is_result(chunk: Chunk, *, is_managed: bool, is_explained: bool) -> bool:
    """A gain, or the time of day: the order lies behind, or before us."""
    if chunk.role is Role.PERCENT:
        return not is_managed if chunk.number[:1] in "+-" else not is_explained
    if chunk.role is Role.NUMBER and chunk.number[:1] in "+-":
        return not (is_managed or is_explained)
    return chunk.role is Role.MEASURE and ":" in chunk.text and not is_explained


def _planned(text: str) -> re.Match[str] | None:
    if found := evidence.PLANNED.search(text):
        return found
    return None if evidence.EVENT.search(text) else evidence.COMES_LATER.search(text)


def _is_second_half(clause: Clause) -> bool:
    """`- half now, half on a dip`: a plan for what comes later is no condition of this order."""
    return clause[0].lower in _LATER_PARTS and len(clause) > 1 and bool(evidence.CONDITIONAL.search(said(clause)))
