"""Access and quote tokens: signed, with their end written inside, so that a restart invalidates none."""

import hashlib
import hmac
import secrets

from paper.clock import Clock

QUOTE_TOKEN_LIFE = 24 * 3600.0  # seconds


class Tokens:
    """Issues tokens of a kind ("access" or "quote") and judges them."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, kind: str, life: float) -> str:
        """A token that is good for `life` seconds."""
        end = int((self._clock().timestamp() + life) * 1000)
        body = f"{end:x}.{secrets.token_hex(4)}"
        return f"{body}.{self._sign(kind, body)}"

    def is_valid(self, kind: str, token: str) -> bool:
        """Whether we issued it, and it isn't over."""
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(kind, body).encode()):
            return False
        return int(body.partition(".")[0], 16) > self._clock().timestamp() * 1000

    def _sign(self, kind: str, body: str) -> str:
        return hmac.new(self._secret, f"{kind}:{body}".encode(), hashlib.sha256).hexdigest()
