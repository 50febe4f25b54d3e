"""The desk's decisions: who may trade, how many at once, and how large. Pure; the desk workflow keeps the state."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from domain.frozen import Frozen
from domain.refusals import Refusal
from domain.settings import TradeTerms
from domain.trade import TradeRequest


class AdmissionRequest(Frozen):
    """May this alert become a trade? Asked with the trade's id: asking twice gives one answer."""

    workflow_id: str
    request: TradeRequest


class Admission(Frozen):
    """The desk's answer: the terms to trade by, or a refusal. `closes`: the trades that a closing alert may ask."""

    terms: TradeTerms | None = None
    refusal: Refusal | None = None
    closes: tuple[str, ...] = ()


class CallCover(Frozen):
    """What calls on one underlying could be delivered from: shares that nothing sells, and the calls that need them.

    `short_calls` is by symbol, in contracts: what the account is short of, and what others than this program may sell.
    `own_calls` of them this program sold first; only whoever sells shares is told.
    """

    shares: int = 0
    short_calls: dict[str, int] = Field(default_factory=dict)
    own_calls: int = 0


class ReservationRequest(Frozen):
    """How many contracts may this trade buy?

    `unit_cost` is dollars for one contract at the alert's price, fees included; `worst_unit_cost` the same at the
    ladder's ceiling, which is what is held back, so that buying power can't go under while the ladder climbs.
    `assignment` is for what is sold first: dollars that one contract's would cost. `cover` is for calls among it.
    """

    workflow_id: str
    contract_symbol: str
    unit_cost: Decimal
    worst_unit_cost: Decimal
    assignment: Decimal | None = None
    cover: CallCover | None = None


class Reservation(Frozen):
    """The sized quantity and how it came about, or a refusal. `reserved` dollars are held until the trade is done."""

    quantity: int = 0
    reserved: Decimal = Decimal(0)
    why: str = ""
    refusal: Refusal | None = None


class TradeReport(Frozen):
    """What a trade tells the desk as it goes: dollars still reserved, and whether it is over.

    `failed`: the broker would not have it, or a person must look. `order_calls` counts calls that change orders.
    `short` is how many contracts it has sold and not bought back; None where it never sells first.
    """

    workflow_id: str
    reserved: Decimal
    over: bool
    at: datetime
    failed: bool | None = None  # None: it did not come so far
    order_calls: int = 0
    short: int | None = None
