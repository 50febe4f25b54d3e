"""A Discord on the loopback address, for tests: gateway and REST v10 over sockets, for an unmodified discord.py.

`world` is who and what is there, `book` every message with its reactions, `room` what changes it, `people` those who
do, `interactions` commands and buttons, `gateway` the websockets, `rest` with its `rest_*` routes what is asked,
`faults` and `rates` what goes wrong. Unknown routes, planned faults that never happened and malformed payloads fail
the test.
"""

from tests.fakes.discord.faults import Fault
from tests.fakes.discord.interactions import Interaction, NotOffered
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.server import TOKEN, FakeDiscord
from tests.fakes.discord.sessions import CloseCode
from tests.fakes.discord.shapes import Intent, Json

__all__ = [
    "TOKEN",
    "CloseCode",
    "FakeDiscord",
    "Fault",
    "Intent",
    "Interaction",
    "Json",
    "NotOffered",
    "Permission",
]
