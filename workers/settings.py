"""The settings: one typed tree by area, from the environment, `.env` and a TOML file, in that order of precedence.

Environment variables are `ALERTLADDER_` and the path, joined by two underscores: ALERTLADDER_LADDER__MAX_STEPS=2.
The file is `alertladder.toml` in the working folder, or what ALERTLADDER_CONFIG names.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from domain.errors import AlertladderError
from domain.frozen import Frozen
from domain.profile import Profiles
from domain.settings import (
    Allowlist,
    ClosingSettings,
    DeskLimits,
    DeskPolicy,
    ExitSettings,
    GuardSettings,
    LadderSettings,
    Mode,
    Positive,
    ProtectionSettings,
    ShortOptionSettings,
    SizingSettings,
)
from workers.api_settings import ApiSettings
from workers.discord_settings import DiscordSettings

_PREFIX = "ALERTLADDER_"
_DEFAULT_FILE = "alertladder.toml"
_PAPER_ACCOUNT = "5WX00042"
_CONFIRMATION = "orders are real"
_ADDRESSES = {
    Mode.SANDBOX: ("https://api.cert.tastyworks.com", "wss://streamer.cert.tastyworks.com"),
    Mode.LIVE: ("https://api.tastyworks.com", "wss://streamer.tastyworks.com"),
}


class SettingsError(AlertladderError):
    """The settings don't fit together. The message names each one that is wrong, on a line of its own."""


class TemporalSettings(Frozen):
    """The Temporal server. `ui_port` is the embedded server's; `ui_url` is where people open the Web UI."""

    address: str = "127.0.0.1:7233"
    namespace: str = "trading"
    ui_port: int = 8233
    ui_url: str | None = None

    @property
    def port(self) -> int:
        """The embedded server's port."""
        return int(self.address.rpartition(":")[2])

    def workflow_url(self, workflow_id: str) -> str:
        """The Web UI's page of one workflow."""
        base = self.ui_url or f"http://127.0.0.1:{self.ui_port}"
        return f"{base}/namespaces/{self.namespace}/workflows/{workflow_id}"


class BrokerSettings(Frozen):
    """The account at TastyTrade. The secrets come from an OAuth application's personal grant."""

    account: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    paper_url: str | None = Field(default=None, description="paper mode: where the exchange listens")
    accept_version: str | None = Field(default=None, description="the API version header; None: the SDK's own")
    confirm_live: str = Field(default="", description=f'live mode needs "{_CONFIRMATION}" here')


class AuditSettings(Frozen):
    """The audit log's file; None: audit.duckdb in the state folder."""

    path: Path | None = None


class PaperSettings(Frozen):
    """The embedded paper exchange."""

    port: int = 8765
    seed: int = 1
    session: str = Field(default="open", pattern="^(open|closed|real)$")


class OperatorSettings(Frozen):
    """Who answers for it: where to call, and how often the account is compared with the trades."""

    webhook_url: SecretStr | None = Field(default=None, description="Discord's or Slack's; None: the log and the audit")
    reconcile_every: Positive = timedelta(minutes=10)


class CommandLineSettings(Frozen):
    """Who `alertladder alert` speaks as. Whoever can run it can also reach Temporal, so it is allowed by default."""

    allowed: bool = True
    author_id: int = 1
    author_name: str = "command line"
    channel_id: int = 1


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="forbid",
    )

    mode: Mode = Mode.PAPER
    state_folder: Path = Path("var")
    temporal: TemporalSettings = TemporalSettings()
    broker: BrokerSettings = BrokerSettings()
    audit: AuditSettings = AuditSettings()
    paper: PaperSettings = PaperSettings()
    discord: DiscordSettings = DiscordSettings()
    operator: OperatorSettings = OperatorSettings()
    api: ApiSettings = ApiSettings()
    command_line: CommandLineSettings = CommandLineSettings()
    allowlist: Allowlist = Allowlist()
    limits: DeskLimits = DeskLimits()
    sizing: SizingSettings = SizingSettings()
    ladder: LadderSettings = LadderSettings()
    guard: GuardSettings = GuardSettings()
    exit: ExitSettings = ExitSettings()
    closing: ClosingSettings = ClosingSettings()
    protection: ProtectionSettings = ProtectionSettings()
    short_options: ShortOptionSettings = ShortOptionSettings()
    profiles: Profiles = Profiles()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment over `.env` over secrets' files over the TOML file."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, dotenv_settings, file_secret_settings, toml

    @model_validator(mode="after")
    def _mode_is_meant(self) -> Self:
        if self.mode is Mode.PAPER:
            if not _is_ours(self.broker.paper_url):
                raise ValueError("broker.paper_url is the paper exchange's address; a broker's needs another mode")
            return self
        missing = [
            f"{_PREFIX}BROKER__{name.upper()}"
            for name in ("account", "client_secret", "refresh_token")
            if getattr(self.broker, name) is None
        ]
        if missing:
            raise ValueError(f"{self.mode} mode needs {', '.join(missing)}")
        if self.mode is Mode.LIVE and self.broker.confirm_live != _CONFIRMATION:
            raise ValueError(f'live mode trades real money: set {_PREFIX}BROKER__CONFIRM_LIVE to "{_CONFIRMATION}"')
        return self

    @property
    def account(self) -> str:
        """The account number; the paper exchange has one of its own."""
        return _PAPER_ACCOUNT if self.mode is Mode.PAPER else self.broker.account or ""

    @property
    def audit_path(self) -> Path:
        """The audit log's file."""
        return self.audit.path or self.state_folder / "audit.duckdb"

    @property
    def broker_addresses(self) -> tuple[str, str]:
        """The REST address and the account streamer's."""
        if self.mode is not Mode.PAPER:
            return _ADDRESSES[self.mode]
        url = self.broker.paper_url or f"http://127.0.0.1:{self.paper.port}"
        return url, url.replace("http", "ws", 1) + "/streamer"

    @property
    def desk_policy(self) -> DeskPolicy:
        """What the desk decides by."""
        allowlist = self.allowlist
        doors = (self.command_line, self.api) if self.api.enabled else (self.command_line,)
        ours = [door for door in doors if door.allowed]
        allowlist = allowlist.model_copy(
            update={
                "users": allowlist.users | {door.author_id for door in ours},
                "channels": allowlist.channels | {door.channel_id for door in ours},
            }
        )
        return DeskPolicy(
            allowlist=allowlist,
            limits=self.limits,
            sizing=self.sizing,
            ladder=self.ladder,
            guard=self.guard,
            exit=self.exit,
            closing=self.closing,
            protection=self.protection,
            short_options=self.short_options,
        )


def _is_ours(url: str | None) -> bool:
    """No path from paper mode to a real broker, whatever is set."""
    host = urlsplit(url).hostname if url else "127.0.0.1"
    return host is not None and not host.endswith(("tastyworks.com", "tastytrade.com"))


def config_file() -> Path:
    """The TOML file that is read if it exists."""
    return Path(os.environ.get(f"{_PREFIX}CONFIG", _DEFAULT_FILE))


def load(**overrides: Any) -> Settings:
    """Read the settings. SettingsError when something is wrong, in words that name it."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [_line(fault) for fault in error.errors(include_url=False, include_input=False)]
        raise SettingsError("\n".join(lines)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{config_file()}: {error}") from None


def environment(settings: Settings) -> Mapping[str, str]:
    """The settings that a child process must be told, as environment variables; secrets stay in the inherited ones."""
    return {
        f"{_PREFIX}MODE": settings.mode.value,
        f"{_PREFIX}STATE_FOLDER": str(settings.state_folder.resolve()),
        f"{_PREFIX}TEMPORAL__ADDRESS": settings.temporal.address,
        f"{_PREFIX}TEMPORAL__UI_PORT": str(settings.temporal.ui_port),
        f"{_PREFIX}PAPER__PORT": str(settings.paper.port),
    }


def _line(fault: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
