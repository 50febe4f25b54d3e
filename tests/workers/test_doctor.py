"""`alertladder doctor` names what is wrong, one line each, with what to do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord, Json, Permission
from workers.doctor import Finding, findings
from workers.settings import load


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        server.require_clean()


@pytest.fixture
def guild(fake: FakeDiscord) -> Json:
    return fake.world.guild()


@pytest.fixture(autouse=True)
def channel(fake: FakeDiscord, guild: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Json:
    channel = fake.world.channel(guild, "alerts")
    author = fake.world.member(guild, "Author")
    monkeypatch.chdir(tmp_path)
    env = {
        "STATE_FOLDER": str(tmp_path),
        "TEMPORAL__ADDRESS": "127.0.0.1:9",
        "PAPER__PORT": "9",
        "DISCORD__TOKEN": fake.token,
        "DISCORD__API_URL": fake.api_url,
        "DISCORD__GATEWAY_URL": fake.gateway_url,
        "DISCORD__GUILD_ID": guild["id"],
        "ALLOWLIST__CHANNELS": f"[{channel['id']}]",
        "ALLOWLIST__USERS": f"[{author['id']}]",
    }
    for name, value in env.items():
        monkeypatch.setenv(f"ALERTLADDER_{name}", value)
    return channel


async def looked() -> dict[str, Finding]:
    return {finding.part: finding for finding in await findings(load())}


async def test_a_bot_that_is_set_up_right_is_well_and_what_is_down_is_named() -> None:
    found = await looked()
    assert {part for part, finding in found.items() if finding.is_well} == {
        *("token", "intents", "channels", "clock", "audit", "operator")
    }
    assert "alertladder up" in found["temporal"].says
    assert "alertladder up" in found["broker"].says


async def test_a_wrong_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_DISCORD__TOKEN", "wrong")
    found = await looked()
    assert not found["token"].is_well
    assert "Reset Token" in found["token"].says


async def test_a_missing_intent_is_named(fake: FakeDiscord) -> None:
    fake.gateway.portal_intents = 0
    found = await looked()
    assert not found["intents"].is_well
    assert "Message Content Intent" in found["intents"].says


async def test_a_missing_permission_is_named_with_its_channel(fake: FakeDiscord, channel: Json) -> None:
    fake.world.deny(channel, Permission.ADD_REACTIONS | Permission.READ_HISTORY)
    found = await looked()
    assert "#alerts" in found["channels"].says
    assert "Read Message History, Add Reactions" in found["channels"].says


async def test_a_channel_that_the_bot_can_not_see_is_named(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_ALLOWLIST__CHANNELS", "[1500000000000000000]")
    found = await looked()
    assert "1500000000000000000 is not seen" in found["channels"].says


async def test_a_bot_in_another_guild_is_told_how_to_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_DISCORD__GUILD_ID", "1500000000000000000")
    found = await looked()
    assert "is not in guild 1500000000000000000" in found["channels"].says


async def test_an_empty_allowlist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_ALLOWLIST__USERS", "[]")
    monkeypatch.setenv("ALERTLADDER_COMMAND_LINE__ALLOWED", "false")
    found = await looked()
    assert "alertladder allow add users" in found["allowlist"].says


async def test_a_discord_that_is_down_is_named(fake: FakeDiscord) -> None:
    await fake.stop()
    found = await looked()
    assert not found["discord"].is_well
    assert not found["clock"].is_well


async def test_without_a_token_the_rest_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_DISCORD__TOKEN", "")
    found = await looked()
    assert found["discord"].is_well
    assert "no token is set" in found["discord"].says
