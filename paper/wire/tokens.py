"""Access and quote tokens: signed, with their end written inside, so that a restart invalidates none.

The secret and the generation are kept with the book: a token that was revoked stays so.
"""

import hashlib
import hmac
import secrets
from enum import StrEnum

from paper.clock import Clock
from paper.trading.store import Store

QUOTE_TOKEN_LIFE = 24 * 3600.0  # seconds
_PARTS = 3  # its end (ms since the epoch) and generation, in hexadecimal, and what makes it unique
_SECRET, _GENERATION = "signing secret", "token generation"


class Standing(StrEnum):
    """What a token is worth."""

    GOOD = "good"
    REVOKED = "revoked"
    WORTHLESS = "worthless"  # over, or never issued for this


class Tokens:
    """Issues tokens of a kind ("access" or "quote") and judges them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._secret = _kept_secret(store)
        self._generation = int(str(store.recall(_GENERATION) or 0))

    def issue(self, kind: str, life: float) -> str:
        """A token that is good for `life` seconds."""
        end = int((self._clock().timestamp() + life) * 1000)
        body = f"{end:x}.{self._generation:x}.{secrets.token_hex(4)}"
        return f"{body}.{self._sign(kind, body)}"

    def revoke_access(self) -> None:
        """Refuse every access token issued so far."""
        self._generation += 1
        self._store.remember(_GENERATION, self._generation)

    def standing(self, kind: str, token: str) -> Standing:
        """What a token is worth now."""
        body, _, signature = token.rpartition(".")
        parts = body.split(".")
        if len(parts) != _PARTS or not hmac.compare_digest(signature.encode(), self._sign(kind, body).encode()):
            return Standing.WORTHLESS
        end, generation = (int(part, 16) for part in parts[:2])
        if end <= self._clock().timestamp() * 1000:
            return Standing.WORTHLESS
        revoked = kind == "access" and generation < self._generation
        return Standing.REVOKED if revoked else Standing.GOOD

    def is_valid(self, kind: str, token: str) -> bool:
        """Whether we issued it, and it is neither over nor revoked."""
        return self.standing(kind, token) is Standing.GOOD

    def _sign(self, kind: str, body: str) -> str:
        return hmac.new(self._secret, f"{kind}:{body}".encode(), hashlib.sha256).hexdigest()


def bearer(header: str) -> str:
    """The token of an Authorization header; empty when it doesn't begin with the word Bearer."""
    scheme, _, token = header.partition(" ")
    return token if scheme == "Bearer" else ""


def _kept_secret(store: Store) -> bytes:
    known = store.recall(_SECRET)
    if not isinstance(known, str):
        known = secrets.token_hex(16)
        store.remember(_SECRET, known)
    return known.encode()
