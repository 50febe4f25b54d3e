"""A process that owns an audit file and appends to it for ever, saying after each append how far it has got.

Arguments: the file, the first event's number, and the size at which to checkpoint. To be killed.
"""

import sys
from pathlib import Path

from activities.audit.store import AuditStore
from tests.activities.audit.events import event


def main() -> None:
    number = int(sys.argv[2])
    with AuditStore(Path(sys.argv[1]), checkpoint_at=sys.argv[3]) as store:
        while True:
            batches = [[event(number + 3 * batch + step) for step in range(3)] for batch in range(4)]
            for head in [store.append(batch) for batch in batches]:
                head.result()
            number += 12
            sys.stdout.write(f"{number - 1}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
