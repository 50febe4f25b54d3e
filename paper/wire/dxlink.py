"""The quote stream's clients: each one's sign of life, and what is done to all of them.

https://github.com/dxFeed/dxLink (asyncapi.yml). A client that sends no message for as long as it promised, a minute at
most, is told TIMEOUT and dropped; the websocket's own pings are no message. One that sends more than 64 KiB at once is
closed with 1009: too many symbols in one subscription (tastyware/tastytrade#137).
"""

import asyncio

from aiohttp import web

from paper.exchange import Exchange
from paper.faults import Fault, FaultKind
from paper.wire.dx_session import DxSession
from paper.wire.order_json import dumps
from paper.wire.outbox import OVERSIZED, POLICY_CODE, RECONNECT, Outbox, open_socket
from paper.wire.tokens import Tokens


class DxLink:
    """The clients of /dxlink."""

    def __init__(self, exchange: Exchange, tokens: Tokens) -> None:
        self._exchange = exchange
        self._tokens = tokens
        self._sessions: set[DxSession] = set()
        exchange.market.shown.append(self._shown)
        exchange.faults.changed.append(self._halted_or_not)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One client, for as long as it stays and keeps to the protocol."""
        socket = await open_socket(request)
        outbox = Outbox(socket, request)
        session = DxSession(self._exchange, self._tokens, outbox)
        self._sessions.add(session)
        try:
            async for text in outbox.heard(lambda: session.patience, pings_count=False):
                await session.receive(text)
        except TimeoutError:
            session.say_error(
                "TIMEOUT", f"The timeout has been reached: {session.patience:g} seconds without a message"
            )
            await outbox.finish(POLICY_CODE)
        finally:
            self._sessions.discard(session)
            await session.close()
        return socket

    def drop(self) -> bool:
        """Cut every client off; whether there was one."""
        hit = bool(self._sessions)
        for session in list(self._sessions):
            session.outbox.cut()
        return hit

    def silence(self, seconds: float) -> bool:
        """Say nothing to anybody for a while, keep-alives included; whether anybody is there to miss it."""
        for session in self._sessions:
            session.outbox.silence(seconds)
        return bool(self._sessions)

    def oversize(self) -> bool:
        """Send everybody a message that is too long; whether there was anybody."""
        for session in self._sessions:
            notice = {"type": "KEEPALIVE", "channel": 0, "padding": "x" * OVERSIZED}
            session.outbox.send_at_any_length(dumps(notice))
        return bool(self._sessions)

    async def close(self) -> bool:
        """End every connection, asking the clients to come back; whether there was one."""
        sessions = list(self._sessions)
        await asyncio.gather(*(session.outbox.finish(*RECONNECT) for session in sessions))
        return bool(sessions)

    def _shown(self, symbol: str) -> None:
        for session in self._sessions:
            session.changed(symbol)

    def _halted_or_not(self, fault: Fault) -> None:
        if fault.kind is FaultKind.HALT and fault.symbol is not None:
            for session in self._sessions:
                session.halted_or_not(fault.symbol)
