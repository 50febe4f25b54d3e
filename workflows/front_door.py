"""The front door: a message comes in, is read, and starts one workflow for each alert in it. Nothing else.

Discord, the HTTP API and the command line all come in here.
"""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.interfaces import TRADES_QUEUE
from domain.alert import Alert, AlertMessage, Reading, Unread
from domain.frozen import Frozen
from domain.identifiers import MAX_ALERTS_PER_MESSAGE
from domain.profile import Profiles
from domain.reading import read
from domain.settings import Mode
from domain.trade import TradeRequest, TradeState
from workflows.alert_trade import AlertTrade
from workflows.search_attributes import AUTHOR, CHANNEL, MODE, SIDE, SYMBOL, TRADE_STATE

# A workflow task lost with its worker is given to another after this; the default of 10 s is half a rung.
_TASK_TIME = timedelta(seconds=2)


class Started(Frozen):
    """One alert's workflow. `is_new` is False when this message had already started it."""

    workflow_id: str
    alert: Alert
    is_new: bool


class Submission(Frozen):
    """What became of a message: workflows, or the reason why it was not read as an alert."""

    started: tuple[Started, ...] = ()
    refused: Unread | None = None


class FrontDoor:
    """Starts trades of one account in one mode. `cards`: each shows a card in its alert's channel."""

    def __init__(
        self,
        client: Client,
        account_number: str,
        mode: Mode,
        profiles: Profiles | None = None,
        *,
        cards: bool = False,
        card_pace: timedelta = timedelta(seconds=1.5),
    ) -> None:
        self._client = client
        self._account_number = account_number
        self._mode = mode
        self._cards = cards
        self._card_pace = card_pace
        self._profiles = profiles or Profiles()

    def read(self, message: AlertMessage) -> Reading:
        """What a message says, as `submit` would read it: by its author's or its channel's profile."""
        return read(message.text, message.posted_at, self._profiles.of(message))

    async def submit(self, message: AlertMessage, *, dry_run: bool = False) -> Submission:
        """Read a message and start what it asks for. Safe to repeat: the workflow ids are the message's."""
        reading = self.read(message)
        requests = [
            TradeRequest(
                message=message,
                alert=alert,
                index=index,
                mode=self._mode,
                account_number=self._account_number,
                dry_run=dry_run,
                card=self._cards,
                card_pace=self._card_pace,
                reader_version=reading.reader_version,
                profile=reading.profile,
                read_as=reading.read_as,
            )
            for index, alert in enumerate(reading.alerts[:MAX_ALERTS_PER_MESSAGE])
        ]
        return Submission(started=tuple([await self._start(request) for request in requests]), refused=reading.refused)

    async def _start(self, request: TradeRequest) -> Started:
        workflow_id = request.trade_id.workflow_id
        try:
            handle = await self._client.start_workflow(
                AlertTrade.run,
                request,
                id=workflow_id,
                task_queue=TRADES_QUEUE,
                # One alert, one trade, for ever (invariant 1): a running or a closed one is never started again. Past
                # the namespace's retention the message's own age refuses it.
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                task_timeout=_TASK_TIME,
                static_summary=_summary(request),
                search_attributes=_attributes(request),
            )
        except WorkflowAlreadyStartedError:
            return Started(workflow_id=workflow_id, alert=request.alert, is_new=False)
        return Started(workflow_id=handle.id, alert=request.alert, is_new=True)


def _summary(request: TradeRequest) -> str:
    mode = "DRY RUN" if request.dry_run else request.mode.value
    author = "".join(letter for letter in request.message.author_name if letter.isalnum() or letter in " ._-")
    return f"{request.alert} ({mode}, {author[:40]})"


def _attributes(request: TradeRequest) -> TypedSearchAttributes:
    message = request.message
    return TypedSearchAttributes(
        [
            SearchAttributePair(SYMBOL, request.alert.symbol),
            SearchAttributePair(SIDE, request.alert.action.value),
            SearchAttributePair(TRADE_STATE, TradeState.ADMITTING.value),
            SearchAttributePair(AUTHOR, message.author_name or str(message.author_id)),
            SearchAttributePair(CHANNEL, message.channel_name or str(message.channel_id)),
            SearchAttributePair(MODE, "dry run" if request.dry_run else request.mode.value),
        ]
    )
