"""`python -m chaos.door PORT`: the front door as a process, which takes a message by HTTP and can be killed."""

import asyncio
import sys
from datetime import timedelta

from aiohttp import web
from temporalio.service import RPCError

from domain.alert import AlertMessage
from workers.client import connect
from workers.process import leave, until_told_to_stop
from workers.settings import load
from workflows.front_door import FrontDoor

_START_PATIENCE = timedelta(seconds=60)


class Door:
    """Hands each message on. Its answer is the acknowledgement; without one the message must come again."""

    def __init__(self, front_door: FrontDoor) -> None:
        self._front_door = front_door

    async def take(self, request: web.Request) -> web.Response:
        """One message in, what was started out; 503 when Temporal does not answer."""
        message = AlertMessage.model_validate_json(await request.text())
        try:
            submission = await self._front_door.submit(message)
        except RPCError as error:
            raise web.HTTPServiceUnavailable(text=error.message) from error
        return web.json_response(text=submission.model_dump_json())


async def serve(port: int) -> None:
    """Serve until told to stop."""
    settings = load()
    client = await connect(settings, _START_PATIENCE)
    door = Door(FrontDoor(client, settings.account, settings.mode))
    app = web.Application()
    app.add_routes([web.get("/", _here), web.post("/message", door.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await until_told_to_stop()
    await runner.cleanup()


async def _here(_: web.Request) -> web.Response:
    return web.Response(text="the front door\n")


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
    leave(0)
