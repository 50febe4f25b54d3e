"""The people of a simulation who ask trades to sell: perhaps once more, and perhaps no more."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from simulation import stage
from simulation.requests import Requests
from simulation.sellers import SalePlan
from simulation.surroundings import Surroundings


class People:
    """Of one seed."""

    def __init__(self, around: Surroundings, requests: Requests) -> None:
        self._around = around
        self._requests = requests
        self._asking: list[asyncio.Task[None]] = []

    def begin(self, workflow_id: str, number: int, sales: Iterable[SalePlan]) -> None:
        """From now on they may ask that trade, the seed's `number`-th."""
        loop = asyncio.get_running_loop()
        for count, sale in enumerate(sales):
            self._asking.append(loop.create_task(self._ask(workflow_id, f"sale {number}.{count}", sale)))

    async def _ask(self, workflow_id: str, name: str, sale: SalePlan) -> None:
        around, requests = self._around, self._requests
        await asyncio.sleep(max(0.0, sale.at - around.at))
        limit = None if sale.away is None else around.near(sale.away)
        request = stage.close_request(name, sale, limit, around.now())
        await requests.ask(workflow_id, request)
        coming: list[tuple[float, Callable[[], Coroutine[Any, Any, object]]]] = []
        if sale.again_at is not None:
            coming.append((sale.again_at, lambda: requests.ask(workflow_id, request)))
        if sale.taken_back_at is not None:
            coming.append((sale.taken_back_at, lambda: requests.take_back(workflow_id, name)))
        for at, act in sorted(coming, key=lambda each: each[0]):
            await asyncio.sleep(max(0.0, at - around.at))
            await act()
