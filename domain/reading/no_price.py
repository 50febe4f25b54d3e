"""Numbers that stand where a price stands, and are none: a time, what all of it cost, the new average."""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.cursor import Cursor
from domain.reading.draft import Draft
from domain.reading.prices import is_decimal, number
from domain.reading.refusal import ambiguous
from domain.reading.vocabulary import Role, word_set

_UNITS = word_set("""
    week weeks wk wks day days month months mo year years hour hours hr hrs min mins minute minutes sec seconds session
    sessions delta deltas theta gamma vega iv am pm est et pst oclock percent pct points point pts ticks tick handles
    times dte bars candles people of
""")
_AVERAGES = ("avg", "average", "avg price", "avg cost", "cost basis")
_EACH = ("each", "apiece", "ea", "pop", "piece")
_SUMS = ("total", "altogether", "all-in", "combined", "notional", "all in")
_LEAST_IN_CENTS = 10  # dollars


def check_average(cursor: Cursor, draft: Draft, begun: int) -> None:
    """NotRead for `Added HON 230c, new avg 2.10`: what all of them cost by now is not the price of what was added."""
    said, before = cursor.chunks[begun : cursor.at + 1], cursor.chunks[begun - 1].lower if begun else ""
    average = next((chunk for chunk in said if chunk.lower in _AVERAGES), None)
    if average is not None and (draft.is_add or before in ("new", "now")):
        raise ambiguous(f"the new average, or the price of what was added: {average.text}")


def check_average_behind(cursor: Cursor, draft: Draft) -> None:
    """NotRead for an add's `2.10 avg`."""
    is_average = draft.is_add and cursor.next_word() in _AVERAGES
    if is_average and not _has_own_number(cursor.chunks[cursor.at + 2 :]):
        raise ambiguous(f"the new average, or the price of what was added: {cursor.here.text}")


def _has_own_number(behind: Sequence[Chunk]) -> bool:
    """`2.60 avg 2.85`, `.50 AVG NOW .56`."""
    number = next((chunk for chunk in behind[:3] if chunk.lower not in ("now", "is", "to", "of", ":", "=", "@")), None)
    return number is not None and number.role is Role.NUMBER


def check_unit(cursor: Cursor, draft: Draft, *, is_sign: bool) -> None:
    """NotRead for `for 2 weeks`, `at 30 delta`, `for 5 contracts`: a whole number of something else is no price."""
    following = cursor.peek()
    if following is None or not draft.has_contract or is_decimal(cursor.here.text):
        return
    is_unit = following.role is Role.UNIT or following.lower in _UNITS
    if is_unit or (_is_noun(following) and not is_sign and not draft.is_future):
        raise ambiguous(f"a price, or how many: {cursor.here.text} {following.text}")


def _is_noun(chunk: Chunk) -> bool:
    """Any word that does not go on with the price: "28 cents", "between 6 and 6.5"."""
    return chunk.role is Role.WORD and chunk.lower not in ("cents", "cent", "and", "or", "with", "w/", "premium")


def check_money(cursor: Cursor, draft: Draft) -> None:
    """NotRead for `$45 each`, `$62/contract`, `4.20 total`: what a contract costs, or all of them, is no premium."""
    written, behind = cursor.here.text, cursor.chunks[cursor.at + 1 : cursor.at + 4]
    if draft.strike is None:
        return
    said = [chunk.lower for chunk in behind[:2]]
    if said and (said[0] in _SUMS or said in (["in", "total"], ["for", "all"], ["all", "in"])):
        raise ambiguous(f"a price, or what all cost: {written} {behind[0].text}")
    small = [chunk for chunk in behind if not chunk.is_mark("/", "(") and chunk.lower not in ("a", "per", "for", "the")]
    is_of_one = bool(small) and (small[0].role is Role.UNIT or small[0].lower in _EACH)
    is_whole = not is_decimal(written.removeprefix("$")) and not draft.profile.price_in_cents
    if is_whole and (is_of_one or ("$" in written and number(written) >= _LEAST_IN_CENTS)):
        raise ambiguous(f"dollars or cents: {written}")
