"""Discord as a front door sees it: a message is handed in until it is acknowledged, and sometimes again after that."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from domain.alert import AlertMessage
from workflows.front_door import Submission

_ANSWERED_WITHIN = aiohttp.ClientTimeout(total=5)
_PAUSE = 0.3  # seconds before a message comes again


@dataclass
class Delivered:
    """One message and what the door said of it."""

    message: AlertMessage
    workflow_id: str
    first_handed_at: datetime
    begun: int = 0  # acknowledgements that said it was new: never more than one


@dataclass
class Discord:
    """Every message handed to the door at `url`. `told` counts deliveries, acknowledged or not."""

    url: str
    delivered: dict[str, Delivered] = field(default_factory=dict)  # by workflow id
    told: Counter[str] = field(default_factory=Counter)

    async def deliver(self, message: AlertMessage) -> str:
        """Hand it in until it is acknowledged; gives its workflow's id."""
        first_handed_at = datetime.now(UTC)
        async with aiohttp.ClientSession(timeout=_ANSWERED_WITHIN) as session:
            while (submission := await self._handed(session, message)) is None:  # noqa: ASYNC110  another process
                await asyncio.sleep(_PAUSE)
        started = submission.started[0]
        new = Delivered(message, started.workflow_id, first_handed_at)
        known = self.delivered.setdefault(started.workflow_id, new)
        known.begun += started.is_new
        return started.workflow_id

    async def _handed(self, session: aiohttp.ClientSession, message: AlertMessage) -> Submission | None:
        self.told["deliveries"] += 1
        try:
            async with session.post(f"{self.url}/message", data=message.model_dump_json()) as answer:
                if answer.ok:
                    return Submission.model_validate_json(await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            pass
        self.told["not acknowledged"] += 1
        return None
