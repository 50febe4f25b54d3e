"""The quote stream: DXLink over a websocket, in the COMPACT format only.

https://github.com/dxFeed/dxLink (asyncapi.yml). A new subscription is answered with the present value at once; changes
are conflated over the aggregation period that the client asked for.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from paper.exchange import Exchange
from paper.listings.instruments import Instrument
from paper.wire.dx_events import NOT_A_NUMBER, event_values
from paper.wire.order_json import dumps
from paper.wire.outbox import MAX_MESSAGE, RECONNECT, Outbox
from paper.wire.tokens import Tokens

_VERSION = "1.0-1.2.1-paper"
_TIMEOUT = 60  # seconds
_POLICY_CODE = 1008
_BATCH = 200  # events in one message, at most: well under what clients take
_FASTEST = 0.01  # seconds between two batches
Values = dict[str, Any]
_Key = tuple[str, str]  # event type and streamer symbol, as subscribed


@dataclass(slots=True)
class _Channel:
    """One opened channel: its fields by event type, what is subscribed, and what changed since the last batch."""

    number: int
    period: float = 0.1  # seconds
    fields: dict[str, list[str]] = field(default_factory=dict)
    subscribed: dict[_Key, Instrument] = field(default_factory=dict)
    changed: dict[_Key, None] = field(default_factory=dict)
    sender: asyncio.Task[None] | None = None


class DxLink:
    """The clients of /dxlink."""

    def __init__(self, exchange: Exchange, tokens: Tokens, timeout: float = _TIMEOUT) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._timeout = timeout
        self._connections: set[Connection] = set()
        exchange.market.shown.append(self._shown)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One client, for as long as it stays."""
        socket = web.WebSocketResponse(max_msg_size=0, receive_timeout=self._timeout)
        await socket.prepare(request)
        connection = Connection(self._exchange, self._tokens, Outbox(socket, request))
        self._connections.add(connection)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await connection.receive(message.data)
        except TimeoutError:
            await connection.time_out()
        finally:
            self._connections.discard(connection)
            await connection.close()
        return socket

    def drop(self) -> bool:
        """Cut every client off; whether there was one."""
        hit = bool(self._connections)
        for connection in list(self._connections):
            connection.outbox.cut()
        return hit

    def silence(self, seconds: float) -> bool:
        """Say nothing to anybody for a while, keep-alives included; whether anybody is there to miss it."""
        for connection in self._connections:
            connection.outbox.silence(seconds)
        return bool(self._connections)

    async def close(self) -> None:
        """End every connection, asking the clients to come back."""
        for connection in list(self._connections):
            await connection.outbox.finish(*RECONNECT)

    def _shown(self, symbol: str) -> None:
        for connection in self._connections:
            connection.changed(symbol)


class Connection:
    """One client: its handshake, its channels and its subscriptions."""

    def __init__(self, exchange: Exchange, tokens: Tokens, outbox: Outbox) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self.outbox = outbox
        self._channels: dict[int, _Channel] = {}
        self._by_symbol: dict[str, set[tuple[int, _Key]]] = {}  # by order symbol
        self._authorised = False
        self._handlers: dict[str, Callable[[_Channel, Values], None]] = {
            "FEED_SETUP": self._set_up,
            "FEED_SUBSCRIPTION": self._subscribe,
            "CHANNEL_CANCEL": self._cancel,
        }

    async def receive(self, text: str) -> None:
        """Act on one message; anything out of order is answered with an error."""
        try:
            message = json.loads(text)
            kind, number = message["type"], int(message.get("channel", 0))
        except (ValueError, KeyError, TypeError):
            self._error("INVALID_MESSAGE", "The message can't be read")
            return
        if kind == "SETUP":
            self._say("SETUP", keepaliveTimeout=_TIMEOUT, acceptKeepaliveTimeout=_TIMEOUT, version=_VERSION)
            self._say("AUTH_STATE", state="UNAUTHORIZED")
        elif kind == "AUTH":
            await self._authorise(str(message.get("token")))
        elif kind == "KEEPALIVE":
            self._say("KEEPALIVE")
        elif not self._authorised:
            self._error("UNAUTHORIZED", "Authentication is required")
        elif kind == "CHANNEL_REQUEST":
            self._open(number)
        else:
            self._on_channel(kind, number, message)

    def changed(self, symbol: str) -> None:
        """An instrument shows something else: send it with the next batch of the channels that want it."""
        for number, key in self._by_symbol.get(symbol, ()):
            channel = self._channels[number]
            channel.changed[key] = None
            if channel.sender is None:
                channel.sender = asyncio.get_running_loop().create_task(self._send_batches(channel))

    async def time_out(self) -> None:
        """Nothing was heard, not even a keep-alive: say so, and end it."""
        self._error("TIMEOUT", "No keep-alive was received in time")
        await self.outbox.finish(_POLICY_CODE)

    async def close(self) -> None:
        """Let go of everything."""
        for channel in list(self._channels.values()):
            self._drop(channel)
        await self.outbox.close()

    async def _authorise(self, token: str) -> None:
        self._authorised = self._tokens.is_valid("quote", token)
        if self._authorised:
            self._say("AUTH_STATE", state="AUTHORIZED", userId="paper")
        else:
            self._error("UNAUTHORIZED", "The token is invalid")
            await self.outbox.finish(_POLICY_CODE)

    def _open(self, number: int) -> None:
        if number % 2 == 0 or number in self._channels:
            self._error("BAD_ACTION", "Clients open odd channels, once")
            return
        self._channels[number] = _Channel(number)
        parameters = {"contract": "AUTO", "subFormat": "LIST"}
        self._say("CHANNEL_OPENED", number, service="FEED", parameters=parameters)

    def _on_channel(self, kind: str, number: int, message: Values) -> None:
        channel, handler = self._channels.get(number), self._handlers.get(kind)
        if channel is None or handler is None:
            self._error("BAD_ACTION", f"{kind} has no place here")
        else:
            handler(channel, message)

    def _set_up(self, channel: _Channel, message: Values) -> None:
        channel.fields = message.get("acceptEventFields") or channel.fields
        channel.period = max(float(message.get("acceptAggregationPeriod") or channel.period), _FASTEST)
        self._say(
            "FEED_CONFIG",
            channel.number,
            dataFormat="COMPACT",
            aggregationPeriod=channel.period,
            eventFields=channel.fields,
        )

    def _subscribe(self, channel: _Channel, message: Values) -> None:
        if message.get("reset"):
            self._remove(channel, list(channel.subscribed))
        self._remove(channel, [(entry["type"], entry["symbol"]) for entry in message.get("remove", [])])
        added = [(entry["type"], entry["symbol"]) for entry in message.get("add", [])]
        self._send(channel, [key for key in added if self._add(channel, key)])

    def _add(self, channel: _Channel, key: _Key) -> bool:
        """Nothing is ever said of a symbol that isn't listed, as at the broker."""
        instrument = self._exchange.listings.find_streamer(key[1])
        if instrument is None:
            return False
        if key not in channel.subscribed:
            channel.subscribed[key] = instrument
            self._by_symbol.setdefault(instrument.symbol, set()).add((channel.number, key))
            self._exchange.market.watch(instrument.symbol)
        return True

    def _remove(self, channel: _Channel, keys: list[_Key]) -> None:
        for key in keys:
            instrument = channel.subscribed.pop(key, None)
            if instrument is not None:
                self._by_symbol[instrument.symbol].discard((channel.number, key))
                self._exchange.market.unwatch(instrument.symbol)

    def _cancel(self, channel: _Channel, _: Values) -> None:
        self._drop(channel)
        self._say("CHANNEL_CLOSED", channel.number)

    def _drop(self, channel: _Channel) -> None:
        self._remove(channel, list(channel.subscribed))
        del self._channels[channel.number]
        if channel.sender is not None:
            channel.sender.cancel()

    async def _send_batches(self, channel: _Channel) -> None:
        """The first change goes out at once, the next ones a period later, together."""
        while channel.changed:
            keys = [key for key in channel.changed if key in channel.subscribed]
            channel.changed.clear()
            self._send(channel, keys)
            await asyncio.sleep(channel.period)
        channel.sender = None

    def _send(self, channel: _Channel, keys: list[_Key]) -> None:
        for event in {event: None for event, _ in keys}:
            names = channel.fields.get(event)
            symbols = [symbol for kind, symbol in keys if kind == event]
            for start in range(0, len(symbols) if names else 0, _BATCH):
                self._send_events(channel, event, names or [], symbols[start : start + _BATCH])

    def _send_events(self, channel: _Channel, event: str, names: list[str], symbols: list[str]) -> None:
        flat: list[Any] = []
        for symbol in symbols:
            values = event_values(self._exchange.market, event, channel.subscribed[event, symbol])
            flat += [values.get(name, NOT_A_NUMBER) for name in names]
        message = {"type": "FEED_DATA", "channel": channel.number, "data": [event, flat]}
        text = dumps(message)
        if len(text) <= MAX_MESSAGE:
            self.outbox.send(text)
        else:
            half = len(symbols) // 2
            self._send_events(channel, event, names, symbols[:half])
            self._send_events(channel, event, names, symbols[half:])

    def _error(self, code: str, message: str) -> None:
        self._say("ERROR", error=code, message=message)

    def _say(self, kind: str, channel: int = 0, **fields: Any) -> None:
        self.outbox.send(dumps({"type": kind, "channel": channel, **fields}))
