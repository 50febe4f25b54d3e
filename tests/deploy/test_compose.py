"""The compose file as written: closed to the network, without secrets, bounded, restarted, and started in order."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from paper.__main__ import _parser as paper_options
from workers.cli import app
from workers.temporal_server import DYNAMIC_CONFIG

Services = dict[str, dict[str, Any]]
ONE_SHOTS = {"schema", "namespace", "tctl"}
OURS = {"trades", "audit", "api", "bot", "paper"}
SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|PWD")


def _bind_mounts(services: Services) -> list[str]:
    sources = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    return [source for source in sources if source.startswith(".")]


def test_a_plain_start_runs_the_server_its_set_up_and_the_workers(services: Services) -> None:
    always = {name for name, service in services.items() if not service.get("profiles")}
    assert always == {"postgres", "schema", "temporal", "namespace", "ui", "trades", "audit"}


def test_every_published_port_is_on_the_loopback_address(services: Services) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(published) == {"temporal", "ui", "api"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_the_database_is_reached_by_the_schema_job_and_the_server_only(
    services: Services, compose: dict[str, Any]
) -> None:
    reaching = {name for name, service in services.items() if "database" in service.get("networks", [])}
    assert reaching == {"postgres", "schema", "temporal"}
    assert services["postgres"]["networks"] == ["database"]
    assert compose["networks"]["database"] == {"internal": True}


def test_only_the_trades_worker_reaches_the_practice_exchange(services: Services) -> None:
    assert services["paper"]["network_mode"] == "service:trades"
    assert not {"networks", "ports"} & set(services["paper"])
    assert {name for name, service in services.items() if "network_mode" in service} == {"paper"}


def test_the_practice_exchange_takes_the_options_it_is_given(services: Services) -> None:
    assert services["paper"]["entrypoint"] == ["python", "-m", "paper"]
    given = vars(paper_options().parse_args(services["paper"]["command"]))
    assert str(given["db"].parent) == services["paper"]["volumes"][0].split(":")[1]


def test_no_secret_is_written_inline(services: Services) -> None:
    named = [
        name
        for service in services.values()
        for name in service.get("environment") or {}
        if SECRET.search(name) and not name.endswith("_FILE")
    ]
    assert named == []


def test_each_door_reads_its_own_secrets_only(services: Services) -> None:
    def readers(area: str) -> set[str]:
        return {name for name, service in services.items() if f"deploy/{area}.env" in service.get("env_file", [])}

    assert readers("discord") == {"bot"}
    assert readers("api") == {"api"}
    assert readers("broker") == OURS - {"paper"}


def test_the_audit_file_has_one_owner(services: Services) -> None:
    owners = {name for name, service in services.items() if any("audit:" in v for v in service.get("volumes", []))}
    assert owners == {"audit"}
    assert services["audit"]["deploy"]["replicas"] == 1
    path = Path(services["audit"]["environment"]["ALERTLADDER_AUDIT__PATH"])
    assert f"audit:{path.parent}" in services["audit"]["volumes"]


def test_what_must_last_is_in_named_volumes(services: Services, compose: dict[str, Any]) -> None:
    assert set(compose["volumes"]) == {"postgres", "audit", "paper", "state"}
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql/data"]


def test_a_kill_s_mark_is_where_trades_looks_and_the_api_takes_it_away(services: Services) -> None:
    holders = {name for name, service in services.items() if any("state:" in v for v in service.get("volumes", []))}
    assert holders == {"trades", "api", "bot"}
    folders = {services[name]["environment"]["ALERTLADDER_STATE_FOLDER"] for name in holders}
    assert all(f"state:{folder}" in services[name]["volumes"] for name in holders for folder in folders)


def test_every_service_is_bounded_in_memory_processor_processes_and_log(services: Services) -> None:
    for name, service in services.items():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name


def test_services_come_back_and_jobs_run_once(services: Services) -> None:
    for name, service in services.items():
        assert service["restart"] == ("no" if name in ONE_SHOTS else "unless-stopped"), name


def test_nobody_gains_privileges(services: Services) -> None:
    assert all(service["security_opt"] == ["no-new-privileges:true"] for service in services.values())
    unprivileged = {name for name, service in services.items() if service.get("cap_drop") == ["ALL"]}
    read_only = {name for name, service in services.items() if service.get("read_only")}
    assert unprivileged == read_only == set(services) - {"postgres", "ui"}


def test_waiting_for_health_needs_a_health_check_and_waiting_for_an_end_a_job(services: Services) -> None:
    for service in services.values():
        for awaited, how in (service.get("depends_on") or {}).items():
            if how["condition"] == "service_completed_successfully":
                assert awaited in ONE_SHOTS
            elif how["condition"] == "service_healthy":
                assert "healthcheck" in services[awaited]
            else:
                assert service["network_mode"] == f"service:{awaited}"


def test_our_processes_wait_for_the_namespace(services: Services) -> None:
    for name in OURS - {"paper"}:
        assert services[name]["depends_on"]["namespace"] == {"condition": "service_completed_successfully"}


def test_the_trades_worker_waits_for_no_practice_exchange(services: Services) -> None:
    assert set(services["trades"]["depends_on"]) == {"namespace"}


def test_the_practice_exchange_moves_with_the_network_it_shares(services: Services) -> None:
    assert services["paper"]["depends_on"] == {"trades": {"condition": "service_started", "restart": True}}


def test_all_our_processes_are_one_image_and_meet_in_one_namespace(services: Services) -> None:
    assert {services[name]["image"] for name in OURS} == {"alertladder:${ALERTLADDER_VERSION:-local}"}
    made = services["namespace"]["environment"]["TEMPORAL_NAMESPACE"]
    for name in OURS - {"paper"}:
        assert services[name]["environment"]["ALERTLADDER_TEMPORAL__NAMESPACE"] == made
        assert services[name]["environment"]["ALERTLADDER_TEMPORAL__ADDRESS"] == "temporal:7233"


def test_trades_finds_the_practice_exchange_where_it_listens(services: Services) -> None:
    words = services["paper"]["command"]
    port = words[words.index("--port") + 1]
    assert services["trades"]["environment"]["ALERTLADDER_PAPER__PORT"] == port
    assert f'("127.0.0.1", {port})' in services["paper"]["healthcheck"]["test"][-1]


def test_mounted_files_are_in_the_repository(services: Services, root: Path) -> None:
    mounted = _bind_mounts(services)
    assert mounted
    assert all((root / source).exists() for source in mounted)
    for service in services.values():
        for word in [*service.get("entrypoint", []), *service.get("healthcheck", {}).get("test", [])]:
            if word.startswith(("/scripts/", "/opt/alertladder/")):
                assert (root / "deploy" / "scripts" / Path(word).name).exists(), word


def test_every_env_file_has_an_example(services: Services, root: Path) -> None:
    named = {name for service in services.values() for name in service.get("env_file", [])}
    assert named == {f"deploy/{name}.env" for name in ("settings", "broker", "discord", "api")}
    assert all((root / f"{name}.example").exists() for name in named)


def test_every_variable_has_a_default_that_the_example_repeats(root: Path) -> None:
    text = (root / "docker-compose.temporal.yml").read_text(encoding="utf-8")
    defaults = dict(re.findall(r"(?<!\$)\$\{(\w+):-([^}]*)\}", text))
    assert len(re.findall(r"(?<!\$)\$\{", text)) == len(re.findall(r"(?<!\$)\$\{\w+:-", text))
    example = (root / "deploy" / ".env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^(\w+)=(.*)$", example, flags=re.MULTILINE))
    assert {name: given[name] for name in defaults} == defaults


def test_the_example_starts_in_paper_mode(root: Path) -> None:
    assert "\nALERTLADDER_MODE=paper\n" in (root / "deploy" / "settings.env.example").read_text(encoding="utf-8")
    assert "\nCOMPOSE_PROFILES=paper\n" in (root / "deploy" / ".env.example").read_text(encoding="utf-8")


def test_what_the_example_starts_are_commands_that_exist(services: Services, root: Path) -> None:
    example = (root / "deploy" / ".env.example").read_text(encoding="utf-8")
    chosen = set(re.findall(r"^COMPOSE_PROFILES=(.*)$", example, flags=re.MULTILINE)[0].split(","))
    started = {name for name in OURS - {"paper"} if set(services[name].get("profiles", chosen)) & chosen}
    assert started == {"trades", "audit"}
    assert {services[name]["command"][0] for name in started} <= set(typer.main.get_group(app).commands)


def test_the_server_paces_tasks_and_timers_like_the_embedded_one(services: Services, root: Path) -> None:
    path = Path(services["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"])
    assert f"./deploy/dynamicconfig:{path.parent}:ro" in services["temporal"]["volumes"]
    written = yaml.safe_load((root / "deploy" / "dynamicconfig" / path.name).read_text(encoding="utf-8"))
    embedded = {name: [{"value": yaml.safe_load(value)}] for name, value in DYNAMIC_CONFIG.items()}
    assert written == embedded


@pytest.mark.parametrize("name", sorted(OURS - {"paper", "api"}))
def test_a_worker_has_the_time_to_end_what_it_has_in_hand(services: Services, name: str) -> None:
    assert services[name]["stop_grace_period"] == "45s"
    assert services[name]["init"] is True
