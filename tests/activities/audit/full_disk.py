"""A process that runs out of disk, by its own file size limit, and goes on when there is room again.

Arguments: the file, the limit in bytes, and the size at which to checkpoint. Prints, as JSON, how appends ended while
the limit held, how many rows were acknowledged in all, and what a verification found after it.
"""

import json
import random
import resource
import sys
from collections import Counter
from pathlib import Path

from activities.audit import reading
from activities.audit.store import AuditStore
from domain.errors import RetryableError
from tests.activities.audit.events import event


def main() -> None:
    outcomes = Counter(kept=0, refused=0, fatal=0)
    noise = random.Random(1)
    with AuditStore(Path(sys.argv[1]), checkpoint_at=sys.argv[3]) as store:
        limit_files(int(sys.argv[2]))
        for batch in range(60):
            texts = [noise.randbytes(1000).hex() for _ in range(5)]
            try:
                store.append([event(5 * batch + n, detail=text) for n, text in enumerate(texts)]).result()
                outcomes["kept"] += 5
            except RetryableError as error:
                outcomes["fatal" if "FATAL" in str(error) else "refused"] += 1
        limit_files(resource.RLIM_INFINITY)
        store.append([event(10_000)]).result()
        verdict = store.read(reading.prove)
    sys.stdout.write(json.dumps({**outcomes, "rows": verdict.rows, "fault": str(verdict.fault)}))


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
