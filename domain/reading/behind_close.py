"""The words behind a close: it may be planned, told, somebody else's, or only the first of several exits."""

import re

from domain.alert import Action
from domain.reading import closing_words, evidence
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.kept import tells_what_stays
from domain.reading.levels import LEVELS
from domain.reading.not_now import check_now
from domain.reading.other_numbers import check_numbers, is_price
from domain.reading.prices import fraction_of
from domain.reading.refusal import ambiguous, not_an_alert
from domain.reading.second_thoughts import takes_close_back
from domain.reading.vocabulary import Role

_NEAR = 4  # chunks
_FILL = re.compile(r"\bfills?\b", re.IGNORECASE)  # another one than the order's
_SOLD = re.compile(r"\bsold\b", re.IGNORECASE)
_TOLD_BEHIND = re.compile(
    r"(?:profits?|gains?|loss|entry|avg|average|cost|in|credit|debit|points?|pts|ticks?|cents?|high|low|hod|lod"
    r"|per|a con"
    r"|each|win|winner|to|from|basis|max|risk|was|bucks|higher|lower|above|below|better|r|k|per)\b|->|→|=>",
    re.IGNORECASE,
)


def check_close(clause: Clause, draft: Draft) -> None:
    text = said(clause)
    if taken := takes_close_back(clause):
        raise not_an_alert(f"taken back, or not done: {taken}")
    if not draft.has_price and any(chunk.role in LEVELS for chunk in clause) and not closing_words.WAS_HIT.search(text):
        raise not_an_alert(f"a plan: {text}")
    check_now(clause, draft)
    _check_other_exit(clause)
    _check_told_close(text)
    if not tells_what_stays(clause):
        _check_second_exit(clause, text, draft)


def _check_second_exit(clause: Clause, text: str, draft: Draft) -> None:
    """Another number may be where a second part was sold, unless a word beside it says what it is."""
    is_explained = (
        draft.is_market
        or bool(evidence.EXPLAINED.search(_FILL.sub(" ", text)))
        or any(c.role in LEVELS for c in clause)
    )
    others = [
        chunk
        for place, chunk in enumerate(clause)
        if chunk.number[:1] not in ("+", "-") and not _is_told(clause, place, draft)
    ]
    check_numbers(others, draft, is_explained=is_explained)


def _is_told(clause: Clause, place: int, draft: Draft) -> bool:
    """Whether the words beside a number say that it is what was paid, made or seen: "from 2.85", ".40 profit"."""
    before = "".join(f"{chunk.text} " for chunk in clause[max(place - _NEAR, 0) : place])
    behind = said(clause[place + 1 : place + 3])
    is_sold_then = draft.action is Action.BTC and _SOLD.search(before)
    return bool(is_sold_then or closing_words.TOLD_BEFORE_NUMBER.search(before) or _TOLD_BEHIND.match(behind))


def _check_told_close(text: str) -> None:
    told = closing_words.CLOSE_TOLD.search(text) or closing_words.NOW_AT.search(text)
    if told or text.lower() in closing_words.CLOSE_ALONE:
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


def is_kept_for_later(clause: Clause) -> bool:
    """`, 1/2 tomorrow if green`: the part that a plan is for is not closed now."""
    is_part = clause[0].role is Role.PART or (clause[0].role is Role.DAY and fraction_of(clause[0].text) is not None)
    return is_part and bool(evidence.TO_COME.search(said(clause))) and not any(map(is_price, clause))
