"""What every test of the deployment is handed: its files, its scripts, a real Temporal server, stand-ins."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.parts import ROOT, TEMPORAL, Recorder, Script, Server, run_script

STARTING = 30.0  # seconds that the server may take to answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _healthy(server: Server) -> bool:
    try:
        return "SERVING" in server.temporal("operator", "cluster", "health")
    except subprocess.CalledProcessError:
        return False


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A dev server that starts as empty as the one on PostgreSQL: no namespace, no search attribute of ours."""
    port = _free_port()
    command = [str(TEMPORAL), "server", "start-dev", "--headless", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = Server(f"127.0.0.1:{port}")
    deadline = time.monotonic() + STARTING
    try:
        while not _healthy(found):
            assert process.poll() is None, "the server ended while starting"
            assert time.monotonic() < deadline, "the server did not answer"
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def script() -> Script:
    """Runs a script of the deployment."""
    return run_script


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """The compose file, with anchors and merges resolved and variables as they are written."""
    text = (ROOT / "docker-compose.temporal.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The compose file's services by name."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """An empty folder of stand-ins."""
    folder = tmp_path / "stand-ins"
    folder.mkdir()
    return Recorder(folder)
