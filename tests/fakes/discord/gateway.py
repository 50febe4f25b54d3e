"""The gateway: sessions that outlive their connections, what each is told, and how connections go wrong.

RESUME replays what a session missed, in order; IDENTIFY replays nothing. Several sessions of one bot may live at once,
and each hears everything, as with Discord.
"""

import json
import secrets
import time

from aiohttp import WSMsgType, web

from tests.fakes.discord.permissions import Permission, in_channel
from tests.fakes.discord.sessions import CloseCode, Connection, Op, Session
from tests.fakes.discord.shapes import DIRECT, PRIVILEGED, Intent, Json, moment
from tests.fakes.discord.world import World

_LARGEST_FRAME = 4096  # bytes; Discord closes with 4002 on a larger one
_CLEAN_ENDS = (1000, 1001)


class Gateway:
    """All sessions. `log` tells what connections did, `portal_intents` what the application was granted."""

    def __init__(self, world: World, token: str, *, heartbeat_interval: int, resume_window: float) -> None:
        self._world = world
        self._token = token
        self._heartbeat_interval = heartbeat_interval  # milliseconds
        self._resume_window = resume_window  # seconds
        self.portal_intents: int = PRIVILEGED
        self.starts_left = 1000
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.log: list[str] = []
        self.presences: list[Json] = []
        self.violations: list[str] = []
        self.withholds_acknowledgements = False
        self.refuses_with: int | None = None  # an HTTP status in place of the websocket
        self.expires_next_resume = False

    @property
    def live(self) -> list[Session]:
        """The sessions that hear events now."""
        return [session for session in self.sessions.values() if session.connection is not None]

    async def publish(self, event: str, message: Json, channel: Json, *, adds: Json | None = None) -> int:
        """Tell of a message, to those who may see it; gives how many heard. Its content only by intent."""
        if not in_channel(self._world, channel, self._world.bot["id"]) & Permission.VIEW_CHANNEL:
            return 0
        is_direct = channel["type"] == DIRECT
        told = {**message, **(adds or {})}
        if not is_direct:
            told["guild_id"] = channel["guild_id"]
        need = Intent.DIRECT_MESSAGES if is_direct else Intent.GUILD_MESSAGES
        return await self.dispatch(event, told, need, hides_content=not is_direct)

    async def dispatch(self, event: str, content: Json, need: int = 0, *, hides_content: bool = False) -> int:
        """Tell every session that asked for it; gives how many heard it now."""
        heard = 0
        for session in list(self.sessions.values()):
            if need and not session.intents & need:
                continue
            is_hidden = hides_content and not session.intents & Intent.MESSAGE_CONTENT and not self._is_ours(content)
            payload = session.put(event, _without_content(content) if is_hidden else content)
            if session.connection is not None:
                heard += 1
                await session.connection.send(payload)
        return heard

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self.refuses_with is not None:
            return web.Response(status=self.refuses_with)
        if (request.query.get("v"), request.query.get("encoding")) != ("10", "json"):
            self.violations.append(f"gateway asked as {dict(request.query)}")
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_FRAME, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.add(connection)
        self.log.append(f"open {request.path}")
        await connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": self._heartbeat_interval}})
        try:
            await self._listen(connection, request)
        finally:
            self.connections.discard(connection)
            self.log.append(f"closed {socket.close_code}")
            self._lose(connection)
        return socket

    async def _listen(self, connection: Connection, request: web.Request) -> None:
        session: Session | None = None
        async for frame in connection.socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            payload = json.loads(frame.data)
            code, content = payload.get("op"), payload.get("d")
            if code == Op.HEARTBEAT:
                if not self.withholds_acknowledgements:
                    await connection.send({"op": Op.HEARTBEAT_ACK})
            elif code == Op.IDENTIFY:
                session = await self._identify(connection, content, request)
            elif code == Op.RESUME:
                session = await self._resume(connection, content)
            elif code == Op.MEMBERS and session is not None:
                await connection.send(session.put("GUILD_MEMBERS_CHUNK", self._members(content)))
            elif code == Op.PRESENCE:
                self.presences.append(content)
            elif code != Op.VOICE:
                await connection.socket.close(code=CloseCode.UNKNOWN_OPCODE)

    async def _identify(self, connection: Connection, asked: Json, request: web.Request) -> Session | None:
        self.log.append("identify")
        self.starts_left -= 1
        if asked.get("token") != self._token:
            await connection.socket.close(code=CloseCode.AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return None
        if asked["intents"] & PRIVILEGED & ~self.portal_intents:
            await connection.socket.close(code=CloseCode.DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        self._forget_expired()
        session = Session(secrets.token_hex(16), asked["intents"], connection=connection)
        self.sessions[session.session_id] = session
        await connection.send(session.put("READY", self._ready(session, request)))
        for guild in self._world.guilds.values():
            if self._world.bot["id"] in self._world.members[guild["id"]]:
                await connection.send(session.put("GUILD_CREATE", self._guild_create(guild)))
        return session

    async def _resume(self, connection: Connection, asked: Json) -> Session | None:
        self.log.append(f"resume after {asked.get('seq')}")
        if asked.get("token") != self._token:
            await connection.socket.close(code=CloseCode.AUTHENTICATION_FAILED)
            return None
        session = self.sessions.get(asked.get("session_id", ""))
        if session is None or self.expires_next_resume or self._is_expired(session):
            self.expires_next_resume = False
            self.sessions.pop(asked.get("session_id", ""), None)
            self.log.append("invalid session")
            await connection.send({"op": Op.INVALID_SESSION, "d": False})
            return None
        reached = asked.get("seq")
        if reached is None or reached > session.sequence:
            await connection.socket.close(code=CloseCode.INVALID_SEQUENCE)
            return None
        # Events that come while the missed ones are sent are missed ones too: each in its order, and none twice.
        while missed := [payload for payload in session.buffer if payload["s"] > reached]:
            for payload in missed:
                await connection.send(payload)
                reached = payload["s"]
        session.connection, session.lost_at = connection, None
        self.log.append("resumed")
        await connection.send(session.put("RESUMED", {"_trace": []}))
        return session

    # How it goes wrong

    async def drop(self, code: int | None = None) -> int:
        """Cut every connection, with a close code or without a word; gives how many there were."""
        connections = list(self.connections)
        for connection in connections:
            self._lose(connection)
            if code is None:
                connection.abort()
            else:
                await connection.socket.close(code=code)
        return len(connections)

    async def ask_to_reconnect(self) -> None:
        """Op 7: each client is to hang up and resume."""
        for connection in list(self.connections):
            await connection.send({"op": Op.RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9: each session is over, or is to be resumed."""
        for session in self.live:
            if not resumable:
                del self.sessions[session.session_id]
            if session.connection is not None:
                await session.connection.send({"op": Op.INVALID_SESSION, "d": resumable})

    async def close(self) -> None:
        """Hang up on everybody."""
        for connection in list(self.connections):
            await connection.socket.close(code=1001)

    def _lose(self, connection: Connection) -> None:
        for session in list(self.sessions.values()):
            if session.connection is connection:
                session.connection, session.lost_at = None, time.monotonic()
                if connection.socket.close_code in _CLEAN_ENDS:  # a client that leaves so ends its session
                    del self.sessions[session.session_id]

    def _forget_expired(self) -> None:
        self.sessions = {key: each for key, each in self.sessions.items() if not self._is_expired(each)}

    def _is_expired(self, session: Session) -> bool:
        return session.lost_at is not None and time.monotonic() - session.lost_at > self._resume_window

    def _is_ours(self, message: Json) -> bool:
        bot = self._world.bot["id"]
        return message["author"]["id"] == bot or any(each["id"] == bot for each in message["mentions"])

    def _ready(self, session: Session, request: web.Request) -> Json:
        host = f"{request.scheme.replace('http', 'ws')}://{request.host}"
        empty: Json = {name: [] for name in ("private_channels", "relationships", "presences", "guild_join_requests")}
        return {
            "v": 10,
            "user": {**self._world.bot, "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in self._world.guilds],
            "session_id": session.session_id,
            "session_type": "normal",
            "resume_gateway_url": f"{host}/resume/",
            "shard": [0, 1],
            "geo_ordered_rtc_regions": [],
            "user_settings": {},
            "auth": {},
            "_trace": [],
            **empty,
            "application": {"id": self._world.application_id, "flags": 1 << 19},
        }

    def _guild_create(self, guild: Json) -> Json:
        members = self._world.members[guild["id"]]
        return {
            **guild,
            "joined_at": moment(),
            "large": False,
            "unavailable": False,
            "member_count": len(members),
            "voice_states": [],
            "members": [members[self._world.bot["id"]]],
            "presences": [],
            "channels": self._world.channels_of(guild["id"]),
            "threads": self._world.threads_of(guild["id"]),
            "stage_instances": [],
            "guild_scheduled_events": [],
            "roles": list(self._world.roles[guild["id"]].values()),
        }

    def _members(self, asked: Json) -> Json:
        members = self._world.members[str(asked["guild_id"])].values()
        wanted = asked.get("user_ids")
        ids = {str(each) for each in (wanted if isinstance(wanted, list) else [wanted])} if wanted else None
        found = [each for each in members if ids is None or each["user"]["id"] in ids]
        fields: Json = {"guild_id": asked["guild_id"], "members": found, "chunk_index": 0, "chunk_count": 1}
        return {**fields, "not_found": [], "nonce": asked.get("nonce")}


def _without_content(message: Json) -> Json:
    return {**message, "content": "", "embeds": [], "attachments": [], "components": []}
