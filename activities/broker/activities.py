"""The broker's activities: what workflows may ask, put to its endpoints, and its errors put in Temporal's terms."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.broker.listings import BrokerListings
from activities.broker.orders import BrokerOrders
from activities.broker.quotes import QuoteFeed
from activities.broker.session import BrokerCredentials, BrokerEndpoint, BrokerSession
from activities.broker.watch import TastytradeWatch
from activities.interfaces import BrokerActivities
from domain.broker import (
    AccountState,
    CancelOrder,
    ContractListing,
    OrderById,
    OrderByIdentifier,
    OrderSearch,
    PlaceOrder,
    QuoteAnswer,
    QuoteRequest,
    ReplaceOrder,
)
from domain.contract import ContractQuery
from domain.errors import RefusedError, RetryableError
from domain.orders import BrokerOrder, OrderAnswer


class TastytradeBroker(BrokerActivities):
    """One account at one endpoint. Make one for each process, on the loop that runs its worker."""

    def __init__(self, endpoint: BrokerEndpoint, credentials: BrokerCredentials) -> None:
        self._session = BrokerSession(endpoint, credentials)
        self._listings = BrokerListings(self._session)
        self._quotes = QuoteFeed(self._session)
        self._orders = BrokerOrders(self._session)

    def watch(self, client: Client) -> TastytradeWatch:
        """The watch of this account's stream, on the same session."""
        return TastytradeWatch(self._session, self._orders, client)

    async def close(self) -> None:
        """End the quote stream and close the connections."""
        await self._quotes.close()
        await self._session.close()

    @activity.defn(name="find_contract")
    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """Find a listed instrument."""
        with _in_temporals_terms():
            return await self._listings.find(query)

    @activity.defn(name="take_quote")
    async def take_quote(self, request: QuoteRequest) -> QuoteAnswer:
        """The newest quote."""
        with _in_temporals_terms():
            return QuoteAnswer(quote=await self._quotes.newest(request.contract))

    @activity.defn(name="read_account")
    async def read_account(self) -> AccountState:
        """The balances in dollars."""
        with _in_temporals_terms():
            answer = await self._session.read(f"{self._session.account_path}/balances/USD")
        raw = answer["data"]
        return AccountState(
            account_number=raw["account-number"],
            net_liquidating_value=Decimal(raw["net-liquidating-value"]),
            cash=Decimal(raw["cash-balance"]),
            buying_power=Decimal(raw["derivative-buying-power"]),
            at=datetime.now(UTC),
        )

    @activity.defn(name="place_order")
    async def place_order(self, request: PlaceOrder) -> OrderAnswer:
        """Send one order, once."""
        return await self._orders.place(request)

    @activity.defn(name="replace_order")
    async def replace_order(self, request: ReplaceOrder) -> OrderAnswer:
        """Replace a live order, once."""
        return await self._orders.replace(request)

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: CancelOrder) -> OrderAnswer:
        """Ask for a cancel."""
        return await self._orders.cancel(request)

    @activity.defn(name="read_order")
    async def read_order(self, request: OrderById) -> BrokerOrder:
        """One order's record."""
        with _in_temporals_terms():
            return await self._orders.read(request)

    @activity.defn(name="find_order")
    async def find_order(self, request: OrderByIdentifier) -> OrderSearch:
        """Look an order up by our identifier."""
        with _in_temporals_terms():
            return await self._orders.find(request)


@contextmanager
def _in_temporals_terms() -> Iterator[None]:
    """A definite no is not tried again; everything else may be."""
    try:
        yield
    except RefusedError as error:
        raise ApplicationError(str(error), type="Refused", non_retryable=True) from error
    except RetryableError as error:
        raise ApplicationError(str(error), type="Retryable") from error
