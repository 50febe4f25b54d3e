import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.services import SLEEPER
from workers.state_lock import LOCK_NAME, StateFolderInUse, hold_state_folder

HOLD_AND_LEAVE_A_CHILD = """
import subprocess, sys
from pathlib import Path
from workers.state_lock import hold_state_folder
with hold_state_folder(Path(sys.argv[1])) as lock:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[2]], pass_fds=(lock,), stdout=subprocess.DEVNULL)
    sys.stdout.write(str(child.pid))
"""


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with (
        hold_state_folder(tmp_path / "state"),
        pytest.raises(StateFolderInUse, match=rf"state is in use by process {os.getpid()}$") as refused,
        hold_state_folder(tmp_path / "state"),
    ):
        pass
    assert refused.value.pid == os.getpid()


def test_a_folder_that_was_let_go_can_be_held_again(tmp_path: Path) -> None:
    with hold_state_folder(tmp_path):
        pass
    with hold_state_folder(tmp_path):
        assert (tmp_path / LOCK_NAME).read_text() == str(os.getpid())


def test_the_state_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with hold_state_folder(tmp_path / "state"):
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_child_that_outlives_its_supervisor_keeps_the_folder(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_LEAVE_A_CHILD, str(tmp_path), SLEEPER], stdout=subprocess.PIPE
    )
    told, _ = holder.communicate()
    try:
        with (
            pytest.raises(StateFolderInUse, match=f"processes that process {holder.pid}, now gone, left behind"),
            hold_state_folder(tmp_path, patience=timedelta(0)),
        ):
            pass
    finally:
        os.kill(int(told), 9)
    with hold_state_folder(tmp_path, patience=timedelta(seconds=30)) as lock:
        assert lock > 0
