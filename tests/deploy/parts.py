"""Real parts to try the deployment on: its scripts, a Temporal server, and stand-ins for what can't be had."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "deploy" / "scripts"
TEMPORAL = Path(sys.executable).with_name("temporal")


Script = Callable[..., subprocess.CompletedProcess[str]]


def run_script(name: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the deployment by its name, with an environment of its own.

    `temporal` is on its path, behind what the caller puts there.
    """
    folders = [environment.pop("PATH", ""), str(TEMPORAL.parent), os.environ["PATH"]]
    return subprocess.run(
        ["sh", str(SCRIPTS / name), *words],
        env={"PATH": os.pathsep.join(filter(None, folders)), "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@dataclass(frozen=True)
class Server:
    """A running Temporal server, asked through its own command line."""

    address: str

    def temporal(self, *words: str) -> str:
        """The output of `temporal`; CalledProcessError when it fails."""
        command = [str(TEMPORAL), *words, "--address", self.address]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout

    def ask(self, *words: str) -> Any:
        """The same, read as JSON."""
        return json.loads(self.temporal(*words, "--output", "json"))

    def retention_days(self, namespace: str) -> float:
        """How long the namespace keeps closed workflows."""
        described = self.ask("operator", "namespace", "describe", "--namespace", namespace)
        return float(described["config"]["workflowExecutionRetentionTtl"].removesuffix("s")) / 86_400

    def attributes(self, namespace: str) -> Mapping[str, str]:
        """The namespace's own search attributes: name to the server's word for the type."""
        listed = self.ask("operator", "search-attribute", "list", "--namespace", namespace)
        found: Mapping[str, str] = listed["customAttributes"]
        return found


@dataclass(frozen=True)
class Recorder:
    """Stand-ins of programs, in a folder to put on the path: each call is noted and nothing else is done."""

    folder: Path

    def stand_in_for(self, program: str, *, failing_on: str = "", also: str = "") -> None:
        """Note the calls of `program`; it fails when the word is among its arguments. `also` is shell to run."""
        lines = ["#!/bin/sh", f'echo "$@" >>{self._calls}', also]
        lines.append(f'case " $* " in *" {failing_on} "*) exit 1 ;; esac' if failing_on else "")
        path = self.folder / program
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """The arguments of each call, in order."""
        return self._calls.read_text(encoding="utf-8").splitlines() if self._calls.exists() else []

    @property
    def _calls(self) -> Path:
        return self.folder / "calls"
