"""Nonces that are functions of what is said: a repeated post, or a second bot's, is the same message."""

from hashlib import blake2b

_BYTES = 12  # 24 hexadecimal digits; Discord takes 25 characters


def nonce(*words: object) -> str:
    """The nonce of what these words name."""
    return blake2b(":".join(map(str, words)).encode(), digest_size=_BYTES).hexdigest()
