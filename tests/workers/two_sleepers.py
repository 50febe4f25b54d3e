"""A supervisor as a process of its own, to be killed: two sleeping services, events as JSON lines on stdout.

Usage: two_sleepers.py STATE_FOLDER
"""

import asyncio
import sys
from pathlib import Path

from tests.fakes.services import python
from workers.state_lock import hold_state_folder
from workers.supervisor import ServiceEvent, Supervisor


def tell(event: ServiceEvent) -> None:
    sys.stdout.write(event.model_dump_json() + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    with hold_state_folder(folder) as lock:
        services = [python("first", folder), python("second", folder)]
        asyncio.run(Supervisor(services, tell, inherit=(lock,)).run(asyncio.Event()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
