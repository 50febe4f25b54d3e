"""The card of a trade in every state: what it says, what can be asked of it, and that nothing in it acts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action, Alert, AlertMessage, Levels, OptionType, Trail
from domain.card import Card, CardButton, card
from domain.chat import escaped
from domain.closing import CloseOutcome, CloseResult
from domain.contract import Quote
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType
from domain.protection import Protection
from domain.refusals import Refusal, RefusalCode
from domain.settings import Mode
from domain.trade import TradeState, TradeView
from tests.fakes.broker import CONTRACT

AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
TRADE = "alert-11-22"
CANCEL, CLOSE = CardButton.CANCEL_ENTRY, CardButton.CLOSE_NOW
ALERT = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=Decimal(78),
    option_type=OptionType.PUT,
    expiry=CONTRACT.expiry,
    price=Decimal("0.75"),
)
MESSAGE = AlertMessage(
    channel_id=11,
    message_id=22,
    author_id=33,
    author_name="Trader",
    guild_id=44,
    text="BTO UBER 78p 12/04 @ 0.75",
    posted_at=AT,
)


def order(
    number: int,
    action: LegAction,
    quantity: int,
    price: str | None,
    status: OrderStatus = OrderStatus.LIVE,
    filled: int = 0,
) -> BrokerOrder:
    fills = (Fill(fill_id=f"F{number}", quantity=filled, price=Decimal(price or "0.80")),) if filled else ()
    return BrokerOrder(
        order_id=number,
        status=status,
        symbol=CONTRACT.symbol,
        action=action,
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        quantity=quantity,
        price=None if price is None else Decimal(price),
        fills=fills,
    )


BOUGHT = order(1001, LegAction.BUY_TO_OPEN, 4, "0.76", OrderStatus.FILLED, 4)
EXIT = order(1002, LegAction.SELL_TO_CLOSE, 2, "1.52")
SOLD = order(1002, LegAction.SELL_TO_CLOSE, 4, "1.52", OrderStatus.FILLED, 4)
HELD: dict[str, object] = {
    "filled": 4,
    "average_price": Decimal("0.76"),
    "entries": (BOUGHT,),
    "exits": (EXIT,),
    "exit_price": Decimal("1.52"),
    "exit_quantity": 2,
}
WORKS: dict[str, object] = {
    "started_at": AT,
    "next_rung_at": AT + timedelta(seconds=20),
    "window_ends_at": AT + timedelta(seconds=90),
    "working_price": Decimal("0.75"),
    "quote": Quote(symbol=CONTRACT.symbol, bid=Decimal("0.74"), ask=Decimal("0.8"), at=AT),
    "entries": (order(1001, LegAction.BUY_TO_OPEN, 4, "0.75"),),
}


def view(state: TradeState, **facts: object) -> TradeView:
    fields: dict[str, object] = {
        "workflow_id": TRADE,
        "state": state,
        "alert": ALERT,
        "mode": Mode.PAPER,
        "dry_run": False,
        "author_name": "Trader",
        "contract": CONTRACT,
        "sized": 4,
        "max_steps": 3,
    }
    return TradeView.model_validate(fields | facts)


def drawn(state: TradeState, **facts: object) -> Card:
    return card(view(state, **facts), MESSAGE)


def field(shown: Card, name: str) -> str | None:
    return {each.name: each.value for each in shown.fields}.get(name)


# What it says


def test_a_working_entry_shows_its_price_in_the_market_its_step_and_countdowns() -> None:
    shown = drawn(TradeState.WORKING, rung=1, **WORKS)
    assert shown.title == "🟦 PAPER · BTO 4 UBER 78p 12/04"
    start = int(AT.timestamp())
    assert shown.text == f"⏳ **Working** · step 1 of 3 · next <t:{start + 20}:R> · window ends <t:{start + 90}:R>"
    assert field(shown, "Bought") == "0 of 4"
    assert field(shown, "Working") == "**0.75**\nbid 0.74 · ask 0.80"
    assert field(shown, "Exit") is None


def test_the_last_step_counts_down_to_the_end_of_the_window_alone() -> None:
    shown = drawn(TradeState.WORKING, rung=3, **(WORKS | {"next_rung_at": WORKS["window_ends_at"]}))
    assert "next" not in shown.text
    assert shown.text.count("<t:") == 1


def test_a_holding_shows_its_fill_its_exit_and_its_orders() -> None:
    shown = drawn(TradeState.HOLDING, **HELD)
    assert field(shown, "Bought") == "4 of 4 @ 0.76"
    assert field(shown, "Exit") == "2 for sale @ 1.52"
    assert field(shown, "Orders") == "`1001` buy 4 @ 0.76 · filled, 4 filled\n`1002` sell 2 @ 1.52 · live"
    assert field(shown, "P&L") is None


@pytest.mark.parametrize(
    ("realised", "said"),
    [
        ("304", "🟢 **+$304.00** (+100 %)"),
        ("-152", "🔴 **−$152.00** (−50 %)"),
        ("1234.5", "🟢 **+$1,234.50** (+406 %)"),
    ],
)
def test_a_result_has_its_sign_in_word_and_mark(realised: str, said: str) -> None:
    shown = drawn(TradeState.CLOSED, **(HELD | {"exits": (SOLD,), "exited": 4, "realised": Decimal(realised)}))
    assert field(shown, "P&L") == said
    assert field(shown, "Exit") == "4 sold @ 1.52"


def test_a_refusal_says_why_and_by_which_code() -> None:
    refusal = Refusal(code=RefusalCode.SPREAD_TOO_WIDE, detail="0.50 / 0.90")
    shown = drawn(TradeState.REFUSED, refusal=refusal, contract=None, sized=0)
    assert shown.text.startswith("⛔ **Refused**\nThe spread is wider than acceptable.")
    assert "spread\\_too\\_wide" in shown.text
    assert shown.title == "🟦 PAPER · BTO UBER 78p 12/04 @ 0.75"


def test_a_trade_that_ends_with_contracts_held_says_so() -> None:
    assert "**4 still held**, 2 of them out for sale" in drawn(TradeState.CANCELLED, **HELD).text
    gone = EXIT.model_copy(update={"status": OrderStatus.CANCELLED})
    assert "none out for sale" in drawn(TradeState.NEEDS_OPERATOR, **(HELD | {"exits": (gone,)})).text
    assert "held" not in drawn(TradeState.CLOSED, **(HELD | {"exited": 4})).text
    assert "ran until the contract expired" in drawn(TradeState.EXPIRED, **HELD).text


def told(**levels: object) -> Alert:
    return ALERT.model_copy(update=levels)


def test_the_levels_of_an_alert_are_shown_and_said_not_to_be_traded_where_nothing_watches_them() -> None:
    alert = told(stop=Decimal("0.50"), targets=(Decimal("1.10"), Decimal("1.50")), trail=Trail(percent=Decimal(20)))
    said = "the alert says: stop 0.5, target 1.1, target 1.5, trail 20 %"
    assert field(drawn(TradeState.WORKING, alert=alert, **WORKS), "Levels") == said
    assert field(drawn(TradeState.HOLDING, alert=alert, **HELD), "Levels") == f"{said} (not traded)"
    assert field(drawn(TradeState.CLOSED, alert=alert, **HELD), "Levels") is None
    assert field(drawn(TradeState.HOLDING, **HELD), "Levels") is None


def test_levels_that_are_watched_stand_beside_what_the_alert_said() -> None:
    alert = told(in_percent=Levels(stop=Decimal(30)), on_underlying=Levels(targets=(Decimal(70),)))
    watched = Protection(stop=Decimal("0.53"))
    lines = field(drawn(TradeState.HOLDING, alert=alert, protection=watched, **HELD), "Levels")
    assert lines == "sells by itself: stop 0.53\nthe alert says: stop 30 %; on the underlying: target 70"


def test_what_was_asked_to_be_sold_stands_with_who_asked() -> None:
    result = CloseResult(
        request_id="1",
        workflow_id=TRADE,
        by="Operator (discord)",
        outcome=CloseOutcome.SOLD,
        asked=2,
        sold=2,
        average=Decimal("1.5"),
        held=2,
    )
    told = field(drawn(TradeState.HOLDING, **(HELD | {"closings": (result,), "exited": 2})), "Asked to sell")
    assert told is not None
    assert told.startswith("Operator \\(discord\\): sold\\: 2 of 2 at 1.5, 2 still held")


def test_the_card_of_an_alert_that_closes_says_how_many_were_sold() -> None:
    stc = ALERT.model_copy(update={"action": Action.STC})
    shown = drawn(TradeState.CLOSED, alert=stc, contract=None, sized=4, exited=3, note="sold part")
    assert (field(shown, "Sold"), field(shown, "Bought"), field(shown, "P&L")) == ("3 of 4", None, None)
    assert shown.title == "🟦 PAPER · STC UBER 78p 12/04 @ 0.75"


def test_the_alert_its_author_and_the_way_to_it_stand_in_it() -> None:
    said = field(drawn(TradeState.WORKING, **WORKS), "Alert")
    assert said == "BTO UBER 78p 12/04 @ 0.75 by Trader · [message](https://discord.com/channels/44/11/22)"


def test_of_many_orders_the_newest_are_shown() -> None:
    orders = tuple(order(1000 + number, LegAction.BUY_TO_OPEN, 4, "0.75") for number in range(40))
    said = field(drawn(TradeState.WORKING, **(WORKS | {"entries": orders})), "Orders")
    assert said is not None
    assert said.startswith("… 32 before\n`1032`")


def test_a_rehearsed_order_has_no_number() -> None:
    rehearsed = BOUGHT.model_copy(update={"order_id": -1})
    shown = card(view(TradeState.CLOSED, dry_run=True, **(HELD | {"entries": (rehearsed,), "exits": ()})), MESSAGE)
    assert field(shown, "Orders") == "`dry run` buy 4 @ 0.76 · filled, 4 filled"
    assert "nothing was placed" in shown.text
    assert "still held" not in shown.text


# Modes


def test_no_mode_can_be_taken_for_another_by_word_or_colour() -> None:
    shown = [card(view(TradeState.WORKING, mode=mode), MESSAGE) for mode in Mode]
    shown += [card(view(TradeState.WORKING, mode=mode, dry_run=True), MESSAGE) for mode in Mode]
    looks = {(each.title.partition(" · ")[0], each.colour) for each in shown}
    assert len({word for word, _ in looks}) == len({colour for _, colour in looks}) == len(looks) == 4
    assert {word.partition(" ")[2] for word, _ in looks} == {"PAPER", "SANDBOX", "LIVE", "DRY RUN"}


# Buttons


@pytest.mark.parametrize(
    ("state", "facts", "buttons"),
    [
        (TradeState.PREPARING, {}, (CANCEL,)),
        (TradeState.WORKING, {}, (CANCEL,)),
        (TradeState.WORKING, {"filled": 1}, (CANCEL, CLOSE)),
        (TradeState.WORKING, {"filled": 1, "dry_run": True}, (CANCEL,)),
        (TradeState.HOLDING, {"filled": 4, "exited": 1}, (CLOSE,)),
        (TradeState.CANCELLED, {"filled": 4}, ()),
    ],
)
def test_offers_what_can_still_be_asked(
    state: TradeState, facts: dict[str, object], buttons: tuple[CardButton, ...]
) -> None:
    assert drawn(state, **facts).buttons == buttons


@pytest.mark.parametrize("state", list(TradeState))
def test_every_state_has_its_words_and_only_an_end_is_final_and_without_buttons_and_countdowns(
    state: TradeState,
) -> None:
    shown = drawn(state, **(WORKS | HELD))
    assert "**" in shown.text
    assert shown.final is state.is_end
    assert not (shown.final and shown.buttons)
    assert not (shown.final and "<t:" in shown.text)


def test_a_buttons_id_fits_for_the_longest_trade() -> None:
    longest = f"alert-{2**64}-{2**64}-35"
    assert max(len(button.custom_id(longest)) for button in CardButton) <= 100


# Strangers' text


HOSTILE = [
    "@everyone @here <@1> <@&2> <#3>",
    "**b** __u__ ~~s~~ ||x|| `c` ```b```",
    "[click](https://evil.example) https://evil.example",
    "\n# heading\n> quote\n- list\n-# small",
    "<t:0:R> <:e:1> \u202egnp\u200b",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_markup_mention_or_link_of_a_stranger_survives(hostile: str) -> None:
    inert = escaped(hostile)
    assert "\n" not in inert
    assert "\u202e" not in inert
    assert "//" not in inert
    assert not [at for at in range(len(inert)) if inert[at] == "@" and inert[at + 1] not in " \u200b"]
    for sign in "*_~|`[]<>#":
        assert inert.count(sign) == inert.count(f"\\{sign}")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_strangers_text_is_escaped_wherever_it_stands(hostile: str) -> None:
    message = MESSAGE.model_copy(update={"author_name": hostile})
    alert = ALERT.model_copy(update={"symbol": hostile})
    told = {"refusal": Refusal(code=RefusalCode.BROKER_REFUSED, detail=hostile), "note": hostile, "alert": alert}
    shown = card(view(TradeState.REFUSED, contract=None, **told), message)
    text = " ".join([shown.title, shown.text, *(each.value for each in shown.fields)])
    for piece in ("@everyone", "<@1>", "**b**", "](https://evil", "# heading\n", "<t:0", "\u202e"):
        assert piece not in text


def test_a_secret_in_a_brokers_answer_is_not_shown() -> None:
    refusal = Refusal(code=RefusalCode.BROKER_REFUSED, detail="Authorization: Bearer abcdef0123456789")
    assert "abcdef0123456789" not in drawn(TradeState.REFUSED, refusal=refusal).text


texts = st.text(max_size=3000)
prices = st.decimals(min_value=0, max_value=10**6, places=4)


@given(
    state=st.sampled_from(TradeState),
    text=texts,
    price=prices,
    filled=st.integers(0, 50),
    exited=st.integers(0, 50),
    count=st.integers(0, 60),
    has_contract=st.booleans(),
)
def test_any_trade_has_a_card_that_fits_into_a_message(
    state: TradeState, text: str, price: Decimal, filled: int, exited: int, count: int, has_contract: bool
) -> None:
    orders = tuple(order(10**12 + number, LegAction.BUY_TO_OPEN, 10**6, "123456.1234") for number in range(count))
    shown = card(
        view(
            state,
            contract=CONTRACT if has_contract else None,
            filled=filled,
            exited=exited,
            average_price=price,
            exit_price=price,
            exit_quantity=filled,
            entries=orders,
            note=text,
            refusal=Refusal(code=RefusalCode.BROKER_REFUSED, detail=text),
            realised=price,
        ),
        MESSAGE.model_copy(update={"author_name": text}),
    )
    assert len(shown.title) <= 256
    assert len(shown.text) <= 4096
    assert all(0 < len(each.value) <= 1024 for each in shown.fields)
    letters = len(shown.title) + len(shown.text) + sum(len(each.name) + len(each.value) for each in shown.fields)
    assert letters + len(shown.workflow_id) <= 6000


SHORT = ALERT.model_copy(update={"action": Action.STO})
SOLD_FIRST = order(1001, LegAction.SELL_TO_OPEN, 4, "0.76", OrderStatus.FILLED, 4)
BUY_BACK = order(1002, LegAction.BUY_TO_CLOSE, 2, "0.38")
IS_SHORT: dict[str, object] = {
    "alert": SHORT,
    "filled": 4,
    "average_price": Decimal("0.76"),
    "entries": (SOLD_FIRST,),
    "exits": (BUY_BACK,),
    "exit_price": Decimal("0.38"),
    "exit_quantity": 2,
}


def test_a_short_trades_card_says_so_and_tells_its_credit() -> None:
    shown = drawn(TradeState.HOLDING, **IS_SHORT)
    assert "SHORT" in shown.title
    assert "STO" in shown.title
    assert "**Short**" in shown.text
    assert field(shown, "Sold") == "4 of 4 @ 0.76\ncredit $304.00"
    assert field(shown, "Exit") == "2 to buy back @ 0.38"
    assert shown.buttons == (CLOSE,)


def test_what_a_short_trade_gained_is_green_and_of_its_credit() -> None:
    done = order(1002, LegAction.BUY_TO_CLOSE, 4, "0.38", OrderStatus.FILLED, 4)
    shown = drawn(TradeState.CLOSED, **IS_SHORT | {"exited": 4, "exits": (done,), "realised": Decimal(152)})
    assert field(shown, "P&L") == "🟢 **+$152.00** (+50 %)"
    assert field(shown, "Exit") == "4 bought back @ 0.38"


def test_a_short_trade_that_ends_with_something_open_says_what_that_is() -> None:
    cancelled = drawn(TradeState.CANCELLED, **IS_SHORT)
    assert "**4 still short**, 2 of them out to be bought back at the broker" in cancelled.text
    expired = drawn(TradeState.EXPIRED, **IS_SHORT)
    assert "4 ran until the contract expired: kept, or assigned, as the account shows." in expired.text


def test_a_short_trade_whose_contracts_are_gone_says_so_and_offers_nothing_to_close() -> None:
    shown = drawn(TradeState.GONE, **IS_SHORT | {"gone": 4, "note": "4 of 4 short no more"})
    assert "**Assigned, or bought back by hand**" in shown.text
    assert "still short" not in shown.text
    assert shown.final
    assert drawn(TradeState.HOLDING, **IS_SHORT | {"gone": 4}).buttons == ()
