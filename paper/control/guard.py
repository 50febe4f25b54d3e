"""Keeps other web sites' scripts, which the user's browser may run, away from the control plane and the page.

A site can point its own name at 127.0.0.1 (DNS rebinding) and would then be of one origin with us: so the name in Host
must be a loopback name. And any site may send a form or a simple POST here: so what changes something must not come
from another origin. Programs send neither header, and pass.
"""

from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from paper.wire.gate import Handler, is_control
from paper.wire.order_json import dumps

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ELSEWHERE = frozenset({"cross-site", "same-site"})  # Sec-Fetch-Site; another port of this machine is "same-site"
_READING = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """403 for a control request that another web site may have sent."""
    reason = refusal(request) if is_control(request) else None
    if reason is None:
        return await handler(request)
    error: dict[str, Any] = {"error": {"code": "not_permitted", "message": reason}}
    return web.json_response(error, status=403, dumps=dumps)


async def harden(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Tell the browser to load nothing from elsewhere, and to show the page in nobody's frame."""
    if is_control(request):
        response.headers.update(_HEADERS)


def refusal(request: web.BaseRequest) -> str | None:
    """Why a request to the control plane is refused; None when it isn't."""
    host = request.headers.get("Host", "")
    if not _is_loopback(host):
        return "the control plane answers to 127.0.0.1 and localhost only"
    if request.method in _READING:
        return None
    origin = request.headers.get("Origin", f"http://{host}")
    if origin != f"http://{host}" or request.headers.get("Sec-Fetch-Site") in _ELSEWHERE:
        return "the control plane takes nothing from another web site"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False
