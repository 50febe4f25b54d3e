"""The broker's activities: what workflows may ask, put to the account's endpoints; errors put in Temporal's terms."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from temporalio import activity
from temporalio.client import Client

from activities.beating import beating
from activities.broker import trading_days
from activities.broker.call_cover import CallCovers
from activities.broker.limits import Family
from activities.broker.listings import Listings
from activities.broker.market_hours import MarketSessions
from activities.broker.orders import Orders
from activities.broker.positions import positions
from activities.broker.price_watch import PriceWatcher
from activities.broker.quotes import QuoteFeed
from activities.broker.records import number
from activities.broker.replies import Json
from activities.broker.session import BrokerCredentials, BrokerEndpoint, BrokerSession
from activities.broker.survey import TastytradeSurvey
from activities.broker.temporal_terms import in_temporals_terms
from activities.broker.underlying import Underlyings
from activities.broker.watch import TastytradeWatch
from activities.interfaces import BrokerActivities
from activities.kill_mark import KillMark
from domain.broker import (
    AccountState,
    CancelOrder,
    ContractListing,
    CoverRequest,
    OrderById,
    OrderByIdentifier,
    OrderSearch,
    PlaceOrder,
    PositionAnswer,
    PositionRequest,
    QuoteAnswer,
    QuoteRequest,
    ReplaceOrder,
)
from domain.contract import Contract, ContractQuery, Quote, Underlying
from domain.desk import CallCover
from domain.errors import RetryableError
from domain.identifiers import TradeId
from domain.market_hours import MarketHours
from domain.orders import BrokerOrder, OrderAnswer


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class TastytradeBroker(BrokerActivities):
    """One account at one endpoint. Build one per process, on the loop of its worker, and close it."""

    def __init__(
        self,
        endpoint: BrokerEndpoint,
        credentials: BrokerCredentials,
        clock: Callable[[], datetime] = utc_now,
        mark: KillMark | None = None,
    ) -> None:
        self.session = BrokerSession(endpoint, credentials)
        self._clock = clock
        self._listings = Listings(self.session, clock)
        self._sessions = MarketSessions(self.session, clock)
        self._quotes = QuoteFeed(self.session, clock)
        self._underlyings = Underlyings(self._listings, self._sessions)
        self._orders = Orders(self.session, clock, mark)
        self._covers = CallCovers(self.session, self._orders)

    def watch(self, client: Client) -> TastytradeWatch:
        """The watch of the account's stream, on the same session."""
        return TastytradeWatch(self.session, self._orders, client)

    def prices(self) -> PriceWatcher:
        """The watches of prices, on the same quotes."""
        return PriceWatcher(self._quotes, self._underlyings)

    def survey(self, client: Client) -> TastytradeSurvey:
        """The account beside the trades, on the same session."""
        return TastytradeSurvey(self.session, self._orders, client, self._clock)

    async def warm_up(self) -> None:
        """Do what would otherwise cost the first alert time, and what a worker that has just started can wait for."""
        await asyncio.to_thread(trading_days.load)

    async def close(self) -> None:
        """End the quote stream and let the connections go."""
        await self._quotes.close()
        await self.session.close()

    @activity.defn(name="find_contract")
    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """Find a listed instrument, or the reason why it can't be traded."""
        with in_temporals_terms():
            listing, hours = await beating(self._listing_and_hours(query))
        if listing.contract is not None:
            self._quotes.expect(listing.contract)
        return listing.model_copy(update={"hours": hours})

    async def _listing_and_hours(self, query: ContractQuery) -> tuple[ContractListing, MarketHours | None]:
        return await asyncio.gather(self._listings.find(query), self._sessions.hours(query.symbol))

    @activity.defn(name="take_quote")
    async def take_quote(self, request: QuoteRequest) -> QuoteAnswer:
        """The newest quote."""
        with in_temporals_terms():
            return QuoteAnswer(quote=await beating(self._quote(request)))

    async def _quote(self, request: QuoteRequest) -> Quote | None:
        asked: Contract | Underlying | None = request.contract
        if request.of_underlying:
            asked = await self._underlyings.now(request.contract)
        return None if asked is None else await self._quotes.newest(asked)

    @activity.defn(name="read_position")
    async def read_position(self, request: PositionRequest) -> PositionAnswer:
        """What the broker lists of one contract."""
        with in_temporals_terms():
            listed = await beating(positions(self.session))
        symbol = request.contract.symbol
        return PositionAnswer(quantity=sum((one.quantity for one in listed if one.symbol == symbol), Decimal(0)))

    @activity.defn(name="read_call_cover")
    async def read_call_cover(self, request: CoverRequest) -> CallCover:
        """What covers calls."""
        with in_temporals_terms():
            if request.seller is None:
                return await beating(self._covers.of(request.contract))
            return await beating(self._covers.beside(request.contract, TradeId.of_workflow(request.seller)))

    @activity.defn(name="read_account")
    async def read_account(self) -> AccountState:
        """The balances in dollars."""
        with in_temporals_terms():
            asked_at = self._clock()  # what happened while the answer was under way may not be in it
            path = f"{self.session.account_path}/balances/USD"
            reply = await beating(self.session.read(path, Family.BALANCES))
            return _account_state(self.session.endpoint.account_number, reply.data, asked_at)

    @activity.defn(name="place_order")
    async def place_order(self, request: PlaceOrder) -> OrderAnswer:
        """Send one order, once."""
        return await beating(self._orders.place(request))

    @activity.defn(name="replace_order")
    async def replace_order(self, request: ReplaceOrder) -> OrderAnswer:
        """Replace a live order, once."""
        return await beating(self._orders.replace(request))

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: CancelOrder) -> OrderAnswer:
        """Ask for a cancel."""
        return await beating(self._orders.cancel(request))

    @activity.defn(name="read_order")
    async def read_order(self, request: OrderById) -> BrokerOrder:
        """One order's record."""
        with in_temporals_terms():
            return await beating(self._orders.read(request))

    @activity.defn(name="find_order")
    async def find_order(self, request: OrderByIdentifier) -> OrderSearch:
        """Look an order up by our identifier."""
        with in_temporals_terms():
            return await beating(self._orders.find(request))


def _account_state(account_number: str, raw: Json, at: datetime) -> AccountState:
    try:
        return AccountState(
            account_number=account_number,
            net_liquidating_value=number(raw["net-liquidating-value"]),
            cash=number(raw["cash-balance"]),
            buying_power=number(raw["derivative-buying-power"]),  # what is paid in full, not what margin would lend
            at=at,
        )
    except (KeyError, ValueError) as error:
        raise RetryableError(f"the balances are unreadable: {error!r}") from error
