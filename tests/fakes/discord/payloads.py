"""The bounds of a message that Discord enforces: lengths, counts, components, nonces."""

from typing import Any

from tests.fakes.discord.shapes import COMPONENTS_V2, DiscordError, Json, flat, invalid_form

_CONTENT, _EMBEDS, _EMBED_TOTAL, _FIELDS = 2000, 10, 6000, 25
_LENGTHS = {"title": 256, "description": 4096}
_FIELD_NAME, _FIELD_VALUE, _FOOTER, _AUTHOR = 256, 1024, 2048, 256
_COMPONENTS, _ROWS, _ROW_WIDTH, _CUSTOM_ID, _LABEL = 40, 5, 5, 100, 80
_NONCE = 25
_ACTION_ROW, _LAST_V1_TYPE = 1, 8


def check(body: Json) -> None:
    """DiscordError when a message would not be taken."""
    errors: Json = {}
    if len(body.get("content") or "") > _CONTENT:
        errors["content"] = f"Must be {_CONTENT} or fewer in length."
    if wrong := _wrong_embeds(body.get("embeds") or []):
        errors["embeds"] = wrong
    if wrong := _wrong_components(body):
        errors["components"] = wrong
    if body.get("nonce") is not None and len(str(body["nonce"])) > _NONCE:
        errors["nonce"] = f"Must be {_NONCE} or fewer in length."
    if errors:
        raise invalid_form(**errors)


def require_content(body: Json, files: Any) -> None:
    """DiscordError when there is nothing in a message."""
    if not (files or any(body.get(part) for part in ("content", "embeds", "components", "sticker_ids", "poll"))):
        raise DiscordError(400, 50006, "Cannot send an empty message")


def _wrong_embeds(embeds: list[Json]) -> str:
    if len(embeds) > _EMBEDS:
        return f"at most {_EMBEDS}"
    for embed in embeds:
        if wrong := _wrong_embed(embed):
            return wrong
    if sum(_letters(embed) for embed in embeds) > _EMBED_TOTAL:
        return f"MAX_EMBED_SIZE_EXCEEDED: {_EMBED_TOTAL}"
    return ""


def _wrong_embed(embed: Json) -> str:
    for part, most in _LENGTHS.items():
        if len(embed.get(part) or "") > most:
            return f"{part}: at most {most}"
    fields = embed.get("fields", [])
    if len(fields) > _FIELDS:
        return f"at most {_FIELDS} fields"
    for each in fields:
        if not 0 < len(each.get("name") or "") <= _FIELD_NAME or not 0 < len(each.get("value") or "") <= _FIELD_VALUE:
            return f"a field's name has 1 to {_FIELD_NAME} letters, its value 1 to {_FIELD_VALUE}"
    if len(_part(embed, "footer", "text")) > _FOOTER or len(_part(embed, "author", "name")) > _AUTHOR:
        return f"footer: at most {_FOOTER}, author: at most {_AUTHOR}"
    return ""


def _letters(embed: Json) -> int:
    fields = sum(len(each["name"]) + len(each["value"]) for each in embed.get("fields", []))
    texts = (embed.get("title") or "", embed.get("description") or "")
    return fields + sum(map(len, (*texts, _part(embed, "footer", "text"), _part(embed, "author", "name"))))


def _part(embed: Json, part: str, field: str) -> str:
    return str((embed.get(part) or {}).get(field) or "")


def _wrong_components(body: Json) -> str:
    components = flat(body.get("components"))
    is_v2 = bool((body.get("flags") or 0) & COMPONENTS_V2)
    ids = [each["custom_id"] for each in components if each.get("custom_id")]
    rules = {
        "IS_COMPONENTS_V2 forbids content and embeds": is_v2 and bool(body.get("content") or body.get("embeds")),
        "v2 components need the IS_COMPONENTS_V2 flag": not is_v2
        and any(each["type"] > _LAST_V1_TYPE for each in components),
        "too many components": len(components) > _COMPONENTS
        or (not is_v2 and len(body.get("components") or ()) > _ROWS),
        "COMPONENT_CUSTOM_ID_DUPLICATED": len(ids) != len(set(ids)),
        "custom_id or label too long": any(_is_too_long(each) for each in components),
        "row too wide": any(
            each["type"] == _ACTION_ROW and len(each.get("components", ())) > _ROW_WIDTH for each in components
        ),
    }
    return next((words for words, is_broken in rules.items() if is_broken), "")


def _is_too_long(component: Json) -> bool:
    return len(component.get("custom_id") or "") > _CUSTOM_ID or len(component.get("label") or "") > _LABEL
