"""A message's reading: all of its orders are clear, or none is traded."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.alert import Action, Alert, Reading, UnreadCode
from domain.profile import PLAIN, Profile
from domain.reading import evidence
from domain.reading.afterthoughts import without_afterthoughts
from domain.reading.agreement import check_agreement
from domain.reading.announced import as_one_order
from domain.reading.blocks import unfold
from domain.reading.chunks import Chunk, chunk
from domain.reading.draft import Draft
from domain.reading.expiry import new_york_day
from domain.reading.footers import without_footers
from domain.reading.headers import without_headers
from domain.reading.idioms import reworded
from domain.reading.key_values import as_lines
from domain.reading.named_before import with_symbol
from domain.reading.order import read_order
from domain.reading.parting import has_contract, has_verb, is_plain_verb, part
from domain.reading.pasted_fills import with_way
from domain.reading.prose import in_plain_order
from domain.reading.reasons import without_reason
from domain.reading.refusal import NotRead, ambiguous, multi_leg, not_an_alert, suspicious
from domain.reading.relays import without_relay
from domain.reading.shared_parts import check_shared_parts
from domain.reading.sold_first import check_sold_first
from domain.reading.statements import as_stated
from domain.reading.tokens import tokenize
from domain.reading.tongues import in_english
from domain.reading.visible import LONGEST_MESSAGE, visible
from domain.reading.vocabulary import Role
from domain.reading.webhook import from_json

# Raised whenever what is read from any text changes: it stands in the audit beside what was read. A test holds its
# digest over the labelled messages.
READER_VERSION = 27
_MOST_ORDERS = 8  # more is a list, not an alert
_MOST_LINES = 60
_MOST_PIECES = 150  # words and signs; eight orders with what belongs to each have fewer
_MOST_WORDS = 200  # of a message, as kept for the audit
_CALLING = "\U0001f6a8\U0001f514\U0001f7e2\U0001f4e3\U0001f195\u26a1"  # signs that call attention, and tell nothing
_CONTRACT = (Role.STRIKE, Role.RANGE, Role.CODE, Role.FUTURE)
_DIGIT = re.compile(r"\d")
_AT_MARKET = re.compile(  # shares are sold without any number
    r"\A[^\w$]{0,8}(?:stc|(?:sell|selling|sold) to close)\b[^\n]{1,40}\b(?:mkt|market)\b", re.IGNORECASE
)
_BEGINS = re.compile(r"[^\w$]{0,8}(?:bto|stc|sto|btc|(?:buy|sell) to (?:open|close))\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:above|over)\b", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:below|under)\b", re.IGNORECASE)
_CLOWN = "\U0001f921"
_TURNS = ("\u202d", "\u202e")  # these show letters in another order than they are written


class Message(NamedTuple):
    """A message in pieces: its orders' chunks, its comment's, whether a sign of joy stands in it, what is seen."""

    orders: Sequence[Sequence[Chunk]]
    remark: Sequence[Chunk]
    is_cheered: bool
    seen: str


def read(text: str, posted_at: datetime, profile: Profile = PLAIN) -> Reading:
    """Read a message posted at that moment (aware). Never raises on any text; no alert comes with its reason."""
    message: Message | None = None
    try:
        message = in_pieces(text, profile)
        alerts = _alerts(message, Draft(new_york_day(posted_at), posted_at.minute, profile, message.is_cheered))
    except NotRead as reason:
        unread = reason.unread.model_copy(update={"is_alert_like": _is_alert_like(reason, message, text)})
        return Reading(refused=unread, reader_version=READER_VERSION, profile=profile.name)
    return Reading(
        alerts=alerts, reader_version=READER_VERSION, profile=profile.name, read_as=tuple(_words(message)[:_MOST_WORDS])
    )


def in_pieces(text: str, profile: Profile) -> Message:
    """The message's chunks, parted into orders. NotRead when it can't hold one."""
    if len(text) > LONGEST_MESSAGE:
        raise NotRead(UnreadCode.TOO_LONG, f"{len(text)} characters")
    if any(turn in text for turn in _TURNS):
        raise suspicious("letters are shown in another order than they are written")
    if _CLOWN in text:
        raise not_an_alert(f"not meant: {_CLOWN}")
    seen = visible(as_lines(from_json(text)))
    if not _DIGIT.search(seen) and not _AT_MARKET.search(seen):
        raise not_an_alert("no number in it")
    if "?" in seen:
        raise not_an_alert("a question")
    if (lines := seen.count("\n")) > _MOST_LINES:
        raise NotRead(UnreadCode.TOO_LONG, f"{lines} lines")
    if (words := len(seen.split())) > _MOST_PIECES:  # it has as many pieces at least
        raise NotRead(UnreadCode.TOO_LONG, f"{words} words")
    sentence = unfold(_led(without_footers(without_headers(with_way(without_relay(seen))))), profile)
    order, remark = tokenize(sentence.order), tokenize(sentence.remark)
    if len(order) + len(remark) > _MOST_PIECES:
        raise NotRead(UnreadCode.TOO_LONG, f"{len(order) + len(remark)} words and signs")
    chunks = chunk(order, profile.size_words)
    is_cheered = not seen.isascii() and any(map(_cheers, seen))
    return Message(part(chunks), chunk(remark, profile.size_words), is_cheered, seen)


def _led(text: str) -> str:
    """The text with its order in English, with its symbol, and without a word on the market before it."""
    order = as_one_order(in_plain_order(with_symbol(without_reason(in_english(text)))))
    return reworded(as_stated(without_afterthoughts(order)))


def _alerts(message: Message, empty: Draft) -> tuple[Alert, ...]:
    _refuse_spread(message)
    if len(message.orders) > _MOST_ORDERS:
        raise ambiguous(f"{len(message.orders)} orders in one message")
    if len(message.orders) > 1 and message.remark:
        raise ambiguous("which of the orders the comment is on")
    alerts = tuple(read_order(order, message.remark, empty.anew()) for order in message.orders)
    check_sold_first(message.seen, alerts)
    check_agreement(message.seen, alerts)
    if len(alerts) > 1:
        _check_together(alerts, message)
        _check_shared(alerts, message)
        check_shared_parts(message.orders, alerts)
    return alerts


def _words(message: Message) -> list[str]:
    """Every chunk with the part it plays, as the audit keeps it: `verb BTO`, `strike 88p`."""
    chunks = [each for order in message.orders for each in order if each.role is not Role.NEWLINE]
    return [f"{each.role} {each.text}" for each in chunks]


def _is_alert_like(reason: NotRead, message: Message | None, text: str) -> bool:
    """Whether its author meant an order, and should be told. Talk, plans and stories are passed over in silence."""
    if message is None:
        is_long = reason.unread.code is UnreadCode.TOO_LONG and _BEGINS.match(text) is not None
        return is_long or reason.unread.code is UnreadCode.SUSPICIOUS
    if reason.unread.code in (UnreadCode.NOT_AN_ALERT, UnreadCode.MULTI_LEG):
        return any(_begins_as_order(order) for order in message.orders)
    return any(has_verb(order) and has_contract(order) and not _is_of_coins(order) for order in message.orders)


def _begins_as_order(chunks: Sequence[Chunk]) -> bool:
    """`BTO UBER 88p 12/04 only over 90`: a plain order, but for what is said behind it."""
    return bool(chunks) and is_plain_verb(chunks[0]) and any(each.role in _CONTRACT for each in chunks)


def _is_of_coins(chunks: Sequence[Chunk]) -> bool:
    """`BTC @ 91800 support`."""
    return chunks[0].lower == "btc" and not any(each.role in _CONTRACT for each in chunks)


def _cheers(letter: str) -> bool:
    return unicodedata.category(letter) == "So" and letter not in _CALLING


def _refuse_spread(message: Message) -> None:
    roles = {each.role for order in message.orders for each in order}
    if roles & {Role.STRIKE, Role.VERB, Role.CODE, Role.RANGE} and (found := evidence.SPREAD.search(message.seen)):
        raise multi_leg(found.group())


def _check_shared(alerts: Sequence[Alert], message: Message) -> None:
    """NotRead when "each" or "both" gives several orders one quantity: it was read as the last one's."""
    is_shared = any(each.lower in ("each", "both", "apiece", "ea") for order in message.orders for each in order)
    if is_shared and len({alert.quantity is None for alert in alerts}) > 1:
        raise ambiguous("how many of each")


def _check_together(alerts: Sequence[Alert], message: Message) -> None:
    """Orders that are posted together are each their own: no roll, no spread, no choice, no told round trip."""
    if found := evidence.CHOICE.search(message.seen):
        raise ambiguous(f"which of {len(alerts)} orders: {found.group()}")
    has_both = len({alert.option_type for alert in alerts}) > 1
    if has_both and _ABOVE.search(message.seen) and _BELOW.search(message.seen):
        raise ambiguous("an order for either way that it goes")
    has_titles = any(map(_has_title, message.orders))
    for place, alert in enumerate(alerts):
        for other in alerts[:place]:
            if alert.symbol == other.symbol:
                _check_pair(other, alert, has_titles=has_titles)


def _check_pair(first: Alert, second: Alert, *, has_titles: bool) -> None:
    """Two orders in one symbol: each under a title of its own, they are for this case and for that."""
    if first.action is not second.action:
        raise multi_leg(f"{first} with {second}")
    if first == second and first.action in (Action.BTO, Action.STO):
        raise ambiguous(f"{first} twice")
    if first.action is Action.BTO and (has_titles or first.option_type is not second.option_type):
        raise ambiguous(f"{first} and {second}: both, or one of them")


def _has_title(order: Sequence[Chunk]) -> bool:
    words = [chunk for chunk in order if chunk.role not in (Role.NEWLINE, Role.MARK, Role.NUMBER, Role.MEASURE)]
    return bool(words) and words[0].role not in (Role.VERB, Role.IN)
