"""One answer of the broker's HTTP API as it came: status, JSON if it was JSON, and what its error says."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """`body` is None when it was not a JSON object. Envelopes: `{"data": ...}` and `{"error": {...}}`."""

    status: int
    body: Json | None = None
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """The broker says it did it."""
        return 200 <= self.status < 300

    @property
    def data(self) -> Json:
        """What the envelope holds; empty when it holds nothing readable."""
        held = (self.body or {}).get("data")
        return held if isinstance(held, dict) else {}

    @property
    def items(self) -> list[Any] | None:
        """The list of a list answer; None when this isn't one."""
        held = self.data.get("items")
        return held if isinstance(held, list) else None

    @property
    def error(self) -> Json | None:
        """The broker's own error object; None for a proxy's page or an empty body."""
        held = (self.body or {}).get("error")
        return held if isinstance(held, dict) else None

    @property
    def code(self) -> str:
        """The most telling error code: that of the first detail, else the error's own, else the HTTP status."""
        return next(self._said("code", "domain"), f"http_{self.status}")

    @property
    def message(self) -> str:
        """The broker's sentences, joined."""
        return "; ".join(self._said("message", "reason")) or f"HTTP {self.status} without an explanation"

    def _said(self, *keys: str) -> Any:
        error = self.error or {}
        details = [entry for entry in error.get("errors") or () if isinstance(entry, dict)]
        for entry in details or [error]:
            yield from (str(entry[key]) for key in keys if entry.get(key))
