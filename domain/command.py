"""What the people who answer for the desk may tell it, and its answers: halts, resumes, changes of its policy."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from domain.frozen import Frozen

Reason = Annotated[str, Field(min_length=1, max_length=200)]


class Trading(StrEnum):
    """What the desk lets happen. Cancels, exits and sales of what is held are never stopped (invariant 17)."""

    ACTIVE = "active"
    REDUCING = "reducing"  # no entries: an operator winds down, and may resume in one step
    HALTED = "halted"  # no entries: the big red button, or the desk's own trip; resuming takes two steps


class Person(Frozen):
    """Who says so: a Discord id, or 0 for whoever holds the command line or the API key of that `name`."""

    person_id: int = 0
    name: str = ""
    via: str = ""  # command line, api, discord, desk

    def __str__(self) -> str:
        return f"{self.name or self.person_id} ({self.via})"


class Standing(Frozen):
    """Whether the desk trades, and since when, by whom and why not."""

    trading: Trading = Trading.ACTIVE
    reason: str = ""
    by: Person = Person()
    since: datetime | None = None

    @property
    def admits(self) -> bool:
        """Entries are let in."""
        return self.trading is Trading.ACTIVE

    def __str__(self) -> str:
        return f"{self.trading} by {self.by}: {self.reason}" if not self.admits else str(self.trading)


class Halt(Frozen):
    """Stop entries now, those in the market included."""

    by: Person
    reason: Reason
    trading: Trading = Trading.HALTED


class HaltReceipt(Frozen):
    """The desk stands so from now on. `stopped` trades have no entry order any more; `pending` have not said so yet."""

    standing: Standing
    stopped: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


class Resume(Frozen):
    """Trade again. The first call of a halted desk answers with a `code`; the second, with that code, resumes."""

    by: Person
    code: str | None = None


class ResumeAnswer(Frozen):
    """Whether it trades again; else the code to say so with, and until when it holds."""

    resumed: bool
    standing: Standing
    code: str | None = None
    valid_until: datetime | None = None
    refused: str | None = None  # the code was wrong or too old


class OperatorDid(Frozen):
    """What a person did past the desk, for it to write down: cancelled a trade, handed an alert in."""

    by: Person
    what: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    detail: Annotated[str, Field(max_length=500)] = ""
    workflow_id: str | None = None  # the trade that it was done to


class Denied(Frozen):
    """What somebody asked for who may not, and why not: a button or a command by its name. The desk writes it down.

    The same person, thing and trade within one minute of the clock is one row.
    """

    by: Person
    what: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    why: Annotated[str, Field(max_length=200)]
    at: datetime
    workflow_id: str | None = None  # the trade that it was asked of

    @property
    def key(self) -> str:
        """What is written once."""
        return f"{self.by.person_id}:{self.what}:{self.workflow_id or '-'}:{self.at:%Y%m%dT%H%M}"


class TurnedAway(Frozen):
    """An alert that a front door did not take: who wrote it, and why not. The desk writes it down, once."""

    channel_id: int
    message_id: int
    author_id: int
    author_name: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=500)] = ""
    code: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    detail: Annotated[str, Field(max_length=500)] = ""


class AllowKind(StrEnum):
    """Whom an entry of the allowlist names."""

    USERS = "users"
    ROLES = "roles"
    CHANNELS = "channels"
    BOTS = "bots"


class ChangeAllowlist(Frozen):
    """Add an id to the allowlist, or take it off."""

    by: Person
    kind: AllowKind
    discord_id: Annotated[int, Field(gt=0, lt=2**63)]
    add: bool


class SetLimit(Frozen):
    """Set one number of the desk's policy; `name` is its path in the settings, as `limits.max_open_trades`."""

    by: Person
    name: str
    value: JsonValue


class SetFactor(Frozen):
    """Size a channel's trades by this factor; None: as any other's."""

    by: Person
    channel_id: Annotated[int, Field(gt=0, lt=2**63)]
    factor: Annotated[Decimal, Field(ge=0, le=10)] | None


class PolicyChanged(Frozen):
    """What a change did, in words; `refused` says why it was not made."""

    name: str
    before: str = ""
    after: str = ""
    refused: str | None = None
