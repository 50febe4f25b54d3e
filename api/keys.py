"""Who asks: keys by name, compared so that the time it takes tells nothing."""

import hmac
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from pydantic import SecretStr

from domain.command import Person
from domain.frozen import Frozen


class Role(StrEnum):
    """What a key is for."""

    VIEWER = "viewer"  # looks
    OPERATOR = "operator"  # looks, and changes what it sees


class Caller(Frozen):
    """The holder of a key."""

    name: str
    role: Role

    @property
    def person(self) -> Person:
        """As the desk and the audit know it."""
        return Person(name=self.name, via="api")


class Keys:
    """All keys of one API. None at all: nobody comes in."""

    def __init__(self, operators: Mapping[str, SecretStr], viewers: Mapping[str, SecretStr]) -> None:
        """Each by the name of who holds it."""
        self._held = [
            (_digest(key.get_secret_value()), Caller(name=name, role=role))
            for role, keys in ((Role.OPERATOR, operators), (Role.VIEWER, viewers))
            for name, key in keys.items()
        ]

    @property
    def is_empty(self) -> bool:
        """No key was set."""
        return not self._held

    def holder(self, presented: str) -> Caller | None:
        """Whose key this is. Digests of one length, and all of them: neither where a key differs nor which shows."""
        digest = _digest(presented)
        found = [caller for held, caller in self._held if hmac.compare_digest(held, digest)]
        return found[0] if found else None


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogateescape")).digest()
