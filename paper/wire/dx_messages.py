"""What a client of the quote stream may say: the fields of its messages that mean something here."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

TIMEOUT = 60.0  # seconds


class _Message(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class Setup(_Message):
    """How often the client will be heard at least, and how often it wants to hear from us, in seconds."""

    keepalive_timeout: float = Field(default=TIMEOUT, gt=0)
    accept_keepalive_timeout: float = Field(default=TIMEOUT, gt=0)


class Auth(_Message):
    """The quote token."""

    token: str


class Parameters(_Message):
    """Which delivery the client wants; it makes no difference here."""

    contract: str = "AUTO"


class ChannelRequest(_Message):
    """A channel to open."""

    service: str
    parameters: Parameters = Parameters()


class FeedSetup(_Message):
    """Seconds between two batches at the least, and the fields by event type, in the order they are wanted."""

    accept_aggregation_period: float | None = Field(default=None, ge=0)
    accept_event_fields: dict[str, list[str]] = {}


class Entry(_Message):
    """One subscription."""

    type: str
    symbol: str

    @property
    def key(self) -> tuple[str, str]:
        """Event type and streamer symbol."""
        return self.type, self.symbol


class FeedSubscription(_Message):
    """What to send from now on, and what no more; `reset` drops everything first."""

    reset: bool = False
    add: list[Entry] = []
    remove: list[Entry] = []
