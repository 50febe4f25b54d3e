"""The account stream: every change of orders, positions and balances, whole objects, to whoever connected.

https://developer.tastytrade.com/docs/guides/stream-account-updates. There is no sequence and no replay: what is said
while a client is away is lost to it.
"""

import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from paper.exchange import Exchange
from paper.faults import FaultKind, On, Subject
from paper.trading.book import Book
from paper.trading.orders import Execution, Order
from paper.wire.account_json import balance_json, position_json
from paper.wire.order_json import complex_json, dumps, epoch_ms, order_json
from paper.wire.outbox import RECONNECT, Outbox
from paper.wire.tokens import Tokens

_NEEDS_NO_ACCOUNT = ("connect", "heartbeat")
_ACTIONS = (*_NEEDS_NO_ACCOUNT, "public-watchlists-subscribe", "quote-alerts-subscribe")


class AccountStream:
    """The clients of /streamer, and what they are told."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._number = exchange.settings.account_number
        self._clients: dict[Outbox, bool] = {}  # whether it has connected to the account
        exchange.book.order_changed.append(self._order_changed)
        exchange.book.executed.append(self._executed)

    @property
    def _book(self) -> Book:
        return self._exchange.book

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One client, for as long as it stays."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        outbox, session = Outbox(socket, request), secrets.token_hex(4)
        self._clients[outbox] = False
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    outbox.send(dumps(self._answer(outbox, message.data, session)))
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

    async def close(self) -> None:
        """End every connection, asking the clients to come back."""
        for outbox in list(self._clients):
            await outbox.finish(*RECONNECT)

    def _answer(self, outbox: Outbox, text: str, session: str) -> dict[str, Any]:
        try:
            asked = json.loads(text)
            action = str(asked["action"])
        except (ValueError, KeyError, TypeError):
            return {"status": "error", "message": "failed", "web-socket-session-id": session}
        answer = {"status": "ok", "action": action, "web-socket-session-id": session}
        if "request-id" in asked:
            answer["request-id"] = asked["request-id"]
        token = str(asked.get("auth-token", "")).removeprefix("Bearer ")
        if action not in _ACTIONS or not self._tokens.is_valid("access", token):
            return answer | {"status": "error", "message": "failed"}
        if action == "connect":
            self._clients[outbox] = self._number in (asked.get("value") or [])
            return answer | {"value": asked.get("value")}
        if action not in _NEEDS_NO_ACCOUNT and not self._clients[outbox]:
            return answer | {"status": "error", "message": "connect-not-completed"}
        return answer

    def _order_changed(self, order: Order) -> None:
        if self._book.is_concealed(order):
            return
        repeat = self._exchange.faults.take(FaultKind.REPEAT_STREAM, On.ACCOUNT, Subject.of(order))
        seen = order_json(self._book.seen(order), self._number)
        for _ in range(repeat.copies if repeat else 1):
            self._publish("Order", seen)
        if order.complex_id is not None:
            found = self._exchange.complex_orders.find(order.complex_id)
            parts = [self._book.seen(part) for part in found.parts]
            self._publish("ComplexOrder", complex_json(found, parts, self._number))

    def _executed(self, execution: Execution) -> None:
        exchange = self._exchange
        position = exchange.account.positions[execution.symbol]
        self._publish("CurrentPosition", position_json(position, exchange.buying_power.mark(position), self._number))
        available = exchange.available()
        self._publish(
            "AccountBalance", balance_json(exchange.account, exchange.buying_power, available, exchange.clock())
        )

    def _publish(self, kind: str, wire: dict[str, Any]) -> None:
        listeners = [outbox for outbox, connected in self._clients.items() if connected]
        if listeners:
            message = dumps({"type": kind, "data": wire, "timestamp": epoch_ms(self._exchange.clock())})
            for outbox in listeners:
                outbox.send(message)
