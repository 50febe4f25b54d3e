"""What goes wrong on demand: answers that fail before or after the work was done, are late, or never come."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any


@dataclass
class Fault:
    """One way for some requests to fail. `path` is a pattern on what follows /api/v10.

    `status` None cuts the connection without an answer; 0 answers as usual (with a `delay`, late). With `commit` the
    work is done first and only the answer is lost. `retry_after` and `is_global` are a 429's.
    """

    method: str
    path: str
    status: int | None = 500
    times: int = 1
    commit: bool = False
    delay: float = 0.0  # seconds
    retry_after: float = 0.3  # seconds
    is_global: bool = False
    body: Any = None
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    hits: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Whether this request is one that it is for."""
        return self.hits < self.times and fnmatch(method, self.method) and fnmatch(path, self.path)


class Faults:
    """The faults that were planned; a test that planned one which never happened proves nothing."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, method: str, path: str, **fields: Any) -> Fault:
        """Have the next such requests fail."""
        fault = Fault(method, path, **fields)
        self.planned.append(fault)
        return fault

    def due(self, method: str, path: str) -> Fault | None:
        """The fault that meets this request, counted as happened."""
        for fault in self.planned:
            if fault.meets(method, path):
                fault.hits += 1
                return fault
        return None

    @property
    def unused(self) -> list[Fault]:
        """Those that never happened."""
        return [fault for fault in self.planned if not fault.hits]

    def clear(self) -> None:
        """Plan nothing any more."""
        self.planned.clear()
