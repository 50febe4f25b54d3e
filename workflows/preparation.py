"""Before the first order: the desk's word, the contract, its market, and the size. Each may say no, with its reason."""

import asyncio
from collections.abc import Callable

from domain.admission import age_refusal
from domain.alert import OptionType
from domain.broker import ContractListing
from domain.contract import Contract, ContractQuery, InstrumentType, Quote
from domain.desk import CallCover
from domain.direction import Direction
from domain.frozen import Frozen
from domain.ladder import Ladder, Side, price_refusal, quote_refusal
from domain.market_hours import hours_refusal
from domain.protection import closes_at
from domain.refusals import Refusal, RefusalCode
from domain.settings import GuardSettings, ProtectionSettings, TradeTerms
from domain.trade import TradeRequest
from workflows.changes import Change
from workflows.costs import UnitCost, assignment_of, on_margin, paid_in_full, to_write
from workflows.journal import Journal
from workflows.world import World


class RefusedError(Exception):
    """Leaves the story: this alert is not traded."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Admitted(Frozen):
    """What the desk and the listings said. `quote` is None where there is none."""

    terms: TradeTerms
    listing: ContractListing
    quote: Quote | None


class Sized(Frozen):
    """The ladder to climb, and the quantity that the desk allows at its prices."""

    ladder: Ladder
    quantity: int


class Preparation:
    """One trade's. `stopped` tells why nothing more may be bought; RefusedError leaves each step that says no."""

    def __init__(
        self, request: TradeRequest, world: World, journal: Journal, stopped: Callable[[], Refusal | None]
    ) -> None:
        self._request = request
        self._world = world
        self._journal = journal
        self._stopped = stopped
        self._direction = Direction.of(request.alert.action)

    async def admitted(self) -> Admitted:
        """The desk is asked first: what it refuses, be it two hundred alerts a second, costs the broker nothing."""
        if self._world.knows(Change.ASKS_DESK_FIRST):
            terms = await self._admit()
            listing, quote = await self._look_up()
        else:
            (listing, quote), terms = await asyncio.gather(self._look_up(), self._admit())
        return Admitted(terms=terms, listing=listing, quote=quote)

    def go_on_unless_stopped(self) -> None:
        """The last word before each step."""
        if (refusal := self._stopped()) is not None:
            raise RefusedError(refusal)

    def listed(self, listing: ContractListing) -> Contract:
        """The contract that the alert names."""
        if listing.contract is None:
            raise RefusedError(listing.refusal or Refusal(code=RefusalCode.UNKNOWN_SYMBOL))
        if listing.on_index and self._direction.is_short:
            raise RefusedError(Refusal(code=RefusalCode.SHORT_INDEX_OPTION, detail=listing.contract.underlying))
        self._journal.contract(listing.contract)
        return listing.contract

    def check_clock(self, contract: Contract, protection: ProtectionSettings) -> None:
        """Nothing is bought that the clock would sell again at once."""
        now = self._world.now()
        due = closes_at(protection, contract, now)
        if due is not None and due <= now:
            detail = f"{self._direction.words.left} from {due:%H:%M} UTC on"
            raise RefusedError(Refusal(code=RefusalCode.EXPIRES_TOO_SOON, detail=detail))

    def check_market(self, contract: Contract, admitted: Admitted) -> None:
        """Whether this market is one to begin a trade in."""
        self._journal.quote(admitted.quote, "before the first order")
        if refusal := self._market_refusal(contract, admitted.listing, admitted.quote, admitted.terms.guard):
            raise RefusedError(refusal)

    async def size(self, contract: Contract, quote: Quote | None, terms: TradeTerms) -> Sized:
        """Plan the ladder from this quote, and ask the desk how many."""
        if quote is None or quote.mid is None:
            raise RefusedError(Refusal(code=RefusalCode.NO_QUOTE))
        alert = self._request.alert
        ladder = Ladder.plan(Side.of(alert.action), contract.ticks, terms.ladder, terms.guard, alert.limit, quote.mid)
        cost = await self._cost(contract, terms, ladder)
        if isinstance(cost, Refusal):
            raise RefusedError(cost)
        cover = await self._cover(contract)
        self.go_on_unless_stopped()
        assignment = assignment_of(contract) if self._direction.is_short else None
        reservation = await self._world.reserve(contract, cost.expected, cost.worst, assignment, cover)
        if reservation.refusal is not None:
            raise RefusedError(reservation.refusal)
        self._journal.sized(reservation.quantity, reservation.why)
        return Sized(ladder=ladder, quantity=reservation.quantity)

    async def _cover(self, contract: Contract) -> CallCover | None:
        """For a call that is sold first: without shares that can be seen nothing covers it."""
        if not self._direction.is_short or contract.option_type is not OptionType.CALL:
            return None
        cover = await self._world.call_cover(contract)
        if cover is None:
            raise RefusedError(Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="the shares that would cover it"))
        return cover

    async def _cost(self, contract: Contract, terms: TradeTerms, ladder: Ladder) -> UnitCost | Refusal:
        trade_id = self._request.trade_id
        if self._direction.is_short:
            return await to_write(self._world, trade_id, contract, terms, ladder)
        if contract.instrument_type is InstrumentType.FUTURE:
            return await on_margin(self._world, trade_id, contract, terms, ladder)
        return paid_in_full(contract, terms, ladder, self._request.alert.limit)

    def check_age(self, guard: GuardSettings) -> None:
        """Nothing is sent for an alert that has grown too old (invariant 3)."""
        if refusal := age_refusal(self._request.message, self._world.now(), guard.max_alert_age):
            raise RefusedError(refusal)

    async def _admit(self) -> TradeTerms:
        admission = await self._world.admit(self._request)
        if admission.terms is None:
            raise RefusedError(admission.refusal or Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail="the desk"))
        self._journal.admitted(admission.terms.model_dump(mode="json"))
        return admission.terms

    async def _look_up(self) -> tuple[ContractListing, Quote | None]:
        """The contract that the alert names, and its quote."""
        alert = self._request.alert
        query = ContractQuery(
            symbol=alert.symbol, strike=alert.strike, option_type=alert.option_type, expiry=alert.expiry
        )
        listing = await self._world.find_contract(query)
        return listing, await self._world.quote(listing.contract) if listing.contract else None

    def _market_refusal(
        self, contract: Contract, listing: ContractListing, quote: Quote | None, guard: GuardSettings
    ) -> Refusal | None:
        knows_all, now, alert = self._world.knows(Change.CHECKS_PRICE_AND_HOURS), self._world.now(), self._request.alert
        if knows_all and (closed := hours_refusal(listing.hours, contract, guard, now)):
            return closed
        refusal = quote_refusal(quote, contract.ticks, guard, now)
        if refusal is not None or quote is None or not knows_all:
            return refusal
        return price_refusal(quote, contract.ticks, guard, Side.of(alert.action), alert.limit)
