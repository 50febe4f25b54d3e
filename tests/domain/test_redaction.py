"""No secret passes; what trades are made of does."""

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from domain.audit import AuditEvent, AuditKind
from domain.redaction import MASK, redact, redact_event, redact_json

JWT = "eyJhbGciOiJFZERTQSIsInR5cCI6InJ0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2FwaSIsInN1YiI6IlUxMjMifQ.c2lnbmF0dXJl-_x"
CLIENT_SECRET = "3f786850e387550fdab836ed7e6dc881de23001b"
BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
QUOTE_TOKEN = "dGFzdHksYXBpLCwxNzYzOTAwMDAwLDE3NjM5ODY0MDAsVTAwMDEyMzQ1Ng.zZqR4"


@pytest.mark.parametrize("secret", [JWT, CLIENT_SECRET, BOT_TOKEN, QUOTE_TOKEN])
def test_a_bare_secret_is_masked_wherever_it_stands(secret: str) -> None:
    clean = redact(f"401 for {secret}, giving up")
    assert secret not in clean
    assert MASK in clean
    assert clean.endswith("giving up")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abc.def-123456", f"Authorization: {MASK} {MASK}"),
        ("sent bearer abcdefgh1234", f"sent bearer {MASK}"),
        ("client_secret=hunter2&x=1", f"client_secret={MASK}&x=1"),
        ('{"refresh_token": "short"}', f'{{"refresh_token": "{MASK}"}}'),
        ("refresh-token: abc", f"refresh-token: {MASK}"),
        ("password=correct horse", f"password={MASK} horse"),
        ("https://discord.com/api/webhooks/123/AbC-d_e failed", f"https://discord.com/api/webhooks/123/{MASK} failed"),
    ],
)
def test_a_secret_that_is_named_is_masked_whatever_it_looks_like(text: str, clean: str) -> None:
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "BTO UBER 78p 12/05 @ 0.75",
        "UBER  261204P00078000",
        "alert-1234567890123456789-1234567890123456789-12:4711",
        "al-9ylz8zfjl1ez-9ylz8zfjl1ez-0e01",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "the bot restarted; basic position, token trade, bearer certificates",
        "https://discord.com/channels/1234567890123456789/1234567890123456789/1234567890123456789",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "",
    ],
)
def test_what_trades_are_made_of_passes_unchanged(text: str) -> None:
    assert redact(text) == text


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact(f"Authorization: Bearer {JWT} client_secret={CLIENT_SECRET}")
    assert redact(once) == once


def test_a_known_secret_is_masked_even_when_it_looks_like_a_word() -> None:
    assert redact("user said swordfish again", known=["swordfish"]) == f"user said {MASK} again"


def test_a_known_secret_too_short_to_be_one_masks_nothing() -> None:
    assert redact("BTO a 5", known=["a"]) == "BTO a 5"


def test_json_is_searched_in_depth_and_by_key() -> None:
    payload: JsonValue = {
        "headers": [{"Authorization": "x"}, {"body": f"token {JWT}"}],
        "api_key": 12345,
        "n": 1,
        "token": None,
    }
    assert redact_json(payload) == {
        "headers": [{"Authorization": MASK}, {"body": f"token {MASK}"}],
        "api_key": MASK,
        "n": 1,
        "token": None,
    }


def test_every_text_of_an_event_is_searched() -> None:
    dirty = AuditEvent(
        event_id="alert-1-2:1",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        kind=AuditKind.ERROR,
        workflow_id="alert-1-2",
        author_name=JWT,
        code=f"Bearer {JWT}",
        detail=f"refresh_token={JWT}",
        payload={"answer": {"access_token": JWT}},
    )
    clean = redact_event(dirty)
    assert JWT not in clean.model_dump_json()
    assert (clean.event_id, clean.kind, clean.at) == (dirty.event_id, dirty.kind, dirty.at)


def test_an_event_without_a_secret_is_the_same_event() -> None:
    clean = AuditEvent(event_id="e:1", at=datetime(2026, 11, 23, tzinfo=UTC), kind=AuditKind.FILL, workflow_id="e")
    assert redact_event(clean) is clean


def test_a_long_hostile_text_is_read_once() -> None:
    assert redact("a" * 500_000) == "a" * 500_000
