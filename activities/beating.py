"""Heartbeats: a worker that died with a call under way is noticed by their absence, before its time is over."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from temporalio import activity

BEAT = 1.0  # seconds
Answer = TypeVar("Answer")


async def beating(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Show that this worker lives while a call is under way."""
    under_way = asyncio.ensure_future(call)
    while not under_way.done():
        if activity.in_activity():
            activity.heartbeat()
        await asyncio.wait({under_way}, timeout=BEAT)
    return under_way.result()
