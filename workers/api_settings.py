"""The HTTP API's settings: where it listens, whose keys it knows, and how often each may ask."""

import re
from typing import Self

from pydantic import Field, SecretStr, model_validator

from domain.frozen import Frozen

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_SHORTEST_KEY = 20  # characters
_NAME = re.compile(r"[A-Za-z0-9 ._-]{1,40}")


class ApiSettings(Frozen):
    """The HTTP API. Keys are by the name of who holds one, which the audit says; none at all lets nobody in.

    An alert that names no message speaks as `author_id` in `channel_id`. Whoever holds an operator's key may change the
    allowlist, so where the API is enabled it is allowed by default.
    """

    enabled: bool = Field(default=False, description="`up` runs it, and the desk lets its alerts in")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    exposed: bool = Field(default=False, description="a host beyond this machine is meant: keys cross it in the clear")
    operator_keys: dict[str, SecretStr] = Field(default_factory=dict, description="name -> key: looks, and changes")
    viewer_keys: dict[str, SecretStr] = Field(default_factory=dict, description="name -> key: looks")
    requests_a_second: float = Field(default=10, gt=0)
    burst: int = Field(default=40, ge=1)
    allowed: bool = True
    author_id: int = 2
    channel_id: int = 2

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.host not in _THIS_MACHINE and not self.exposed:
            raise ValueError(f"host {self.host} is open to other machines: set exposed too if that is meant")
        held = [*self.operator_keys.items(), *self.viewer_keys.items()]
        if len({name for name, _ in held}) < len(held) or len({key for _, key in held}) < len(held):
            raise ValueError("every key has a name of its own, and every name a key of its own")
        for name, key in held:
            if not _NAME.fullmatch(name) or len(key.get_secret_value()) < _SHORTEST_KEY:
                raise ValueError(f"a key has at least {_SHORTEST_KEY} characters, and a plain name of at most 40")
        return self

    @property
    def url(self) -> str:
        """Where it is reached from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  listening there is said above
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        """All keys."""
        return (*self.operator_keys.values(), *self.viewer_keys.values())
