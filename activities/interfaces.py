"""The activities' names and types: all that workflows know of the outside.

Each class is an interface; the implementations decorate their methods with the same names. `execute_activity_method`
on these keeps the workflow's calls typed without importing an SDK.
"""

from abc import ABC, abstractmethod

from temporalio import activity

from domain.audit import AuditBatch, AuditReceipt
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
    WatchAccount,
)
from domain.card import CardShown, ShowCard
from domain.contract import ContractQuery
from domain.desk import Admission, AdmissionRequest, CallCover, Reservation, ReservationRequest
from domain.orders import BrokerOrder, OrderAnswer
from domain.protection import PriceReached, PriceWatch
from domain.survey import Survey
from domain.trouble import OperatorPage

TRADES_QUEUE = "trades"
AUDIT_QUEUE = "audit"
DISCORD_QUEUE = "discord"


class BrokerActivities(ABC):
    """The broker. Reads raise RetryableError when they may be repeated; order calls answer with an outcome."""

    @activity.defn(name="find_contract")
    @abstractmethod
    async def find_contract(self, query: ContractQuery) -> ContractListing:
        """Find the listed instrument that an alert names, with its tick schedule and multiplier."""

    @activity.defn(name="take_quote")
    @abstractmethod
    async def take_quote(self, request: QuoteRequest) -> QuoteAnswer:
        """The newest quote, from the stream or, when that is silent, from REST."""

    @activity.defn(name="read_position")
    @abstractmethod
    async def read_position(self, request: PositionRequest) -> PositionAnswer:
        """What the account holds of one contract."""

    @activity.defn(name="read_call_cover")
    @abstractmethod
    async def read_call_cover(self, request: CoverRequest) -> CallCover:
        """The shares that calls sold first would be delivered from, and what needs them already."""

    @activity.defn(name="read_account")
    @abstractmethod
    async def read_account(self) -> AccountState:
        """The account's balances."""

    @activity.defn(name="place_order")
    @abstractmethod
    async def place_order(self, request: PlaceOrder) -> OrderAnswer:
        """Send one order, once. Never retried: a retry of "place order" is a second order."""

    @activity.defn(name="replace_order")
    @abstractmethod
    async def replace_order(self, request: ReplaceOrder) -> OrderAnswer:
        """Replace a live order, once. Never retried: it makes a new order too."""

    @activity.defn(name="cancel_order")
    @abstractmethod
    async def cancel_order(self, request: CancelOrder) -> OrderAnswer:
        """Ask for a cancel. REFUSED means the order is no longer cancellable: read it to learn why."""

    @activity.defn(name="read_order")
    @abstractmethod
    async def read_order(self, request: OrderById) -> BrokerOrder:
        """The broker's record of one order."""

    @activity.defn(name="find_order")
    @abstractmethod
    async def find_order(self, request: OrderByIdentifier) -> OrderSearch:
        """Look an order up by our identifier. Raises when the look-up is incomplete: absence must mean something."""


class PriceActivities(ABC):
    """Prices over time."""

    @activity.defn(name="watch_price")
    @abstractmethod
    async def watch_price(self, asked: PriceWatch) -> PriceReached:
        """Watch a price until it has reached a level, and held it. Heartbeats; may be started again at any time."""


class WatchActivities(ABC):
    """The account stream."""

    @activity.defn(name="watch_account")
    @abstractmethod
    async def watch_account(self, request: WatchAccount) -> None:
        """Own the account stream, heartbeat, and signal each trade with the broker's record of its orders."""


class SurveyActivities(ABC):
    """The account beside the trades."""

    @activity.defn(name="survey_account")
    @abstractmethod
    async def survey_account(self, request: WatchAccount) -> Survey:
        """Read the broker's book and every trade that it concerns, and compare. Changes nothing."""

    @activity.defn(name="tell_trade")
    @abstractmethod
    async def tell_trade(self, record: BrokerOrder) -> None:
        """Signal a record of the broker's to the trade that its identifier names; a trade that is over needs none."""


class OperatorActivities(ABC):
    """The people who answer for it."""

    @activity.defn(name="page_operator")
    @abstractmethod
    async def page_operator(self, page: OperatorPage) -> None:
        """Tell an operator. Raises when it could not be delivered; twice the same is a nuisance, not an error."""


class DiscordActivities(ABC):
    """The chat, on its own task queue with a single poster. Nothing of a trade waits for it."""

    @activity.defn(name="show_card")
    @abstractmethod
    async def show_card(self, asked: ShowCard) -> CardShown:
        """Post a trade's card or edit it: one message a trade. Raises when it may be tried again."""


class DeskActivities(ABC):
    """A trade's way to the desk: an update of the desk's workflow, with an id that makes asking twice one answer."""

    @activity.defn(name="admit")
    @abstractmethod
    async def admit(self, request: AdmissionRequest) -> Admission:
        """Ask the desk to admit a trade."""

    @activity.defn(name="reserve")
    @abstractmethod
    async def reserve(self, request: ReservationRequest) -> Reservation:
        """Ask the desk for a size and its buying power."""


class AuditActivities(ABC):
    """The audit store, on its own task queue with a single worker that owns the file."""

    @activity.defn(name="append_audit")
    @abstractmethod
    async def append_audit(self, batch: AuditBatch) -> AuditReceipt:
        """Append events, durable on return; an event id that is already there is skipped."""
