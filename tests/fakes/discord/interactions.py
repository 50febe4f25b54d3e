"""Slash commands, their completions, buttons, menus and forms: from a person's click to the bot's answer.

Three seconds for the first answer, one first answer, fifteen minutes for the rest.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.permissions import Permission, in_channel, in_guild
from tests.fakes.discord.shapes import DiscordError, Json, flat
from tests.fakes.discord.world import World

_TOKEN_LIFE = 900.0  # seconds
_SUBCOMMAND, _GROUP, _USER, _CHANNEL, _ROLE = 1, 2, 6, 7, 8
_LARGEST_FILE = 10 * 1024 * 1024


class Kind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    COMPLETION = 4
    FORM = 5


@dataclass
class Interaction:
    """One, with the bot's answers. `response` is the first message, `followups` those after it."""

    payload: Json
    user: Json
    began: float
    source: Json | None = None  # the message whose component was used
    callbacks: list[int] = field(default_factory=list)
    response: Json | None = None
    followups: list[Json] = field(default_factory=list)
    form: Json | None = None
    choices: list[Json] | None = None
    answered_after: float | None = None  # seconds
    late_by: float | None = None
    is_ephemeral: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    shown: asyncio.Event = field(default_factory=asyncio.Event)  # a message came that is no mere "thinking"

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    @property
    def is_expired(self) -> bool:
        """Its token is worth nothing any more."""
        return self.age > _TOKEN_LIFE

    @property
    def text(self) -> str:
        """All that the bot showed, embeds included."""
        shown = [each for each in (self.response, *self.followups) if each is not None]
        return "\n".join(line for each in shown for line in _lines(each))

    async def message(self, within: float = 10.0) -> Json:
        """The first message that it showed, waited for."""
        await asyncio.wait_for(self.shown.wait(), within)
        assert self.response is not None
        return self.response

    async def wait(self, within: float = 10.0) -> "Interaction":
        """Return when the bot has answered at all."""
        await asyncio.wait_for(self.answered.wait(), within)
        return self


class NotOffered(AssertionError):
    """No person could do that: the command is not there for them, the button is not there or disabled."""


class Interactions:
    """Every interaction by its token, and the commands that were registered, by guild (None: everywhere)."""

    def __init__(self, world: World, gateway: Gateway, deadline: float = 3.0) -> None:
        self._world = world
        self._gateway = gateway
        self.deadline = deadline  # seconds
        self.begun: dict[str, Interaction] = {}
        self.commands: dict[str | None, dict[str, Json]] = defaultdict(dict)
        self.shown_to: set[str] = set()  # roles that the server's admins show every command to (Integrations)
        self.syncs = 0

    async def slash(self, channel: Json, user: Json, name: str, /, **options: Any) -> Interaction:
        """A command with its options, `name` with its subcommands: "allow add". NotOffered when they can't use it."""
        command, declared, path = self._offered(channel, user, name)
        given = [_given(declared, key.rstrip("_"), value) for key, value in options.items()]
        if missing := [each["name"] for each in declared if each.get("required") and each["name"] not in _names(given)]:
            raise NotOffered(f"/{name}: required {missing}")
        return await self._use(channel, user, Kind.COMMAND, command, given, path)

    async def complete(
        self, channel: Json, user: Json, name: str, option: str, typed: str, /, **others: Any
    ) -> list[Json]:
        """What the bot offers while a person types into an option."""
        command, declared, path = self._offered(channel, user, name)
        spec = next((each for each in declared if each["name"] == option), None)
        if spec is None or not spec.get("autocomplete"):
            raise NotOffered(f"/{name} completes no {option}")
        given = [_given(declared, key, value) for key, value in others.items()]
        given.append({"name": option, "type": spec["type"], "value": typed, "focused": True})
        asked = await self._use(channel, user, Kind.COMPLETION, command, given, path)
        await asked.wait()
        return asked.choices or []

    async def click(self, message: Json, user: Json, custom_id: str, values: tuple[str, ...] = ()) -> Interaction:
        """A button or a menu under a message. NotOffered when it is not there or disabled."""
        component = next((each for each in flat(message["components"]) if each.get("custom_id") == custom_id), None)
        if component is None or component.get("disabled"):
            there = [each.get("custom_id") for each in flat(message["components"]) if each.get("custom_id")]
            raise NotOffered(f"no {custom_id} to click among {there}")
        content = {"custom_id": custom_id, "component_type": component["type"], "id": component["id"]}
        content |= {"values": list(values)} if values else {}
        channel = self._world.channels[message["channel_id"]]
        return await self._begin(channel, user, Kind.COMPONENT, content, message)

    async def submit(self, asked: Interaction, **texts: str) -> Interaction:
        """Fill the form that an interaction opened in, by its inputs' custom ids."""
        assert asked.form is not None, "no form was opened"
        rows = [
            {**row, "components": [{**each, "value": texts[each["custom_id"]]} for each in row["components"]]}
            for row in asked.form["components"]
        ]
        channel = self._world.channels[asked.payload["channel_id"]]
        content = {"custom_id": asked.form["custom_id"], "components": rows}
        return await self._begin(channel, asked.user, Kind.FORM, content, asked.source)

    def find(self, interaction_id: str, token: str) -> Interaction:
        """The one to be answered now. DiscordError when it is too late or answered."""
        found = self.begun.get(token)
        if found is None or found.payload["id"] != interaction_id:
            raise DiscordError(404, 10062, "Unknown interaction")
        if found.age > self.deadline:
            found.late_by = found.age - self.deadline
            raise DiscordError(404, 10062, "Unknown interaction")
        if found.callbacks:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        return found

    def _offered(self, channel: Json, user: Json, name: str) -> tuple[Json, list[Json], list[str]]:
        root, *path = name.split()
        guild_id = channel["guild_id"]
        command = self.commands[guild_id].get(root) or self.commands[None].get(root)
        if command is None:
            raise NotOffered(f"/{root} was never registered")
        held, needed = in_guild(self._world, guild_id, user["id"]), command.get("default_member_permissions")
        roles = {guild_id, *self._world.members[guild_id][user["id"]]["roles"]}
        if (
            needed is not None
            and self.shown_to.isdisjoint(roles)
            and not held & Permission.ADMINISTRATOR
            and (not int(needed) or held & int(needed) != int(needed))
        ):
            raise NotOffered(f"{user['username']} can't see /{root}: it needs {needed}")
        declared: list[Json] = command.get("options", [])
        for step in path:
            found = next((each for each in declared if each["name"] == step and each["type"] <= _GROUP), None)
            if found is None:
                raise NotOffered(f"/{root} has no {step}")
            declared = found.get("options", [])
        return command, declared, path

    async def _use(
        self, channel: Json, user: Json, kind: Kind, command: Json, given: list[Json], path: list[str]
    ) -> Interaction:
        options = given
        for depth, step in enumerate(reversed(path)):
            options = [{"name": step, "type": _SUBCOMMAND if not depth else _GROUP, "options": options}]
        content = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        content["resolved"] = self._resolved(channel["guild_id"], given)
        if "guild_id" in command:
            content["guild_id"] = command["guild_id"]
        return await self._begin(channel, user, kind, content, None)

    def _resolved(self, guild_id: str, given: list[Json]) -> Json:
        found: dict[str, Json] = defaultdict(dict)
        for option in given:
            value, members = option["value"], self._world.members[guild_id]
            if option["type"] == _USER:
                found["users"][value] = self._world.users[value]
                if value in members:
                    found["members"][value] = self._member(guild_id, value)
            elif option["type"] == _ROLE:
                found["roles"][value] = self._world.roles[guild_id][value]
            elif option["type"] == _CHANNEL:
                found["channels"][value] = {**self._world.channels[value], "permissions": "0"}
        return dict(found)

    def _member(self, guild_id: str, user_id: str) -> Json:
        fields = {key: value for key, value in self._world.members[guild_id][user_id].items() if key != "user"}
        return {**fields, "permissions": str(in_guild(self._world, guild_id, user_id))}

    async def _begin(self, channel: Json, user: Json, kind: Kind, content: Json, source: Json | None) -> Interaction:
        guild_id, token = channel["guild_id"], secrets.token_urlsafe(48)
        application = self._world.application_id
        payload: Json = {
            "id": self._world.ids.new(),
            "application_id": application,
            "type": kind,
            "data": content,
            "guild_id": guild_id,
            "channel_id": channel["id"],
            "channel": channel,
            "token": token,
            "version": 1,
            "guild": {"id": guild_id, "locale": "en-US", "features": []},
            "context": 0,
            "entitlements": [],
            "member": {"user": user, **self._member(guild_id, user["id"])},
            "locale": "en-US",
            "app_permissions": str(in_channel(self._world, channel, self._world.bot["id"])),
            "authorizing_integration_owners": {"0": guild_id},
            "attachment_size_limit": _LARGEST_FILE,
            "guild_locale": "en-US",
        }
        if source is not None:
            payload["message"] = source
        begun = Interaction(payload, user, time.monotonic(), source)
        self.begun[token] = begun
        if not await self._gateway.dispatch("INTERACTION_CREATE", payload):
            raise AssertionError("the application did not respond: no gateway session is live")
        return begun


def _given(declared: list[Json], name: str, value: Any) -> Json:
    option = next((each for each in declared if each["name"] == name), None)
    if option is None:
        raise NotOffered(f"no option {name} among {_names(declared)}")
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise NotOffered(f"{value} is no choice of {name}: {choices}")
    return {"name": name, "type": option["type"], "value": value}


def _names(options: list[Json]) -> list[str]:
    return [each["name"] for each in options]


def _lines(message: Json) -> Iterator[str]:
    yield from filter(None, (message["content"],))
    for embed in message["embeds"]:
        yield from filter(None, (embed.get("title"), embed.get("description")))
        for each in embed.get("fields", ()):
            yield f"{each['name']}: {each['value']}"
        yield from filter(None, ((embed.get("footer") or {}).get("text"),))
    for component in flat(message["components"]):
        yield from filter(None, (component.get("content"),))
