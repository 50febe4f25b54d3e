"""The exchange under measurement: a process of its own on a book of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_READY_WITHIN = 30.0  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class ExchangeProcess:
    """A running exchange, and how much it has worked."""

    url: str
    process: asyncio.subprocess.Process

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """Processor time it took so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def exchange_process(book: Path) -> AsyncIterator[ExchangeProcess]:
    """Started without rate limits and with next to no latency; ended on the way out."""
    command = [sys.executable, "-m", "paper", "--port", "0", "--db", str(book), "--fast", "--no-rate-limits"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise AssertionError("its output is a pipe")
    try:
        async with asyncio.timeout(_READY_WITHIN):
            line = (await process.stdout.readline()).decode()
        yield ExchangeProcess(line.split()[-1], process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
