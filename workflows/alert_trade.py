"""AlertTrade: the workflow of one alert. The trade itself is told by `trade_story`.

The story runs in a task of its own, so that a cancellation never cuts it off in the middle of an order: it is asked to
wind down, takes the working entry off the market, sees to the exit of what was filled, and only then does the workflow
end as cancelled.
"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.closing import CloseRequest, CloseResult
    from domain.orders import BrokerOrder
    from domain.survey import ShortGone
    from domain.trade import TradeRequest, TradeView
    from workflows.card_poster import CardPoster
    from workflows.changes import Change
    from workflows.close_story import CloseStory
    from workflows.rehearsal import RehearsalWorld
    from workflows.temporal_world import TemporalWorld
    from workflows.trade_story import TradeStory
    from workflows.world import World

Story = TradeStory | CloseStory


@workflow.defn
class AlertTrade:
    """The workflow of one alert. Its id is a function of the message: a second start is the same trade."""

    @workflow.init
    def __init__(self, request: TradeRequest) -> None:
        temporal = TemporalWorld(CardPoster(request) if request.card else None)
        world: World = RehearsalWorld(temporal, self._hear) if request.dry_run else temporal
        closes = request.alert.action.closes and workflow.patched(Change.CLOSES.value)
        self._story: Story = CloseStory(request, world) if closes else TradeStory(request, world)

    @workflow.run
    async def run(self, request: TradeRequest) -> TradeView:  # noqa: ARG002  taken in __init__, before any signal
        """Trade the alert. Ends when the position is closed, expired, cancelled, or nothing was bought."""
        # Only this task is ever cancelled, never the story in its own: it is asked to wind down, so that no order's
        # outcome and no audit record is lost to a cancel that comes at the wrong moment (invariants 6, 13, 22).
        story = asyncio.create_task(self._whole_story())
        try:
            await workflow.wait_condition(story.done)
        except asyncio.CancelledError:
            self._story.wind_down(workflow.cancellation_reason() or "cancelled")
            await workflow.wait_condition(story.done)
            story.result()
            raise
        story.result()
        return self.view()

    @workflow.signal(description="The broker's record of one of this trade's orders changed")
    def order_update(self, record: BrokerOrder) -> None:
        """Sent by the account watch with the broker's full record."""
        self._hear(record)

    @workflow.signal(description="The desk lets no entries in any more")
    def stop_entry(self, why: str) -> None:
        """Nothing more is bought, and the working entry comes off the market. What is held keeps its exit, and runs."""
        self._story.stop_entry(why)

    @workflow.signal(description="What was sold first is short no more in the account")
    def short_gone(self, gone: ShortGone) -> None:
        """From reconciliation. What stands to buy it back comes off the market; with nothing left the trade ends."""
        self._story.lose_short(gone.quantity)

    @workflow.signal(description="A closing alert asks to sell what is held, or to buy back what is short")
    async def close_asked(self, request: CloseRequest) -> None:
        """From the closing alert's workflow, which hears what became of it."""
        result = await self._story.close(request)
        if request.reply_to is not None:
            asker = workflow.get_external_workflow_handle(request.reply_to)
            try:
                await asker.signal("closed", result)
            except ApplicationError:
                workflow.logger.warning("%s does not run any more, and heard no answer", request.reply_to)

    @workflow.signal(description="What was to be closed is to be kept")
    def close_taken_back(self, request_id: str) -> None:
        """From whoever asked; what was sold by then stays sold."""
        self._story.drop_close(request_id)

    @workflow.signal(description="A trade's answer to this closing alert")
    def closed(self, result: CloseResult) -> None:
        """From each trade that was asked to sell."""
        if isinstance(self._story, CloseStory):
            self._story.hear_closed(result)

    @workflow.update(description="Sell what is held, or buy back what is short, or a part of it")
    async def close(self, request: CloseRequest) -> CloseResult:
        """From people. Answers when it is done; asking again with the same id gives the same answer."""
        return await self._story.close(request)

    @workflow.signal(description="The alert was edited or deleted")
    def withdraw(self, why: str) -> None:
        """As for a halt: nothing more is bought, what is held keeps its exit, and the trade goes on."""
        self._story.withdraw(why)

    @workflow.query(description="The trade as it stands")
    def view(self) -> TradeView:
        """The picture of this trade."""
        return self._story.view()

    async def _whole_story(self) -> None:
        """The trade, and what must be settled before its workflow may close."""
        await self._story.run()
        await workflow.wait_condition(workflow.all_handlers_finished)

    def _hear(self, record: BrokerOrder) -> None:
        self._story.hear(record)
