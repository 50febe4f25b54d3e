"""Pictures of the cards, for people to look at: `python -m bench.cards docs/images` draws one of each kind.

Each is a page that looks like Discord's dark theme, photographed by Chromium. No Discord is asked.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.card import Card, CardButton, card
from domain.contract import Contract, InstrumentType, Quote
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType
from domain.refusals import Refusal, RefusalCode
from domain.settings import Mode
from domain.ticks import TickSchedule
from domain.trade import TradeState, TradeView

NOW = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
_WIDTH = 540  # pixels
_CONTRACT = Contract(
    symbol="UBER  261204P00078000",
    streamer_symbol=".UBER261204P78",
    instrument_type=InstrumentType.EQUITY_OPTION,
    underlying="UBER",
    multiplier=Decimal(100),
    ticks=TickSchedule.split("0.01", "3", "0.05"),
    expiry=date(2026, 12, 4),
    expires_at=datetime(2026, 12, 4, 21, tzinfo=UTC),
    strike=Decimal(78),
    option_type=OptionType.PUT,
)
_ALERT = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=Decimal(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=Decimal("0.75"),
)
_MESSAGE = AlertMessage(
    channel_id=1173310000000000001,
    message_id=1442000000000000002,
    author_id=3,
    author_name="joe_trades",
    guild_id=4,
    text="BTO UBER 78p 12/04 @ 0.75",
    posted_at=NOW,
)
_DEAD, _FILLED = OrderStatus.CANCELLED, OrderStatus.FILLED


def scenes() -> Iterator[tuple[str, Card]]:
    """One card of each kind, with its name."""
    first, second = _buy(48211, "0.75", _DEAD), _buy(48230, "0.76", _DEAD)
    bought = (first, second, _buy(48251, "0.77", _FILLED, 4, "0.77"))
    held = {"filled": 4, "average_price": Decimal("0.77"), "entries": bought, "exit_price": Decimal("1.54")}
    held |= {"exit_quantity": 2}
    sold = {"exits": (_sell(48252, 2, "1.54", _FILLED, 2), _sell(49017, 2, None, _FILLED, 2, "1.61")), "exited": 4}
    yield (
        "working",
        _card(
            TradeState.WORKING,
            rung=2,
            started_at=NOW - timedelta(seconds=46),
            next_rung_at=NOW + timedelta(seconds=14),
            window_ends_at=NOW + timedelta(seconds=44),
            working_price=Decimal("0.77"),
            quote=Quote(symbol="", bid=Decimal("0.74"), ask=Decimal("0.79"), at=NOW),
            filled=1,
            average_price=Decimal("0.77"),
            entries=(first, second, _buy(48251, "0.77", OrderStatus.LIVE, 1, "0.77")),
            exit_quantity=0,
        ),
    )
    yield "holding", _card(TradeState.HOLDING, **held, exits=(_sell(48252, 2, "1.54", OrderStatus.LIVE),))
    yield "closed-live", _card(TradeState.CLOSED, mode=Mode.LIVE, **held, **sold, realised=Decimal("322.00"))
    refusal = Refusal(code=RefusalCode.SPREAD_TOO_WIDE, detail="0.50 / 0.95 is 62 % of the mid, 40 % is the most")
    yield "refused", _card(TradeState.REFUSED, refusal=refusal, sized=0)
    rehearsed = (_buy(-1, "0.75", _FILLED, 4, "0.75"),)
    exit_ = (_sell(-2, 2, "1.50", OrderStatus.LIVE),)
    dry = held | {"entries": rehearsed, "average_price": Decimal("0.75"), "exit_price": Decimal("1.50")}
    yield "dry-run", _card(TradeState.CLOSED, mode=Mode.LIVE, dry_run=True, **dry, exits=exit_)
    note = "the exit failed 6 times, last: margin_check_failed: You do not have enough buying power"
    yield "needs-a-person", _card(TradeState.NEEDS_OPERATOR, mode=Mode.LIVE, **held, note=note)


def _card(state: TradeState, **facts: object) -> Card:
    fields: dict[str, object] = {
        "workflow_id": "alert-1173310000000000001-1442000000000000002",
        "state": state,
        "alert": _ALERT,
        "mode": Mode.PAPER,
        "dry_run": False,
        "author_name": _MESSAGE.author_name,
        "contract": _CONTRACT,
        "sized": 4,
        "max_steps": 3,
    }
    return card(TradeView.model_validate(fields | facts), _MESSAGE)


def _buy(number: int, price: str, status: OrderStatus, filled: int = 0, paid: str = "") -> BrokerOrder:
    return _order(number, LegAction.BUY_TO_OPEN, 4, price, status, filled, paid)


def _sell(
    number: int, quantity: int, price: str | None, status: OrderStatus, filled: int = 0, got: str = ""
) -> BrokerOrder:
    return _order(number, LegAction.SELL_TO_CLOSE, quantity, price, status, filled, got)


def _order(
    number: int, action: LegAction, quantity: int, price: str | None, status: OrderStatus, filled: int, at: str
) -> BrokerOrder:
    fill = Fill(fill_id=str(number), quantity=filled, price=Decimal(at or price or "0")) if filled else None
    return BrokerOrder(
        order_id=number,
        status=status,
        symbol=_CONTRACT.symbol,
        action=action,
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        quantity=quantity,
        price=None if price is None else Decimal(price),
        fills=(fill,) if fill else (),
    )


_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #313338; color: #dbdee1; font: 15px/1.375 "Noto Sans", "gg sans", sans-serif }}
main {{ padding: 12px 16px; display: inline-block }}
header b {{ color: #f2f3f5; font-weight: 500 }}
header i {{ background: #5865f2; color: #fff; font: 500 10px sans-serif; border-radius: 3px; padding: 1px 4px }}
header small {{ color: #949ba4; font-size: 12px; margin-left: 6px }}
article {{ background: #2b2d31; border-left: 4px solid {colour}; border-radius: 4px; padding: 8px 16px 14px 12px;
  margin-top: 4px; max-width: 480px; min-width: 430px; font-size: 14px; line-height: 18px }}
h1 {{ font-size: 16px; color: #f2f3f5; margin: 8px 0; font-weight: 600; line-height: 22px }}
p {{ margin: 8px 0 0; white-space: pre-line }}
dl {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 8px 0 0 }}
dl div.wide {{ grid-column: 1 / 4 }}
dt {{ font-weight: 600; color: #f2f3f5 }} dd {{ margin: 2px 0 0; white-space: pre-line }}
footer {{ font-size: 12px; margin-top: 8px; color: #dbdee1 }}
code {{ background: #1e1f22; border-radius: 4px; padding: 1px 4px; font: 12.5px monospace }}
a {{ color: #00a8fc; text-decoration: none }} time {{ background: #3f4147; border-radius: 3px; padding: 0 2px }}
nav {{ margin-top: 8px }} nav span {{ display: inline-block; padding: 7px 16px; border-radius: 3px; color: #fff;
  font: 500 14px sans-serif; margin-right: 8px; background: #4e5058 }} nav span.red {{ background: #da373c }}
</style><main><header><b>AlertLadder</b> <i>APP</i><small>Today at 10:30</small></header>
<article><h1>{title}</h1><p>{text}</p><dl>{fields}</dl><footer>{footer}</footer></article><nav>{buttons}</nav></main>
<script>document.title = document.querySelector("main").offsetHeight</script>"""


def page(shown: Card) -> str:
    """One card as a page."""
    fields = "".join(
        f'<div class="{"wide" if field.wide else ""}">'
        f"<dt>{_marked(field.name)}</dt><dd>{_marked(field.value)}</dd></div>"
        for field in shown.fields
    )
    buttons = "".join(
        f'<span class="{"red" if button is CardButton.CLOSE_NOW else ""}">{button.label}</span>'
        for button in shown.buttons
    )
    return _PAGE.format(
        colour=f"#{shown.colour:06x}",
        title=_marked(shown.title),
        text=_marked(shown.text),
        fields=fields,
        footer=shown.workflow_id,
        buttons=buttons,
    )


def _marked(text: str) -> str:
    """The little of Discord's markup that cards use."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(html.escape(found[1]))
        return f"\x00{len(kept) - 1}\x00"

    text = html.escape(re.sub(r"\\([^0-9A-Za-z\s])", keep, text), quote=False)
    text = re.sub(r"&lt;t:(\d+):R&gt;", lambda found: f"<time>{_relative(int(found[1]))}</time>", text)
    text = re.sub(r"\[([^\]]+)\]\((https://[^)]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], text)


def _relative(timestamp: int) -> str:
    seconds = timestamp - int(NOW.timestamp())
    return f"in {seconds} seconds" if seconds < 90 else f"in {round(seconds / 86400)} days"


def photograph(source: Path, picture: Path) -> None:
    """Have Chromium draw the page, as high as its card is."""
    found = re.search(r"<title>(\d+)</title>", _chromium("--dump-dom", source.as_uri()))
    height = int(found[1]) if found else _WIDTH
    _chromium(f"--window-size={_WIDTH},{height}", f"--screenshot={picture.resolve()}", source.as_uri())


def _chromium(*asked: str) -> str:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium here")
    always = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    done = subprocess.run(  # noqa: S603  a browser of this machine's, on a page of ours
        [chromium, *always, *asked], check=True, capture_output=True, timeout=60, text=True
    )
    return done.stdout


def main(folder: Path) -> None:
    """Draw all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as pages:
        for name, shown in scenes():
            source = Path(pages) / f"{name}.html"
            source.write_text(page(shown), encoding="utf-8")
            photograph(source, folder / f"card-{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
