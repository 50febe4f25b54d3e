"""What an order leaves unsaid: the verb, the expiry. Read by everybody only where nothing else can be meant."""

from collections.abc import Sequence

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.draft import Draft
from domain.reading.expiry import this_friday
from domain.reading.levels import LEVELS
from domain.reading.refusal import ambiguous, incomplete
from domain.reading.vocabulary import VERBS, Role, phrase_set

_FRIDAY = 4
# Beside a contract and its price, these leave it what it is: the form of an alert.
_BARE_WORDS = phrase_set("""
    swing, swings, scalp, scalps, swing trade, day trade, daytrade, small, tiny, light, small size, half size, half
    sized, quarter size, full size, risky, high risk, low risk, starter, strike, exp, expiry, expiration, expires,
    expiring, alert, alerts, signal, option, options, new, hedge, earnings play, challenge, challenge account, type,
    contract, contracts
""")
_BARE_MARKS = ("@", ":", ",", "-", "|", "(", ")", "[", "]", ".", "/", "$", "&", "+")
_QUIET_BEHIND = (*LEVELS, Role.NUMBER, Role.RANGE, Role.PERCENT, Role.NEWLINE, Role.LABEL, Role.DAY)
# These close by their own meaning. A "sold" or "out" without the day may be anybody's talk.
_CLOSERS = frozenset(
    phrase
    for phrase, verb in VERBS.items()
    if verb.action in (Action.STC, Action.BTC) and (verb.fraction or verb.is_part)
) | {"bought back", "buying back"}


_STOPPED = ("stopped out", "stopped out of", "got stopped out", "got stopped out of")


def settle_verb(draft: Draft, chunks: Sequence[Chunk], tail: Sequence[Chunk]) -> None:
    """A contract with its price and nothing else is an entry; so is any, where the author's profile says so."""
    if draft.action is not None:
        return
    if draft.is_short:
        draft.action = Action.STO
    elif draft.sale_opens and _is_bare_alert(draft, chunks, tail):
        draft.action = Action.STO  # "CSP AMD 200p 12/18 @ 2.10"
    elif not draft.sale_opens and (draft.profile.no_verb_means_bto or _is_bare_alert(draft, chunks, tail)):
        draft.action = Action.BTO
    else:
        raise incomplete("no word says buy or sell")


def _is_bare_alert(draft: Draft, chunks: Sequence[Chunk], tail: Sequence[Chunk]) -> bool:
    is_form = (draft.is_marked or draft.is_titled) and draft.is_whole and not draft.is_cheered
    head = chunks[: len(chunks) - len(tail)]
    return is_form and all(map(_is_bare, head)) and _is_quiet(tail)


def _is_bare(chunk: Chunk) -> bool:
    if chunk.role is Role.FILLER:
        return chunk.lower in _BARE_WORDS
    if chunk.role in (Role.PART, Role.LEFT, Role.PERCENT):
        return False
    return chunk.is_mark(*_BARE_MARKS) if chunk.role is Role.MARK else True


def _is_quiet(tail: Sequence[Chunk]) -> bool:
    """Levels and nothing else."""
    words = [chunk for chunk in tail if not chunk.is_mark(*_BARE_MARKS) and chunk.role is not Role.NEWLINE]
    return not words or (words[0].role in LEVELS and all(chunk.role in _QUIET_BEHIND for chunk in words))


def settle_expiry(draft: Draft) -> None:
    """An entry's day where its author's profile gives one; a close may leave it to the position that is held."""
    if draft.expiries or draft.strike is None or draft.symbol is None:
        return
    if draft.action in (Action.STC, Action.BTC):
        is_of_held = bool(draft.fractions) or draft.verb in _STOPPED
        draft.is_expiry_held = draft.is_strong or draft.verb in _CLOSERS or is_of_held
    elif draft.symbol in draft.profile.zero_dte_roots:
        draft.expiries[draft.today] = "no expiry"
    elif draft.profile.no_expiry_means_friday:
        if draft.today.weekday() == _FRIDAY:
            raise ambiguous("no expiry on a Friday: today's or next week's")
        draft.expiries[this_friday(draft.today)] = "no expiry"
