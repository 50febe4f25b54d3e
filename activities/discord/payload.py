"""A card in Discord's own words: one embed, and a row of buttons. Nothing in it can ping."""

from hashlib import blake2b
from typing import Any, TypeAlias

from domain.card import Card, CardButton

Json: TypeAlias = dict[str, Any]

_ROW, _BUTTON = 1, 2  # kinds of component
_GREY, _RED = 2, 4
_NONCE_BYTES = 12  # 24 hexadecimal digits; Discord takes 25 characters


def posted(card: Card) -> Json:
    """The body of a new message. The nonce is the trade's: for some minutes Discord takes a repeated post as one."""
    return {**edited(card), "nonce": nonce(card.workflow_id), "enforce_nonce": True}


def edited(card: Card) -> Json:
    """The body of an edit; without buttons the message loses those it had."""
    return {"embeds": [_embed(card)], "components": _components(card), "allowed_mentions": {"parse": []}}


def nonce(workflow_id: str) -> str:
    """One for each trade's card."""
    return blake2b(f"card:{workflow_id}".encode(), digest_size=_NONCE_BYTES).hexdigest()


def shows(message: Json, workflow_id: str) -> bool:
    """Whether a message is that trade's card: the footer says so, whatever state it shows."""
    return any(embed.get("footer", {}).get("text") == workflow_id for embed in message.get("embeds", ()))


def _embed(card: Card) -> Json:
    fields = [{"name": field.name, "value": field.value, "inline": not field.wide} for field in card.fields]
    return {
        "title": card.title,
        "description": card.text,
        "color": card.colour,
        "fields": fields,
        "footer": {"text": card.workflow_id},
    }


def _components(card: Card) -> list[Json]:
    if not card.buttons:
        return []
    return [{"type": _ROW, "components": [_button(button, card.workflow_id) for button in card.buttons]}]


def _button(button: CardButton, workflow_id: str) -> Json:
    style = _RED if button is CardButton.CLOSE_NOW else _GREY
    return {"type": _BUTTON, "style": style, "label": button.label, "custom_id": button.custom_id(workflow_id)}
