"""The bot's process says in one line why it can't run, and never its token."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord, Json
from workers.bot_server import _Hiding
from workers.settings import SettingsError, load


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def channel(fake: FakeDiscord) -> Json:
    return fake.world.channel(fake.world.guild(), "alerts")


@pytest.fixture
def env(fake: FakeDiscord, channel: Json, tmp_path: Path) -> dict[str, str]:
    return {
        "ALERTLADDER_STATE_FOLDER": str(tmp_path),
        "ALERTLADDER_TEMPORAL__ADDRESS": "127.0.0.1:9",  # nobody is there
        "ALERTLADDER_DISCORD__TOKEN": fake.token,
        "ALERTLADDER_DISCORD__API_URL": fake.api_url,
        "ALERTLADDER_DISCORD__GATEWAY_URL": fake.gateway_url,
        "ALERTLADDER_ALLOWLIST__CHANNELS": f"[{channel['id']}]",
    }


async def started(env: dict[str, str], tmp_path: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers.serve", "bot"),
        env=os.environ | env,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def ended(env: dict[str, str], tmp_path: Path) -> tuple[int, str]:
    process = await started(env, tmp_path)
    out, _ = await asyncio.wait_for(process.communicate(), 40)
    return process.returncode or 0, out.decode()


async def test_without_a_token_it_says_where_to_get_one(env: dict[str, str], tmp_path: Path) -> None:
    code, said = await ended(env | {"ALERTLADDER_DISCORD__TOKEN": ""}, tmp_path)
    assert code == 1
    assert "https://discord.com/developers/applications" in said


async def test_a_wrong_token_is_one_line_without_the_token(env: dict[str, str], tmp_path: Path) -> None:
    wrong = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gwrong.abcdefghijklmnopqrstuvwxyz0123456789AB"
    code, said = await ended(env | {"ALERTLADDER_DISCORD__TOKEN": wrong}, tmp_path)
    assert code == 1
    assert said.strip().splitlines()[-1].startswith("alertladder: Discord does not know the token")
    assert wrong not in said
    assert "Traceback" not in said


async def test_a_missing_intent_is_one_line(fake: FakeDiscord, env: dict[str, str], tmp_path: Path) -> None:
    fake.gateway.portal_intents = 0
    code, said = await ended(env, tmp_path)
    assert code == 1
    assert "Message Content Intent" in said.strip().splitlines()[-1]
    assert "Traceback" not in said


async def test_a_bot_without_temporal_connects_and_stops_in_order(
    fake: FakeDiscord, env: dict[str, str], tmp_path: Path
) -> None:
    process = await started(env, tmp_path)
    await fake.connected(within=30)
    process.send_signal(signal.SIGTERM)
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    assert fake.token not in out.decode()
    assert "Traceback" not in out.decode()


async def test_a_bot_waits_for_a_discord_that_is_down(fake: FakeDiscord, env: dict[str, str], tmp_path: Path) -> None:
    await fake.stop()
    process = await started(env, tmp_path)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while b"out of reach" not in await process.stdout.readline():
            continue
    await fake.start(fake.port)
    await fake.connected(within=30)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), 30)


def test_a_discord_beyond_this_machine_can_not_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTLADDER_DISCORD__API_URL", "https://evil.example/api/v10")
    monkeypatch.setenv("ALERTLADDER_DISCORD__GATEWAY_URL", "wss://evil.example/")
    with pytest.raises(SettingsError, match="this machine's own"):
        load()


def test_a_token_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("secret-token\n")
    monkeypatch.setenv("ALERTLADDER_DISCORD__TOKEN_FILE", str(tmp_path / "token"))
    secret = load().discord.secret
    assert secret is not None
    assert secret.get_secret_value() == "secret-token"
    assert "secret-token" not in str(load().model_dump(mode="json"))


def test_no_line_of_the_log_shows_the_token_nor_does_a_traceback() -> None:
    token = "a-token-of-this-test"
    hiding = _Hiding(logging.Formatter("%(message)s"), token)
    failed = (ValueError, ValueError(token), None)
    record = logging.LogRecord("discord", logging.INFO, "", 0, "sent %s", (token,), failed)
    assert token not in hiding.format(record)
    assert "ValueError" in hiding.format(record)


@pytest.mark.parametrize(("code", "says"), [(4004, "does not know the token"), (4013, "newest alertladder")])
async def test_what_discord_hangs_up_for_while_the_bot_runs_is_one_line(
    fake: FakeDiscord, env: dict[str, str], tmp_path: Path, code: int, says: str
) -> None:
    process = await started(env, tmp_path)
    await fake.connected(within=30)
    await fake.gateway.drop(code)
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert says in out.decode().strip().splitlines()[-1]
    assert "Traceback" not in out.decode()


async def test_a_bot_that_was_started_too_often_does_not_risk_its_token(
    fake: FakeDiscord, env: dict[str, str], tmp_path: Path
) -> None:
    fake.gateway.starts_left = 5
    code, said = await ended(env, tmp_path)
    assert code == 1
    assert "5 more sessions" in said.strip().splitlines()[-1]
    assert fake.gateway.starts_left == 5
