"""What the broker's API answers when it says no, with its codes and its shapes.

ApiError                  any status, code and sentence
├── UnauthorizedError     401: no token, or an expired one
├── NotPermittedError     403: somebody else's account
├── NotFoundError         404: not listed, or no such order
├── InvalidRequestError   400: a field is missing or can't be read
├── PreflightError        422: the order breaks one or more rules; nothing happened
└── CannotUpdateError     422: the order can't be cancelled or replaced any more
"""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Refusal(NamedTuple):
    """One broken rule: the broker's code and its sentence."""

    code: str
    message: str


class ApiError(Exception):
    """An answer outside 2xx. `payload` goes out beside the error, under `data`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        errors: Sequence[dict[str, str]] = (),
        payload: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = list(errors)
        self.payload = payload

    @property
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.errors:
            error["errors"] = self.errors
        return {"error": error} if self.payload is None else {"error": error, "data": self.payload}


class UnauthorizedError(ApiError):
    """The caller must refresh its token."""

    def __init__(self, code: str = "token_invalid", message: str = "This token is invalid or has expired") -> None:
        super().__init__(401, code, message)


class NotPermittedError(ApiError):
    """The account isn't the caller's."""

    def __init__(self) -> None:
        super().__init__(403, "not_permitted", "User not permitted access")


class NotFoundError(ApiError):
    """There is no such thing."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "record_not_found", f"Couldn't find {what}")


class InvalidRequestError(ApiError):
    """Fields that are missing or can't be read, as (domain, reason)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        errors = [{"domain": domain, "reason": reason} for domain, reason in problems]
        super().__init__(400, "validation_error", "Request validation failed", errors)


class PreflightError(ApiError):
    """Broken rules. A dry run's answer also carries what the order would have cost."""

    def __init__(self, refusals: Sequence[Refusal], payload: dict[str, Any] | None = None) -> None:
        errors = [refusal._asdict() for refusal in refusals]
        super().__init__(422, "preflight_check_failure", "One or more preflight checks failed", errors, payload)


class CannotUpdateError(ApiError):
    """Too late, or too early."""

    def __init__(self, what: str) -> None:
        super().__init__(422, "cannot_update_order", f"the order could not be {what}")
