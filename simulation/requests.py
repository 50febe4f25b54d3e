"""How requests to sell reach the trades, and answers come back: each once, however late, as updates and signals do."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping

from domain.closing import CloseRequest, CloseResult
from domain.trade import TradeState
from simulation.sales import Sales
from simulation.surroundings import Surroundings
from workflows.close_story import CloseStory
from workflows.trade_story import TradeStory

_ANSWERS_WITHIN = 5.0  # seconds after a trade's end


class Requests:
    """Of one seed. `trades` and `closings` are the workflows that run, by their ids."""

    def __init__(
        self,
        around: Surroundings,
        sales: Sales,
        trades: Mapping[str, TradeStory],
        closings: Mapping[str, CloseStory],
    ) -> None:
        self._around = around
        self._sales = sales
        self._trades = trades
        self._closings = closings
        self._replies: list[asyncio.Task[None]] = []
        self._served: defaultdict[str, list[asyncio.Task[None]]] = defaultdict(list)

    async def ask(self, workflow_id: str, request: CloseRequest) -> bool:
        """Bring a request to a trade; False when that one is over. The answer comes by itself."""
        await self._trip()
        story = self._trades.get(workflow_id)
        if story is None:
            self._around.happened("to sell: when the trade is over")
            return False
        self._tell_of(story, request)
        self._sales.asked(workflow_id, request)
        self._served[workflow_id].append(asyncio.get_running_loop().create_task(self._serve(story, request)))
        return True

    async def take_back(self, workflow_id: str, request_id: str) -> None:
        """Whoever asked does not want it any more."""
        await self._trip()
        story = self._trades.get(workflow_id)
        if story is None:
            return
        if request_id not in [result.request_id for result in story.view().closings]:
            self._around.happened("to sell: taken back")
        self._around.log(f"taken back: {request_id[-6:]}")
        self._sales.taken_back(workflow_id, request_id)
        story.drop_close(request_id)
        self._around.stir()

    async def all_answered(self, workflow_id: str) -> None:
        """A trade that is over has answered whoever asked it (30)."""
        served = self._served[workflow_id]
        if served:
            _, waiting = await asyncio.wait(served, timeout=_ANSWERS_WITHIN)
            self._sales.are_answered(workflow_id, len(waiting))
            for task in waiting:
                task.cancel()

    async def _serve(self, story: TradeStory, request: CloseRequest) -> None:
        workflow_id = story.view().workflow_id
        result = await story.close(request)
        self._sales.answered(workflow_id, result)
        self._around.log(f"answered {request.request_id[-6:]}: {result}")
        if request.reply_to is not None:
            self._replies.append(asyncio.get_running_loop().create_task(self._reply(request.reply_to, result)))

    async def _reply(self, asker: str, result: CloseResult) -> None:
        await self._trip()
        if (closing := self._closings.get(asker)) is not None:
            closing.hear_closed(result)
            self._around.stir()

    async def _trip(self) -> None:
        around = self._around
        is_late = around.chance("message late", around.plan.weather.message_late)
        await asyncio.sleep(around.uniform(1, 20) if is_late else around.uniform(0.002, 0.06))
        await around.until_up()

    def _tell_of(self, story: TradeStory, request: CloseRequest) -> None:
        """For the table: what is asked, and at what time of the trade."""
        around, view = self._around, story.view()
        around.log(f"asked {request.request_id[-6:]}: {request.portion} @ {request.limit} {request.urgency}")
        around.happened(f"to sell: {_portion(request)}")
        told = {
            "at once": request.urgency == "now",
            "by a limit away from the market": request.limit is not None and request.limit > (around.broker.ask or 0),
            "asked again": self._sales.knows(view.workflow_id, request.request_id),
            "while the entry works": view.state is TradeState.WORKING and bool(view.entries),
            "before anything is bought": not view.filled,
            "while another sells": view.state is TradeState.CLOSING,
            "while the desk is halted": not around.desk.standing.admits,
            "while nothing trades": around.broker.is_halted,
            "near expiry": around.until_expiry() < 60,
        }
        for what, holds in told.items():
            if holds:
                around.happened(f"to sell: {what}")


def _portion(request: CloseRequest) -> str:
    if request.is_whole:
        return "all"
    if request.quantity is not None:
        return "a number"
    return "a part" if request.fraction is not None else "some"
