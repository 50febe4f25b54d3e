"""What a client of the quote stream is sent: its subscriptions, in the COMPACT format only.

A new subscription is answered with the present value at once; changes are conflated over the aggregation period that
the client asked for.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from paper.exchange import Exchange
from paper.listings.series import Instrument
from paper.wire.dx_events import NOT_A_NUMBER, event_values
from paper.wire.dx_messages import FeedSetup, FeedSubscription
from paper.wire.order_json import dumps
from paper.wire.outbox import MAX_MESSAGE, Outbox

_BATCH = 200  # events in one message, at most: well under what clients take
_FASTEST = 0.01  # seconds between two batches
MOST_SUBSCRIPTIONS = 20_000  # one chain of 22 000 options "often results in a dropped connection" (#137)
_Key = tuple[str, str]  # event type and streamer symbol, as subscribed


@dataclass(slots=True)
class DxChannel:
    """One opened channel: its fields by event type, what is subscribed, and what changed since the last batch."""

    number: int
    is_set_up: bool = False
    period: float = 0.1  # seconds
    fields: dict[str, list[str]] = field(default_factory=dict)
    subscribed: dict[_Key, Instrument] = field(default_factory=dict)
    changed: dict[_Key, None] = field(default_factory=dict)
    sender: asyncio.Task[None] | None = None

    def set_up(self, asked: FeedSetup) -> None:
        """Take what the client asks for."""
        self.fields = asked.accept_event_fields or self.fields
        self.period = max(asked.accept_aggregation_period or self.period, _FASTEST)
        self.is_set_up = True


class Feed:
    """The subscriptions of one connection, on all of its channels."""

    def __init__(self, exchange: Exchange, outbox: Outbox) -> None:
        self._exchange = exchange
        self._outbox = outbox
        self._by_symbol: dict[str, dict[tuple[int, _Key], DxChannel]] = {}  # by order symbol
        self._count = 0

    def subscribe(self, channel: DxChannel, asked: FeedSubscription) -> bool:
        """Remove and add; False, and nothing added, when that would be more than one connection may have."""
        self._remove(channel, list(channel.subscribed) if asked.reset else [entry.key for entry in asked.remove])
        if self._count + len(asked.add) > MOST_SUBSCRIPTIONS:
            return False
        self._send(channel, [entry.key for entry in asked.add if self._add(channel, entry.key)])
        return True

    def changed(self, symbol: str) -> None:
        """An instrument shows something else: send it with the next batch of the channels that want it."""
        for (_, key), channel in self._by_symbol.get(symbol, {}).items():
            self._note(channel, key)

    def halted_or_not(self, underlying: str) -> None:
        """The profiles of an underlying and of its options show something else."""
        for subscriptions in self._by_symbol.values():
            for (_, key), channel in subscriptions.items():
                if key[0] == "Profile" and channel.subscribed[key].underlying == underlying:
                    self._note(channel, key)

    def drop(self, channel: DxChannel) -> None:
        """Forget a channel."""
        self._remove(channel, list(channel.subscribed))
        if channel.sender is not None:
            channel.sender.cancel()

    def _note(self, channel: DxChannel, key: _Key) -> None:
        channel.changed[key] = None
        if channel.sender is None:
            channel.sender = asyncio.get_running_loop().create_task(self._send_batches(channel))

    def _add(self, channel: DxChannel, key: _Key) -> bool:
        """Nothing is ever said of a symbol that isn't listed, as at the broker."""
        instrument = self._exchange.listings.find_streamer(key[1])
        if instrument is None:
            return False
        if key not in channel.subscribed:
            channel.subscribed[key] = instrument
            self._by_symbol.setdefault(instrument.symbol, {})[channel.number, key] = channel
            self._exchange.market.watch(instrument.symbol)
            self._count += 1
        return True

    def _remove(self, channel: DxChannel, keys: list[_Key]) -> None:
        for key in keys:
            instrument = channel.subscribed.pop(key, None)
            if instrument is not None:
                del self._by_symbol[instrument.symbol][channel.number, key]
                self._exchange.market.unwatch(instrument.symbol)
                self._count -= 1

    async def _send_batches(self, channel: DxChannel) -> None:
        """The first change goes out at once, the next ones a period later, together."""
        while channel.changed:
            keys = [key for key in channel.changed if key in channel.subscribed]
            channel.changed.clear()
            self._send(channel, keys)
            await asyncio.sleep(channel.period)
        channel.sender = None

    def _send(self, channel: DxChannel, keys: list[_Key]) -> None:
        keys = [key for key in keys if not self._exchange.display.keeps_silent(channel.subscribed[key])]
        for event in {event: None for event, _ in keys}:
            names = channel.fields.get(event)
            symbols = [symbol for kind, symbol in keys if kind == event]
            for start in range(0, len(symbols) if names else 0, _BATCH):
                self._send_events(channel, event, names or [], symbols[start : start + _BATCH])

    def _send_events(self, channel: DxChannel, event: str, names: list[str], symbols: list[str]) -> None:
        market, display = self._exchange.market, self._exchange.display
        flat: list[Any] = []
        for symbol in symbols:
            values = event_values(market, display, event, channel.subscribed[event, symbol])
            flat += [values.get(name, NOT_A_NUMBER) for name in names]
        text = dumps({"type": "FEED_DATA", "channel": channel.number, "data": [event, flat]})
        if len(text) <= MAX_MESSAGE:
            self._outbox.send(text)
        else:
            half = len(symbols) // 2
            self._send_events(channel, event, names, symbols[:half])
            self._send_events(channel, event, names, symbols[half:])
