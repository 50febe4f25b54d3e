"""The words of an order: what to do, with which contract."""

from datetime import timedelta

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.codes import read_code
from domain.reading.counts import count_word
from domain.reading.cursor import Cursor
from domain.reading.draft import SHARES, Draft
from domain.reading.expiry import DAY_WORDS, WHEN, days_left, written_day
from domain.reading.prices import check_strike, fraction_of, is_decimal, level
from domain.reading.refusal import NotRead, ambiguous, incomplete, not_an_alert
from domain.reading.tickers import ticker
from domain.reading.vocabulary import Role

_QUIET = (Role.FILLER, Role.LABEL, Role.NEWLINE)
_BESIDE_SYMBOL = (Role.STRIKE, Role.EXPIRY, Role.DAY, Role.COUNT, Role.RIGHT, Role.NUMBER)
_BESIDE_TICKER = (Role.STRIKE, Role.EXPIRY, Role.DAY)
_AMOUNTS = (Role.PART, Role.DAY, Role.PERCENT, Role.NUMBER)
_TAKES = ("took", "taking", "got", "getting")  # a position, or its profit
_I_AM = ("i'm", "im", "am", "i am")
_DOUBLED = ("cc", "pp")
_NAMES_EXPIRY = ("exp", "exps", "expiry", "expiring", "expires", "expire", "expiration", "expiration date", "date")
_SAYS_WHAT_TO_CLOSE = (Role.VERB, Role.IN, Role.PART, Role.LEFT)


def verb(cursor: Cursor, draft: Draft) -> bool:
    """Take a verb; "STC target 2.60" is a plan, and ends the order."""
    if _is_level_ahead(cursor):
        return False
    is_first = draft.action is None and draft.has_contract
    if is_first and cursor.here.lower in _TAKES and cursor.next_role() is Role.NUMBER:
        raise ambiguous(f"paid, or got for it: {cursor.here.text} {cursor.next_word()}")  # "UBER 88p 12/04 got 1.50"
    if _takes_off(cursor):
        draft.say_closing(cursor.here)
    else:
        draft.say_action(cursor.here)
    return True


def _takes_off(cursor: Cursor) -> bool:
    """`Took 1/4 off UBER 88p`: what is taken off is sold."""
    amount, off = cursor.peek(), cursor.peek(2)
    is_taken = cursor.here.lower in ("took", "taking") and amount is not None and amount.role in _AMOUNTS
    return (
        is_taken and amount is not None and (amount.lower.endswith(" off") or (off is not None and off.lower == "off"))
    )


def _is_level_ahead(cursor: Cursor) -> bool:
    beyond = cursor.peek(2)
    is_ticker = beyond is not None and beyond.role in _BESIDE_TICKER
    return cursor.next_role() in (Role.TARGET, Role.STOP) and not is_ticker


def come_in(cursor: Cursor, draft: Draft) -> bool:
    """ "in SPY 600c .80" and "SPY 600c .80 in" are entries; between verb and ticker it says nothing."""
    if draft.action is not None:
        return not draft.has_contract
    following = cursor.peek()
    is_priced = following is not None and following.role is Role.NUMBER and is_decimal(following.text)
    if draft.has_contract and ((is_priced and draft.expiries) or (draft.is_whole and cursor.next_role() is Role.COUNT)):
        draft.action = Action.BTO
        return True
    is_last = cursor.peek(over=(*_QUIET, Role.MARK)) is None or (draft.is_whole and cursor.next_role() is Role.MARK)
    if (is_last and draft.has_contract) or draft.symbol is None:
        draft.action = Action.BTO
        return True
    return False


def word_as_ticker(cursor: Cursor, draft: Draft) -> str | None:
    """`BTO ON 52c`, `BTO OUT 22c`, `STC TGT 92c`: a word of ours, in capitals, right before the strike."""
    here = cursor.here
    if here.meaning is None or draft.symbol is not None:
        return None
    is_counted = draft.unit in SHARES or draft.is_counted_as_shares
    if is_counted and draft.action is not None and cursor.next_role() in (Role.AT, Role.MARK):
        return ticker(here.text, is_word=True)  # "10 shares of COST @ 902"
    following = cursor.peek()
    if draft.count is not None and draft.action is not None and following is not None and following.lower in SHARES:
        return ticker(here.text, is_word=True)  # "100 TGT shares"
    is_field = following is not None and following.is_mark("|")  # `OPEN | GM | 72p`
    beside = (*_BESIDE_TICKER, Role.RIGHT) if is_field else _BESIDE_TICKER
    if cursor.next_role(over=(Role.MARK,) if is_field else ()) not in beside:
        return None
    opens = draft.action in (Action.BTO, Action.STO)
    is_other_way = draft.is_strong and here.meaning.action in (Action.BTO, Action.STO)  # `STC OPEN 8c`
    may_be = opens or is_other_way or here.role not in _SAYS_WHAT_TO_CLOSE
    return ticker(here.text, is_word=True) if may_be else None


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
        named = ticker(here.symbol)
        if named is None:
            raise _not_understood(here, draft)
        draft.say_symbol(named)
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
    if here.lower in WHEN and _tells_when(cursor, draft):
        raise ambiguous(f"the expiry, or when it was done: {here.text}")
    if here.lower in DAY_WORDS:
        day = DAY_WORDS[here.lower](draft.today)
    elif here.lower.rstrip("s").endswith("dte"):
        day = days_left(here.lower, draft.today)
    else:
        day = written_day(here.text, draft.today)
    if day <= draft.today + timedelta(1) and cursor.at and cursor.chunks[cursor.at - 1].lower == "date":
        raise ambiguous(f"the expiry, or the day it was posted: {here.text}")
    draft.expiries[day] = here.text
    draft.is_day_first = draft.is_day_first or (draft.action is None and draft.symbol is None)
    return True


def _tells_when(cursor: Cursor, draft: Draft) -> bool:
    """`Bought AMD 220c at 2.60 on Friday`, `Friday bought AMD`: a day away from the contract is no expiry."""
    before, following = cursor.chunks[cursor.at - 1] if cursor.at else None, cursor.peek()
    is_named = any(chunk is not None and chunk.lower in _NAMES_EXPIRY for chunk in (before, following))
    if draft.action is not None and draft.symbol is None and cursor.next_word() in ("on", "in", "from"):
        return True  # "took profit Friday on UBER 88p"
    is_before_verb = draft.action is None and draft.symbol is None and following is not None
    return not is_named and (draft.has_price or (is_before_verb and cursor.next_role(over=_QUIET) is Role.VERB))


def day(cursor: Cursor, draft: Draft) -> bool:
    """`12/04`; `1/2` waits until the rest is known."""
    if fraction_of(cursor.here.text) is None:
        return expiry(cursor, draft)
    draft.fractions_or_days.append((cursor.here.text, draft.symbol is None))
    return True


def word(cursor: Cursor, draft: Draft) -> bool:
    """A word that is in no table: the ticker, where a ticker stands; else talk."""
    here = cursor.here
    if here.text.upper() == draft.symbol or count_word(cursor, draft) or _is_percent_off(cursor):
        return True
    if _is_short_future(cursor, draft) or _is_short_share(cursor, draft):
        draft.action, draft.verb = Action.STO, here.lower
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


def _is_percent_off(cursor: Cursor) -> bool:
    """`trim 50% off LUNR`."""
    return cursor.here.lower == "off" and cursor.at > 0 and cursor.chunks[cursor.at - 1].role in _AMOUNTS


def _is_short_future(cursor: Cursor, draft: Draft) -> bool:
    """`Short 1 /CLF7 61.88`. A short share, or option, may mean two things."""
    is_short = cursor.here.lower in ("short", "shorting", "shorted") and draft.action is None
    is_behind = draft.is_future and cursor.next_role() in (Role.NUMBER, Role.AT, Role.MARK)
    return is_short and (is_behind or cursor.next_role(over=(Role.NUMBER, Role.COUNT)) is Role.FUTURE)


def _is_short_share(cursor: Cursor, draft: Draft) -> bool:
    """`Short 200 shares of CHWY`: said to be shares, they are sold to open."""
    count, unit = cursor.peek(), cursor.peek(2)
    is_short = cursor.here.lower in ("short", "shorting", "shorted") and draft.action is None
    is_counted = count is not None and count.role is Role.NUMBER and count.number.isdigit()
    is_held = cursor.at > 0 and cursor.chunks[cursor.at - 1].lower in _I_AM
    return is_short and not is_held and is_counted and unit is not None and unit.lower in SHARES


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
    quiet = (Role.NEWLINE, Role.FILLER) if draft.is_counted_as_shares else (Role.NEWLINE,)
    beside = cursor.peek(over=quiet)
    if beside is None:
        return False
    if draft.action is None:
        return _is_titled(cursor, beside) or _is_before_verb(cursor)
    if draft.is_add and _is_titled(cursor, beside):
        return True
    is_priced = beside.is_mark("@") or beside.lower in ("entry", "exit")
    return is_priced or beside.role in (Role.AT, Role.MARKET, Role.UNIT)


def _is_before_verb(cursor: Cursor) -> bool:
    """`PLTR long 175c`: a verb that nobody else than the author can be the subject of."""
    verb, beyond = cursor.peek(), cursor.peek(2)
    is_plain = verb is not None and verb.meaning is not None and (verb.meaning.is_strong or verb.lower == "long")
    return is_plain and beyond is not None and beyond.role in _BESIDE_TICKER and cursor.here.text.isupper()


def _is_titled(cursor: Cursor, beside: Chunk) -> bool:
    """`SPOT: BTO 600p`, `Adding to OXY: bought 100 shares`."""
    is_before_verb = beside.is_mark(":", "-", ",") and cursor.next_role(over=(Role.MARK,)) is Role.VERB
    return is_before_verb and cursor.here.text.isupper()
