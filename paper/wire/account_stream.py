"""The account stream: every change of orders, positions and balances, whole objects, to whoever connected.

https://developer.tastytrade.com/docs/guides/stream-account-updates. There is no sequence and no replay: what is said
while a client is away is lost to it. A client that gives no sign of life for long is dropped (1008): a heartbeat, any
other request and a websocket ping, which is all that the SDK sends, are one.
"""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import web

from paper.exchange import Exchange
from paper.faults import FaultKind, Subject
from paper.trading.book import Book
from paper.trading.deliveries import Delivery
from paper.trading.orders import Execution, Order
from paper.wire.account_json import balance_json, position_json
from paper.wire.misdelivery import Misdelivery
from paper.wire.order_json import complex_json, dumps, epoch_ms, order_json
from paper.wire.outbox import OVERSIZED, POLICY_CODE, RECONNECT, Outbox, open_socket
from paper.wire.tokens import Standing, Tokens, bearer

_CONNECT = "connect"
_ACTIONS = (_CONNECT, "heartbeat", "public-watchlists-subscribe", "quote-alerts-subscribe")
_FAILED = {"status": "error", "message": "failed"}
_NOT_CONNECTED = {"status": "error", "message": "connect-not-completed"}


class AccountStream:
    """The clients of /streamer, and what they are told."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._number = exchange.settings.account_number
        self._clients: dict[Outbox, bool] = {}  # whether it has connected to the account
        self._misdelivery = Misdelivery(exchange.faults, self._send)
        exchange.book.order_changed.append(self._order_changed)
        exchange.book.executed.append(self._moved)
        exchange.book.delivered.append(self._moved)

    @property
    def _book(self) -> Book:
        return self._exchange.book

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One client, for as long as it stays and gives signs of life."""
        socket = await open_socket(request)
        outbox, session = Outbox(socket, request), secrets.token_hex(4)
        self._clients[outbox] = False
        try:
            async for text in outbox.heard(lambda: self._exchange.settings.stream_patience, pings_count=True):
                outbox.send(dumps(self._answer(outbox, text, session)))
        except TimeoutError:
            await outbox.finish(POLICY_CODE, "No heartbeat was received in time")
        finally:
            del self._clients[outbox]
            await outbox.close()
        return socket

    def drop(self) -> bool:
        """Cut every client off; whether there was one."""
        hit = bool(self._clients)
        for outbox in list(self._clients):
            outbox.cut()
        return hit

    def silence(self, seconds: float) -> bool:
        """Say nothing to anybody for a while, and lose it; whether anybody is there to miss it."""
        for outbox in self._clients:
            outbox.silence(seconds)
        return bool(self._clients)

    def oversize(self) -> bool:
        """Send everybody a message that is too long; whether there was anybody."""
        notice = {"type": "UserMessage", "data": {"text": "x" * OVERSIZED}}
        for outbox in self._clients:
            outbox.send_at_any_length(dumps(notice))
        return bool(self._clients)

    async def close(self) -> bool:
        """End every connection, asking the clients to come back; whether there was one."""
        clients = list(self._clients)
        await asyncio.gather(*(outbox.finish(*RECONNECT) for outbox in clients))
        return bool(clients)

    def _answer(self, outbox: Outbox, text: str, session: str) -> dict[str, Any]:
        try:
            asked = json.loads(text)
            action = str(asked["action"])
        except (ValueError, KeyError, TypeError):
            return _FAILED | {"web-socket-session-id": session}
        answer = {"status": "ok", "action": action, "web-socket-session-id": session}
        if "request-id" in asked:
            answer["request-id"] = asked["request-id"]
        return answer | self._outcome(outbox, action, asked)

    def _outcome(self, outbox: Outbox, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What an action comes to, as the fields that it adds to the answer. Connecting must come first."""
        if action not in _ACTIONS or not self._admits(str(asked.get("auth-token", ""))):
            return _FAILED
        if action != _CONNECT:
            return {} if self._clients[outbox] else _NOT_CONNECTED
        if self._number not in (asked.get("value") or []):
            return _FAILED
        self._clients[outbox] = True
        return {"value": asked["value"]}

    def _admits(self, header: str) -> bool:
        standing = self._tokens.standing("access", bearer(header))
        if standing is Standing.REVOKED:
            self._exchange.faults.note(FaultKind.REVOKE_TOKENS)
        return standing is Standing.GOOD

    def _order_changed(self, order: Order) -> None:
        if self._book.is_concealed(order):
            return
        self._publish("Order", order_json(self._book.seen(order), self._number), Subject.of(order))
        if order.complex_id is not None:
            found = self._exchange.complex_orders.find(order.complex_id)
            parts = [self._book.seen(part) for part in found.parts]
            self._publish("ComplexOrder", complex_json(found, parts, self._number))

    def _moved(self, entry: Execution | Delivery) -> None:
        exchange = self._exchange
        position = exchange.account.positions[entry.symbol]
        self._publish("CurrentPosition", position_json(position, self._number))
        available = exchange.available()
        self._publish(
            "AccountBalance", balance_json(exchange.account, exchange.buying_power, available, exchange.clock())
        )

    def _publish(self, kind: str, wire: dict[str, Any], subject: Subject | None = None) -> None:
        if any(self._clients.values()):
            message = {"type": kind, "data": wire, "timestamp": epoch_ms(self._exchange.clock())}
            self._misdelivery.deliver(message, subject)

    def _send(self, text: str) -> None:
        for outbox in [outbox for outbox, connected in self._clients.items() if connected]:
            outbox.send(text)
