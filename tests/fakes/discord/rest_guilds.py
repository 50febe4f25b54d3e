"""The routes of the application, users, guilds and their members, and of commands."""

import re
from collections.abc import Iterator

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.rest import Answer, Call, Route
from tests.fakes.discord.shapes import PRIVILEGED, DiscordError, Intent, Json, invalid_form
from tests.fakes.discord.world import World

_CONTENT_FLAG, _MEMBERS_FLAG, _PRESENCE_FLAG = 1 << 19, 1 << 15, 1 << 13  # of an application in few guilds
_MOST_COMMANDS = 100
_COMMAND_NAME = re.compile(r"[-_a-z0-9]{1,32}")
_LONGEST_DESCRIPTION = 100
_CHAT_COMMAND, _GROUP = 1, 2


class GuildRoutes:
    """What the bot asks about the world, and which commands it offers there."""

    def __init__(self, world: World, gateway: Gateway, interactions: Interactions) -> None:
        self._world = world
        self._gateway = gateway
        self._interactions = interactions

    def routes(self) -> Iterator[Route]:
        """All of them."""
        commands = "/applications/{application}/guilds/{guild}/commands"
        yield Route("GET", "/users/@me", self.me)
        yield Route("GET", "/users/{user}", self.user)
        yield Route("POST", "/users/@me/channels", self.direct)
        yield Route("GET", "/oauth2/applications/@me", self.application)
        yield Route("GET", "/applications/@me", self.application)
        yield Route("GET", "/gateway", self.gateway, needs_token=False)
        yield Route("GET", "/gateway/bot", self.gateway)
        yield Route("GET", "/guilds/{guild}", self.guild)
        yield Route("GET", "/guilds/{guild}/roles", self.roles)
        yield Route("GET", "/guilds/{guild}/channels", self.channels)
        yield Route("GET", "/guilds/{guild}/members/{user}", self.member)
        yield Route("GET", "/guilds/{guild}/threads/active", self.threads)
        for path in (commands, "/applications/{application}/commands"):
            yield Route("GET", path, self.commands)
            yield Route("PUT", path, self.put_commands)

    async def me(self, call: Call) -> Answer:
        """The bot's own user."""
        return {**self._world.bot, "verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}

    async def user(self, call: Call) -> Answer:
        """Anybody."""
        if call.params["user"] not in self._world.users:
            raise DiscordError(404, 10013, "Unknown User")
        return self._world.users[call.params["user"]]

    async def direct(self, call: Call) -> Answer:
        """The channel of direct messages with somebody."""
        return self._world.direct(str(call.body["recipient_id"]))

    async def application(self, call: Call) -> Answer:
        """The application; its flags say which privileged intents it was granted."""
        granted = self._gateway.portal_intents & PRIVILEGED
        named = {
            Intent.MESSAGE_CONTENT: _CONTENT_FLAG,
            Intent.MEMBERS: _MEMBERS_FLAG,
            Intent.PRESENCES: _PRESENCE_FLAG,
        }
        flags = sum(flag for intent, flag in named.items() if granted & intent)
        return {
            "id": self._world.application_id,
            "name": "AlertBot",
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "team": None,
            "owner": next(iter(self._world.users.values())),
            "flags": flags,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
        }

    async def gateway(self, call: Call) -> Answer:
        """Where the gateway is."""
        starts = {"total": 1000, "remaining": self._gateway.starts_left, "reset_after": 86400000, "max_concurrency": 1}
        return {"url": f"ws://{call.host}/", "shards": 1, "session_start_limit": starts}

    async def guild(self, call: Call) -> Answer:
        """A guild with its roles."""
        return {**self._guild(call), "roles": list(self._world.roles[call.params["guild"]].values())}

    async def roles(self, call: Call) -> Answer:
        """A guild's roles."""
        return list(self._world.roles[self._guild(call)["id"]].values())

    async def channels(self, call: Call) -> Answer:
        """A guild's channels."""
        return self._world.channels_of(self._guild(call)["id"])

    async def member(self, call: Call) -> Answer:
        """A member with its roles."""
        held = self._world.members[self._guild(call)["id"]]
        if call.params["user"] not in held:
            raise DiscordError(404, 10007, "Unknown Member")
        return held[call.params["user"]]

    async def threads(self, call: Call) -> Answer:
        """A guild's active threads."""
        return {"threads": self._world.threads_of(self._guild(call)["id"]), "members": []}

    async def commands(self, call: Call) -> Answer:
        """The commands that are registered."""
        return list(self._interactions.commands[call.params.get("guild")].values())

    async def put_commands(self, call: Call) -> Answer:
        """All commands of a guild, or everywhere, anew."""
        guild_id = call.params.get("guild")
        if call.params["application"] != self._world.application_id:
            raise DiscordError(403, 20012, "You are not authorized to perform this action on this application")
        if len(call.body) > _MOST_COMMANDS:
            raise DiscordError(400, 30032, f"Maximum number of application commands reached ({_MOST_COMMANDS}).")
        held = self._interactions.commands[guild_id]
        registered: dict[str, Json] = {}
        for command in call.body:
            _check_command(command)
            if command["name"] in registered:
                raise invalid_form(name="APPLICATION_COMMANDS_DUPLICATE_NAME")
            registered[command["name"]] = self._registered(command, guild_id, held.get(command["name"]))
        self._interactions.commands[guild_id] = registered
        self._interactions.syncs += 1
        return list(registered.values())

    def _registered(self, command: Json, guild_id: str | None, held: Json | None) -> Json:
        return {
            "type": _CHAT_COMMAND,
            "options": [],
            "default_member_permissions": None,
            "nsfw": False,
            **command,
            "id": held["id"] if held else self._world.ids.new(),
            "application_id": self._world.application_id,
            "version": self._world.ids.new(),
            **({"guild_id": guild_id} if guild_id else {}),
        }

    def _guild(self, call: Call) -> Json:
        guild = self._world.guilds.get(call.params["guild"])
        if guild is None or self._world.bot["id"] not in self._world.members[guild["id"]]:
            raise DiscordError(404, 10004, "Unknown Guild")
        return guild


def _check_command(command: Json) -> None:
    if command.get("type", _CHAT_COMMAND) != _CHAT_COMMAND:
        return
    if not _COMMAND_NAME.fullmatch(command["name"]):
        raise invalid_form(name=command["name"])
    if not 1 <= len(command.get("description", "")) <= _LONGEST_DESCRIPTION:
        raise invalid_form(description=command["name"])
    optional_seen = False
    for option in command.get("options", []):
        if option["type"] > _GROUP:
            if option.get("required") and optional_seen:
                raise invalid_form(options="required options must be placed before non-required options")
            optional_seen |= not option.get("required")
