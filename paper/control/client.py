"""A client of the control plane, for the demo and for tests."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

_TOLD = ("kind", "on", "symbol", "side", "identifier")
Price = Decimal | str | float | None


class ControlError(Exception):
    """The control plane refused a request; the message is its answer."""


class UnusedFaultError(AssertionError):
    """A fault was armed and never hit anything: what it was to show was not shown."""


class Control:
    """The control plane of the exchange at `base_url`. Usable with `async with`, or closed by `close`."""

    def __init__(self, base_url: str) -> None:
        self._session = aiohttp.ClientSession(base_url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connection go."""
        await self._session.close()

    async def quote(self, symbol: str, bid: Price, ask: Price, bid_size: int = 10, ask_size: int = 10) -> None:
        """Pin an instrument's quote; None is a side without a price."""
        sides = {"bid": _text(bid), "ask": _text(ask), "bid_size": bid_size, "ask_size": ask_size}
        await self._post("quote", symbol=symbol, **sides)

    async def path(self, symbol: str, points: Sequence[dict[str, Any]]) -> None:
        """Pin quotes in time: each point has `after` (seconds from now), `bid`, `ask` and sizes."""
        written = [{**point, "bid": _text(point.get("bid")), "ask": _text(point.get("ask"))} for point in points]
        await self._post("path", symbol=symbol, points=written)

    async def replay(self, path: Path, speed: float = 1.0) -> Any:
        """Play a recording of quotes; the answer says how many `rows` it has and which symbols are `left_out`."""
        return await self._send("POST", "replay", {"path": str(path), "speed": speed})

    async def stop_replay(self) -> None:
        """Let the model go on from here."""
        await self._send("DELETE", "replay")

    async def unpin(self, symbol: str) -> None:
        """Give an instrument back to the model."""
        await self._post("unpin", symbol=symbol)

    async def session(self, state: str) -> None:
        """Open or close the market (`open`, `closed`), or leave it to the calendar (`real`)."""
        await self._post("session", state=state)

    async def clock(self, at: datetime) -> None:
        """Put the exchange's clock forward."""
        await self._post("clock", at=at.isoformat())

    async def cash(self, amount: Price) -> None:
        """Set the account's cash, in dollars."""
        await self._post("cash", amount=_text(amount))

    async def fault(self, kind: str, **params: Any) -> Any:
        """Arm a fault, and tell how it stands; paper.control.routes lists the kinds and their parameters."""
        return await self._post("fault", kind=kind, **params)

    async def faults(self) -> Any:
        """Every armed fault, with how often it was armed for and has fired."""
        return await self._send("GET", "faults")

    async def clear_faults(self) -> None:
        """Forget every armed fault, used or not; conditions end."""
        await self._send("DELETE", "faults")

    async def unused_faults(self) -> list[Any]:
        """The faults that were armed and hit nothing, but for those that may."""
        return [fault for fault in await self.faults() if fault["unused"]]

    async def require_faults_used(self) -> None:
        """UnusedFaultError when a fault was armed for nothing: for the end of the test that armed it."""
        if unused := await self.unused_faults():
            told = [{key: fault[key] for key in _TOLD if fault[key] is not None} for fault in unused]
            raise UnusedFaultError(f"armed and never fired: {told}")

    async def book(self) -> Any:
        """Orders, positions, cash and fills, nothing hidden."""
        return await self._send("GET", "book")

    async def requests(self) -> Any:
        """`counts` by method and path template, and the `recent` requests."""
        return await self._send("GET", "requests")

    async def _post(self, path: str, **body: Any) -> Any:
        return await self._send("POST", path, body)

    async def _send(self, method: str, path: str, body: Any = None) -> Any:
        async with self._session.request(method, f"/__ctl__/{path}", json=body) as response:
            answer = await response.json()
            if not response.ok:
                raise ControlError(str(answer))
            return answer


def _text(price: Price) -> str | None:
    return None if price is None else str(price)
