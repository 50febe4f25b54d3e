"""The entry ladder's arithmetic: where to start, how far one step goes, and what to do when the window is over.

Pure decisions over (settings, ticks, quote, elapsed time); the workflow keeps the time and sends the orders. Selling is
buying in a mirror, so everything is written in terms of "towards the market".
"""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.alert import Action
from domain.contract import Quote
from domain.frozen import Frozen
from domain.refusals import Refusal, RefusalCode
from domain.settings import GuardSettings, LadderSettings
from domain.ticks import TickSchedule

_HUNDRED = Decimal(100)


class Side(StrEnum):
    """The direction of an order."""

    BUY = "buy"
    SELL = "sell"

    @classmethod
    def of(cls, action: Action) -> "Side":
        """The side that an alert's action trades on."""
        return cls.BUY if action in (Action.BTO, Action.BTC) else cls.SELL


class Closing(StrEnum):
    """What happens to the rest at the end of the window."""

    CONVERT = "convert"
    GIVE_UP = "give_up"


class Ladder(Frozen):
    """One climb: its side, ticks, first price, and the ceiling it never passes (a floor when selling)."""

    side: Side
    ticks: TickSchedule
    settings: LadderSettings
    first: Decimal
    ceiling: Decimal

    @classmethod
    def plan(
        cls,
        side: Side,
        ticks: TickSchedule,
        settings: LadderSettings,
        guard: GuardSettings,
        limit: Decimal | None,
        mid: Decimal,
    ) -> "Ladder":
        """Start at the mid if that is better than the alert's price, else at the alert's price; no price: the mid."""
        buying = side is Side.BUY
        start = mid if limit is None else (min(mid, limit) if buying else max(mid, limit))
        passive = ticks.floor if buying else ticks.ceil
        first = passive(start) or ticks.at(start)  # a buyer's floor of zero becomes the lowest price there is
        base = mid if limit is None else limit
        return cls(
            side=side, ticks=ticks, settings=settings, first=first, ceiling=_ceiling(side, ticks, guard, base, first)
        )

    def step(self, working: Decimal) -> Decimal:
        """One tick towards the market, or `working` itself at the ceiling (invariant 8)."""
        nearer = self.ticks.up(working) if self.side is Side.BUY else self.ticks.down(working)
        return nearer if self.allows(nearer) else working

    def allows(self, price: Decimal) -> bool:
        """Whether an order at `price` keeps to the ceiling."""
        return price <= self.ceiling if self.side is Side.BUY else 0 < self.ceiling <= price

    def far(self, quote: Quote) -> Decimal | None:
        """The quote that would fill now: the ask for a buyer, the bid for a seller."""
        return quote.ask if self.side is Side.BUY else quote.bid

    def reaches(self, working: Decimal, quote: Quote) -> bool:
        """Whether `working` already meets the far quote, so that a step would only give money away."""
        far = self.far(quote)
        if far is None:
            return False
        return working >= far if self.side is Side.BUY else working <= far

    def closing(self, working: Decimal, quote: Quote) -> Closing:
        """At the end of the window: convert when the far quote is at most the set number of ticks away."""
        far = self.far(quote)
        if far is None or not quote.is_two_sided or quote.is_crossed or not self.allows(far):
            return Closing.GIVE_UP
        reach = self.ticks.up if self.side is Side.BUY else self.ticks.down
        edge = reach(working, self.settings.convert_within_ticks)
        near = far <= edge if self.side is Side.BUY else far >= edge
        return Closing.CONVERT if near else Closing.GIVE_UP

    def step_due(self, steps_considered: int) -> timedelta | None:
        """When the next step is due, counted from the first order; None after the last."""
        if steps_considered >= self.settings.max_steps:
            return None
        return self.settings.rung * (steps_considered + 1)


def _ceiling(side: Side, ticks: TickSchedule, guard: GuardSettings, base: Decimal, first: Decimal) -> Decimal:
    if side is Side.BUY:
        by_percent = ticks.floor(base * (1 + guard.ceiling_percent / _HUNDRED))
        return max(by_percent, ticks.up(first, guard.ceiling_min_ticks))
    by_percent = ticks.ceil(base * (1 - guard.ceiling_percent / _HUNDRED))
    lowest = ticks.at(Decimal(0))
    return max(lowest, min(by_percent, ticks.down(first, guard.ceiling_min_ticks)))


def price_refusal(
    quote: Quote, ticks: TickSchedule, guard: GuardSettings, side: Side, limit: Decimal | None
) -> Refusal | None:
    """Why nothing is begun at such a price; None when it fits the alert's, and what is bought can be sold again."""
    if quote.bid is None or quote.mid is None:
        return Refusal(code=RefusalCode.NO_QUOTE)
    if side is Side.BUY and quote.bid < guard.min_bid:
        return Refusal(code=RefusalCode.BID_TOO_SMALL, detail=f"{quote.bid}, at least {guard.min_bid}")
    if limit is None:
        return None
    most = max(limit * guard.max_off_alert_percent / _HUNDRED, ticks.at(limit) * guard.max_off_alert_ticks)
    if abs(quote.mid - limit) > most:
        return Refusal(
            code=RefusalCode.PRICE_OFF_MARKET, detail=f"{limit} asked for, market {quote}, at most {most:.2f} apart"
        )
    return None


def quote_refusal(quote: Quote | None, ticks: TickSchedule, guard: GuardSettings, now: datetime) -> Refusal | None:
    """Why this quote is no market to trade on; None when it is one."""
    if quote is None or (not quote.bid and not quote.ask):
        return Refusal(code=RefusalCode.NO_QUOTE)
    if not quote.is_two_sided or quote.bid is None or quote.ask is None or quote.mid is None:
        return Refusal(code=RefusalCode.ONE_SIDED_QUOTE, detail=f"bid {quote.bid}, ask {quote.ask}")
    if quote.is_crossed:
        return Refusal(code=RefusalCode.CROSSED_QUOTE, detail=f"bid {quote.bid}, ask {quote.ask}")
    age = now - quote.at
    if age > guard.max_quote_age:
        return Refusal(
            code=RefusalCode.STALE_QUOTE,
            detail=f"{age.total_seconds():.1f} s, at most {guard.max_quote_age.total_seconds():g} s",
        )
    spread = quote.ask - quote.bid
    widest = max(quote.mid * guard.max_spread_percent / _HUNDRED, ticks.at(quote.mid) * guard.max_spread_ticks)
    if spread > widest:
        return Refusal(code=RefusalCode.SPREAD_TOO_WIDE, detail=f"{spread} between {quote}, at most {widest:.2f}")
    return None
