"""Requests to sell as the checker keeps them, and what may be wrong with an answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from domain.closing import CloseOutcome, CloseRequest, CloseResult, Urgency
from simulation.plan import ENDS
from simulation.promises import Promised
from simulation.sale_prices import SalePrices

_ABOUT_EXPIRY = 16.0  # seconds: the clocks may differ


@dataclass
class Served:
    """A request that is or was served. `least` and `most`: contracts that it may name, by what was known meanwhile."""

    request: CloseRequest
    prices: SalePrices
    least: int
    most: int
    sent: list[str] = field(default_factory=list)  # identifiers
    told: int = 0  # contracts sold by them, as written


@dataclass
class Selling:
    """One trade's requests; `bought` and `sold` as it has written them down."""

    promised: Promised
    bought: int = 0
    sold: int = 0
    gone: int = 0  # of what was sold first
    spent: Decimal = Decimal(0)  # for what was bought, price by price; of what sells first, received
    asked: dict[str, CloseRequest] = field(default_factory=dict)
    first_asked_at: float | None = None
    served: dict[str, Served] = field(default_factory=dict)
    results: dict[str, CloseResult] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    serving: Served | None = None
    is_wound_down: bool = False
    has_error: bool = False
    has_stops: bool = False  # which ask before they are served, and tell nobody until then

    @property
    def held(self) -> int:
        """As far as is written."""
        left = self.bought - self.sold
        return max(0, left - min(self.gone, left))

    @property
    def waiting(self) -> list[CloseRequest]:
        """Asked, and neither served nor answered."""
        return [r for key, r in self.asked.items() if key not in self.served and key not in self.results]

    @property
    def is_unwanted(self) -> bool:
        """What is served must not be sold any more."""
        return self.is_wound_down or (self.serving is not None and self.serving.request.request_id in self.taken_back)


def wrong_with(
    result: CloseResult, selling: Selling, served: Served, sold: int, unforeseen: int, at: float
) -> Iterator[tuple[int, str]]:
    """Broken invariants, and how: an answer tells what the book has, and why it is not more.

    `sold` is the book's, for that request; `unforeseen` what dead orders of the trade have sold.
    """
    if abs(result.sold - sold) > unforeseen:
        yield 19, f"it says {result.sold} sold for {result.request_id}, the book {sold}"
    if result.asked and not served.least <= result.asked <= served.most:
        yield 7, f"{result.asked} were to be sold, of {served.least} to {served.most}"
    is_stopped = result.outcome is CloseOutcome.STOPPED
    gave_way = is_stopped or result.outcome is CloseOutcome.SUPERSEDED
    if not result.asked and served.least and not gave_way:
        yield 7, f"nothing is sold, it says, of {served.least}"
    unwanted = selling.is_wound_down or result.request_id in selling.taken_back
    if is_stopped and not (unwanted or selling.has_error or at > ENDS - _ABOUT_EXPIRY):
        yield 30, f"stopped, and nobody knows why: {result}"
    others = selling.has_stops or any(outdoes(other, served.request) for other in selling.asked.values())
    if result.outcome is CloseOutcome.SUPERSEDED and not others:
        yield 30, f"nobody asked for more: {result}"


def is_whole(request: CloseRequest) -> bool:
    """It asks for all that is held."""
    return request.quantity is None and not request.partial and (request.fraction is None or request.fraction == 1)


def outdoes(other: CloseRequest, served: CloseRequest) -> bool:
    """Who wants it at once comes first, then who wants all of it."""
    if served.urgency is Urgency.NOW:
        return False
    return other.urgency is Urgency.NOW or (is_whole(other) and not is_whole(served))
