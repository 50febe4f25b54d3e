"""A trade's way to its card: what changed is posted when the last post has arrived, and no trade ever waits for it.

The posts go to the `discord` task queue, where a single poster serves all trades. Whatever goes wrong there stays
there: what the trade does, and what it sends, is the same with a chat and without one.
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import DISCORD_QUEUE, TRADES_QUEUE, DiscordActivities
    from domain.card import CardFate, CardShown, ShowCard, card
    from domain.identifiers import card_workflow_id, desk_workflow_id
    from domain.trade import TradeRequest, TradeState, TradeView
    from domain.trouble import Trouble, TroubleKind

# One attempt may wait for Discord's rate limit. A post is idempotent: the poster finds what a lost answer has posted.
_ATTEMPT = timedelta(minutes=1)
_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10))
# A card that could not be shown in this time is an old one: the newest is tried instead.
_PATIENCE = timedelta(minutes=2)
_FIRST_PAUSE = timedelta(seconds=5)  # after a failure; it doubles
_LONGEST_PAUSE = timedelta(minutes=15)
# Each post is three events in the trade's history, and a timer's two.
_MOST_POSTS = 100
# A trade that is over waits so long for its final card; then a workflow of its own goes on with it, for a day.
_LAST_WAIT = timedelta(seconds=3)
_LAST_PATIENCE = timedelta(days=1)
_LAST_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=5))
# What makes a card a new one. A replay must come to the same posts: how a card is drawn may change at any time, these
# may not while trades are open (docs/changing-a-trade.md).
_COMPARED = (
    *("state", "contract", "quote", "sized", "filled", "exited", "average_price", "working_price", "rung"),
    *("started_at", "window_ends_at", "next_rung_at", "exit_price", "exit_quantity", "realised", "entries", "exits"),
    *("refusal", "note", "closings", "gone"),
)
# The way to the first order is not for cards: the alert grows old meanwhile.
_TOO_EARLY = (TradeState.ADMITTING, TradeState.PREPARING)


class CardPoster:
    """One trade's card. At most one post is under way; what changes meanwhile is in the next."""

    def __init__(self, request: TradeRequest) -> None:
        self._request = request
        self._view: TradeView | None = None
        self._shown: tuple[object, ...] | None = None  # what the last card that arrived was drawn from
        self._revision = 0
        self._message_id: int | None = None
        self._in_doubt = False
        self._failures = 0  # in a row
        self._not_before: datetime | None = None
        self._is_let_be = False  # nothing more is posted from here
        self._poster: asyncio.Task[None] | None = None

    def show(self, view: TradeView) -> None:
        """The trade stands so now. Returns at once; a fault in the drawing of a card is not the trade's."""
        self._view = view
        is_posting = self._poster is not None and not self._poster.done()
        if not (is_posting or self._is_let_be or view.state in _TOO_EARLY):
            self._poster = asyncio.create_task(self._post_what_changes())

    async def settle(self) -> None:
        """The trade is over: wait a moment for its final card, or hand it to one who can wait longer."""
        poster = self._poster
        if poster is None:
            return
        try:
            await workflow.wait_condition(poster.done, timeout=_LAST_WAIT, timeout_summary="final card")
        except TimeoutError:
            await workflow.wait([asyncio.create_task(self._hand_over(poster))])
        self._is_let_be = True

    async def _post_what_changes(self) -> None:
        while (newest := self._newest()) is not None:
            if await self._may_post():
                await self._post(self._newest() or newest)

    def _newest(self) -> TradeView | None:
        """The trade as its card should show it; None when it does already, or nothing more is to be posted."""
        newest = self._view
        if newest is None or self._is_let_be:
            return None
        is_left_out = self._revision >= _MOST_POSTS and not newest.state.is_end
        return None if is_left_out or _compared(newest) == self._shown else newest

    async def _may_post(self) -> bool:
        """Keep the pace, which a final card need not, and the pause after a failure; False when it is handed over."""
        wait = timedelta(0) if self._not_before is None else self._not_before - workflow.now()
        if wait <= timedelta(0):
            return True

        def goes_on() -> bool:
            is_final = self._view is not None and self._view.state.is_end
            return self._is_let_be or (is_final and not self._failures)

        try:
            await workflow.wait_condition(goes_on, timeout=wait, timeout_summary="card")
        except TimeoutError:
            return True
        return not self._is_let_be

    async def _post(self, newest: TradeView) -> None:
        self._revision += 1
        try:
            shown = await workflow.execute_activity_method(
                DiscordActivities.show_card,
                self._asked(newest),
                task_queue=DISCORD_QUEUE,
                start_to_close_timeout=_ATTEMPT,
                schedule_to_close_timeout=_PATIENCE,
                retry_policy=_RETRIES,
                summary="Card",
            )
        except ActivityError:
            self._wait_after_a_failure()
            return
        self._failures, self._in_doubt = 0, False
        self._shown, self._message_id = _compared(newest), shown.message_id
        self._not_before = workflow.now() + self._request.card_pace
        if shown.fate is not CardFate.SHOWN:
            self._is_let_be = True
            await self._tell_of(shown)

    def _wait_after_a_failure(self) -> None:
        """It may have been posted all the same."""
        self._in_doubt = self._message_id is None
        self._not_before = workflow.now() + min(_FIRST_PAUSE * 2 ** min(self._failures, 10), _LONGEST_PAUSE)
        self._failures += 1

    def _asked(self, newest: TradeView) -> ShowCard:
        return ShowCard(
            card=card(newest, self._request.message),
            revision=self._revision,
            channel_id=self._request.message.thread_id or self._request.message.channel_id,
            after_id=self._request.message.message_id,
            message_id=self._message_id,
            in_doubt=self._in_doubt,
        )

    async def _hand_over(self, poster: asyncio.Task[None]) -> None:
        """What is under way is called off. It may arrive all the same: no older card is shown after a newer one."""
        newest = self._newest()
        if newest is None:
            return
        self._revision += 1
        self._in_doubt = self._message_id is None
        self._is_let_be = True
        poster.cancel()
        try:
            await workflow.start_child_workflow(
                PostCard.run,
                self._asked(newest),
                id=card_workflow_id(newest.workflow_id),
                task_queue=TRADES_QUEUE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"Final card of {newest.workflow_id}",
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.warning("the final card is on its way already")

    async def _tell_of(self, shown: CardShown) -> None:
        """An operator hears once, by way of the desk, of a channel in which the bot may not write."""
        if shown.fate is not CardFate.FORBIDDEN:
            return
        channel = f"{self._request.message.channel_name} ({self._request.message.channel_id})".strip()
        trouble = Trouble(
            kind=TroubleKind.CARD_FORBIDDEN,
            key=f"{TroubleKind.CARD_FORBIDDEN}:{self._request.message.channel_id}",
            detail=f"Channel {channel}: {shown.detail}",
            at=workflow.now(),
        )
        desk = workflow.get_external_workflow_handle(desk_workflow_id(self._request.account_number))
        try:
            await desk.signal("trouble", trouble)
        except ApplicationError:
            workflow.logger.warning("the desk is not running")


def _compared(view: TradeView) -> tuple[object, ...]:
    return tuple(getattr(view, name) for name in _COMPARED)


@workflow.defn
class PostCard:
    """The final card of a trade that is over: tried for a day."""

    @workflow.run
    async def run(self, asked: ShowCard) -> CardShown | None:
        """Where it stands; None when Discord could not be reached in all that time."""
        try:
            return await workflow.execute_activity_method(
                DiscordActivities.show_card,
                asked,
                task_queue=DISCORD_QUEUE,
                start_to_close_timeout=_ATTEMPT,
                schedule_to_close_timeout=_LAST_PATIENCE,
                retry_policy=_LAST_RETRIES,
                summary="Final card",
            )
        except ActivityError:
            workflow.logger.exception("the final card of %s could not be shown", asked.card.workflow_id)
            return None
