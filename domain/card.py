"""A trade's card: the one message in the alert's channel that shows how the trade stands, until its final state.

Pure: a picture of the trade in, a card out. What Discord needs of it is made in `activities/discord`.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.alert import AlertMessage
from domain.chat import escaped
from domain.frozen import Frozen
from domain.ledger import average_price
from domain.orders import BrokerOrder
from domain.settings import Mode
from domain.trade import TradeState, TradeView

_MOST_ORDERS = 8  # the newest; all of them stand in the audit
_MOST_CLOSINGS = 2
_BREAK = " · "


class CardButton(StrEnum):
    """What a person may ask of a trade by its card."""

    CANCEL_ENTRY = "cancel"
    CLOSE_NOW = "close"

    @property
    def label(self) -> str:
        """What stands on it."""
        return _LABELS[self]

    def custom_id(self, workflow_id: str) -> str:
        """What Discord sends back when it is clicked: whoever hears it needs to remember nothing."""
        return f"trade:{self}:{workflow_id}"


_LABELS = {CardButton.CANCEL_ENTRY: "Cancel entry", CardButton.CLOSE_NOW: "Close now"}


class CardField(Frozen):
    """A small heading and what stands under it; `wide` takes the whole line."""

    name: str
    value: str
    wide: bool = False


class Card(Frozen):
    """What to show of a trade. All text is escaped. `final`: nothing will change any more."""

    workflow_id: str
    title: str
    colour: int  # 0xRRGGBB, the mode's
    text: str
    fields: tuple[CardField, ...] = ()
    buttons: tuple[CardButton, ...] = ()
    final: bool = False


class ShowCard(Frozen):
    """Post this card, or edit the message that shows the trade's last one.

    `revision` grows with each card of a trade: an older one that comes late is not shown any more.
    """

    card: Card
    revision: int
    channel_id: int
    after_id: int  # the alert's message: the card stands after it
    message_id: int | None = None  # the card's own; None: not posted yet, as far as the trade knows
    in_doubt: bool = False  # an attempt to post it has had no answer


class CardFate(StrEnum):
    """What became of a trade's card. After the last two it is let be."""

    SHOWN = "shown"
    GONE = "gone"  # somebody deleted it, or its channel
    FORBIDDEN = "forbidden"  # the bot may not write there


class CardShown(Frozen):
    """Where it stands."""

    fate: CardFate = CardFate.SHOWN
    message_id: int | None = None
    detail: str = ""


class _Look(NamedTuple):
    """How a mode looks: in a word and in a colour, so that none is taken for another."""

    word: str
    sign: str
    colour: int


_DRY_RUN = _Look("DRY RUN", "⬜", 0xA3A6AA)
_LOOKS = {
    Mode.PAPER: _Look("PAPER", "🟦", 0x3B88F5),
    Mode.SANDBOX: _Look("SANDBOX", "🟪", 0x9B59B6),
    Mode.LIVE: _Look("LIVE", "🟥", 0xED4245),
}
_WORDS = {
    TradeState.ADMITTING: "🕐 **Asking the desk**",
    TradeState.PREPARING: "🕐 **Looking at the market**",
    TradeState.WORKING: "⏳ **Working**",
    TradeState.CONVERTING: "⏩ **Going to the market**",
    TradeState.HOLDING: "📌 **Holding**",
    TradeState.CLOSING: "📤 **Selling**",
    TradeState.REFUSED: "⛔ **Refused**",
    TradeState.NO_FILL: "💨 **No fill**",
    TradeState.CANCELLED: "✋ **Cancelled**",
    TradeState.CLOSED: "🏁 **Closed**",
    TradeState.EXPIRED: "⌛ **Expired**",
    TradeState.GONE: "📨 **Assigned, or bought back by hand**",
    TradeState.NEEDS_OPERATOR: "🚨 **Needs a person**",
}
_SHORT_WORDS = {TradeState.HOLDING: "📌 **Short**", TradeState.CLOSING: "📥 **Buying back**"}
_BUYING = (TradeState.ADMITTING, TradeState.PREPARING, TradeState.WORKING, TradeState.CONVERTING)


def card(view: TradeView, message: AlertMessage) -> Card:
    """The card of a trade as it stands; `message` is the alert's."""
    look = _DRY_RUN if view.dry_run else _LOOKS[view.mode]
    return Card(
        workflow_id=view.workflow_id,
        title=_title(view, look),
        colour=look.colour,
        text="\n".join(_text(view)),
        fields=tuple(_fields(view, message)),
        buttons=_buttons(view),
        final=view.state.is_end,
    )


def _title(view: TradeView, look: _Look) -> str:
    what = str(view.alert) if view.contract is None else f"{view.alert.action} {_size(view)}{view.contract}"
    short = f"{_BREAK}SHORT" if view.direction.is_short else ""
    return f"{look.sign} {look.word}{short}{_BREAK}{escaped(what)}"


def _size(view: TradeView) -> str:
    return f"{view.sized} " if view.sized else ""


def _text(view: TradeView) -> list[str]:
    """The state, with what is to be waited for or what was decided."""
    lines = [_BREAK.join([_word(view), *_progress(view)])]
    if view.refusal is not None:
        lines.append(f"{escaped(str(view.refusal), 400)} ({escaped(view.refusal.code)})")
    if view.note:
        lines.append(escaped(view.note, 400))
    if left := _left_at_the_end(view):
        lines.append(left)
    if view.dry_run:
        lines.append("*Checked at the broker, nothing was placed.*")
    return lines


def _word(view: TradeView) -> str:
    return _SHORT_WORDS.get(view.state, _WORDS[view.state]) if view.direction.is_short else _WORDS[view.state]


def _progress(view: TradeView) -> list[str]:
    """Discord counts down by itself to the times in here."""
    if view.state is TradeState.HOLDING and view.contract is not None and view.contract.expires_at is not None:
        return [f"expires {_countdown(view.contract.expires_at)}"]
    if view.state not in (TradeState.WORKING, TradeState.CONVERTING) or view.started_at is None:
        return []
    told = [f"step {view.rung} of {view.max_steps}"]
    is_last = view.next_rung_at is None or view.next_rung_at == view.window_ends_at
    if not is_last and view.next_rung_at is not None:
        told.append(f"next {_countdown(view.next_rung_at)}")
    if view.window_ends_at is not None:
        told.append(f"window ends {_countdown(view.window_ends_at)}")
    return told


def _left_at_the_end(view: TradeView) -> str:
    """Who reads that a trade is over must not think that nothing is held."""
    held = view.held
    if not view.state.is_end or held <= 0 or view.dry_run:
        return ""
    is_short = view.direction.is_short
    if view.state is TradeState.EXPIRED:
        assigned = ": kept, or assigned, as the account shows" if is_short else ""
        return f"{held} ran until the contract expired{assigned}."
    standing, out = _standing(view), "out to be bought back" if is_short else "out for sale"
    exit_ = f"{standing} of them {out}" if standing else f"none {out}"
    return f"**{held} still {view.direction.words.held}**, {exit_} at the broker; this trade follows it no more."


def _standing(view: TradeView) -> int:
    """Contracts that are out for sale now."""
    return sum(order.quantity - order.filled for order in view.exits if not order.status.is_terminal)


def _fields(view: TradeView, message: AlertMessage) -> Iterable[CardField]:
    closes, words = view.alert.action.closes, view.direction.words
    if view.sized:
        did = f"{view.exited} of {view.sized}" if closes else _bought(view)
        yield CardField(name=(words.left if closes else words.entered).capitalize(), value=did)
    if view.state in _BUYING and (market := _market(view)):
        yield CardField(name="Working", value=market)
    if view.filled:
        yield CardField(name="Exit", value=_exit(view) or "none")
    if view.exited and not closes:
        yield CardField(name="P&L", value=_result(view))
    if levels := _levels(view):
        yield CardField(name="Levels", value=levels, wide=True)
    if view.closings and not closes:
        yield CardField(name=f"Asked to {words.leave}", value=_closings(view), wide=True)
    yield CardField(name="Alert", value=_alert(view, message), wide=True)
    if orders := _orders(view):
        yield CardField(name="Orders", value=orders, wide=True)


def _bought(view: TradeView) -> str:
    credit = _credit(view) if view.direction.is_short else ""
    return f"{view.filled} of {view.sized}{_at(view.average_price)}{credit}"


def _credit(view: TradeView) -> str:
    """What was received, in dollars."""
    if view.average_price is None or view.contract is None:
        return ""
    return f"\ncredit ${view.average_price * view.filled * view.contract.multiplier:,.2f}"


def _market(view: TradeView) -> str:
    """What works, beside the market as it was when the trade last looked."""
    working = "" if view.working_price is None else f"**{_price(view.working_price)}**"
    if view.quote is None:
        return working
    bid, ask = (_price(side) if side is not None else "–" for side in (view.quote.bid, view.quote.ask))
    return "\n".join([*([working] if working else []), f"bid {bid} · ask {ask}"])


def _exit(view: TradeView) -> str:
    sold = [fill for order in view.exits for fill in order.fills]
    told = [f"{view.exited} {view.direction.words.left}{_at(average_price(sold))}"] if view.exited else []
    if standing := _standing(view):
        out = "to buy back" if view.direction.is_short else "for sale"
        told.insert(0, f"{standing} {out}{_at(view.exit_price)}")
    return "\n".join(told)


def _result(view: TradeView) -> str:
    """Realised, before fees; the percentage is of what the sold part cost, or what the part bought back had brought."""
    sign, mark = ("−", "🔴") if view.realised < 0 else ("+", "🟢")
    dollars = f"{mark} **{sign}${abs(view.realised):,.2f}**"
    if not view.average_price or view.contract is None:
        return dollars
    percent = 100 * view.realised / (view.average_price * view.exited * view.contract.multiplier)
    return f"{dollars} ({sign}{abs(percent):.0f} %)"


def _levels(view: TradeView) -> str:
    """What it sells at by itself, and what its alert said of that; nothing at its end."""
    if view.state.is_end or view.alert.action.closes:
        return ""
    is_watched = view.protection.watches_price
    lines = [f"{view.direction.words.leaves} by itself: {view.protection}"] if is_watched else []
    if said := view.alert.levels_in_words:
        is_shown_only = view.state is TradeState.HOLDING and not is_watched
        lines.append(f"the alert says: {said}{' (not traded)' if is_shown_only else ''}")
    return "\n".join(lines)


def _closings(view: TradeView) -> str:
    """Who asked it to sell, and what came of that."""
    return "\n".join(f"{escaped(each.by, 60)}: {escaped(str(each))}" for each in view.closings[-_MOST_CLOSINGS:])


def _alert(view: TradeView, message: AlertMessage) -> str:
    """The alert as it was read, who wrote it, and the way to it."""
    author = escaped(message.author_name, 60) or str(message.author_id)
    said = f"{escaped(str(view.alert))} by {author}"
    if message.guild_id is None:
        return said
    place = message.thread_id or message.channel_id
    where = f"https://discord.com/channels/{message.guild_id}/{place}/{message.message_id}"
    return f"{said}{_BREAK}[message]({where})"


def _orders(view: TradeView) -> str:
    orders = (*view.entries, *view.exits)
    lines = [_order(order) for order in orders[-_MOST_ORDERS:]]
    earlier = len(orders) - len(lines)
    return "\n".join(([f"… {earlier} before"] if earlier else []) + lines)


def _order(order: BrokerOrder) -> str:
    number = f"`{order.order_id}`" if order.order_id > 0 else "`dry run`"
    side = "buy" if order.action.is_buy else "sell"
    price = "at market" if order.price is None else f"@ {_price(order.price)}"
    filled = f", {order.filled} filled" if order.fills else ""
    return f"{number} {side} {order.quantity} {price}{_BREAK}{order.status.lower()}{filled}"


def _buttons(view: TradeView) -> tuple[CardButton, ...]:
    """What can still be asked of it. A dry run holds nothing that could be closed."""
    if view.state.is_end:
        return ()
    asked = (CardButton.CANCEL_ENTRY,) if view.state in _BUYING else ()
    return (*asked, CardButton.CLOSE_NOW) if view.held > 0 and not view.dry_run else asked


def _at(price: Decimal | None) -> str:
    return "" if price is None else f" @ {_price(price)}"


def _price(price: Decimal) -> str:
    """Two places at least, four at most."""
    whole, _, places = f"{price:.4f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"


def _countdown(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
