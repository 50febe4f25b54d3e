"""Options that are sold first: which are, and how many. Pure.

What counts is what assignment would cost, strike times multiplier, and not the premium: that is the loss where the
underlying goes to nothing (a put), or what must be delivered (a call).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from domain.alert import Action, Alert, OptionType
from domain.desk import CallCover, Reservation, ReservationRequest
from domain.refusals import Refusal, RefusalCode
from domain.settings import CallWriting, ShortOptionSettings
from domain.symbols import INDEXES, underlying_of

_SHARES = 100  # of a standard contract: no other is traded


class _Cap(NamedTuple):
    """So many contracts at most, why, and the refusal where that is none."""

    quantity: int
    why: str
    code: RefusalCode


class Room(NamedTuple):
    """What the desk has left for one more short trade, in dollars. `factor` is its channel's."""

    exposed: Decimal  # what assignment of all that is open would cost already
    free: Decimal  # buying power
    factor: Decimal = Decimal(1)
    covered: int = 0  # calls that free shares cover


class OwnCall(NamedTuple):
    """An open trade of ours in calls: its contract, how many it is short or may become, and whether it still sells."""

    symbol: str
    short: int
    is_entering: bool


def short_refusal(settings: ShortOptionSettings, alert: Alert) -> Refusal | None:
    """Why such an alert sells nothing first; None for every other action."""
    if alert.action is not Action.STO:
        return None
    if not settings.enabled:
        return Refusal(code=RefusalCode.SHORT_OPTIONS_OFF)
    if not alert.is_option:
        return Refusal(code=RefusalCode.SHORT_NOT_AN_OPTION, detail=alert.symbol)
    if alert.symbol.startswith("/"):
        return Refusal(code=RefusalCode.SHORT_FUTURE_OPTION, detail=alert.symbol)
    if underlying_of(alert.symbol) in INDEXES:
        return Refusal(code=RefusalCode.SHORT_INDEX_OPTION, detail=alert.symbol)
    if alert.option_type is OptionType.CALL and settings.calls is CallWriting.NEVER:
        return Refusal(code=RefusalCode.SHORT_CALLS_OFF, detail=alert.symbol)
    return None


def covered_calls(cover: CallCover | None, ours: Iterable[OwnCall]) -> int:
    """How many more calls the account's shares cover, whatever the broker's list does not show yet.

    `ours` are open trades that sell, or have sold, calls on the same underlying. While one still sells nobody can tell
    which of the listed calls are its own: both count. After that the larger of the two does.
    """
    if cover is None:
        return 0
    own: defaultdict[str, int] = defaultdict(int)
    sells: set[str] = set()
    for call in ours:
        own[call.symbol] += call.short
        sells |= {call.symbol} if call.is_entering else set()
    needed = 0
    for symbol in own.keys() | cover.short_calls.keys():
        listed = cover.short_calls.get(symbol, 0)
        needed += listed + own[symbol] if symbol in sells else max(listed, own[symbol])
    return max(0, cover.shares // _SHARES - needed)


def kept_for_calls(cover: CallCover, held: int) -> int:
    """Of `held` shares that a trade could sell, how many calls need; none where no call of ours is among those.

    `cover` is the account's, with these shares and without the trade's own orders.
    """
    if not cover.own_calls:
        return 0
    free = cover.shares - _SHARES * sum(cover.short_calls.values())
    return max(0, min(held, held - free))


def size_short(settings: ShortOptionSettings, alert: Alert, asked: ReservationRequest, room: Room) -> Reservation:
    """The quantity of one short trade: the smallest of what is asked for and of each limit, rounded down.

    A request that does not say what assignment costs is refused: no limit would hold for it.
    """
    if not asked.assignment:
        return Reservation(refusal=Refusal(code=RefusalCode.SHORT_TOO_LARGE, detail="nobody knows what it may cost"))
    cap = min(_caps(settings, alert, asked, asked.assignment, room), key=lambda cap: cap.quantity)
    if cap.quantity < 1:
        detail = f"{cap.why}; assignment of one contract costs {asked.assignment:.2f}"
        return Reservation(refusal=Refusal(code=cap.code, detail=detail))
    return Reservation(quantity=cap.quantity, reserved=cap.quantity * asked.worst_unit_cost, why=cap.why)


def _caps(
    settings: ShortOptionSettings, alert: Alert, asked: ReservationRequest, assignment: Decimal, room: Room
) -> Iterator[_Cap]:
    if alert.quantity is not None:
        yield _Cap(alert.quantity, f"{alert.quantity} asked for", RefusalCode.ZERO_QUANTITY)
    most = _whole(settings.max_contracts * room.factor)
    yield _Cap(most, f"at most {most} sold short in one trade", RefusalCode.ZERO_QUANTITY)
    one, total = settings.max_assignment, settings.max_assignment_total
    why = f"at most {one:.2f} for assignment in one trade"
    yield _Cap(_whole(one / assignment), why, RefusalCode.SHORT_TOO_LARGE)
    left = total - room.exposed
    why = f"{left:.2f} left of {total:.2f} for assignment in all"
    yield _Cap(_whole(left / assignment), why, RefusalCode.SHORT_TOTAL_REACHED)
    yield _Cap(_whole(room.free / asked.worst_unit_cost), f"{room.free:.2f} free", RefusalCode.NO_BUYING_POWER)
    if alert.option_type is OptionType.CALL:
        why = f"free shares cover {room.covered} calls"
        yield _Cap(room.covered, why, RefusalCode.SHORT_CALL_UNCOVERED)


def _whole(number: Decimal) -> int:
    return max(0, int(number.to_integral_value(ROUND_FLOOR)))
