"""What an operator types to halt, resume and change the desk, and the one line that says what is wrong with it."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from typer.testing import CliRunner, Result

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from activities.kill_mark import Kill, KillMark
from domain.command import Trading
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id
from domain.settings import DeskPolicy
from tests.fakes.broker import FakeBroker
from workers.cli import app
from workers.commands.desk import NotChanged
from workflows.desk import Desk
from workflows.desk_door import DeskDoor, NoDesk

ACCOUNT = "5WX00042"
TEMPORAL = Path(sys.executable).with_name("temporal")


class Desks:
    """A server and a worker on a thread and a loop of their own: the commands run loops themselves."""

    def __init__(self) -> None:
        self.address: Future[str] = Future()
        self._stop: asyncio.Event | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._client: Client | None = None

    def open(self) -> str:
        self._thread.start()
        return self.address.result(60)

    def close(self) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def book(self) -> DeskBook:
        assert self._client is not None
        return asyncio.run_coroutine_threadsafe(DeskDoor(self._client, ACCOUNT).book(), self._loop).result(20)

    def anew(self) -> None:
        """A desk that has heard nothing yet."""
        asyncio.run_coroutine_threadsafe(self._anew(), self._loop).result(20)

    async def _anew(self) -> None:
        assert self._client is not None
        await self._client.start_workflow(
            Desk.run,
            DeskBook(policy=DeskPolicy()),
            id=desk_workflow_id(ACCOUNT),
            task_queue=TRADES_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        )

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        async with await WorkflowEnvironment.start_local(
            namespace="trading",
            dev_server_existing_path=str(TEMPORAL),
            data_converter=pydantic_data_converter,
            ip="127.0.0.1",
            dev_server_log_level="never",
        ) as env:
            self._client, broker = env.client, FakeBroker(env.client)
            async with (
                Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit]),
                Worker(
                    env.client,
                    task_queue=TRADES_QUEUE,
                    workflows=[Desk],
                    activities=[broker.page_operator],
                    workflow_runner=UnsandboxedWorkflowRunner(),
                ),
            ):
                self.address.set_result(env.client.service_client.config.target_host)
                await self._stop.wait()
            await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest.fixture(scope="module")
def desks() -> Iterator[Desks]:
    made = Desks()
    made.open()
    yield made
    made.close()


@pytest.fixture
def desk(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTLADDER_TEMPORAL__ADDRESS", desks.address.result())
    monkeypatch.setenv("ALERTLADDER_STATE_FOLDER", str(tmp_path / "state"))
    desks.anew()
    return desks


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def fails(kind: type[Exception], *arguments: str) -> str:
    """What it says, instead of a traceback."""
    result = run(*arguments)
    assert isinstance(result.exception, kind), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_a_halt_is_in_force_and_its_reason_is_shown(desk: Desks) -> None:
    halted = run("halt", "FOMC")
    assert halted.exit_code == 0
    assert "FOMC" in halted.output
    assert "entries taken off: none" in halted.output
    assert desk.book().standing.trading is Trading.HALTED
    assert "FOMC" in run("desk").output


def test_a_halt_is_lifted_by_the_code_and_takes_the_kills_mark_away(desk: Desks, tmp_path: Path) -> None:
    mark = KillMark(tmp_path / "state")
    mark.leave(Kill(by="ann", at=datetime.now(UTC)))
    run("halt", "FOMC")
    first = run("resume")
    assert mark.read() is not None
    second = run("resume", first.output.split()[-1])
    assert "entries are let in again" in second.output
    assert desk.book().standing.admits
    assert mark.read() is None


def test_a_wrong_code_lifts_nothing(desk: Desks, tmp_path: Path) -> None:
    mark = KillMark(tmp_path / "state")
    mark.leave(Kill(by="ann", at=datetime.now(UTC)))
    run("halt", "FOMC")
    run("resume")
    assert fails(NotChanged, "resume", "abcd") == "that is not the code"
    assert not desk.book().standing.admits
    assert mark.read() is not None


def test_reducing_only_is_lifted_in_one_step(desk: Desks) -> None:
    run("reduce-only", "winding down")
    assert desk.book().standing.trading is Trading.REDUCING
    assert "entries are let in again" in run("resume").output


def test_the_allowlist_is_changed_and_shown(desk: Desks) -> None:
    assert run("allow", "add", "roles", "77").output.strip() == "allowlist.roles: nobody -> 77"
    assert "77" in run("allow", "list").output
    assert run("allow", "remove", "roles", "77").output.strip() == "allowlist.roles: 77 -> nobody"
    assert desk.book().policy == DeskPolicy()


def test_a_limit_is_set_and_shown(desk: Desks) -> None:
    assert run("limits", "limits.max_open_trades", "7").output.strip() == "limits.max_open_trades: 20 -> 7"
    assert "limits.max_open_trades = 7" in run("limits", "limits.max").output
    assert run("limits", "ladder.reprice", "cancel_and_place").exit_code == 0
    assert run("limits", "guard.max_alert_age", "PT5S").exit_code == 0
    assert "guard.max_alert_age" not in run("limits", "sizing").output


def test_a_channels_factor_is_set_and_forgotten(desk: Desks) -> None:
    assert run("factor", "9", "0.5").output.strip() == "sizing.channel_factor.9: 1 -> 0.5"
    assert run("factor", "9", "none").output.strip() == "sizing.channel_factor.9: 0.5 -> 1"


def test_troubles_are_shown_even_when_there_are_none(desk: Desks) -> None:
    assert run("troubles").output.strip() == "no troubles"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("limits", "no.such", "1"), "there is no such setting"),
        (("limits", "limits.max_open_trades", "many"), "valid integer"),
        (("limits", "ladder.rung", "PT40S"), "do not fit in a window"),
        (("factor", "9", "half"), "no number"),
        (("factor", "9", "11"), "less than or equal to 10"),
        (("halt", ""), "at least 1 character"),
        (("halt", "x" * 201), "at most 200 characters"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(desk: Desks, arguments: tuple[str, ...], said: str) -> None:
    assert said in fails(NotChanged, *arguments)
    assert desk.book().policy == DeskPolicy()
    assert desk.book().standing.admits


@pytest.mark.parametrize("number", ["0", "-1", "ann", "9223372036854775808"])
def test_an_id_that_is_none_is_an_error_of_usage(desk: Desks, number: str) -> None:
    assert run("allow", "add", "users", number).exit_code == 2


def test_without_a_desk_it_says_so(desk: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTLADDER_MODE", "sandbox")
    for name in ("ACCOUNT", "CLIENT_SECRET", "REFRESH_TOKEN"):
        monkeypatch.setenv(f"ALERTLADDER_BROKER__{name}", "5WZ99999")
    assert "is `alertladder up` running?" in fails(NoDesk, "halt", "FOMC")
