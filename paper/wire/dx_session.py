"""One client of the quote stream: the handshake in its order, and the channels it opened.

SETUP, AUTH, CHANNEL_REQUEST, FEED_SETUP, FEED_SUBSCRIPTION: dxFeed enforces the order since June 2026
(tastyware/tastytrade#338). What comes out of it is answered with an error, UNAUTHORIZED before AUTH and BAD_ACTION
otherwise, and is not acted on; clients take any error for the end.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from paper.exchange import Exchange
from paper.wire.dx_feed import DxChannel, Feed
from paper.wire.dx_messages import TIMEOUT, Auth, ChannelRequest, FeedSetup, FeedSubscription, Setup
from paper.wire.order_json import dumps
from paper.wire.outbox import POLICY_CODE, Outbox
from paper.wire.tokens import Tokens

_VERSION = "1.0-1.2.1-paper"
_KEEPALIVES = 30.0  # seconds between two of our own
_FASTEST_KEEPALIVES = 0.1  # whatever the client asks for
_MOST_CHANNELS = 100
Values = dict[str, Any]
_CONTRACTS = ("AUTO", "TICKER", "STREAM", "HISTORY")


class DxSession:
    """One client: its handshake and its channels. `patience` is how many seconds it may say nothing."""

    def __init__(self, exchange: Exchange, tokens: Tokens, outbox: Outbox) -> None:
        self._tokens = tokens
        self.outbox = outbox
        self.patience = TIMEOUT
        self._channels: dict[int, DxChannel] = {}
        self._feed = Feed(exchange, outbox)
        self._is_set_up = False
        self._is_authorised = False
        self._keepalives: asyncio.Task[None] | None = None
        self._handlers: dict[str, Callable[[DxChannel, Values], None]] = {
            "FEED_SETUP": self._set_up_feed,
            "FEED_SUBSCRIPTION": self._subscribe,
            "CHANNEL_CANCEL": self._cancel,
        }

    async def receive(self, text: str) -> None:
        """Act on one message; one that can't be read or comes out of order is answered with an error."""
        try:
            message = json.loads(text)
            kind, number = str(message["type"]), int(message.get("channel", 0))
        except (ValueError, KeyError, TypeError):
            self.say_error("INVALID_MESSAGE", "The message can't be read")
            return
        try:
            await self._act(kind, number, message)
        except ValidationError:
            self.say_error("INVALID_MESSAGE", f"The fields of {kind} can't be read", number)

    def changed(self, symbol: str) -> None:
        """An instrument shows something else."""
        self._feed.changed(symbol)

    def halted_or_not(self, underlying: str) -> None:
        """Trading in an underlying was halted, or goes on."""
        self._feed.halted_or_not(underlying)

    async def close(self) -> None:
        """Let go of everything."""
        if self._keepalives is not None:
            self._keepalives.cancel()
            await asyncio.gather(self._keepalives, return_exceptions=True)
        for channel in list(self._channels.values()):
            self._feed.drop(channel)
        await self.outbox.close()

    def say_error(self, code: str, message: str, channel: int = 0) -> None:
        """Tell the client what it did wrong."""
        self._say("ERROR", channel, error=code, message=message)

    async def _act(self, kind: str, number: int, message: Values) -> None:
        if kind == "SETUP":
            self._set_up(Setup.model_validate(message))
        elif not self._is_set_up:
            self.say_error("BAD_ACTION", f"{kind} came before SETUP")
        elif kind == "AUTH":
            await self._authorise(Auth.model_validate(message).token)
        elif kind == "KEEPALIVE":
            self._say("KEEPALIVE")
        elif not self._is_authorised:
            self.say_error("UNAUTHORIZED", f"{kind} came before AUTH")
        elif kind == "CHANNEL_REQUEST":
            self._open(number, ChannelRequest.model_validate(message))
        else:
            self._on_channel(kind, number, message)

    def _set_up(self, asked: Setup) -> None:
        """The client promises how often it is heard; it may ask to hear from us at least as often as it says."""
        if self._is_set_up:
            self.say_error("BAD_ACTION", "SETUP came twice")
            return
        self._is_set_up = True
        self.patience = min(asked.keepalive_timeout, TIMEOUT)
        period = max(min(asked.accept_keepalive_timeout / 2, _KEEPALIVES), _FASTEST_KEEPALIVES)
        self._keepalives = asyncio.get_running_loop().create_task(self._keep_alive(period))
        self._say("SETUP", keepaliveTimeout=int(TIMEOUT), acceptKeepaliveTimeout=int(TIMEOUT), version=_VERSION)
        self._say("AUTH_STATE", state="UNAUTHORIZED")

    async def _keep_alive(self, period: float) -> None:
        while True:
            await asyncio.sleep(period)
            self._say("KEEPALIVE")

    async def _authorise(self, token: str) -> None:
        self._is_authorised = self._tokens.is_valid("quote", token)
        if self._is_authorised:
            self._say("AUTH_STATE", state="AUTHORIZED", userId="paper")
        else:
            self.say_error("UNAUTHORIZED", "The token is invalid or has expired")
            await self.outbox.finish(POLICY_CODE)

    def _open(self, number: int, asked: ChannelRequest) -> None:
        contract = asked.parameters.contract
        if asked.service != "FEED" or contract not in _CONTRACTS:
            self.say_error("BAD_ACTION", "There is no such service", number)
        elif number % 2 == 0 or number in self._channels or len(self._channels) >= _MOST_CHANNELS:
            self.say_error("BAD_ACTION", f"Clients open odd channels, each once, and {_MOST_CHANNELS} at most", number)
        else:
            self._channels[number] = DxChannel(number)
            parameters = {"contract": contract, "subFormat": "LIST"}
            self._say("CHANNEL_OPENED", number, service="FEED", parameters=parameters)

    def _on_channel(self, kind: str, number: int, message: Values) -> None:
        channel, handler = self._channels.get(number), self._handlers.get(kind)
        if channel is None or handler is None:
            self.say_error("BAD_ACTION", f"{kind} has no place here", number)
        else:
            handler(channel, message)

    def _set_up_feed(self, channel: DxChannel, message: Values) -> None:
        channel.set_up(FeedSetup.model_validate(message))
        self._say(
            "FEED_CONFIG",
            channel.number,
            dataFormat="COMPACT",
            aggregationPeriod=channel.period,
            eventFields=channel.fields,
        )

    def _subscribe(self, channel: DxChannel, message: Values) -> None:
        if not channel.is_set_up:
            self.say_error("BAD_ACTION", "FEED_SUBSCRIPTION came before FEED_SETUP", channel.number)
        elif not self._feed.subscribe(channel, FeedSubscription.model_validate(message)):
            self.outbox.cut()  # what the broker does with a connection that asks for too much

    def _cancel(self, channel: DxChannel, _: Values) -> None:
        del self._channels[channel.number]
        self._feed.drop(channel)
        self._say("CHANNEL_CLOSED", channel.number)

    def _say(self, kind: str, channel: int = 0, **fields: Any) -> None:
        self.outbox.send(dumps({"type": kind, "channel": channel, **fields}))
