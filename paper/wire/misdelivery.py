"""What the faults make of an order's message on its way to the account stream: lost, doubled, late, or unreadable."""

import asyncio
from collections.abc import Callable

from paper.faults import FaultKind, Faults, On, Subject
from paper.wire.garbled import garbled
from paper.wire.order_json import Json, dumps

_HELD_FOR = 1.0  # seconds, unless the fault says otherwise


class Misdelivery:
    """Hands messages to `send`, one at most being held back until the next one went out before it."""

    def __init__(self, faults: Faults, send: Callable[[str], None]) -> None:
        self._faults = faults
        self._send = send
        self._held: tuple[str, ...] = ()
        self._release: asyncio.TimerHandle | None = None

    def deliver(self, message: Json, subject: Subject | None) -> None:
        """Send a message, as far as the faults let it; `subject` None: it is not about an order."""
        texts = (dumps(message),) if subject is None else self._spoilt(message, subject)
        if not texts:
            return
        if subject is not None and not self._held and self._holds_back(texts, subject):
            return
        for text in texts:
            self._send(text)
        self.release()

    def release(self) -> None:
        """Send what was held back; nothing where nothing was."""
        if self._release is not None:
            self._release.cancel()
        held, self._held, self._release = self._held, (), None
        for text in held:
            self._send(text)

    def _spoilt(self, message: Json, subject: Subject) -> tuple[str, ...]:
        if self._faults.take(FaultKind.LOSE_STREAM, On.ACCOUNT, subject):
            return ()
        text = dumps(message)
        if fault := self._faults.take(FaultKind.UNPARSEABLE_RECORD, On.ACCOUNT, subject):
            text = garbled(text, message["data"], fault.shape)
        repeat = self._faults.take(FaultKind.REPEAT_STREAM, On.ACCOUNT, subject)
        return (text,) * (repeat.copies if repeat else 1)

    def _holds_back(self, texts: tuple[str, ...], subject: Subject) -> bool:
        fault = self._faults.take(FaultKind.REORDER_STREAM, On.ACCOUNT, subject)
        if fault is None:
            return False
        self._held = texts
        self._release = asyncio.get_running_loop().call_later(fault.seconds or _HELD_FOR, self.release)
        return True
