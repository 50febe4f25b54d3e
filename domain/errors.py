"""The errors of the project, split by what the caller may do next.

AlertladderError
├── RefusedError         definite: it did not happen and asking again gives the same answer
├── OutcomeUnknownError  it may have happened: ask the broker, never send again
├── RetryableError       it did not happen: the same request may be made again
└── InvariantError       our own bug, or a broker's record that contradicts itself: stop, page a person
"""


class AlertladderError(Exception):
    """The root of everything raised on purpose here."""


class RefusedError(AlertladderError):
    """The other side said no. Nothing happened; asking again changes nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class OutcomeUnknownError(AlertladderError):
    """The request may have been carried out. Only a look-up can tell."""


class RetryableError(AlertladderError):
    """Nothing happened. The same request may be made again, after a pause."""


class InvariantError(AlertladderError):
    """A promise of the design is broken. Never clamp, never go on: halt the trade and page."""
