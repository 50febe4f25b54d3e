"""How a reading ends without an alert: the code, and the piece of text that decided it."""

from domain.alert import Unread, UnreadCode

_LONGEST_DETAIL = 160


class NotRead(Exception):
    """Raised inside the reader only: `read` turns it into the refusal of its `Reading`."""

    def __init__(self, code: UnreadCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.unread = Unread(code=code, detail=detail[:_LONGEST_DETAIL])


def not_an_alert(detail: str) -> NotRead:
    """Nothing here asks for an order now."""
    return NotRead(UnreadCode.NOT_AN_ALERT, detail)


def ambiguous(detail: str) -> NotRead:
    """It can be read two ways."""
    return NotRead(UnreadCode.AMBIGUOUS, detail)


def incomplete(detail: str) -> NotRead:
    """An order with a piece missing."""
    return NotRead(UnreadCode.INCOMPLETE, detail)


def suspicious(detail: str) -> NotRead:
    """A look-alike, or a number that can't be meant."""
    return NotRead(UnreadCode.SUSPICIOUS, detail)


def multi_leg(detail: str) -> NotRead:
    """More than one leg."""
    return NotRead(UnreadCode.MULTI_LEG, detail)
