"""What the desk decides by: allowlist, limits and channel factors, read and changed while it trades."""

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, JsonValue

from api.doors import ByCaller, ToDoors
from api.errors import ApiError
from domain.command import AllowKind, ChangeAllowlist, PolicyChanged, SetFactor, SetLimit
from domain.frozen import Frozen

router = APIRouter(tags=["policy"])
DiscordId = Annotated[int, Path(gt=0, lt=2**63)]
Name = Annotated[str, Path(max_length=80, pattern="^[a-z0-9_.]+$", examples=["limits.max_open_trades"])]


class Allowed(Frozen):
    """The immutable Discord ids on the allowlist, by whom they name; strings, as JSON's numbers can't hold them."""

    allowlist: dict[AllowKind, tuple[str, ...]]


class Limits(Frozen):
    """All numbers by their path in the settings, as `limits.max_open_trades`."""

    limits: dict[str, JsonValue]


class LimitAsked(Frozen):
    """The new value, as in the settings file."""

    value: JsonValue


class Factors(Frozen):
    """By the channel's Discord id: 0.5 is half size, and a channel that is not here has 1."""

    factors: dict[str, Decimal]


class FactorAsked(Frozen):
    """0.5 is half size."""

    factor: Annotated[Decimal, Field(ge=0, le=10)]


@router.get("/allowlist")
async def allowlist(doors: ToDoors) -> Allowed:
    """Who may trade, from where."""
    held = (await doors.desk.book()).policy.allowlist
    return Allowed(allowlist={kind: tuple(map(str, sorted(getattr(held, kind)))) for kind in AllowKind})


@router.put("/allowlist/{kind}/{discord_id}")
async def allow(kind: AllowKind, discord_id: DiscordId, doors: ToDoors, caller: ByCaller) -> PolicyChanged:
    """Add an id; in force for the next alert."""
    change = ChangeAllowlist(by=caller.person, kind=kind, discord_id=discord_id, add=True)
    return _changed(await doors.desk.change_allowlist(change))


@router.delete("/allowlist/{kind}/{discord_id}")
async def disallow(kind: AllowKind, discord_id: DiscordId, doors: ToDoors, caller: ByCaller) -> PolicyChanged:
    """Take an id off; in force for the next alert."""
    change = ChangeAllowlist(by=caller.person, kind=kind, discord_id=discord_id, add=False)
    return _changed(await doors.desk.change_allowlist(change))


@router.get("/limits")
async def limits(doors: ToDoors) -> Limits:
    """Everything that the desk decides by, but who is allowed."""
    areas: Mapping[str, Mapping[str, JsonValue]]
    areas = (await doors.desk.book()).policy.model_dump(mode="json", exclude={"allowlist"})
    return Limits(limits={f"{area}.{name}": held for area, fields in areas.items() for name, held in fields.items()})


@router.put("/limits/{name}")
async def set_limit(name: Name, asked: LimitAsked, doors: ToDoors, caller: ByCaller) -> PolicyChanged:
    """Set one number; in force for the next alert, and checked as the settings file's are."""
    return _changed(await doors.desk.set_limit(SetLimit(by=caller.person, name=name, value=asked.value)))


@router.get("/factors")
async def factors(doors: ToDoors) -> Factors:
    """By how much channels are traded larger or smaller."""
    held = (await doors.desk.book()).policy.sizing.channel_factor
    return Factors(factors={str(channel): factor for channel, factor in held.items()})


@router.put("/factors/{channel_id}")
async def set_factor(channel_id: DiscordId, asked: FactorAsked, doors: ToDoors, caller: ByCaller) -> PolicyChanged:
    """Size a channel's trades by a factor; in force for the next alert."""
    change = SetFactor(by=caller.person, channel_id=channel_id, factor=asked.factor)
    return _changed(await doors.desk.set_factor(change))


@router.delete("/factors/{channel_id}")
async def forget_factor(channel_id: DiscordId, doors: ToDoors, caller: ByCaller) -> PolicyChanged:
    """Size a channel's trades as any other's."""
    return _changed(await doors.desk.set_factor(SetFactor(by=caller.person, channel_id=channel_id, factor=None)))


def _changed(told: PolicyChanged) -> PolicyChanged:
    if told.refused is not None:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "not_changed", f"{told.name}: {told.refused}")
    return told
