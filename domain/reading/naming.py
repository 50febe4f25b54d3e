"""The words of an order: what to do, with which contract."""

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.codes import read_code
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.expiry import DAY_WORDS, days_left, written_day
from domain.reading.prices import check_strike, fraction_of, level
from domain.reading.refusal import NotRead, ambiguous, incomplete, not_an_alert
from domain.reading.tickers import ticker
from domain.reading.vocabulary import Role

_QUIET = (Role.FILLER, Role.LABEL, Role.NEWLINE)
_BESIDE_SYMBOL = (Role.STRIKE, Role.EXPIRY, Role.DAY, Role.COUNT, Role.RIGHT, Role.NUMBER)
_BESIDE_TICKER = (Role.STRIKE, Role.EXPIRY, Role.DAY)
_DOUBLED = ("cc", "pp")
_SAYS_WHAT_TO_CLOSE = (Role.VERB, Role.IN, Role.PART, Role.LEFT)


def verb(cursor: Cursor, draft: Draft) -> bool:
    """Take a verb; "STC target 2.60" is a plan, and ends the order."""
    if _is_level_ahead(cursor):
        return False
    draft.say_action(cursor.here)
    return True


def _is_level_ahead(cursor: Cursor) -> bool:
    beyond = cursor.peek(2)
    is_ticker = beyond is not None and beyond.role in _BESIDE_TICKER
    return cursor.next_role() in (Role.TARGET, Role.STOP) and not is_ticker


def come_in(cursor: Cursor, draft: Draft) -> bool:
    """ "in SPY 600c .80" and "SPY 600c .80 in" are entries; between verb and ticker it says nothing."""
    if draft.action is not None:
        return not draft.has_contract
    is_last = cursor.peek(over=(*_QUIET, Role.MARK)) is None
    if (is_last and draft.has_contract) or draft.symbol is None:
        draft.action = Action.BTO
        return True
    return False


def word_as_ticker(cursor: Cursor, draft: Draft) -> str | None:
    """`BTO ON 52c`, `BTO OUT 22c`, `STC TGT 92c`: a word of ours, in capitals, right before the strike."""
    here = cursor.here
    if here.meaning is None or draft.symbol is not None or cursor.next_role() not in _BESIDE_TICKER:
        return None
    opens = draft.action in (Action.BTO, Action.STO)
    return ticker(here.text, is_word=True) if opens or here.role not in _SAYS_WHAT_TO_CLOSE else None


def part(cursor: Cursor, draft: Draft) -> bool:
    """ "half", "all": how much of the position. What opens has no parts."""
    if draft.action in (Action.BTO, Action.STO):
        return not draft.has_contract and bool(cursor.here.meaning and cursor.here.meaning.is_part)  # "bought some"
    draft.say_part(cursor.here)
    return True


def short_sale(cursor: Cursor, draft: Draft) -> bool:
    """ "CSP", "covered call": a sale that opens. "Short put on RIVN" is one without a verb."""
    here = cursor.here
    draft.sale_opens = True
    if here.right is not None and draft.action is None and not draft.has_contract:
        draft.is_short = True
        draft.say_right(here.right, here.text)
    return True


def symbol(cursor: Cursor, draft: Draft) -> bool:
    """A cashtag."""
    draft.say_symbol(cursor.here.symbol)
    return True


def future(cursor: Cursor, draft: Draft) -> bool:
    """`/ES`, `/MESZ6`."""
    draft.say_symbol(cursor.here.text.upper(), is_future=True)
    return True


def code(cursor: Cursor, draft: Draft) -> bool:
    """A whole contract in one symbol."""
    read_code(cursor.here.text, draft)
    return True


def strike(cursor: Cursor, draft: Draft) -> bool:
    """`88p`, `355 C`, `PYPL64c`."""
    here = cursor.here
    if here.symbol:
        draft.say_symbol(here.symbol)
    if here.lower.endswith(_DOUBLED) and not (draft.is_strong and draft.action in (Action.BTO, Action.STO)):
        raise ambiguous(f"a slip, or a covered call: {here.text}")
    price = level(here.number)
    check_strike(price)
    draft.say_strike(price, here.right, here.text)
    return True


def right(cursor: Cursor, draft: Draft) -> bool:
    """ "calls" on their own."""
    draft.say_right(cursor.here.right, cursor.here.text)
    return True


def expiry(cursor: Cursor, draft: Draft) -> bool:
    """A day, a count of days, or a word for one."""
    here = cursor.here
    if here.lower in DAY_WORDS:
        day = DAY_WORDS[here.lower](draft.today)
    elif here.lower.rstrip("s").endswith("dte"):
        day = days_left(here.lower, draft.today)
    else:
        day = written_day(here.text, draft.today)
    draft.expiries[day] = here.text
    return True


def day(cursor: Cursor, draft: Draft) -> bool:
    """`12/04`; `1/2` waits until the rest is known."""
    if fraction_of(cursor.here.text) is None:
        return expiry(cursor, draft)
    draft.fractions_or_days.append((cursor.here.text, draft.symbol is None))
    return True


def word(cursor: Cursor, draft: Draft) -> bool:
    """A word that is in no table: the ticker, where a ticker stands; else talk."""
    here = cursor.here
    if here.text.upper() == draft.symbol:
        return True
    named = ticker(here.text) if draft.symbol is None and _stands_as_symbol(cursor, draft) else None
    if named is not None:
        draft.say_symbol(named, is_future=named.startswith("/"))
        return True
    if draft.action is not None and draft.symbol is not None and (draft.strike is not None or draft.has_price):
        return False
    if draft.action is None and draft.is_whole and _is_short(cursor, draft):
        return True
    if draft.action is None and draft.is_whole and draft.profile.no_verb_means_bto:
        return False
    raise _not_understood(here, draft)


def _is_short(cursor: Cursor, draft: Draft) -> bool:
    """`PLTR 12/11 150p filled at 1.60, short 1`."""
    following = cursor.peek()
    if cursor.here.lower != "short" or following is None or not following.number.isdigit():
        return False
    draft.is_short = True
    draft.say_count(following.number)
    cursor.at += 1
    return True


def _not_understood(here: Chunk, draft: Draft) -> NotRead:
    if draft.action is not None and draft.is_strong:
        return incomplete(f"not understood: {here.text}")
    return not_an_alert(f"not the words of an order: {here.text}")


def _stands_as_symbol(cursor: Cursor, draft: Draft) -> bool:
    """A ticker stands beside its contract; a share's behind the verb, before the price."""
    if cursor.next_role(over=(*_QUIET, Role.MARK)) in _BESIDE_SYMBOL:
        return True
    beside = cursor.peek(over=(Role.NEWLINE,))
    if beside is None:
        return False
    if draft.action is None:
        is_titled = beside.is_mark(":", "-") and cursor.next_role(over=(Role.MARK,)) is Role.VERB
        return is_titled and cursor.here.text.isupper()
    is_priced = beside.is_mark("@") or beside.lower in ("entry", "exit")
    return is_priced or beside.role in (Role.AT, Role.MARKET, Role.UNIT)
