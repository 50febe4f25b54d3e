"""JSON as webhooks send it, turned into the lines that a person would have been shown."""

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

from domain.reading.refusal import ambiguous, not_an_alert
from domain.reading.vocabulary import phrase_set

_LONGEST = 4000
_DEEPEST = 4
_OBJECT = re.compile(
    r"\A(?:[^a-z0-9{?>~]{0,20}|\s*```json\s*)(?P<inner>\{.*\})[^a-z0-9}?>~]{0,20}\Z", re.DOTALL | re.IGNORECASE
)
# A flag that is true of every order that is meant, one that is true of none, and those that tell nothing of it.
_MEANT = phrase_set("""
    live, executed, filled, active, confirmed, real, real money, enabled, valid, verified, approved, final, done
""")
_NOT_MEANT = phrase_set("""
    test, testing, paper, paper trade, paper trading, paper account, demo, sim, simulated, simulation, dry run, dryrun,
    backtest, practice, sandbox, cancelled, canceled, deleted, rejected, expired, draft, pending, working, queued,
    retracted, edited, hypothetical, example, sample, delayed, repost, closed, void, voided, invalid, failed, error,
    virtual, mock, debug, watch, watchlist, watch only, idea, planned, conditional
""")
_TELLS_NOTHING = phrase_set("""
    tts, inline, pinned, mention everyone, bot, nsfw, premium, vip, public, private, silent, notify, option, options,
    weekly, lotto, swing, scalp, day trade, daytrade, day trading, hedge, risky, embed, webhook, member, members only
""")
_PARTS = ("partial", "partial close", "trim", "scale out")  # of a close
_SAID = {"true": True, "yes": True, "false": False, "no": False}
_INNER = phrase_set("""
    data, payload, body, order, trade, alert, signal, embed, embeds, field, fields, message, messages, contract, option,
    instrument, author, footer, details, params, parameters, attributes, result, thumbnail, image
""")
_DRESS = phrase_set("color, colour, avatar url, icon url, image url, proxy icon url, thread name, nonce")
_JOINED = re.compile(r"(?<=[A-Za-z])_(?=[A-Za-z])")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLES = ("content", "title", "description")  # of a Discord message and of its embeds, told without their names


def from_json(text: str) -> str:
    """A webhook's JSON with one line a key, its embeds unfolded; any other text as it stands.

    NotRead when a flag in it takes the order back: `"live": false`, `"paper": true`.
    """
    found = _OBJECT.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return text
    try:
        parsed = json.loads(found["inner"], object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return text
    return "\n".join(_lines(parsed, _DEEPEST)) if isinstance(parsed, dict) else text


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """An object's fields. One that stands twice says two things."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ambiguous("a key of JSON stands twice")
    return fields


def _lines(fields: dict[str, JsonValue], depth: int) -> Iterator[str]:
    if {"name", "value"} <= fields.keys():  # a field of an embed
        yield f"{fields['name']}: {fields['value']}"
        return
    titles = [key for key in _TITLES if key in fields]
    for key in [*titles, *(key for key in fields if key not in titles)]:
        yield from _line(key, fields[key], depth)


def _line(key: str, value: JsonValue, depth: int) -> Iterator[str]:
    name = "note" if key == "text" else _name(key)  # of a footer
    if name in _DRESS:
        return
    if name in _PARTS and _flag(value) is not None:
        yield from ("portion: partial",) if _flag(value) else ()
        return
    _check_flag(name, value)
    inner = value if isinstance(value, list) else [value]
    objects = [item for item in inner if isinstance(item, dict)]
    if objects and name not in _INNER:
        raise not_an_alert(f"what it tells of: {name}")
    plain = [str(item) for item in inner if isinstance(item, str | int | float) and not isinstance(item, bool)]
    if plain and not (len(plain) == 1 and _flag(value) is not None):
        said = ", ".join(plain)
        yield said if key in _TITLES else f"{name}: {_JOINED.sub(' ', said)}"
    if depth:
        for item in objects:
            yield from _lines(item, depth - 1)


def _name(key: str) -> str:
    """`orderStatus` and `is_paper_trade` in words."""
    words = _CAPITAL.sub(" ", key).lower().replace("_", " ").replace("-", " ").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("is", "was", "has") else words)


def _flag(value: JsonValue) -> bool | None:
    return value if isinstance(value, bool) else _SAID.get(value.strip().lower()) if isinstance(value, str) else None


def _check_flag(name: str, value: JsonValue) -> None:
    """NotRead for a flag that takes the order back, and for one that nobody knows."""
    flag = bool(value) if name in _MEANT | _NOT_MEANT and value in (0, 1) else _flag(value)
    if flag is None or name in _TELLS_NOTHING or name in (_MEANT if flag else _NOT_MEANT):
        return
    raise not_an_alert(f"{name}: {value}")
