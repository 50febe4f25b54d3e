"""Where Discord is: at its own addresses, unless a test has one on this machine."""

from urllib.parse import urlsplit

import discord
import yarl

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def point_at(api_url: str, gateway_url: str) -> None:
    """Have discord.py go there, for the whole process. ValueError for any address that is not this machine's own."""
    for url in (api_url, gateway_url):
        if urlsplit(url).hostname not in _THIS_MACHINE:
            raise ValueError(f"not on this machine: {url}")
    discord.http.Route.BASE = api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
