"""How many contracts a trade may buy, and the sentence that says why."""

from decimal import ROUND_FLOOR, Decimal

from domain.alert import Alert
from domain.desk import Reservation, ReservationRequest
from domain.refusals import Refusal, RefusalCode
from domain.settings import SizingSettings

_HUNDRED = Decimal(100)


def size(
    settings: SizingSettings,
    alert: Alert,
    channel_id: int,
    request: ReservationRequest,
    reference: Decimal,
    free: Decimal,
    most: Decimal,
) -> Reservation:
    """The quantity for one trade.

    `reference` is the buying power at session login, `free` what is really left after the trades already admitted,
    `most` what one trade may cost; all in dollars. Every cap rounds down; zero is a refusal, said with its numbers.
    """
    percent = settings.by_label.get(alert.label or "", settings.allocation_percent)
    factor = settings.channel_factor.get(channel_id, Decimal(1))
    allocated = reference * percent / _HUNDRED * factor
    largest = settings.max_shares if alert.is_shares else settings.max_quantity
    share = f"{percent:f} %" if factor == 1 else f"{factor:f} of {percent:f} %"
    caps = {
        f"{share} of {reference:.2f}": _count(allocated, request.unit_cost),
        f"at most {largest}": largest,
        f"debit at most {settings.max_debit:.2f}": _count(settings.max_debit, request.worst_unit_cost),
        f"at most {most:.2f} in one trade": _count(most, request.worst_unit_cost),
        f"{free:.2f} free": _count(free, request.worst_unit_cost),
    }
    if alert.quantity is not None:
        caps[f"{alert.quantity} asked for"] = alert.quantity
    why, quantity = min(caps.items(), key=lambda cap: cap[1])
    if quantity < 1:
        return Reservation(refusal=_refusal(request, why, free, "share" if alert.is_shares else "contract"))
    return Reservation(quantity=quantity, reserved=quantity * request.worst_unit_cost, why=why)


def _count(dollars: Decimal, unit_cost: Decimal) -> int:
    return max(0, int((dollars / unit_cost).to_integral_value(ROUND_FLOOR)))


def _refusal(request: ReservationRequest, why: str, free: Decimal, what: str) -> Refusal:
    if free < request.worst_unit_cost:
        detail = f"{free:.2f} free; one {what} may cost {request.worst_unit_cost:.2f}"
        return Refusal(code=RefusalCode.NO_BUYING_POWER, detail=detail)
    return Refusal(code=RefusalCode.ZERO_QUANTITY, detail=f"{why}; one {what} costs {request.unit_cost:.2f}")
