"""JSON as webhooks send it, turned into the lines that a person would have been shown."""

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

_LONGEST = 4000
_DEEPEST = 4
_OBJECT = re.compile(
    r"\A(?:[^a-z0-9{?>~]{0,20}|\s*```json\s*)(?P<inner>\{.*\})[^a-z0-9}?>~]{0,20}\Z", re.DOTALL | re.IGNORECASE
)
_NOT_MEANT = ("test", "paper", "demo", "sim", "simulated", "dryrun", "backtest", "practice")
_TITLES = ("content", "title", "description")  # of a Discord message and of its embeds, told without their names


def from_json(text: str) -> str:
    """A webhook's JSON with one line a key, its embeds unfolded; any other text as it stands."""
    found = _OBJECT.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return text
    try:
        parsed = json.loads(found["inner"])
    except (ValueError, RecursionError):
        return text
    return "\n".join(_lines(parsed, _DEEPEST)) if isinstance(parsed, dict) else text


def _lines(fields: dict[str, JsonValue], depth: int) -> Iterator[str]:
    if {"name", "value"} <= fields.keys():  # a field of an embed
        yield f"{fields['name']}: {fields['value']}"
        return
    titles = [key for key in _TITLES if key in fields]
    for key in [*titles, *(key for key in fields if key not in titles)]:
        yield from _line(key, fields[key], depth)


def _line(key: str, value: JsonValue, depth: int) -> Iterator[str]:
    if value is True and key.lower().removeprefix("is_").replace("_", "") in _NOT_MEANT:
        yield "note: a test"
    inner = value if isinstance(value, list) else [value]
    objects = [item for item in inner if isinstance(item, dict)]
    plain = [str(item) for item in inner if isinstance(item, str | int | float) and not isinstance(item, bool)]
    if plain:
        said = ", ".join(plain)
        yield said if key in _TITLES else f"{key}: {said}"
    if depth:
        for item in objects:
            yield from _lines(item, depth - 1)
