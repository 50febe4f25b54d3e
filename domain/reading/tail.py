"""The words behind an order: they may withdraw it, make it depend on something, or hold a second one."""

import re
from collections.abc import Sequence

from domain.alert import Action, OptionType
from domain.reading import evidence
from domain.reading.chunks import Chunk
from domain.reading.clock import is_just_now
from domain.reading.counts import QUANTITY_WORDS
from domain.reading.draft import Draft
from domain.reading.expiry import DAY_WORDS
from domain.reading.levels import LEVELS
from domain.reading.prices import fraction_of, is_decimal
from domain.reading.refusal import ambiguous, incomplete, multi_leg, not_an_alert, suspicious
from domain.reading.second_thoughts import takes_back, takes_close_back
from domain.reading.vocabulary import Role

Clause = Sequence[Chunk]
_BREAKS = (",", ";", ".", "!", "(", ")", "[", "]", "{", "}", "|", "-", ":")
_FINITE = ("is", "was", "are", "were", "would", "could", "should", "can", "may", "has", "had")
_LATER_PARTS = ("half", "rest", "the rest", "remainder", "the other half", "second half")
_FEW = 3
_LIKELY_COUNT = 25
_NUMBERS = (Role.NUMBER, Role.RANGE, Role.MEASURE)


def clauses(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """The chunks between punctuation. A level stays with its numbers: `PT: 4.00, 5.00` is one clause."""
    parted: list[list[Chunk]] = [[]]
    for place, chunk in enumerate(chunks):
        is_break = chunk.role is Role.NEWLINE or chunk.is_mark(*_BREAKS)
        if not is_break:
            parted[-1].append(chunk)
        elif parted[-1] and not _binds(chunk, parted[-1], chunks[place + 1 : place + 3]):
            parted.append([])
    return [clause for clause in parted if clause]


def _binds(mark: Chunk, clause: Clause, following: Sequence[Chunk]) -> bool:
    """Whether a mark stands within a level: behind its name, or between its numbers."""
    if clause[-1].role in LEVELS:
        return mark.is_mark(":", "-")
    if clause[-1].lower in QUANTITY_WORDS:
        return mark.is_mark(":")
    is_counted = len(following) > 1 and following[1].role in (Role.UNIT, Role.WORD)
    is_list = mark.is_mark(",", "-") and any(chunk.role is Role.TARGET for chunk in clause) and not is_counted
    return is_list and bool(following) and following[0].role in (Role.PERCENT, Role.NUMBER)


def check(tail: Sequence[Chunk], draft: Draft) -> None:
    """NotRead when the tail withdraws the order, makes it depend on something, tells of the past, or holds another."""
    opens = draft.action in (Action.BTO, Action.STO)
    _check_number_behind(tail, opens=opens)
    if opens:
        _check_alternative(tail, draft)
        _check_subject(tail)
    if not draft.is_strong:
        _check_doing(tail, draft)
    if not draft.has_price:
        _check_bare(tail)
    begins_apart = bool(tail) and tail[0].is_mark(*_BREAKS)
    for place, clause in enumerate(clauses(tail)):
        _check_withdrawn(clause)
        _check_another_order(clause, draft.right)
        _check_follower(clause, draft)
        _check_story(clause)
        if opens and not (place + begins_apart and _is_second_half(clause)):
            _check_entry(clause, draft)
        elif opens:
            continue
        elif place + begins_apart and is_kept_for_later(clause):
            draft.is_part = True
        else:
            _check_close(clause, draft)


def check_remark(remark: Sequence[Chunk]) -> None:
    """A comment field may say anything but that the order is not meant."""
    for clause in clauses(remark):
        _check_withdrawn(clause)


def said(clause: Clause) -> str:
    """A clause as text."""
    return " ".join(chunk.text for chunk in clause)


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
        raise ambiguous(_two_prices(tail[1], tail, draft))


def _check_doing(tail: Sequence[Chunk], draft: Draft) -> None:
    """ "buying UBER 88p at .75 here is chasing": the order is what the sentence is about."""
    runs_on = bool(tail) and tail[0].role is not Role.NEWLINE and not tail[0].is_mark(*_BREAKS)
    first = said(clauses(tail)[0]) if runs_on else ""
    if evidence.is_subject(draft.verb, first):
        raise not_an_alert(f"told, not ordered: {first}")


def _check_subject(tail: Sequence[Chunk]) -> None:
    """The word right behind the order, with no mark between, shows whether the order goes on as a sentence."""
    runs_on = bool(tail) and tail[0].role is not Role.NEWLINE and not tail[0].is_mark(*_BREAKS)
    first = said(clauses(tail)[0]) if runs_on else ""
    found = evidence.SUBJECT.match(first)
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


def _check_another_order(clause: Clause, right: OptionType | None) -> None:
    for place, chunk in enumerate(clause):
        following = clause[place + 1] if place + 1 < len(clause) else None
        is_plan = following is not None and following.role in LEVELS
        if chunk.role is Role.VERB and chunk.meaning and chunk.meaning.is_strong and not is_plan:
            raise ambiguous(f"another order: {chunk.text}")
        if chunk.role in (Role.STRIKE, Role.CODE):
            raise multi_leg(f"another strike: {chunk.text}")
    if len(clause) == 1 and clause[0].right not in (None, right):
        raise ambiguous(f"call or put: {clause[0].text}")


def _check_story(clause: Clause) -> None:
    if found := evidence.STORY.search(said(clause)):
        raise not_an_alert(f"a story: {found.group()}")


def _check_follower(clause: Clause, draft: Draft) -> None:
    found = evidence.FOLLOWER.search(said(clause))
    if found and not draft.is_strong:
        raise not_an_alert(f"somebody follows another's trade: {found.group()}")


def _check_entry(clause: Clause, draft: Draft) -> None:
    text = said(clause)
    if taken := takes_back(clause):
        raise not_an_alert(f"taken back, or not done: {taken}")
    if text.lower() in evidence.ALONE:
        raise not_an_alert(f"told, or not done yet: {text}")
    if not draft.is_add and (held := evidence.HELD.search(text)):
        raise not_an_alert(f"held, not ordered: {held.group()}")
    text = evidence.HARMLESS.sub(" ", text)
    is_managed = bool(evidence.MANAGEMENT.search(text)) or any(chunk.role in LEVELS for chunk in clause)
    if not is_managed and (found := evidence.CONDITIONAL.search(text) or _planned(text)):
        raise not_an_alert(f"depends, or not done yet: {found.group()}")
    if found := evidence.PAST.search(text) or evidence.HEARSAY.search(text):
        raise not_an_alert(f"told, not ordered: {found.group()}")
    is_explained = is_managed or bool(evidence.EXPLAINED.search(text)) or draft.is_market
    has_day = any(chunk.lower in DAY_WORDS for chunk in clause)
    timeless = [chunk for chunk in clause if has_day or not is_just_now(chunk.text, draft.minute)]
    if any(_is_result(chunk, is_managed=is_managed, is_explained=is_explained) for chunk in timeless):
        raise not_an_alert(f"a result, or a time: {text}")
    _check_numbers(clause, draft, is_explained=is_explained or draft.is_average)
    if not is_explained and len(clause) <= _FEW and any(map(_may_be_count, clause)) and not _is_counted(clause):
        raise ambiguous(f"how many, or something else: {text}")


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


def _check_close(clause: Clause, draft: Draft) -> None:
    text = said(clause)
    if taken := takes_close_back(clause):
        raise not_an_alert(f"taken back, or not done: {taken}")
    planned = evidence.TO_COME.search(text) if len(clause) < _FEW else None
    if planned and not evidence.EVENT.search(text):
        raise not_an_alert(f"not done yet: {planned.group()}")
    if not draft.has_price and any(chunk.role is Role.TARGET for chunk in clause):
        raise not_an_alert(f"a plan: {text}")
    _check_other_exit(clause)
    _check_told_close(text, draft)
    text = evidence.HARMLESS.sub(" ", text)
    found = evidence.CLOSE_CONDITIONAL.search(text)
    if found and not evidence.COMES_BACK.search(text):
        raise not_an_alert(f"depends: {found.group()}")
    if (other := evidence.ANOTHER_DAY.search(text)) and not any(map(_is_price, clause)):
        raise not_an_alert(f"told of the past: {other.group()}")
    told = (evidence.MANAGEMENT, evidence.EXPLAINED, evidence.TOLD_AT_A_CLOSE)
    clause = [chunk for chunk in clause if chunk.number[:1] not in ("+", "-")]
    _check_numbers(clause, draft, is_explained=draft.is_market or any(pattern.search(text) for pattern in told))


def _check_told_close(text: str, draft: Draft) -> None:
    told = evidence.CLOSE_TOLD.search(text) or (None if draft.is_strong else evidence.NOW_AT.search(text))
    if told or text.lower() in evidence.CLOSE_ALONE:
        raise not_an_alert(f"told, not ordered: {text}")


def _check_other_exit(clause: Clause) -> None:
    """`half at 4.60, half at 6`, `at 4.60 and 6`: where the rest is to go makes the whole a plan."""
    if clause[0].lower == "or" and len(clause) > 1 and clause[1].lower != "better":
        raise ambiguous(f"another exit: {said(clause)}")
    if any(chunk.role in LEVELS for chunk in clause):
        return
    for part, mark, price in zip(clause, clause[1:], clause[2:], strict=False):
        is_part = part.role is Role.PART or (part.role is Role.DAY and fraction_of(part.text) is not None)
        if is_part and (mark.is_mark("@") or mark.lower == "at") and price.role is Role.NUMBER:
            raise ambiguous(f"another exit: {said(clause)}")
    if len(clause) > 1 and clause[0].lower in ("and", "or") and clause[1].role is Role.NUMBER:
        raise ambiguous(f"another exit: {said(clause)}")


def _is_second_half(clause: Clause) -> bool:
    """`- half now, half on a dip`: a plan for what comes later is no condition of this order."""
    return clause[0].lower in _LATER_PARTS and len(clause) > 1 and bool(evidence.CONDITIONAL.search(said(clause)))


def is_kept_for_later(clause: Clause) -> bool:
    """`, 1/2 tomorrow if green`: the part that a plan is for is not closed now."""
    is_part = clause[0].role is Role.PART or (clause[0].role is Role.DAY and fraction_of(clause[0].text) is not None)
    return is_part and bool(evidence.TO_COME.search(said(clause))) and not any(map(_is_price, clause))


def _is_price(chunk: Chunk) -> bool:
    return chunk.role in (Role.NUMBER, Role.RANGE) and is_decimal(chunk.text)


def _is_notional(chunk: Chunk, draft: Draft) -> bool:
    """`@ $3.05 per contract ($305)`: the same price, for a hundred shares."""
    written = chunk.number.lstrip("$").replace(",", "").removesuffix(".00")
    return draft.price is not None and written in (
        f"{draft.price * 100:.0f}",
        f"{draft.price * 100 * (draft.count or 1):.0f}",
    )


def _is_another_day(chunk: Chunk) -> bool:
    is_word = chunk.lower in DAY_WORDS or chunk.lower.rstrip("s").endswith("dte")
    return (chunk.role is Role.EXPIRY and not is_word) or (chunk.role is Role.DAY and fraction_of(chunk.text) is None)


def _two_prices(chunk: Chunk, clause: Clause, draft: Draft) -> str:
    if draft.price is None or chunk.role is not Role.NUMBER:
        return f"another price: {said(clause)}"
    return f"two prices: {draft.price} or {chunk.number.lstrip('$')}"


def _check_numbers(clause: Clause, draft: Draft, *, is_explained: bool) -> None:
    """A second price makes the first one doubtful."""
    for place, chunk in enumerate(clause):
        is_priced = place > 0 and clause[place - 1].is_mark("@")
        if (is_priced or _is_price(chunk)) and not is_explained and not _is_notional(chunk, draft):
            raise ambiguous(_two_prices(chunk, clause, draft))
        if _is_another_day(chunk) and not is_explained:
            raise ambiguous(f"another day: {chunk.text}")
