"""What people and alerts ask one trade to sell, in the order it was asked, each once."""

from domain.closing import CloseOutcome, CloseRequest, CloseResult, Urgency
from domain.direction import Direction

_MOST_OPEN = 20
_MOST_KEPT = 200  # a trade of days may be asked often; who asks again so late gets a second answer


class CloseQueue:
    """Requests that wait, the one that is served, and what became of the others."""

    def __init__(self, workflow_id: str, direction: Direction = Direction.LONG) -> None:
        self.results: dict[str, CloseResult] = {}
        self.was_asked = False  # ever: nothing more is bought
        self._workflow_id = workflow_id
        self._direction = direction
        self._waiting: list[CloseRequest] = []
        self._serving: CloseRequest | None = None
        self._is_dropped = False
        self._shut: tuple[CloseOutcome, str] | None = None

    def ask(self, request: CloseRequest) -> None:
        """Take a request in; one that is known already changes nothing."""
        known = [one.request_id for one in (*self._waiting, self._serving) if one is not None]
        if request.request_id in self.results or request.request_id in known:
            return
        self.was_asked = True
        if self._shut is not None:
            self._refuse(request, *self._shut)
        elif len(self._waiting) >= _MOST_OPEN:
            self._refuse(request, CloseOutcome.STOPPED, f"{_MOST_OPEN} requests wait already")
        else:
            self._waiting.append(request)

    def drop(self, request_id: str) -> None:
        """Whoever asked does not want it any more."""
        for request in [one for one in self._waiting if one.request_id == request_id]:
            self._waiting.remove(request)
            self._refuse(request, CloseOutcome.STOPPED, "not wanted any more")
        if self._serving is not None and self._serving.request_id == request_id:
            self._is_dropped = True

    @property
    def has_next(self) -> bool:
        """Somebody waits."""
        return bool(self._waiting)

    @property
    def serving(self) -> CloseRequest | None:
        """The request that is served now."""
        return self._serving

    def take(self) -> CloseRequest:
        """The next to be served."""
        self._serving, self._is_dropped = self._waiting.pop(0), False
        return self._serving

    @property
    def is_dropped(self) -> bool:
        """Whoever asked for what is served now does not want it any more."""
        return self._is_dropped

    @property
    def is_superseded(self) -> bool:
        """Somebody asks for all of it, or asks more urgently, while a lesser request is served."""
        now = self._serving
        return now is not None and any(_outdoes(other, now) for other in self._waiting)

    def answer(self, result: CloseResult) -> None:
        """Tell what became of a request."""
        self.results[result.request_id] = result
        if self._serving is not None and self._serving.request_id == result.request_id:
            self._serving = None
        while len(self.results) > _MOST_KEPT:
            del self.results[next(iter(self.results))]

    def shut(self, outcome: CloseOutcome, detail: str) -> None:
        """The trade is over: whoever waits, and whoever asks from now on, gets this answer."""
        self._shut = (outcome, detail)
        for request in self._waiting:
            self._refuse(request, outcome, detail)
        self._waiting = []

    def _refuse(self, request: CloseRequest, outcome: CloseOutcome, detail: str) -> None:
        self.answer(
            CloseResult(
                request_id=request.request_id,
                workflow_id=self._workflow_id,
                by=request.by,
                outcome=outcome,
                detail=detail,
                direction=self._direction,
            )
        )


def _outdoes(other: CloseRequest, now: CloseRequest) -> bool:
    is_more_urgent = other.urgency is Urgency.NOW and now.urgency is not Urgency.NOW
    return is_more_urgent or (other.is_whole and not now.is_whole and now.urgency is not Urgency.NOW)
