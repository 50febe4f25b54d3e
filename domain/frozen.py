"""The base of every message and value: immutable, and closed to fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown fields are an error, so a misspelt setting can't pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")
