"""What a paper exchange is started with: where it listens and keeps its book, how fast it is, how it begins."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, Field

from domain.frozen import Frozen


class SessionMode(StrEnum):
    """Who says whether the market is open."""

    OPEN = "open"  # always open, so that a demo works at any hour
    CLOSED = "closed"
    REAL = "real"  # the calendar of the New York Stock Exchange


class PaperSettings(Frozen):
    """One exchange. `db` None keeps the book in memory only; port 0 takes any free port. Times are in seconds."""

    db: Path | None = None
    port: int = Field(default=0, ge=0, le=65535)
    seed: int = 1
    at: AwareDatetime | None = None  # where the clock of a new book starts; None: the real time
    session: SessionMode = SessionMode.OPEN
    token_life: float = Field(default=900.0, gt=0)
    cash: Decimal = Decimal(100_000)  # the first deposit; ignored when the book already exists
    account_number: str = "5WX00042"
    round_trip_seconds: float = Field(default=0.0, ge=0)  # of each request, half of it before it is carried out
    hop_seconds: float = Field(default=0.01, ge=0)  # Routed, In Flight, Live: one hop each
    cancel_seconds: float = Field(default=0.05, ge=0)  # recorded from the broker's sandbox: 47 to 63 ms
    tick_seconds: float = Field(default=0.25, gt=0)  # between two moves of the simulated market
    rate_limits: bool = True  # the broker's published ones: too many requests are answered 429
    # The broker asks for a heartbeat at least once a minute, and says nothing of its patience beyond.
    stream_patience: float = Field(default=75.0, gt=0)  # with an account stream's client that gives no sign of life

    def hurried(self) -> "PaperSettings":
        """The same exchange with next to no latency and no rate limits, for tests."""
        return self.model_copy(update={"hop_seconds": 0.001, "cancel_seconds": 0.002, "rate_limits": False})
