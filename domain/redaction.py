"""Keeping secrets out of what is written down (invariant 25): tokens and passwords become `***`.

The rules know the secrets this program handles (bearer and refresh tokens, client secrets, Discord bot tokens and
webhook addresses) and, as a net below them, anything long and random. What trades are made of (ids, symbols, hashes,
prices) passes unchanged.
"""

import re
from collections.abc import Collection

from pydantic import JsonValue

from domain.audit import AuditEvent

MASK = "***"
_MIN_KNOWN = 6  # a shorter "secret" would mask ordinary words

_NAMES = (
    r"(?:client|app|api)[-_ ]?secret|(?:refresh|access|session|remember|auth|api|bot|bearer|quote|id)[-_ ]?token|"
    r"api[-_ ]?key|authorization|password|passwd|secret|token"
)
_SECRET_KEY = re.compile(rf"^[\w.-]*?(?:{_NAMES})$", re.IGNORECASE)
_RULES = (
    (re.compile(r"\b(Bearer)\s+(?=\S*\d)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"\b(Bot|Basic)\s+(?=\S*\d)[A-Za-z0-9._~+/=-]{20,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(rf"((?:{_NAMES})[\"']?\s*[:=]\s*[\"']?)(?!\*\*\*)[^\s\"',;&}}]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}"), MASK),  # JSON web tokens
    (re.compile(r"\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"), MASK),  # Discord bot tokens
    (re.compile(r"(/webhooks/\d+/)[A-Za-z0-9_-]+"), rf"\1{MASK}"),
    (re.compile(r"\b[0-9a-f]{40}\b"), MASK),  # the broker's client secrets; our own hashes have 64 digits
)
_LONG = re.compile(r"[A-Za-z0-9+_-]{40,}=*")
_CLASSES = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"))


def redact(text: str, known: Collection[str] = ()) -> str:
    """The text without what looks like a secret, and without the `known` secrets themselves."""
    for secret in known:
        if len(secret) >= _MIN_KNOWN:
            text = text.replace(secret, MASK)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return _LONG.sub(_mask_if_random, text)


def redact_json(value: JsonValue, known: Collection[str] = ()) -> JsonValue:
    """The same for JSON of any depth; a key that names a secret masks whatever it holds."""
    if isinstance(value, str):
        return redact(value, known)
    if isinstance(value, list):
        return [redact_json(item, known) for item in value]
    if isinstance(value, dict):
        return {
            redact(key, known): MASK if _SECRET_KEY.match(key) and held is not None else redact_json(held, known)
            for key, held in value.items()
        }
    return value


def redact_event(event: AuditEvent, known: Collection[str] = ()) -> AuditEvent:
    """The event with every text in it redacted; the same event when there is nothing to hide."""
    changed: dict[str, object] = {
        name: clean for name, value in event if type(value) is str and (clean := redact(value, known)) != value
    }
    payload = redact_json(event.payload, known)
    if payload != event.payload:
        changed["payload"] = payload
    return event.model_copy(update=changed) if changed else event


def _mask_if_random(found: re.Match[str]) -> str:
    """Mixed case and digits at this length are a token; workflow ids, hashes and snowflakes lack one of the three."""
    run = found.group()
    return MASK if all(letters.search(run) for letters in _CLASSES) else run
