"""The namespace job against a real server: what it makes, and what it leaves alone."""

from tests.deploy.parts import Script, Server
from workflows.search_attributes import SEARCH_ATTRIBUTES


def test_the_namespace_keeps_closed_trades_for_ninety_days(server: Server, script: Script) -> None:
    done = script("init-namespace.sh", TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="fresh")
    assert done.returncode == 0, done.stderr
    assert server.retention_days("fresh") == 90


def test_every_search_attribute_of_a_trade_is_registered_under_its_type(server: Server, script: Script) -> None:
    script("init-namespace.sh", TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="attributes")
    wanted = {key.name: f"INDEXED_VALUE_TYPE_{key.indexed_value_type.name}" for key in SEARCH_ATTRIBUTES}
    assert server.attributes("attributes") == wanted


def test_a_second_run_changes_nothing(server: Server, script: Script) -> None:
    where = {"TEMPORAL_ADDRESS": server.address, "TEMPORAL_NAMESPACE": "twice"}
    script("init-namespace.sh", **where)
    before = server.ask("operator", "namespace", "describe", "--namespace", "twice")
    again = script("init-namespace.sh", **where)
    assert again.returncode == 0, again.stderr
    assert server.ask("operator", "namespace", "describe", "--namespace", "twice") == before


def test_a_shorter_retention_is_raised(server: Server, script: Script) -> None:
    server.temporal("operator", "namespace", "create", "--namespace", "short", "--retention", "24h")
    done = script("init-namespace.sh", TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="short")
    assert done.returncode == 0, done.stderr
    assert server.retention_days("short") == 90


def test_a_longer_retention_is_left_alone(server: Server, script: Script) -> None:
    server.temporal("operator", "namespace", "create", "--namespace", "long", "--retention", "365d")
    done = script("init-namespace.sh", TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="long")
    assert done.returncode == 0, done.stderr
    assert server.retention_days("long") == 365


def test_an_attribute_under_another_type_stops_the_start_by_name(server: Server, script: Script) -> None:
    server.temporal("operator", "namespace", "create", "--namespace", "clash", "--retention", "24h")
    server.temporal(
        *("operator", "search-attribute", "create", "--namespace", "clash", "--name", "Author", "--type", "Int")
    )
    done = script("init-namespace.sh", TEMPORAL_ADDRESS=server.address, TEMPORAL_NAMESPACE="clash")
    assert done.returncode == 1
    assert "search attribute Author is Int here" in done.stderr


def test_a_server_that_never_answers_is_given_up(script: Script) -> None:
    done = script("init-namespace.sh", TEMPORAL_ADDRESS="127.0.0.1:1", WAIT_SECONDS="1")
    assert done.returncode == 1
    assert "gave up after 1 s" in done.stderr
