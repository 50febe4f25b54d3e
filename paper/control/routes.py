"""The control plane, outside the broker's paths: quotes, session, cash, faults, and the book with nothing hidden.

POST /__ctl__/quote    {symbol, bid, ask, bid_size, ask_size}   pin a quote; null is a side without a price
POST /__ctl__/path     {symbol, points: [{after, bid, ask, bid_size, ask_size}]}   the same, in so many seconds
POST /__ctl__/replay   {path, speed}   play a recording, a CSV or Parquet file of quotes (paper.market.recording);
                                      DELETE stops it
POST /__ctl__/unpin    {symbol}       the model quotes it again, and the rest of its path is dropped
POST /__ctl__/session  {state}        open, closed or real; going from open to closed rings the closing bell, which
                                      expires the working Day orders
POST /__ctl__/clock    {at}           an aware date-time to put the exchange's clock forward to; Day orders expire at
                                      the closes that are skipped, options at their expiries
POST /__ctl__/cash     {amount}       dollars, deposited or withdrawn as needed
POST /__ctl__/fault    {kind, ...}    arm a fault, or have one act at once; answered as it is listed below
GET  /__ctl__/faults   every fault armed since the last clearing: its parameters, `armed` (its `times`), `fired` (its
                       hits), `unused` (true: none, and `may_be_unused` wasn't said), `began_at` and `is_over`
DELETE /__ctl__/faults forgets them, and ends the conditions that hold
GET  /__ctl__/book     {orders, positions, cash, fills}, nothing hidden
GET  /__ctl__/requests {counts, recent}: by method and path template, and the last ones with their status (0: the
                       client got no answer; 429: over the rate limits, too)

The kinds of faults are described in paper.faults.kinds, their parameters here. Those that say where a fault hits:

    on             place, dry_run, replace, cancel, read, quotes, token: the family of requests; account, quotes: the
                   stream. Left out: any, but as the kind says
    symbol         order symbol or streamer symbol, of an order's first leg. Conditions need one: the instrument; a
                   halt takes what that is on. So does a manual order
    side           buy or sell, of an order
    identifier     a part of an order's external identifier
    order_id       one order
    times, skip    hit so many (1), after letting so many pass (0)
    may_be_unused  true: a test that armed it need not fail when it hits nothing

and those of single kinds:

    seconds        latency, hang_after_accept, stale_lookup, cancel_next, delay_cancel, fill_after_cancel,
                   late_fill_detail, stream_silence, reorder_stream; how long rate_limited and the conditions go on
    status         error_before, error_after, html_next (503)
    after          html_next (false)
    quantity       fill_during_cancel, fill_after_cancel, manual_order (1)
    price          manual_order: the limit; left out: a Market order
    copies         repeat_stream (2)
    lots           lots: [1, 2]
    reason         reject_next ("Rejected by the venue")
    ends           cancel_next: Cancelled or Removed
    missing        one_sided_quote: bid or ask (ask)
    shape          unparseable_record: unknown_status, no_updated_at, integer_user_id, partial_order_rule, broken_json

manual_order and manual_cancel answer `order_id` beside the rest: a Day order with the source WEB and no external
identifier, which closes what is held before it opens anything. A refused one is answered 422, and nothing is armed.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field, ValidationError, field_validator

from domain.frozen import Frozen
from paper.control.arming import Arming
from paper.exchange import Exchange
from paper.faults import Fault
from paper.market.paths import PinPoint
from paper.market.quote import Quote
from paper.market.recording import RecordingError
from paper.refusals import InvalidRequestError, NotFoundError
from paper.settings import SessionMode
from paper.trading.orders import Execution
from paper.wire.account_json import position_json
from paper.wire.answers import json_body
from paper.wire.gate import CONTROL_PREFIX, RequestLog
from paper.wire.order_json import Json, decimal_text, dumps, iso, order_json

_SIZE = 10


class PinRequest(Frozen):
    """A quote to pin on an order symbol or a streamer symbol."""

    symbol: str
    bid: Decimal | None = Field(default=None, ge=0)
    ask: Decimal | None = Field(default=None, ge=0)
    bid_size: int = Field(default=_SIZE, ge=0)
    ask_size: int = Field(default=_SIZE, ge=0)


class PointRequest(Frozen):
    """One point of a path, `after` seconds from now."""

    after: float = Field(ge=0)
    bid: Decimal | None = Field(default=None, ge=0)
    ask: Decimal | None = Field(default=None, ge=0)
    bid_size: int = Field(default=_SIZE, ge=0)
    ask_size: int = Field(default=_SIZE, ge=0)


class PathRequest(Frozen):
    """Quotes to pin one after the other."""

    symbol: str
    points: tuple[PointRequest, ...] = Field(max_length=10_000)


class ReplayRequest(Frozen):
    """A recording, by its absolute path on this machine, to be played so many times as fast as it was recorded."""

    path: Path
    speed: float = Field(default=1.0, gt=0, le=10_000)

    @field_validator("path")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        if not path.is_absolute():
            raise ValueError("must be absolute")
        return path


class SymbolRequest(Frozen):
    """An instrument, by either kind of symbol."""

    symbol: str


class SessionRequest(Frozen):
    """The state the session is to be in."""

    state: SessionMode


class ClockRequest(Frozen):
    """The moment to put the clock forward to."""

    at: AwareDatetime


class CashRequest(Frozen):
    """The cash the account is to have, in dollars."""

    amount: Decimal


RequestT = TypeVar("RequestT", bound=BaseModel)


class ControlRoutes:
    """Everything under /__ctl__. No token: it listens on the loopback address only."""

    def __init__(self, exchange: Exchange, arming: Arming, log: RequestLog) -> None:
        self._exchange = exchange
        self._arming = arming
        self._log = log

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.post(f"{CONTROL_PREFIX}/quote", self._quote),
            web.post(f"{CONTROL_PREFIX}/path", self._path),
            web.post(f"{CONTROL_PREFIX}/replay", self._replay),
            web.delete(f"{CONTROL_PREFIX}/replay", self._stop_replay),
            web.post(f"{CONTROL_PREFIX}/unpin", self._unpin),
            web.post(f"{CONTROL_PREFIX}/session", self._session),
            web.post(f"{CONTROL_PREFIX}/clock", self._clock),
            web.post(f"{CONTROL_PREFIX}/cash", self._cash),
            web.post(f"{CONTROL_PREFIX}/fault", self._fault),
            web.get(f"{CONTROL_PREFIX}/faults", self._faults),
            web.delete(f"{CONTROL_PREFIX}/faults", self._clear),
            web.get(f"{CONTROL_PREFIX}/book", self._book),
            web.get(f"{CONTROL_PREFIX}/requests", self._requests),
        ]

    async def _quote(self, request: web.Request) -> web.Response:
        asked = await _read(PinRequest, request)
        self._exchange.pin(self._order_symbol(asked.symbol), self._as_quote(asked))
        return _answer({})

    async def _path(self, request: web.Request) -> web.Response:
        asked = await _read(PathRequest, request)
        points = [PinPoint(point.after, self._as_quote(point)) for point in asked.points]
        self._exchange.paths.follow(self._order_symbol(asked.symbol), points)
        return _answer({})

    async def _replay(self, request: web.Request) -> web.Response:
        asked = await _read(ReplayRequest, request)
        try:
            loaded = await self._exchange.replay.play(asked.path, asked.speed)
        except RecordingError as error:
            raise InvalidRequestError([("path", str(error))]) from error
        return _answer(loaded.model_dump(mode="json"))

    async def _stop_replay(self, _: web.Request) -> web.Response:
        self._exchange.replay.stop()
        return _answer({})

    async def _unpin(self, request: web.Request) -> web.Response:
        self._exchange.unpin(self._order_symbol((await _read(SymbolRequest, request)).symbol))
        return _answer({})

    async def _session(self, request: web.Request) -> web.Response:
        self._exchange.set_session((await _read(SessionRequest, request)).state)
        return _answer({})

    async def _clock(self, request: web.Request) -> web.Response:
        try:
            self._exchange.set_clock((await _read(ClockRequest, request)).at)
        except ValueError as error:
            raise InvalidRequestError([("at", str(error))]) from error
        return _answer({"at": iso(self._exchange.clock())})

    async def _cash(self, request: web.Request) -> web.Response:
        self._exchange.set_cash((await _read(CashRequest, request)).amount)
        return _answer({})

    async def _fault(self, request: web.Request) -> web.Response:
        return _answer(await self._arming.arm(await _read(Fault, request)))

    async def _faults(self, _: web.Request) -> web.Response:
        return _answer([fault.as_wire() for fault in self._exchange.faults.armed])

    async def _clear(self, _: web.Request) -> web.Response:
        self._exchange.faults.clear()
        return _answer({})

    async def _book(self, _: web.Request) -> web.Response:
        exchange, number = self._exchange, self._exchange.settings.account_number
        positions = [position for position in exchange.account.positions.values() if position.quantity]
        return _answer(
            {
                "orders": [order_json(order, number) for order in exchange.book.orders.values()],
                "positions": [position_json(p, number, exchange.buying_power.mark(p)) for p in positions],
                "cash": decimal_text(exchange.account.cash),
                "fills": [_fill_json(execution) for execution in exchange.book.executions],
            }
        )

    async def _requests(self, _: web.Request) -> web.Response:
        return _answer({"counts": dict(self._log.counts), "recent": list(self._log.recent)})

    def _order_symbol(self, symbol: str) -> str:
        instrument = self._exchange.listings.find_any(symbol)
        if instrument is None:
            raise NotFoundError(f"instrument {symbol}")
        return instrument.symbol

    def _as_quote(self, asked: PinRequest | PointRequest) -> Quote:
        return Quote(asked.bid, asked.ask, asked.bid_size, asked.ask_size, self._exchange.clock())


async def _read(kind: type[RequestT], request: web.Request) -> RequestT:
    try:
        return kind.model_validate(await json_body(request))
    except ValidationError as error:
        problems = [(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        raise InvalidRequestError(problems) from error


def _answer(body: Any) -> web.Response:
    return web.json_response(body, dumps=dumps)


def _fill_json(execution: Execution) -> Json:
    return {
        "fill_id": execution.fill_id,
        "order_id": execution.order_id,
        "identifier": execution.identifier,
        "symbol": execution.symbol,
        "action": execution.action.value,
        "quantity": execution.quantity,
        "price": decimal_text(execution.price),
        "at": iso(execution.at),
    }
