"""The words of Discord's wire that every part of the fake shares: JSON shapes, errors, message flags, intents."""

from datetime import UTC, datetime
from enum import IntFlag
from typing import Any

Json = dict[str, Any]

API = "/api/v10"
EPHEMERAL = 1 << 6
HAS_THREAD = 1 << 5
HAS_SNAPSHOT = 1 << 14
COMPONENTS_V2 = 1 << 15
THREAD_TYPES = (10, 11, 12)
TEXT, DIRECT, PUBLIC_THREAD = 0, 1, 11


class Intent(IntFlag):
    """What a session asks to be told of."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


class DiscordError(Exception):
    """A refusal, as Discord words it: an HTTP status, a JSON code, a sentence."""

    def __init__(self, status: int, code: int, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message, **extra}


def invalid_form(**errors: Any) -> DiscordError:
    """400 with code 50035."""
    return DiscordError(400, 50035, "Invalid Form Body", errors=errors)


def moment(at: datetime | None = None) -> str:
    """A time as the wire has it; now by default."""
    return (at or datetime.now(UTC)).isoformat()


def flat(components: Any) -> list[Json]:
    """Components and all within them."""
    found: list[Json] = []
    for component in components or ():
        found += [component, *flat(component.get("components"))]
        if accessory := component.get("accessory"):
            found.append(accessory)
    return found
