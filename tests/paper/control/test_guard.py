"""Who may read and drive the control plane: programs on this machine and our own page, no other web site."""

import aiohttp
import pytest

from paper.server import RunningPaper


async def answer(paper: RunningPaper, method: str, path: str, **headers: str) -> int:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, paper.url + path, headers=headers, json={"state": "open"}) as response,
    ):
        return response.status


@pytest.mark.parametrize("path", ["/", "/__ctl__/book", "/__ctl__/page/page.js", "/__ctl__/live"])
@pytest.mark.parametrize(
    "host", ["evil.example:80", "evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "[::"]
)
async def test_a_site_that_points_its_name_at_this_machine_reads_nothing(
    paper: RunningPaper, path: str, host: str
) -> None:
    assert await answer(paper, "GET", path, Host=host) == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_every_name_of_this_machine_is_answered(paper: RunningPaper, host: str) -> None:
    assert await answer(paper, "GET", "/__ctl__/book", Host=f"{host}:{paper.port}") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
async def test_another_sites_script_changes_nothing(paper: RunningPaper, headers: dict[str, str]) -> None:
    paper.exchange.set_session(type(paper.exchange.sessions.mode)("closed"))
    assert await answer(paper, "POST", "/__ctl__/session", **headers) == 403
    assert await answer(paper, "DELETE", "/__ctl__/faults", **headers) == 403
    assert paper.exchange.sessions.mode == "closed"


async def test_a_program_and_our_own_page_may_drive_it(paper: RunningPaper) -> None:
    assert await answer(paper, "POST", "/__ctl__/session") == 200
    assert await answer(paper, "POST", "/__ctl__/session", Origin=paper.url, Sec_Fetch_Site="same-origin") == 200


async def test_the_page_may_load_nothing_from_elsewhere_and_stands_in_no_frame(paper: RunningPaper) -> None:
    async with aiohttp.ClientSession() as session, session.get(paper.url) as response:
        policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_the_brokers_own_paths_are_left_alone(paper: RunningPaper) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{paper.url}/customers/me/accounts") as response:
        assert response.status == 401
        assert "Content-Security-Policy" not in response.headers
