"""`alertladder demo`, as `make demo` runs it, in an empty folder."""

import asyncio
import os
from pathlib import Path

from tests.e2e.conftest import BIN


async def test_the_demo_ends_by_itself_and_its_book_is_as_it_should_be(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ALERTLADDER_")}
    process = await asyncio.create_subprocess_exec(
        *(str(BIN / "alertladder"), "demo"),
        cwd=tmp_path,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 90)
    said = out.decode()
    assert process.returncode == 0, said
    assert "a shortened ladder" in said
    assert said.count("as it should be") == 3
    assert "the chain is whole" in said
    assert "http://127.0.0.1:" in said
