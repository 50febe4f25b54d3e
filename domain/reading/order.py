"""One order: from its chunks to an alert, or to the reason why it is none."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.alert import Action, Alert, UnreadCode
from domain.reading import closing_words
from domain.reading.bare_shares import is_of_a_share
from domain.reading.chunks import Chunk
from domain.reading.clauses import clauses, said
from domain.reading.doubts import check_doubts, is_gain
from domain.reading.draft import SHARES, Draft
from domain.reading.exit_price import check_exit_price
from domain.reading.expiry import WEEKDAYS, written_day
from domain.reading.futures import check_future
from domain.reading.head import read_head
from domain.reading.levels import LEVELS, AlertLevels, stop_and_targets
from domain.reading.portion import check_implied, portion, take_portions
from domain.reading.prices import check_price, fraction_of
from domain.reading.refusal import NotRead, ambiguous, incomplete
from domain.reading.round_trips import WIDEST_FILL, check_told
from domain.reading.second_legs import check_second_leg
from domain.reading.short_sales import check_outright_sale
from domain.reading.sold_options import check_side
from domain.reading.tail import check, check_remark
from domain.reading.ticker_words import COSTLY, DEAR, DEAREST_OPTION, INDEXES, INDICATORS
from domain.reading.tickers import outright
from domain.reading.told_price import settle_price
from domain.reading.unsaid import settle_expiry, settle_verb
from domain.reading.vocabulary import Role

_YEARS = range(2020, 2041)
_A_PRINT = 1000  # contracts
_TAKES = ("took", "taking", "got")
_MANY = 100  # contracts; on the bid they are the tape's
_OF_AN_OPTION = (Role.RIGHT, Role.DAY, Role.EXPIRY, Role.RANGE)
_FRIDAY = 4
_FEW = 2  # chunks
_MOST_CONTRACTS = 100  # of an option whose strike is missing; more at such a price are shares
_CHEAPEST_SHARE = Decimal(5)  # below this a price without "shares" is more likely an option's whose strike is missing


def read_order(chunks: Sequence[Chunk], remark: Sequence[Chunk], draft: Draft) -> Alert:
    """Read one order into an empty draft. NotRead when it is none, or not a clear one."""
    tail = chunks[read_head(chunks, draft) :]
    settle_verb(draft, chunks, tail)
    check_told(chunks, draft)
    _check_no_option(tail, draft)
    check_second_leg(said([*tail, *remark]), draft)
    check(tail, draft)
    check_remark(remark, draft)
    check_exit_price(tail, draft)
    _settle_days(draft)
    settle_expiry(draft)
    settle_price(tail, draft)
    take_portions(tail, draft)
    take_portions(remark, draft)
    check_implied([*chunks, *remark], draft)
    check_doubts(tail, draft)
    check_doubts(remark, draft)
    check_side(draft, chunks[: len(chunks) - len(tail)], [*tail, *remark])
    _settle_sale(draft, chunks[: len(chunks) - len(tail)], [*tail, *remark])
    draft.is_bare_share = draft.is_bare_share or is_of_a_share(chunks, tail, draft)
    _settle_contract(draft)
    check_future(tail, remark, draft)
    return _alert(draft, chunks, tail, remark)


def _check_no_option(tail: Sequence[Chunk], draft: Draft) -> None:
    """`BTO 100 AMD @ 3.20 calls`: what looked like shares is an option with its strike missing."""
    found = next((chunk for chunk in tail if chunk.role in _OF_AN_OPTION), None) if draft.is_of_shares else None
    if found is not None and (found.lower in WEEKDAYS or found.right) and _stands_in_talk(found, tail):
        return
    if found is not None:
        raise incomplete(f"shares, or an option: {found.text}")


def _stands_in_talk(word: Chunk, tail: Sequence[Chunk]) -> bool:
    """`@ 27.62, dividends land Thursday`, "and put it to work": behind a mark, and not alone."""
    clause = next(clause for clause in clauses(tail) if word in clause)
    return tail[0].role is Role.MARK and len(clause) > _FEW


def _alert(draft: Draft, chunks: Sequence[Chunk], tail: Sequence[Chunk], remark: Sequence[Chunk]) -> Alert:
    if draft.action is None or draft.symbol is None:
        raise incomplete("no symbol")
    if draft.action not in draft.profile.actions:
        raise NotRead(UnreadCode.NOT_ALLOWED, f"{draft.action}, by the author's profile")
    _check_prices(draft)
    print_size = _A_PRINT * (3 if draft.is_strong else 1)
    if draft.count is not None and draft.count >= print_size and draft.strike is not None:
        raise ambiguous(f"an order, or a print of the tape: {draft.count}")
    if draft.strike is not None and draft.count in _YEARS:
        raise ambiguous(f"how many, or a year: {draft.count}")
    if (draft.count or 0) >= _MANY and not draft.is_strong and closing_words.OF_THE_TAPE.search(said(tail)):
        raise ambiguous(f"an order, or a print of the tape: {draft.count}")
    closes = draft.action in (Action.STC, Action.BTC)
    fraction, is_part = portion(draft) if closes else (None, False)
    levels = (
        AlertLevels()
        if closes
        else stop_and_targets(
            [*draft.levels, *tail], draft.action, draft.price, draft.strike, is_future=draft.is_future
        )
    )
    return Alert(
        action=draft.action,
        symbol=draft.symbol,
        strike=draft.strike,
        option_type=draft.right if draft.strike is not None else None,
        expiry=next(iter(draft.expiries), None),
        quantity=draft.count,
        price=draft.price,
        price_range=draft.price_range,
        fraction=fraction,
        partial=is_part,
        label=_label([*chunks, *remark], draft.profile.size_words),
        is_add=draft.is_add and not closes,
        **levels._asdict(),
    )


def _settle_sale(draft: Draft, head: Sequence[Chunk], behind: Sequence[Chunk]) -> None:
    """ "Sold" closes, unless the words say that it opens: a cash-secured put, a covered call."""
    _check_bought_back(draft, behind)
    if draft.action is not Action.STC or draft.is_strong:
        return
    check_outright_sale(draft, head, behind)
    says_short = draft.sale_opens or any(chunk.role is Role.SHORT for chunk in behind)
    if says_short and draft.verb.startswith(("sold", "sell")):
        draft.action = Action.STO
    elif says_short:
        raise ambiguous(f"what was short is bought back, not sold: {draft.verb}")
    elif found := closing_words.SHORT_SALE.search(said(behind)) or closing_words.SELLS_A_PUT.search(said(head)):
        raise ambiguous(f"sold to open or to close: {found.group()}")


def _check_bought_back(draft: Draft, behind: Sequence[Chunk]) -> None:
    """What is bought back and has a stop or a target is held again; what closes a short has none."""
    if draft.action is not Action.BTC or draft.is_strong or (draft.verb.startswith("cover") and draft.fractions):
        return
    told = [clause for clause in clauses([*draft.levels, *behind]) if not is_gain(clause)]
    has_level = any(chunk.role in LEVELS for clause in told for chunk in clause)
    found = closing_words.IN_AGAIN.search(said(behind))
    if found or (has_level and not closing_words.WAS_HIT.search(said(behind))):
        raise ambiguous(f"bought to close, or held again: {found.group() if found else draft.verb}")


def _settle_days(draft: Draft) -> None:
    """`1/2` beside a clear expiry is a part of the position; alone behind the symbol it is a day, if a Friday."""
    for written, is_before in draft.fractions_or_days:
        fraction = fraction_of(written)
        closes = draft.action in (Action.STC, Action.BTC)
        if fraction is not None and (draft.expiries or (is_before and closes)):
            if not closes and is_before and draft.verb in _TAKES:
                raise ambiguous(f"{draft.verb} {written}: to hold, or off what is held")
            draft.fractions.append(fraction)
            continue
        day = written_day(written, draft.today)
        if closes and fraction is not None and day.weekday() > _FRIDAY:
            draft.fractions.append(fraction)  # no option expires on a weekend
            continue
        if day.weekday() != _FRIDAY:
            raise ambiguous(f"{written}: a day, or a part")
        draft.expiries[day] = written
    if len(draft.expiries) > 1:
        _drop_weekday(draft)
    if len(draft.expiries) > 1:
        raise ambiguous(f"two expiries: {' or '.join(draft.expiries.values())}")


def _drop_weekday(draft: Draft) -> None:
    """`Fri 12/4`: the day's name agrees with its date, and says nothing more."""
    dates = {day: written for day, written in draft.expiries.items() if written.lower() not in WEEKDAYS}
    if len(dates) == 1 and not draft.is_day_first:
        day = next(iter(dates))
        if all(named.weekday() == day.weekday() for named in draft.expiries):
            draft.expiries = dates


def _settle_contract(draft: Draft) -> None:
    if draft.strike is not None or draft.right is not None or draft.expiries:
        _check_option(draft)
    else:
        _check_outright(draft)


def _check_option(draft: Draft) -> None:
    pieces = {
        "symbol": draft.symbol,
        "strike": draft.strike,
        "call or put": draft.right,
        "expiry": draft.expiries or draft.is_expiry_held or None,
    }
    missing = [name for name, piece in pieces.items() if piece is None]
    if missing:
        raise incomplete(f"missing: {', '.join(missing)}")
    if draft.is_future:
        raise ambiguous(f"an option on {draft.symbol}")
    if not (draft.is_strong and draft.expiries) and not draft.has_price:
        raise incomplete("no price")


def _check_outright(draft: Draft) -> None:
    """Shares and futures have so few marks of an order that the words must say it."""
    if draft.symbol is None:
        raise incomplete("no symbol")
    if not draft.is_future:
        draft.symbol = outright(draft.symbol)
        draft.is_future = draft.symbol.startswith("/")
    if not draft.has_price:
        raise incomplete("no strike and no price")
    if not draft.is_future:
        _check_shares(draft)


def _check_shares(draft: Draft) -> None:
    """An option is never read as shares."""
    says_shares = draft.unit in SHARES or draft.is_bare_share
    is_bought_back = draft.action is Action.BTC and not (draft.verb == "cover" and draft.unit in SHARES)
    if draft.symbol in INDEXES | INDICATORS or is_bought_back or (draft.unit is not None and not says_shares):
        raise incomplete("missing: strike, call or put, expiry")
    if not says_shares and not draft.is_strong and draft.count is None:
        raise incomplete("missing: strike, call or put, expiry")
    if not says_shares and (draft.is_market and draft.count is None):
        raise incomplete("no contract and no price")
    if not says_shares and draft.price is not None and not _may_be_of_a_share(draft.price, draft):
        raise incomplete("missing: strike, call or put, expiry")


def _may_be_of_a_share(price: Decimal, draft: Draft) -> bool:
    """Below five dollars the count must say it; below one, nothing does. No share of a dear name costs so little."""
    count = draft.count or 0
    dear = DEAR if draft.is_counted_as_shares else COSTLY
    if draft.symbol in dear and price < DEAREST_OPTION:
        return False
    is_counted = draft.is_counted_as_shares and count > _MOST_CONTRACTS
    least = _CHEAPEST_SHARE if draft.action is Action.BTO else _CHEAPEST_SHARE * 2
    return price >= least or (is_counted and price >= 1)


def _check_prices(draft: Draft) -> None:
    opens = draft.action in (Action.BTO, Action.STO)
    if not opens and draft.price_range and draft.price_range[1] > draft.price_range[0] * WIDEST_FILL:
        raise ambiguous(f"entry and exit, or a range: {draft.price_range[0]} to {draft.price_range[1]}")
    for price in (draft.price, *(draft.price_range or ())):
        if price is not None:
            check_price(price, draft.strike, opens=opens)


def _label(chunks: Sequence[Chunk], size_words: Mapping[str, str]) -> str | None:
    """The label, as the allocation table knows it. The author's own words for sizes go first."""
    labels = [chunk.lower for chunk in chunks if chunk.role is Role.LABEL]
    for label in labels:
        if label in size_words:
            return size_words[label]
    if any(label.startswith("super") for label in labels):
        return "super lotto"
    return "lotto" if labels else None
