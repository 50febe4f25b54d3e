"""The environment that the compose file hands to our processes is one that the settings read and accept."""

import re
from pathlib import Path
from typing import Any

import pytest

from domain.settings import Mode
from workers.settings import Settings, load

Services = dict[str, dict[str, Any]]
FILLED = "filled-in"  # API keys are long, and no two of them alike
OURS = ["trades", "audit", "api", "bot"]


def _given(path: Path) -> dict[str, str]:
    """An example's variables; the commented ones too, since an operator fills them in."""
    found = re.findall(r"^#?(ALERTLADDER_\w+)=(.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: value or f"{FILLED}{name.lower() if '_KEYS__' in name else ''}" for name, value in found}


@pytest.fixture
def handed(services: Services, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads the settings as the named service would, every example filled in."""

    def load_as(name: str, mode: Mode) -> Settings:
        for file in services[name]["env_file"]:
            for variable, value in _given(root / f"{file}.example").items():
                monkeypatch.setenv(variable, value)
        for variable, value in services[name]["environment"].items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("ALERTLADDER_MODE", mode)
        monkeypatch.setenv("ALERTLADDER_CONFIG", str(root / "deploy" / "config" / "alertladder.toml.example"))
        return load()

    monkeypatch.chdir(tmp_path)  # no `.env` of a developer's
    return load_as


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("mode", list(Mode))
def test_every_process_reads_its_settings_in_every_mode(handed: Any, name: str, mode: Mode) -> None:
    settings = handed(name, mode)
    assert settings.mode is mode
    assert settings.temporal.address == "temporal:7233"
    assert settings.broker.account == FILLED


def test_the_workers_find_the_exchange_the_audit_file_and_the_configuration(handed: Any) -> None:
    assert handed("trades", Mode.PAPER).broker_addresses == ("http://127.0.0.1:8765", "ws://127.0.0.1:8765/streamer")
    assert handed("audit", Mode.PAPER).audit_path == Path("/var/lib/alertladder/audit.duckdb")
    assert handed("bot", Mode.PAPER).discord.token.get_secret_value() == FILLED


def test_the_example_configuration_repeats_the_defaults(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain = load()
    monkeypatch.setenv("ALERTLADDER_CONFIG", str(root / "deploy" / "config" / "alertladder.toml.example"))
    assert load() == plain


@pytest.mark.parametrize("area", ["settings", "broker", "discord", "api"])
def test_every_variable_of_an_example_is_a_setting(root: Path, area: str) -> None:
    for variable in _given(root / "deploy" / f"{area}.env.example"):
        field, *rest = variable.removeprefix("ALERTLADDER_").lower().split("__")
        annotation: Any = Settings.model_fields[field].annotation
        assert not rest or rest[0] in annotation.model_fields, variable


def test_the_api_listens_beyond_its_container_with_the_keys_it_was_given(handed: Any) -> None:
    api = handed("api", Mode.PAPER).api
    assert (api.host, api.port, api.exposed) == ("0.0.0.0", 8000, True)
    assert (set(api.operator_keys), set(api.viewer_keys)) == ({"name"}, {"other"})
