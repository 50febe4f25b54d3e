"""The bot's settings: its token, and what it goes by."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from bot.terms import BotTerms

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def _or_none(value: object) -> object:
    """An empty variable of a compose file is none."""
    return None if value == "" else value


class DiscordSettings(BotTerms):
    """The bot. Without a token there is none. `api_url` and `gateway_url` are for tests: loopback addresses only."""

    token: Annotated[SecretStr | None, BeforeValidator(_or_none)] = None
    token_file: Path | None = Field(default=None, description="a file that holds the token, and nothing else")
    api_url: str | None = None
    gateway_url: str | None = None

    @model_validator(mode="after")
    def _stays_here(self) -> Self:
        for url in (self.api_url, self.gateway_url):
            if url is not None and urlsplit(url).hostname not in _THIS_MACHINE:
                raise ValueError("api_url and gateway_url are for a Discord of this machine's own")
        if (self.api_url is None) != (self.gateway_url is None):
            raise ValueError("api_url and gateway_url are given together or not at all")
        if self.token is not None and self.token_file is not None:
            raise ValueError("give token or token_file, not both")
        return self

    @property
    def secret(self) -> SecretStr | None:
        """The token, from wherever it is. OSError when its file can't be read."""
        if self.token_file is not None:
            return SecretStr(self.token_file.read_text(encoding="utf-8").strip())
        return self.token

    @property
    def terms(self) -> BotTerms:
        """What the bot goes by, without its secret."""
        return BotTerms.model_validate(self.model_dump(include=set(BotTerms.model_fields)))

    @property
    def is_set_up(self) -> bool:
        """There is a bot to run."""
        return self.token is not None or self.token_file is not None
