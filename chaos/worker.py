"""`python -m chaos.worker trades|audit`: the very same worker, with an interceptor that may kill it."""

import asyncio
import os
import sys
from pathlib import Path

from chaos.death import Docket, Reaper
from workers.process import leave
from workers.settings import load


async def serve(queue: str) -> None:
    """Serve until told to stop, or until it is time to die."""
    reaper = Reaper(Docket(Path(os.environ["CHAOS_FOLDER"])))
    if queue == "audit":
        from workers import audit_worker

        await audit_worker.run(load(), [reaper])
    else:
        from workers import trades_worker

        await trades_worker.run(load(), [reaper])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
    leave(0)
