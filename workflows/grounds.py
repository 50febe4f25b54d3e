"""Why a trade buys nothing more, or must come to its end; and which end that is."""

from collections.abc import Callable

from domain.refusals import Refusal, RefusalCode
from domain.trade import TradeState

_BROKERS = (RefusalCode.BROKER_REFUSED, RefusalCode.BROKER_UNREACHABLE)


class Grounds:
    """One trade's, each a sentence once there is one. `fault` is what can't be true or can't be known.

    `was_asked` tells whether anybody has asked for a sale: what is sold already is not bought.
    """

    def __init__(self, was_asked: Callable[[], bool]) -> None:
        self.winding_down: str | None = None
        self.halted: str | None = None
        self.fault: str | None = None
        self._was_asked = was_asked
        self._halt_code = RefusalCode.HALTED

    def halt(self, why: str, code: RefusalCode) -> None:
        """The desk lets no entries in, or the alert is no longer what it was."""
        self.halted, self._halt_code = why, code

    @property
    def before_an_order(self) -> Refusal | None:
        """Why nothing may be bought, before anything was sent."""
        if self.winding_down is not None and self.halted is None:
            return Refusal(code=RefusalCode.CANCELLED, detail=self.winding_down)
        return self.of_others

    @property
    def of_others(self) -> Refusal | None:
        """What others than the one who cancels have to say."""
        if self.halted is not None:
            return Refusal(code=self._halt_code, detail=self.halted)
        return Refusal(code=RefusalCode.CLOSED_FIRST) if self._was_asked() else None

    @property
    def refused(self) -> TradeState:
        """How a trade ends for which no order was sent."""
        return TradeState.CANCELLED if self.winding_down else TradeState.REFUSED

    def unfilled(self, refusal: Refusal | None) -> TradeState:
        """How a trade ends that bought nothing."""
        if self.fault is not None:
            return TradeState.NEEDS_OPERATOR
        if self.winding_down:
            return TradeState.CANCELLED
        return TradeState.REFUSED if refusal is not None else TradeState.NO_FILL

    def held_to(self, *, exit_failed: bool, is_flat: bool, is_gone: bool, is_alive: bool) -> TradeState:
        """How a trade ends that bought something; `is_gone`: not by its own orders alone."""
        if self.fault is not None or exit_failed:
            return TradeState.NEEDS_OPERATOR
        if is_flat:
            return TradeState.GONE if is_gone else TradeState.CLOSED
        if not is_alive:
            return TradeState.EXPIRED
        return TradeState.CANCELLED if self.winding_down is not None else TradeState.CLOSED


def is_brokers(refusal: Refusal | None) -> bool:
    """The broker would not have it, or could not be asked."""
    return refusal is not None and refusal.code in _BROKERS
