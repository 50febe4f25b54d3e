"""The settings tree: safe by default, strict about what is wrong, and silent about secrets."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.settings import DeskPolicy, Mode
from workers.audit_worker import known_secrets
from workers.services import services
from workers.settings import SettingsError, load

_LIVE = {
    "ALERTLADDER_MODE": "live",
    "ALERTLADDER_BROKER__ACCOUNT": "5WT00001",
    "ALERTLADDER_BROKER__CLIENT_SECRET": "a-secret",
    "ALERTLADDER_BROKER__REFRESH_TOKEN": "a-token",
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_paper_is_the_default_and_needs_nothing() -> None:
    settings = load()
    assert settings.mode is Mode.PAPER
    assert settings.broker_addresses == ("http://127.0.0.1:8765", "ws://127.0.0.1:8765/streamer")


def test_the_ladder_of_the_specification_is_the_default() -> None:
    ladder = load().ladder
    assert (ladder.rung.total_seconds(), ladder.max_steps, ladder.window.total_seconds()) == (20, 3, 90)


def test_live_mode_needs_its_secrets_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_MODE", "live")
    with pytest.raises(SettingsError, match="ALERTLADDER_BROKER__REFRESH_TOKEN"):
        load()


def test_live_mode_needs_to_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, _LIVE)
    with pytest.raises(SettingsError, match="orders are real"):
        load()


def test_live_mode_that_is_meant_goes_to_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, _LIVE | {"ALERTLADDER_BROKER__CONFIRM_LIVE": "orders are real"})
    assert load().broker_addresses[0] == "https://api.tastyworks.com"
    assert load().account == "5WT00001"


def test_a_paper_order_can_not_reach_a_real_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_BROKER__PAPER_URL", "https://api.tastyworks.com")
    with pytest.raises(SettingsError, match="paper"):
        load()


def test_no_secret_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, _LIVE | {"ALERTLADDER_BROKER__CONFIRM_LIVE": "orders are real"})
    settings = load()
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert "a-secret" not in text
        assert "a-token" not in text


def test_steps_that_do_not_fit_in_the_window_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_LADDER__RUNG", "PT30S")
    with pytest.raises(SettingsError, match="3 steps of 30 s do not fit in a window of 90 s"):
        load()


def test_an_unknown_setting_is_refused_and_named(empty_folder: Path) -> None:
    (empty_folder / "alertladder.toml").write_text("[ladder]\nmax_step = 2\n")
    with pytest.raises(SettingsError, match=r"ladder\.max_step"):
        load()


def test_a_broken_file_is_one_clear_error(empty_folder: Path) -> None:
    (empty_folder / "alertladder.toml").write_text("[ladder\n")
    with pytest.raises(SettingsError, match=r"alertladder\.toml"):
        load()


def test_the_environment_outranks_the_file(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "alertladder.toml").write_text("[ladder]\nmax_steps = 2\n[exit]\nprofit_percent = 80\n")
    monkeypatch.setenv("ALERTLADDER_LADDER__MAX_STEPS", "1")
    settings = load()
    assert settings.ladder.max_steps == 1
    assert settings.exit.profit_percent == Decimal(80)


def test_everything_that_the_desk_goes_by_can_be_set_in_the_file(empty_folder: Path) -> None:
    said = """
        [limits]\nmax_open_trades = 3
        [sizing]\nmax_quantity = 4
        [ladder]\nmax_steps = 2
        [guard]\nindex_curb_hours = true
        [exit]\nmin_quantity = 2
        [closing]\nsame_author_only = false
        [protection]\nfollow_alerts = true\n        [short_options]\nenabled = true
        [allowlist]\nusers = [7]
    """
    (empty_folder / "alertladder.toml").write_text(said)
    changed, plain = load().desk_policy, DeskPolicy()
    assert [area for area in DeskPolicy.model_fields if getattr(changed, area) == getattr(plain, area)] == []


def test_the_command_line_is_on_the_desk_s_allowlist_unless_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().desk_policy.allowlist.users == {1}
    monkeypatch.setenv("ALERTLADDER_COMMAND_LINE__ALLOWED", "false")
    assert load().desk_policy.allowlist.users == frozenset()


def test_an_api_key_is_long_and_nobody_else_s(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "a-key-of-twenty-characters-or-more"
    wrong = [
        {"ALERTLADDER_API__OPERATOR_KEYS__ALICE": "short"},
        {"ALERTLADDER_API__OPERATOR_KEYS__ALICE": long, "ALERTLADDER_API__VIEWER_KEYS__BOB": long},
        {"ALERTLADDER_API__OPERATOR_KEYS__ALICE": long, "ALERTLADDER_API__VIEWER_KEYS__ALICE": long + "r"},
    ]
    for values in wrong:
        with monkeypatch.context() as patch:
            set_all(patch, values)
            with pytest.raises(SettingsError, match="key") as refused:
                load()
        assert long not in str(refused.value)


def test_the_api_listens_on_this_machine_unless_more_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().api.host, load().api.enabled) == ("127.0.0.1", False)
    monkeypatch.setenv("ALERTLADDER_API__HOST", "0.0.0.0")
    with pytest.raises(SettingsError, match="exposed"):
        load()
    monkeypatch.setenv("ALERTLADDER_API__EXPOSED", "true")
    assert load().api.url == "http://127.0.0.1:8000"


def test_an_api_s_alerts_are_let_in_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2 not in load().desk_policy.allowlist.channels
    monkeypatch.setenv("ALERTLADDER_API__ENABLED", "true")
    allowlist = load().desk_policy.allowlist
    assert (allowlist.users, allowlist.channels) == ({1, 2}, {1, 2})


def test_the_audit_worker_knows_every_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_API__OPERATOR_KEYS__ALICE", "a-key-of-twenty-characters-or-more")
    monkeypatch.setenv("ALERTLADDER_DISCORD__TOKEN", "a-token")
    assert set(known_secrets(load())) == {"a-key-of-twenty-characters-or-more", "a-token"}


def test_up_runs_the_api_where_it_is_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [service.name for service in services(load())] == ["temporal", "audit", "paper", "trades"]
    monkeypatch.setenv("ALERTLADDER_API__ENABLED", "true")
    assert services(load())[-1].name == "api"
