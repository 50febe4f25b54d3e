"""The words that an entry runs on with: all of them are known, or the order is none.

Traders write their size, their levels, the chart and good wishes behind an order. A verb that is none of these tells
what came of it, asks, or makes it depend on something, in more ways than any list of warnings has.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import zip_longest

from domain.reading.before import speaks_against
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.known_words import KNOWN
from domain.reading.refusal import not_an_alert
from domain.reading.sentences import HARMLESS
from domain.reading.vocabulary import Role, word_set

# "in" gives no verb of its own.
_STATES = frozenset(
    [
        "",
        *word_set("long longing in short shorting shorted"),
        "i'm in",
        "im in",
        "i am in",
        "we're in",
        "back in",
        "starter in",
    ]
)
_OF_US = word_set("i i'm im i'll i've me myself we we're it it's itself you they")
_SUBJECTS = word_set("""
    i i'm im i'll i've i'd am we we're we'll we've they they'll it it's this that you was were be been is just still now
    only really also never not don't dont didn't can't cant won't couldn't wouldn't and but so then
""")
_SORRY = ("sorry", "sry", "rather", "instead", "my", "brain", "bad", "oops", "obviously", "i", "meant", "not")
_NOTHING_KNOWN = 2  # words
_CLOSE = 0.8  # of the letters
_WITHDRAWALS = word_set("""
    cancel cancelled canceled cancelling ignore ignored disregard disregarded void voided mistake typo correction
    retract retraction nevermind withdrawn scratch
""")
_FIELD_NAMES = word_set("""
    ticker symbol strike expiry expiration exp date price premium action side verb quantity qty
""")
_SHOUTS = word_set("wow lfg nfa gl rh tos dd dyor fyi imo yolo yes boom let lets omg irl tgif fomo moon")
# `BTO HON 230c @ 4.00 bought my lunch`.
_BUYS = ("bought", "took", "grabbed", "snagged", "scooped", "picked up", "purchased", "opened", "started", "entered")
_THIS_ONE = re.compile(r"\b(?:this|that|these) (?:one|trade|order|position)\b", re.IGNORECASE)
_TICKER = re.compile(r"[A-Z]{1,5}")
_STRETCHED = re.compile(r"(\w)\1{2,}")  # "goooo"
_A_SENTENCE = 3  # chunks; so many capitals in a row are no ticker
_NAMED_BEHIND = ("~", "/", "#")  # a signature, or tags
# "to the tracker": to what an order is added, when it is none.
# Of the chart these are harmless; right behind an order they are its own doings.
_OF_THE_ORDER = re.compile(
    r"(?:broke|breaks|covered|covers|pays|paid|saved|saves|made|makes|ruined|killed|kills|bought) (?:my|our|me|us)\b"
    r"|(?:remains|remained|stays|stayed|feels|felt|sounds|smells)\b",
    re.IGNORECASE,
)
_MOVES = word_set("""
    bounce bounces breakout breakdown pullback dip news headline headlines earnings print move push pop run squeeze
    rally selloff flush gap setup chart flag wedge base range trend rotation strength weakness momentum sympathy
    upgrade downgrade theme story data report auction
""")
_ACCOUNTS = word_set("""
    account accounts acct accts port portfolio ira roth book sleeve bench campaign challenge core position week start
    even balance lower hedge average out side upside downside target
""")
# Past verbs that do not end with "ed". Those that the chart has, too ("broke", "held"), are left out.
_PAST = word_set("""
    froze rode fell lost won made went ran flew blew grew drew threw wrote drove spoke stole slept crept bled fed fled
    sank shrank rang sang swam spun stuck struck stung swung hung dug shot slid burnt learnt dealt dreamt spent lent
    bent caught taught fought brought sought forgot chose ate beat became began stood tore wore swore shook rose said
    saw knew thought felt sent told gave took paid sold bought kept left had were was
""")
# They end with "ed", and are no verb of a story here.
_NO_PAST = re.compile(
    r"(?:need|speed|feed|bleed|exceed|proceed|indeed|hundred|red|bed|shed|sped|wicked|naked|sacred|weed|seed|greed"
    r"|\w*(?:-|over|under|sized|based|weighted|backed|timed|dated|limited|related|hedged|leveraged|advised|warned"
    r"|assigned|expected|planned|extended|stretched|compressed|attached|suggested|advertised|shortened|sided|headed"
    r"|minded|defined|handed|loaded|married|tied|priced|needed|noted|targeted|bid|excited|interested|prepared|calculated"
    r"|measured|educated|aged|beaten|inverted|elevated|depressed|muted|contained|supposed|used|scared|bored|tired))",
    re.IGNORECASE,
)


def check_known(told: Sequence[Clause], draft: Draft, *, stands_apart: bool) -> None:
    """NotRead where the order, with no mark between, runs on as a sentence of it: "... @ 2.10 covered my rent".

    Behind BTO, and a verb in capitals, any word but a doing may stand there; behind other verbs, of which stories are
    told too, known ones.
    Behind a verb that says as well how things stand, "in" or "long", that holds for every clause.
    """
    is_state = not draft.is_strong and draft.verb in _STATES
    for clause in told if is_state else told[: not stands_apart]:
        _check_run_on(clause, is_plain=draft.is_strong or draft.is_headed)


def _check_run_on(clause: Clause, *, is_plain: bool) -> None:
    if clause[0].is_mark(*_NAMED_BEHIND):
        return
    is_shouted = len(clause) >= _A_SENTENCE and said(clause).isupper()
    doubted = [
        chunk
        for chunk in _words(clause)
        if not (_is_known(chunk, is_shouted=is_shouted) or _is_kind_of_move(chunk, clause))
    ]
    _check_doubted(doubted, clause)
    unknown = next((chunk for chunk in doubted if not is_plain or _may_be_doing(chunk, clause)), None)
    if unknown is not None:
        raise not_an_alert(f"an order does not run on with: {unknown.text}")
    if clause[0].lower in _BUYS or _OF_THE_ORDER.match(said(clause)):
        raise not_an_alert(f"told, not ordered: {said(clause)}")
    if clause[0].lower == "to" and not any(chunk.lower in _ACCOUNTS for chunk in clause[1:]):
        raise not_an_alert(f"to what: {said(clause)}")


def _check_doubted(doubted: Sequence[Chunk], clause: Clause) -> None:
    """NotRead for unknown words beside which something speaks against the order, or which are all that is said."""
    if not doubted:
        return
    if found := speaks_against(said(clause)):
        raise not_an_alert(f"told, or not done: {found}")
    told = [chunk for chunk in clause if chunk.role is Role.WORD]
    if len(doubted) == len(told) <= _NOTHING_KNOWN and all(chunk.text.islower() for chunk in doubted):
        raise not_an_alert(f"an order does not run on with: {said(clause)}")


def _check_slip(unknown: Sequence[Chunk]) -> None:
    """NotRead for "cancle", "ignroe": a withdrawal with a slip in it."""
    for chunk in unknown:
        if chunk.text.isalpha() and get_close_matches(chunk.lower, _WITHDRAWALS, n=1, cutoff=_CLOSE):
            raise not_an_alert(f"withdrawn, with a slip: {chunk.text}")


def check_lesson(tail: Sequence[Chunk]) -> None:
    """NotRead for "(ticker, strike, expiry, price)": how such a message is written, and none itself."""
    names = [
        chunk.lower
        for chunk, behind in zip_longest(tail, tail[1:])
        if chunk.lower in _FIELD_NAMES and (behind is None or behind.role in (Role.MARK, Role.WORD, Role.FILLER))
    ]
    if len(set(names)) > 1:
        raise not_an_alert(f"a lesson: {', '.join(names[:3])}")


def another_piece(clause: Clause, draft: Draft) -> str | None:
    """A symbol, strike or side behind an entry, on its own or named: it may correct the first one."""
    for place, chunk in enumerate(clause):
        behind = clause[place + 1 : place + 4]
        if chunk.lower in ("strike", "strikes") and any(each.role is Role.NUMBER for each in behind):
            return said(clause)
        if chunk.lower in ("calls", "puts") and chunk.right is not draft.right:
            return chunk.text
    alone, others = clause[0], clause[1:]
    is_corrected = bool(others) and all(chunk.lower in _SORRY for chunk in others)
    return alone.text if (not others or is_corrected) and _may_be_another(alone, draft) else None


def _may_be_another(alone: Chunk, draft: Draft) -> bool:
    """`AMD`, `$AMD`, `185`."""
    if alone.role is Role.NUMBER:
        strike = draft.strike if alone.number.isdigit() else None
        return strike is not None and strike / 2 < int(alone.number[:6]) < strike * 2
    named = alone.symbol or alone.text
    is_ticker = alone.role is Role.SYMBOL or (alone.role is Role.WORD and len(named) > 1 and _TICKER.fullmatch(named))
    return bool(is_ticker) and named != draft.symbol and named.lower() not in KNOWN | _SHOUTS


def check_told(clause: Clause) -> None:
    """NotRead for a past verb that the chart does not have, and for an unknown word in what tells of us, or of it."""
    text = HARMLESS.sub(" ", said(clause))
    words = _words(clause)
    if foreign := next((chunk for chunk in words if chunk.text.islower() and not chunk.text.isascii()), None):
        raise not_an_alert(f"another language: {foreign.text}")
    if any(_is_past(chunk.lower) for chunk in words):
        raise not_an_alert(f"told, not ordered: {said(clause)}")
    is_of_us = not _OF_US.isdisjoint(text.lower().split()) or bool(_THIS_ONE.search(text))
    unknown = [chunk for chunk in words if not _is_known(chunk, is_shouted=False)]
    _check_doubted(unknown if is_of_us else [], clause)
    _check_slip(unknown)
    doings = [chunk for chunk in unknown if _may_be_done(chunk, clause, is_of_us=is_of_us)]
    if doings and not (len(words) == 1 and words[0].text.istitle()):
        raise not_an_alert(f"told, or not done: {said(clause)}")


def _words(clause: Clause) -> list[Chunk]:
    """The words of a clause that stand in no table, without what only sounds like a story."""
    left = set(HARMLESS.sub(" ", said(clause)).split())
    return [chunk for chunk in clause if chunk.role is Role.WORD and chunk.text in left]


def _may_be_done(chunk: Chunk, clause: Clause, *, is_of_us: bool) -> bool:
    """Whether an unknown word stands where a verb does: it does in "I concede", not in "from the train"."""
    place = next(place for place, each in enumerate(clause) if each is chunk)
    follows_subject = place == 0 or clause[place - 1].lower in _SUBJECTS
    return follows_subject and (chunk.lower.endswith("ing") or (is_of_us and place > 0))


def _may_be_doing(chunk: Chunk, clause: Clause) -> bool:
    """Whether an unknown word may be what the order, or somebody, did: "remains my favorite", "wobbled"."""
    word = chunk.lower
    if _is_past(word) or word.endswith(("ing", "n't")):
        return True
    is_first = chunk is clause[0]
    return is_first and (word.endswith("est") or (word.endswith("s") and not word.endswith(("ss", "'s"))))


def _is_kind_of_move(chunk: Chunk, clause: Clause) -> bool:
    """ "for a copper bounce": what kind of move it is for."""
    place = next(place for place, each in enumerate(clause) if each is chunk)
    before, behind = clause[place - 1] if place else None, clause[place + 1] if place + 1 < len(clause) else None
    is_led = before is not None and before.lower in ("a", "an", "the", "this", "that", "for a", "on the")
    is_plain = not _is_past(chunk.lower) and not chunk.lower.endswith(("ing", "'s", "ly"))
    return is_led and is_plain and behind is not None and behind.lower in _MOVES


def _is_known(chunk: Chunk, *, is_shouted: bool) -> bool:
    is_joined = "-" in chunk.text and not _is_past(chunk.lower)  # "used-car"
    if chunk.lower in KNOWN or chunk.lower.removesuffix("'s") in KNOWN or is_joined or _STRETCHED.search(chunk.text):
        return True
    return not is_shouted and bool(_TICKER.fullmatch(chunk.text))


def _is_past(word: str) -> bool:
    if word in KNOWN:
        return False
    return word in _PAST or (word.endswith("ed") and len(word) > 3 and not _NO_PAST.fullmatch(word))
