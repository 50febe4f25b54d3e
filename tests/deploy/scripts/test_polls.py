"""A worker's health check: whether this machine is among the pollers of its task queue."""

import asyncio
import platform
from collections.abc import Callable

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from tests.deploy.parts import Script, Server

NOTICED = 20.0  # seconds that the server may take to list a poller


@activity.defn
async def nothing() -> None:
    """Something to poll for."""


@pytest.fixture
def somewhere(server: Server) -> dict[str, str]:
    """The environment that the image gives the health check."""
    return {"TEMPORAL_ADDRESS": server.address, "TEMPORAL_NAMESPACE": "default"}


async def _until(holds: Callable[[], bool]) -> None:
    """Wait for what another process does; asked in a thread, since the worker polls in this one."""
    async with asyncio.timeout(NOTICED):
        while not await asyncio.to_thread(holds):
            pass


async def test_a_worker_that_polls_is_healthy(server: Server, script: Script, somewhere: dict[str, str]) -> None:
    client = await Client.connect(server.address, identity=f"1@{platform.node()}")
    async with Worker(client, task_queue="polled", activities=[nothing]):
        await _until(lambda: script("polls", "polled", **somewhere).returncode == 0)


async def test_another_machines_worker_makes_nobody_healthy(
    server: Server, script: Script, somewhere: dict[str, str]
) -> None:
    client = await Client.connect(server.address, identity="1@far-away")
    async with Worker(client, task_queue="shared", activities=[nothing]):
        described = ("task-queue", "describe", "--task-queue", "shared")
        await _until(lambda: "far-away" in server.temporal(*described))
        done = await asyncio.to_thread(script, "polls", "shared", **somewhere)
        assert done.returncode == 1


def test_a_queue_that_nobody_polls_is_not_healthy(script: Script, somewhere: dict[str, str]) -> None:
    assert script("polls", "deserted", **somewhere).returncode == 1
