"""How many: `3 UBER`, `x3`, `qty 3`, `three`, `2 of 5`, `5 @ .75`, `3 contracts`."""

from domain.alert import Action
from domain.reading.bare_shares import takes_share_price
from domain.reading.chunks import Chunk
from domain.reading.cursor import Cursor
from domain.reading.draft import SHARES, Draft
from domain.reading.prices import check_strike, is_decimal, level
from domain.reading.refusal import ambiguous, incomplete, suspicious
from domain.reading.vocabulary import Role

NUMBER_WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
QUANTITY_WORDS = ("qty", "quantity", "size", "x", "contracts", "cons", "lots")
_MAY_BE_MONEY = ("size", "amount")
MOST_CONTRACTS = 100  # beyond, a size may be in dollars
_SIGN = "@"
_LARGER = (
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
    *("thirty", "forty", "fifty", "sixty", "hundred", "dozen"),
)
_KINDS_OF_ONE = ("small", "smaller", "light", "tiny", "quick", "risky", "new", "another", "swing", "scalp", "lotto")
_BESIDE_TICKER = (Role.STRIKE, Role.EXPIRY, Role.DAY)


def count(cursor: Cursor, draft: Draft) -> bool:
    """`x2`, `2x`."""
    draft.say_count(cursor.here.lower.strip("x"))
    return True


def unit(cursor: Cursor, draft: Draft) -> bool:
    """ "contracts", "shares". "Sold a contract of" is one of them."""
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    if draft.action in (Action.STC, Action.BTC) and draft.count is None and before in ("a", "another"):
        raise ambiguous(f"how many: {before} {cursor.here.text}")
    draft.unit = cursor.here.lower
    return True


def count_word(cursor: Cursor, draft: Draft) -> bool:
    """`BTO two HAL 27.5c`, `qty 10`, `x 5`. False for any other word."""
    here, following = cursor.here, cursor.peek()
    if here.lower in QUANTITY_WORDS and following is not None and following.is_mark(":"):
        cursor.at += 1
        following = cursor.peek()
    is_counted = following is not None and following.role is Role.UNIT
    if here.text.isupper() and following is not None and following.role in _BESIDE_TICKER:
        return False  # FIVE and TWO are tickers
    is_the_order = _stands_for_the_order(cursor)
    if here.lower == "one" and is_the_order and draft.action is not None and draft.symbol is None:
        return True
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    if is_counted and (here.lower in _LARGER or before in _LARGER):
        raise ambiguous(f"how many: {here.text}")
    is_number = here.lower in NUMBER_WORDS and not is_the_order
    if is_number and draft.action is not None and (draft.symbol is None or is_counted):
        draft.say_count(NUMBER_WORDS[here.lower])
        return True
    if here.lower not in QUANTITY_WORDS or following is None or not is_whole_number(following):
        return False
    check_size(here, following)
    draft.say_count(following.number)
    cursor.at += 1
    return True


def _stands_for_the_order(cursor: Cursor) -> bool:
    """ "a new one: CZR 30c", "a small one here: CZR 30c"."""
    following, beyond = cursor.peek(), cursor.peek(2)
    before = cursor.chunks[cursor.at - 1].lower if cursor.at else ""
    is_filled = following is not None and following.role is Role.FILLER and beyond is not None and beyond.is_mark(":")
    is_marked = following is not None and following.is_mark(":", "-", ",", ".")
    return is_marked or is_filled or (cursor.here.lower == "one" and before in _KINDS_OF_ONE)


def check_size(word: Chunk | None, number: Chunk) -> None:
    """NotRead for "size 500", which may be dollars."""
    if word is not None and word.lower in _MAY_BE_MONEY and level(number.number) > MOST_CONTRACTS:
        raise ambiguous(f"dollars, or how many: {word.text} {number.text}")


def is_whole_number(chunk: Chunk) -> bool:
    """A number without point and sign: 5, 1,000."""
    return chunk.role is Role.NUMBER and chunk.number.lstrip("+").replace(",", "").isdigit()


def is_count(cursor: Cursor, draft: Draft) -> bool:
    """Whether the number here is how many, by what stands around it; then it is taken."""
    here = cursor.here
    if here.number.startswith("-"):
        _take_sold(cursor, draft)
        return True
    if cursor.next_word() == "worth":
        raise ambiguous(f"dollars, or how many: {here.text} worth")
    if cursor.next_word() == "of":
        _counted_of(cursor, draft)
        return True
    if cursor.next_role(over=(Role.FILLER,)) is Role.UNIT or (is_whole_number(here) and _is_placed(cursor, draft)):
        draft.say_count(here.number)
        return True
    return False


def _is_placed(cursor: Cursor, draft: Draft) -> bool:
    """Before `@` and the price, or behind the verb or "qty", a whole number behind the contract is how many."""
    before = cursor.chunks[cursor.at - 1] if cursor.at else None
    if not draft.has_contract or draft.has_price or draft.count is not None:
        return False
    if before is not None and before.lower in QUANTITY_WORDS:
        return True
    sign, price = cursor.peek(over=(Role.FILLER,)), cursor.peek(2)
    if sign is not None and sign.lower in ("for", "at") and price is not None and is_decimal(price.text):
        return True  # `UBER 88p 12/04, 1 for 3.05`
    return (sign is not None and sign.is_mark(_SIGN)) or (before is not None and before.role is Role.VERB)


def _take_sold(cursor: Cursor, draft: Draft) -> None:
    """thinkorswim's `SOLD -2`, without the bracket that says whether it opens or closes."""
    is_behind_verb = cursor.at > 0 and cursor.chunks[cursor.at - 1].role is Role.VERB
    if draft.action is Action.STC and is_behind_verb:
        raise ambiguous(f"sold to open or to close: {cursor.here.text}")
    raise suspicious(f"a negative number: {cursor.here.text}")


def _counted_of(cursor: Cursor, draft: Draft) -> None:
    """`2 of 5`, `1 of my 2`."""
    draft.say_count(cursor.here.number)
    whole = cursor.peek(2, over=(Role.FILLER,))
    if whole is not None and whole.role is Role.NUMBER and whole.number.isdigit():
        draft.counted_of = int(whole.number[:6])
        cursor.at += 2
        while cursor.here.role is Role.FILLER:
            cursor.at += 1


def before_contract(cursor: Cursor, draft: Draft) -> bool:
    """Before the contract a whole number is how many; behind the symbol it is a strike without its side."""
    if draft.symbol is not None and (_takes_number(cursor, draft) or takes_share_price(cursor, draft)):
        return True
    if draft.unit in SHARES and draft.action is not None and is_decimal(cursor.here.text):
        draft.say_price(level(cursor.here.number))
        return True
    if draft.symbol is not None or not is_whole_number(cursor.here):
        raise incomplete(f"call or put: {cursor.here.text}")
    if cursor.next_word() == ":":
        raise ambiguous(f"a number that counts nothing: {cursor.here.text}")  # "In 2024: BTO ..."
    if draft.count is not None:
        raise ambiguous(f"two quantities: {draft.count} or {cursor.here.number}")
    draft.say_count(cursor.here.number)
    return True


def _takes_number(cursor: Cursor, draft: Draft) -> bool:
    """`calls 145`, `sold 3 12/18 25p`, and the hundred of thinkorswim's `SPY 100 (Weeklys) 18 DEC 26 690 CALL`."""
    here, before = cursor.here, cursor.chunks[cursor.at - 1] if cursor.at else None
    if here.number == "100" and _passes_multiplier(cursor):
        return True
    if draft.right is not None and draft.strike is None:
        strike = level(here.number)
        check_strike(strike)
        draft.say_strike(strike, draft.right, here.text)
        return True
    if before is not None and before.role is Role.VERB and is_whole_number(here):
        draft.say_count(here.number)
        return True
    return False


def _passes_multiplier(cursor: Cursor) -> bool:
    """Past the hundred, to the day that follows it."""
    place = cursor.at + 1
    while place < len(cursor.chunks) and (
        cursor.chunks[place].is_mark("(", ")") or cursor.chunks[place].lower in ("weeklys", "quarterlys", "w")
    ):
        place += 1
    is_day = place < len(cursor.chunks) and cursor.chunks[place].role is Role.EXPIRY
    if is_day:
        cursor.at = place - 1
    return is_day
