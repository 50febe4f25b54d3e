"""The last step before a service's own program: ties its life to the supervisor's, then becomes that program.

Run as a script, `python -I -S tether.py SUPERVISOR_PID PROGRAM [ARGUMENT ...]`, so it may import only the standard
library. Doing this here rather than between fork and exec (`preexec_fn`) runs no Python in a forked copy of a process
that has threads; and because the program replaces this one under the same pid, no third process is left to be killed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
NOT_STARTED = 127  # the shell's exit code for a program that can't be run


def die_with_parent() -> None:
    """Have the kernel send SIGKILL when the thread that started us ends; it outlives exec. Linux only.

    Elsewhere nothing happens, and an orphan keeps the state folder locked instead: see workers/state_lock.py.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


def restore_ignored_signals() -> None:
    """Undo what the interpreter ignores: an ignored signal stays ignored through exec."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def main(arguments: list[str]) -> None:
    """Become the program, unless the supervisor is already gone."""
    supervisor, *command = arguments
    die_with_parent()
    if os.getppid() != int(supervisor):
        sys.exit(NOT_STARTED)  # it died before the tie was made, so its end will never be told
    restore_ignored_signals()
    try:
        os.execvp(command[0], command)  # noqa: S606  no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main(sys.argv[1:])
