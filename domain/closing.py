"""Selling what a trade holds before its exit does: who asks, how many that is, and what became of it.

Of a trade that sold first it is buying back, by the same rules: what is said of selling here holds for that too.
"""

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal, DivisionByZero, InvalidOperation
from enum import StrEnum

from domain.alert import Alert
from domain.direction import Direction
from domain.frozen import Frozen
from domain.settings import ClosingSettings, SmallTrim
from domain.symbols import broker_symbol, underlying_of

_HUNDRED = Decimal(100)
_FINEST = Decimal("1e-9")  # a third is off in its 28th digit, which must not cost a contract
_SHOWN = Decimal("0.0001")  # of an average price


class Urgency(StrEnum):
    """How a close is worked."""

    LADDER = "ladder"  # the entry's ladder, the other way
    NOW = "now"  # at the market; where that is refused, as a limit at the far quote


class CloseRequest(Frozen):
    """Sell `fraction` of what is held, or `quantity` contracts; all of it when neither is said.

    `request_id` is asked for once: a second request of that id gets the first one's answer. `limit` is the price that
    was named, per share or point. `partial`: a part, and nobody said how much.
    """

    request_id: str
    by: str  # for people
    fraction: Decimal | None = None
    quantity: int | None = None
    partial: bool = False
    limit: Decimal | None = None
    urgency: Urgency = Urgency.LADDER
    asked_at: datetime
    reply_to: str | None = None  # the workflow that wants to hear the result

    @property
    def is_whole(self) -> bool:
        """It asks for all that is held."""
        return not self.partial and self.quantity is None and self.fraction in (None, Decimal(1))

    @property
    def portion(self) -> str:
        """How much it asks for, in words."""
        if self.quantity is not None:
            return str(self.quantity)
        if self.fraction is not None and self.fraction != 1:
            return f"{float(self.fraction * _HUNDRED):.4g} %"
        return "a part" if self.partial else "all"


class CloseOutcome(StrEnum):
    """What became of a request."""

    SOLD = "sold"  # all that it named
    SOLD_PART = "sold_part"
    NOT_SOLD = "not_sold"  # nobody bought at its prices; the exit stands as before
    KEPT = "kept"  # all that calls do not need was sold: an operator is told of the rest by itself, once
    NOTHING_HELD = "nothing_held"
    SUPERSEDED = "superseded"  # a later request for more took its place
    STOPPED = "stopped"  # the trade was cancelled, expired, or needs a person


class CloseResult(Frozen):
    """What a request came to, in contracts. `average` is the price per share or point; `held` what is left.

    Of a trade that sold first, `sold` was bought back, and `held` is still short.
    """

    request_id: str
    workflow_id: str
    by: str
    outcome: CloseOutcome
    asked: int = 0
    sold: int = 0
    average: Decimal | None = None
    held: int = 0
    detail: str = ""
    direction: Direction = Direction.LONG  # of the trade: what is short is bought back

    @property
    def leaves_risk(self) -> bool:
        """Somebody wants it sold, and it is still held."""
        return self.held > 0 and self.outcome in (CloseOutcome.SOLD_PART, CloseOutcome.NOT_SOLD, CloseOutcome.STOPPED)

    def __str__(self) -> str:
        """One line for people."""
        at = f" at {self.average.quantize(_SHOWN).normalize():f}" if self.average is not None else ""
        words = f"{self.outcome.replace('_', ' ')}: {self.sold} of {self.asked}{at}, {self.held} still held"
        if self.direction.is_short:
            words = words.replace("sold", self.direction.words.left).replace("held", self.direction.words.held)
        return f"{words}; {self.detail}" if self.detail else words


def is_same_contract(opened: Alert, closes: Alert, traded: str | None = None) -> bool:
    """Whether the one alert opened what the other closes. A future's root stands for whichever month was opened.

    A close may leave the expiry to what is held. `traded` is the broker's symbol of what was bought, once it is known:
    a root that opened stands for that month only.
    """
    if (opened.strike, opened.option_type) != (closes.strike, closes.option_type):
        return False
    if closes.expiry is not None and closes.expiry != opened.expiry:
        return False
    bought = traded if traded is not None and opened.is_future else opened.symbol
    one, other = broker_symbol(bought), broker_symbol(closes.symbol)
    is_by_root = underlying_of(one) == underlying_of(other) and underlying_of(one) in (one, other)
    return one == other or is_by_root


def close_quantity(settings: ClosingSettings, request: CloseRequest, opened: Alert, filled: int, held: int) -> int:
    """How many of the `held` a request sells, of `filled` that were bought for the alert `opened`.

    A number of contracts is the author's own; where the opening alert named one too, it is the same part of ours. Parts
    are rounded down. A part of less than one contract sells one or none, by the settings.
    """
    if request.is_whole or held <= 0:  # a late fill of the exit may have sold more than there was
        return max(0, held)
    if request.quantity is not None and not opened.quantity:
        return min(request.quantity, held)
    if request.quantity is not None and opened.quantity:
        quantity = filled * request.quantity // opened.quantity  # in whole numbers: a third of three is one
    else:
        part = settings.partial_percent / _HUNDRED if request.fraction is None else request.fraction
        quantity = int((held * part).quantize(_FINEST).to_integral_value(ROUND_FLOOR))
    if quantity < 1 and settings.small_trim is SmallTrim.SELL_ONE:
        quantity = 1
    return min(quantity, held)


def close_request(alert: Alert, workflow_id: str, by: str, asked_at: datetime) -> CloseRequest:
    """What a closing alert asks of each trade that it finds; `workflow_id` is its own."""
    return CloseRequest(
        request_id=workflow_id,
        by=by,
        fraction=alert.fraction,
        quantity=alert.quantity if alert.fraction is None and not alert.partial else None,
        partial=alert.partial and alert.fraction is None,
        limit=alert.limit,
        asked_at=asked_at,
        reply_to=workflow_id,
    )


def part_of(written: str) -> Decimal | None:
    """A part of a position as people write it: `1/2`, `25%`, `0.5`; None is `all`. ValueError for anything else."""
    word = written.strip().lower()
    if word == "all":
        return None
    above, _, below = word.removesuffix("%").partition("/")
    try:
        part = Decimal(above) / (Decimal(below) if below else 100 if word.endswith("%") else 1)
    except (InvalidOperation, DivisionByZero):
        raise ValueError(f"not a part: {written}") from None
    if not part.is_finite() or not 0 < part <= 1:
        raise ValueError(f"not a part of the position: {written}")
    return part
