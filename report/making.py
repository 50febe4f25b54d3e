"""Making both files of a report without holding anybody up: the page in a thread, the picture in a process of its own.

Drawing takes a second or two of a whole core, which a loop that listens to a gateway does not have.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from domain.errors import RetryableError
from domain.reporting.report import Report

_PATIENCE = 25.0  # seconds
_KEPT = ("LANG", "LC_", "LD_", "OPENBLAS_", "PATH", "TZ")  # of the environment: its secrets are not for this


class Made(NamedTuple):
    """Both files. `name` is theirs without an ending: it says the mode and the days."""

    name: str
    page: bytes
    picture: bytes


async def made(report: Report, folder: Path) -> Made:
    """Both. `folder` is where what is known of fonts is kept. RetryableError when the picture could not be drawn."""
    from report.page import page

    written, drawn = await asyncio.gather(asyncio.to_thread(page, report), _drawn(report, folder))
    return Made(name=name_of(report), page=written.encode(), picture=drawn)


def name_of(report: Report) -> str:
    """What its files are called, without an ending."""
    span, mode = report.span, report.shown[0].mode.lower().replace(" ", "-")
    days = f"{span.first}" if span.is_one_day else f"{span.first}-to-{span.last}"
    return f"report-{mode}-{days}"


async def _drawn(report: Report, folder: Path) -> bytes:
    drawing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "report"),  # -P: not what lies in the folder that somebody stands in
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(folder),
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            picture, said = await drawing.communicate(report.model_dump_json().encode())
    except TimeoutError:
        raise RetryableError("the picture took too long to draw") from None
    finally:
        if drawing.returncode is None:
            drawing.kill()
            await drawing.wait()
    if drawing.returncode or not picture:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise RetryableError(f"the picture could not be drawn: {''.join(last)[:200]}")
    return picture


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {name: held for name, held in os.environ.items() if name.startswith(_KEPT)}
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "MPLCONFIGDIR": str((folder / "fonts").resolve()),
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
    }
