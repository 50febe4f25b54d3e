"""Changing the desk's policy while it trades: one setting at a time, checked as the settings file's are.

The settings file gives the first values. What was changed since by a person stays, unless the file's own value for that
setting changes too: then somebody edited the file, and that is the newer word.
"""

import json
from typing import Any

from pydantic import JsonValue, ValidationError

from domain.command import ChangeAllowlist, PolicyChanged, SetFactor, SetLimit
from domain.settings import MOST_IDS, DeskPolicy

_AREAS = ("limits", "sizing", "guard", "ladder", "exit", "closing", "protection", "short_options")
_BY_CHANNEL = "sizing.channel_factor"  # has a command of its own
_ABSENT = object()


def set_limit(policy: DeskPolicy, change: SetLimit) -> tuple[DeskPolicy, PolicyChanged]:
    """The policy with one number set; the same policy, and why, when it does not fit."""
    area, _, field = change.name.partition(".")
    held = getattr(policy, area, None) if area in _AREAS else None
    if held is None or field not in type(held).model_fields or change.name == _BY_CHANNEL:
        return policy, PolicyChanged(name=change.name, refused="there is no such setting")
    return _changed(policy, change.name, {area: {field: change.value}})


def change_allowlist(policy: DeskPolicy, change: ChangeAllowlist) -> tuple[DeskPolicy, PolicyChanged]:
    """The policy with one id more, or less, on its allowlist."""
    held: frozenset[int] = getattr(policy.allowlist, change.kind)
    ids = held | {change.discord_id} if change.add else held - {change.discord_id}
    if len(ids) > MOST_IDS:
        return policy, PolicyChanged(name=f"allowlist.{change.kind}", refused=f"it holds {MOST_IDS}, which is the most")
    allowlist = policy.allowlist.model_copy(update={change.kind.value: ids})
    changed = PolicyChanged(name=f"allowlist.{change.kind}", before=_listed(held), after=_listed(ids))
    return policy.model_copy(update={"allowlist": allowlist}), changed


def set_factor(policy: DeskPolicy, change: SetFactor) -> tuple[DeskPolicy, PolicyChanged]:
    """The policy with one channel's factor set, or forgotten."""
    held = policy.sizing.channel_factor
    factors = {channel: factor for channel, factor in held.items() if channel != change.channel_id}
    if change.factor is not None:
        factors[change.channel_id] = change.factor
    if len(factors) > MOST_IDS:
        return policy, PolicyChanged(name=_BY_CHANNEL, refused=f"it holds {MOST_IDS}, which is the most")
    sizing = policy.sizing.model_copy(update={"channel_factor": factors})
    name = f"{_BY_CHANNEL}.{change.channel_id}"
    changed = PolicyChanged(name=name, before=str(held.get(change.channel_id, 1)), after=str(change.factor or 1))
    if change.factor is not None:
        changed = changed.model_copy(update={"after": str(change.factor)})
    return policy.model_copy(update={"sizing": sizing}), changed


def take_from_file(policy: DeskPolicy, before: DeskPolicy, now: DeskPolicy) -> DeskPolicy:
    """What the file says anew, over what was in force; `before` is what it said when it was read last.

    Where the two don't fit together (a window too short for the new rungs), that area is the file's: it fits in itself.
    """
    merged = _merge(policy.model_dump(), before.model_dump(), now.model_dump())
    try:
        return DeskPolicy.model_validate(merged)
    except ValidationError as error:
        misfits = {str(fault["loc"][0]) for fault in error.errors()}
    return DeskPolicy.model_validate(merged | {area: now.model_dump()[area] for area in misfits})


def _changed(
    policy: DeskPolicy, name: str, update: dict[str, dict[str, JsonValue]]
) -> tuple[DeskPolicy, PolicyChanged]:
    before = policy.model_dump(mode="json")
    ((area, fields),) = update.items()
    asked = before | {area: before[area] | fields}
    try:
        after = DeskPolicy.model_validate_json(json.dumps(asked))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        return policy, PolicyChanged(name=name, refused=str(fault["msg"]).removeprefix("Value error, "))
    (field,) = fields
    told = PolicyChanged(
        name=name, before=_word(before[area][field]), after=_word(after.model_dump(mode="json")[area][field])
    )
    return after, told


def _listed(ids: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(ids))) or "nobody"


def _word(value: JsonValue) -> str:
    ordered = sorted(value, key=str) if isinstance(value, list) else value  # they are all sets
    return ordered if isinstance(ordered, str) else json.dumps(ordered, sort_keys=True)


def _merge(held: Any, before: Any, now: Any) -> Any:
    if isinstance(held, dict) and isinstance(before, dict) and isinstance(now, dict):
        keys = [*held, *(key for key in now if key not in held)]
        merged = {key: _merge(held.get(key, _ABSENT), before.get(key, _ABSENT), now.get(key, _ABSENT)) for key in keys}
        return {key: value for key, value in merged.items() if value is not _ABSENT}
    if isinstance(held, frozenset) and isinstance(before, frozenset) and isinstance(now, frozenset):
        return (held | (now - before)) - (before - now)
    return held if before == now else now
