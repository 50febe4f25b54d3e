"""Every part that trading needs, each asked for itself: whether it answers, and how quickly."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from time import monotonic

from bot.commands.wording import when
from bot.doors import UNANSWERED, Doors
from domain.audit_queries import AuditQuery
from domain.chat import escaped
from domain.errors import AlertladderError

_PATIENCE = 8.0  # seconds for one part


async def health_lines(doors: Doors, latency: float) -> list[str]:
    """A line a part. `latency` is the gateway's, in seconds; it may not be known yet."""
    parts: dict[str, Callable[[], Awaitable[str]]] = {
        "Temporal": lambda: _temporal(doors),
        "Desk": lambda: _desk(doors),
        "Watch": lambda: _watch(doors),
        "Broker": lambda: _broker(doors),
        "Audit": lambda: _audit(doors),
    }
    lines = await asyncio.gather(*[_line(part, ask) for part, ask in parts.items()])
    kill = doors.mark.read()
    killed = [] if kill is None else [f"🔴 **Kill**: pulled by {escaped(kill.by)}, {kill.scope}: `/resume` lifts it"]
    return [*lines, *killed, _gateway(latency)]


class _Unwell(AlertladderError):
    """The part answers, and something is wrong with it."""


async def _line(part: str, ask: Callable[[], Awaitable[str]]) -> str:
    began = monotonic()
    try:
        async with asyncio.timeout(_PATIENCE):
            says = await ask()
    except _Unwell as error:
        return f"🟠 **{part}**: {error}"
    except (*UNANSWERED, AlertladderError) as error:
        return f"🔴 **{part}**: does not answer: {escaped(str(error) or type(error).__name__)}"
    return f"🟢 **{part}**: {says}, {(monotonic() - began) * 1000:.0f} ms"


async def _temporal(doors: Doors) -> str:
    await doors.account.answers()
    return "answers"


async def _desk(doors: Doors) -> str:
    standing = await doors.desk.standing()
    if not standing.admits:
        raise _Unwell(f"lets no entries in: {escaped(str(standing))}")
    return "lets entries in"


async def _watch(doors: Doors) -> str:
    if not await doors.account.is_watched():
        raise _Unwell("the account's stream is not seen; fills come late, by the trades' own look-ups")
    return "sees the account's stream"


async def _broker(doors: Doors) -> str:
    """The bot has no session of its own: this is when the desk read the balances last."""
    account = (await doors.desk.book()).account
    if account is None:
        raise _Unwell("no balance was read yet; the desk reads it with the first alert")
    return f"balances were read {when(account.at)}"


async def _audit(doors: Doors) -> str:
    page = await doors.audit.audit_recent(AuditQuery(limit=1))
    return f"{page.head.seq} rows"


def _gateway(latency: float) -> str:
    if not math.isfinite(latency):
        return "🟠 **Discord**: the gateway's latency is not known yet"
    return f"🟢 **Discord**: the gateway answers in {latency * 1000:.0f} ms"
