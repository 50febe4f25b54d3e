import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.services import SLEEPER, Departure, Telephone, Witness, python, supervised
from workers import supervisor
from workers.supervisor import Backoff, Service, ServiceEvent, ServiceEventKind, Supervisor

READY, DIED, STARTING = ServiceEventKind.READY, ServiceEventKind.DIED, ServiceEventKind.STARTING
SOON = Backoff(first=timedelta(milliseconds=10))
NEVER = Backoff(first=timedelta(hours=1))
REPOSITORY = Path(__file__).parents[2]


async def never() -> None:
    await asyncio.Event().wait()


async def test_a_service_starts_only_once_the_one_before_is_ready(tmp_path: Path) -> None:
    witness, gate = Witness(), asyncio.Event()

    async def opened() -> None:
        await gate.wait()

    async with supervised([python("first", tmp_path, ready=opened), python("second", tmp_path)], witness):
        await witness.sees(STARTING, "first")
        gate.set()
        await witness.sees(READY, "second")
    started = [("starting", "first"), ("ready", "first"), ("starting", "second"), ("ready", "second")]
    assert witness.story[:4] == started


async def test_services_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("first", tmp_path), python("second", tmp_path)], witness):
        await witness.sees(READY, "second")
    stopped = [("stopping", "second"), ("stopped", "second"), ("stopping", "first"), ("stopped", "first")]
    assert witness.story[4:] == stopped


async def test_a_stop_before_all_are_ready_starts_no_more(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("first", tmp_path, ready=never), python("second", tmp_path)], witness):
        await witness.sees(STARTING, "first")
    assert witness.story == [("starting", "first"), ("stopping", "first"), ("stopped", "first")]


async def test_a_killed_service_is_started_again(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("worker", tmp_path)], witness, backoff=SOON):
        first = await witness.sees(READY, "worker")
        assert first.pid
        os.kill(first.pid, signal.SIGKILL)
        second = await witness.sees(READY, "worker", times=2)
        assert second.pid
        os.kill(second.pid, 0)  # it is there
    assert second.pid != first.pid
    died = await witness.sees(DIED, "worker")
    assert (died.pid, died.exit_code) == (first.pid, -signal.SIGKILL)


async def test_the_pauses_between_restarts_grow(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("worker", tmp_path, "raise SystemExit(3)")], witness, backoff=SOON):
        pauses = [(await witness.sees(ServiceEventKind.RESTARTING, "worker", times=time)).detail for time in (1, 2, 3)]
        died = await witness.sees(DIED, "worker")
    assert died.exit_code == 3
    assert pauses == ["in 0.01 s", "in 0.02 s", "in 0.04 s"]


async def test_a_stop_does_not_wait_for_a_pause_to_end(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("worker", tmp_path, "raise SystemExit(3)")], witness, backoff=NEVER):
        await witness.sees(ServiceEventKind.RESTARTING, "worker")
    assert witness.story[-1] == ("restarting", "worker")


async def test_a_service_that_ignores_the_request_to_stop_is_killed(tmp_path: Path, telephone: Telephone) -> None:
    deaf = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "os.write(int(sys.argv[1]), b'deaf'); time.sleep(600)"
    )

    async def is_deaf() -> None:
        assert await telephone.hear() == "deaf"

    witness, line = Witness(), telephone.theirs.fileno()
    service = python("worker", tmp_path, deaf, telephone.number, ready=is_deaf, stop_grace=timedelta(milliseconds=50))
    async with supervised([service], witness, inherit=(line,)):
        await witness.sees(READY, "worker")
    assert witness.events[-1].exit_code == -signal.SIGKILL


async def test_a_service_that_does_not_become_ready_is_started_anew(tmp_path: Path) -> None:
    witness = Witness()
    slow = python("worker", tmp_path, ready=never, ready_timeout=timedelta(milliseconds=50))
    async with supervised([slow], witness, backoff=SOON):
        await witness.sees(STARTING, "worker", times=2)
    died = await witness.sees(DIED, "worker")
    assert died.detail == "not ready in 0:00:00.050000"


async def test_a_probe_that_fails_is_reported_and_the_service_started_anew(tmp_path: Path) -> None:
    async def refused() -> None:
        raise RuntimeError("no desk answered")

    witness = Witness()
    async with supervised([python("worker", tmp_path, ready=refused)], witness, backoff=SOON):
        await witness.sees(STARTING, "worker", times=2)
    died = await witness.sees(DIED, "worker")
    assert died.detail == "not ready: RuntimeError: no desk answered"


async def test_a_service_that_dies_while_it_is_probed_is_not_waited_for(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("worker", tmp_path, "raise SystemExit(3)", ready=never)], witness, backoff=NEVER):
        died = await witness.sees(DIED, "worker")
    assert (died.exit_code, died.detail) == (3, "ended before it was ready")


async def test_a_program_that_does_not_exist_says_so_in_the_log(tmp_path: Path) -> None:
    witness = Witness()
    missing = Service(name="worker", argv=("/nowhere/at-all",), log=tmp_path / "log" / "worker.log")
    async with supervised([missing], witness, backoff=NEVER):
        died = await witness.sees(DIED, "worker")
    assert died.exit_code == 127
    assert missing.log.read_text() == "/nowhere/at-all: No such file or directory\n"


async def test_a_log_that_cannot_be_opened_does_not_end_the_others(tmp_path: Path) -> None:
    witness = Witness()
    (tmp_path / "worker.log").mkdir()
    async with supervised([python("fine", tmp_path), python("worker", tmp_path)], witness, backoff=NEVER):
        died = await witness.sees(DIED, "worker")
    assert "Is a directory" in died.detail
    assert (died.pid, witness.story[-1]) == (None, ("stopped", "fine"))


async def test_a_terminals_ctrl_c_does_not_reach_a_service(tmp_path: Path) -> None:
    witness = Witness()
    async with supervised([python("worker", tmp_path)], witness):
        pid = (await witness.sees(READY, "worker")).pid
        assert pid
        assert os.getsid(pid) == os.getpgid(pid) == pid


async def test_what_a_killed_service_had_started_is_killed_too(tmp_path: Path, telephone: Telephone) -> None:
    parent = (
        "import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', sys.argv[2]]);"
        "os.write(int(sys.argv[1]), str(child.pid).encode()); child.wait()"
    )
    witness, line = Witness(), telephone.theirs.fileno()
    service = python("worker", tmp_path, parent, telephone.number, SLEEPER)
    async with supervised([service], witness, inherit=(line,), backoff=NEVER):
        grandchild = Departure(int(await telephone.hear()))
        pid = (await witness.sees(READY, "worker")).pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        await grandchild.wait()


async def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    up = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.workers.two_sleepers", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        cwd=REPOSITORY,
    )
    assert up.stdout
    pids: list[int] = []
    while len(pids) < 2:
        event = ServiceEvent.model_validate_json(await up.stdout.readline())
        if event.kind is READY and event.pid:
            pids.append(event.pid)
    services = [Departure(pid) for pid in pids]
    up.kill()
    for service in services:
        await service.wait()
    assert await up.wait() == -signal.SIGKILL


async def test_a_service_gets_only_the_environment_it_is_given(tmp_path: Path) -> None:
    witness = Witness()
    service = python(
        "worker", tmp_path, "import os; raise SystemExit(' '.join(sorted(os.environ)))", env={"ACCOUNT": "5WT"}
    )
    async with supervised([service], witness, backoff=NEVER):
        await witness.sees(DIED, "worker")
    assert set(service.log.read_text().split()) <= {"ACCOUNT", "LC_CTYPE"}  # the interpreter's own LC_CTYPE


async def test_a_service_is_not_left_with_the_signals_that_the_interpreter_ignores(tmp_path: Path) -> None:
    witness = Witness()
    service = Service(name="worker", argv=("grep", "SigIgn", "/proc/self/status"), log=tmp_path / "worker.log")
    async with supervised([service], witness, backoff=NEVER):
        await witness.sees(DIED, "worker")
    ignored = int(service.log.read_text().split()[1], 16)
    assert not ignored & (1 << (signal.SIGPIPE - 1))


async def test_a_log_goes_on_where_it_was(tmp_path: Path) -> None:
    witness = Witness()
    service = python("worker", tmp_path, "raise SystemExit('second')")
    service.log.write_text("first\n")
    async with supervised([service], witness, backoff=NEVER):
        await witness.sees(DIED, "worker")
    assert service.log.read_text() == "first\nsecond\n"


async def test_a_long_log_is_set_aside_at_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOG_BOUND", 5)
    witness = Witness()
    service = python("worker", tmp_path, "raise SystemExit('second')")
    service.log.write_text("first\n")
    async with supervised([service], witness, backoff=NEVER):
        await witness.sees(DIED, "worker")
    assert service.log.read_text() == "second\n"
    assert (tmp_path / "worker.log.1").read_text() == "first\n"


async def test_a_bug_in_the_reporting_ends_the_services_and_is_raised(tmp_path: Path) -> None:
    pids: list[int] = []

    def broken(event: ServiceEvent) -> None:
        if event.kind is READY:
            assert event.pid
            pids.append(event.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Supervisor([python("worker", tmp_path)], broken).run(asyncio.Event())
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


@pytest.mark.parametrize(
    ("previous", "lived", "pause"),
    [(None, 0, 0.2), (0.2, 1, 0.4), (6.4, 4, 10), (10, 1, 10), (10, 5, 0.2)],
)
def test_the_pause_doubles_to_ten_seconds_until_a_life_was_long(
    previous: float | None, lived: float, pause: float
) -> None:
    before = None if previous is None else timedelta(seconds=previous)
    assert Backoff().after(before, timedelta(seconds=lived)) == timedelta(seconds=pause)


async def test_a_service_that_says_why_it_can_not_run_is_reported_with_that(tmp_path: Path) -> None:
    witness = Witness()
    code = "import sys; sys.stderr.write('a line\\nalertladder: the token is wrong\\n'); raise SystemExit(1)"
    async with supervised([python("bot", tmp_path, code)], witness, backoff=NEVER):
        died = await witness.sees(DIED, "bot")
    assert died.detail == "the token is wrong"
