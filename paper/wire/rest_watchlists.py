"""The broker's REST routes for watchlists: the public ones, pairs, and those a person makes, which are kept.

A private list is changed as a whole, by its name.
"""

from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from paper.exchange import Exchange
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.refusals import InvalidRequestError, NotFoundError
from paper.wire.answers import json_body, listed, one
from paper.wire.order_json import Json

_KEPT = "watchlists"
_MOST_LISTS = 200
_MOST_ENTRIES = 1000


class Watchlist(BaseModel):
    """A private list, in the broker's keys. Entries are kept as they came, with whatever a client put into them."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True)

    name: str = Field(min_length=1, max_length=100)
    watchlist_entries: list[dict[str, Any]] | None = Field(default=None, max_length=_MOST_ENTRIES)
    group_name: str = Field(default="default", max_length=100)
    order_index: int = 9999


class WatchlistRoutes:
    """/watchlists, /public-watchlists and /pairs-watchlists."""

    def __init__(self, exchange: Exchange) -> None:
        self._store = exchange.store
        kept = exchange.store.recall(_KEPT)
        found = [Watchlist.model_validate(one_list) for one_list in kept] if isinstance(kept, list) else []
        self._private = {one_list.name: one_list for one_list in found}
        self._public = {one_list["name"]: one_list for one_list in _public_lists()}
        self._pairs = {one_list["name"]: one_list for one_list in _pairs_lists()}

    def routes(self) -> list[web.RouteDef]:
        """The paths. A name may hold anything, slashes too."""
        return [
            web.get("/public-watchlists", self._public_lists),
            web.get("/public-watchlists/{name:.+}", self._public_list),
            web.get("/pairs-watchlists", self._pairs_lists),
            web.get("/pairs-watchlists/{name:.+}", self._pairs_list),
            web.get("/watchlists", self._lists),
            web.post("/watchlists", self._create),
            web.get("/watchlists/{name:.+}", self._list),
            web.put("/watchlists/{name:.+}", self._replace),
            web.delete("/watchlists/{name:.+}", self._delete),
        ]

    async def _public_lists(self, request: web.Request) -> web.Response:
        if request.query.get("counts-only", "").lower() == "true":
            return listed(request, [_count_json(one_list) for one_list in self._public.values()])
        return listed(request, list(self._public.values()))

    async def _public_list(self, request: web.Request) -> web.Response:
        return one(request, _found(self._public, request))

    async def _pairs_lists(self, request: web.Request) -> web.Response:
        return listed(request, list(self._pairs.values()))

    async def _pairs_list(self, request: web.Request) -> web.Response:
        return one(request, _found(self._pairs, request))

    async def _lists(self, request: web.Request) -> web.Response:
        return listed(request, [_json(one_list) for one_list in self._private.values()])

    async def _list(self, request: web.Request) -> web.Response:
        return one(request, _json(_found(self._private, request)))

    async def _create(self, request: web.Request) -> web.Response:
        made = await _read(request)
        if made.name in self._private:
            raise InvalidRequestError([("name", "has already been taken")])
        if len(self._private) >= _MOST_LISTS:
            raise InvalidRequestError([("watchlists", f"more than {_MOST_LISTS}")])
        self._private[made.name] = made
        self._keep()
        return one(request, _json(made), 201)

    async def _replace(self, request: web.Request) -> web.Response:
        """The new one may have another name."""
        old, made = _found(self._private, request), await _read(request)
        if made.name != old.name and made.name in self._private:
            raise InvalidRequestError([("name", "has already been taken")])
        self._private = {new.name: new for new in (made if known is old else known for known in self._private.values())}
        self._keep()
        return one(request, _json(made))

    async def _delete(self, request: web.Request) -> web.Response:
        gone = _found(self._private, request)
        del self._private[gone.name]
        self._keep()
        return one(request, _json(gone))

    def _keep(self) -> None:
        self._store.remember(_KEPT, [_json(one_list) for one_list in self._private.values()])


async def _read(request: web.Request) -> Watchlist:
    try:
        return Watchlist.model_validate(await json_body(request))
    except ValidationError as error:
        problems = [(".".join(map(str, item["loc"])) or "body", item["msg"]) for item in error.errors()]
        raise InvalidRequestError(problems) from error


def _found(lists: dict[str, Any], request: web.Request) -> Any:
    name = request.match_info["name"]
    if name not in lists:
        raise NotFoundError(f"Watchlist {name}")
    return lists[name]


def _json(one_list: Watchlist) -> Json:
    return one_list.model_dump(mode="json", by_alias=True)


def _count_json(one_list: Json) -> Json:
    return {"name": one_list["name"], "watchlist-entry-count": len(one_list["watchlist-entries"])}


def _public_lists() -> list[Json]:
    funds = [symbol for symbol, underlying in UNDERLYINGS.items() if underlying.is_etf]
    optionable = [symbol for symbol, underlying in UNDERLYINGS.items() if underlying.roots]
    futures = [f"/{code}" for code in FUTURES]
    return [
        _public_json("High Options Volume", "Liquidity", optionable, "Equity"),
        _public_json("Liquid ETFs", "Liquidity", funds, "Equity"),
        _public_json("All Futures", "Futures", futures, "Future"),
    ]


def _public_json(name: str, group: str, symbols: list[str], kind: str) -> Json:
    entries = [{"symbol": symbol, "instrument-type": kind} for symbol in symbols]
    return {"name": name, "watchlist-entries": entries, "group-name": group, "order-index": 100}


def _pairs_lists() -> list[Json]:
    pairs = [_pair_json("/ZN", 2, "/ZB", 1), _pair_json("/ES", 1, "/NQ", 1)]
    return [{"name": "Futures", "pairs-equations": pairs, "order-index": 1}]


def _pair_json(left: str, left_quantity: int, right: str, right_quantity: int) -> Json:
    return {
        "left-action": "Buy",
        "left-symbol": left,
        "left-quantity": left_quantity,
        "right-action": "Sell",
        "right-symbol": right,
        "right-quantity": right_quantity,
    }
