"""What a trader sees in the terminal."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rich.console import Console, RenderableType

from domain.alert import Action, Alert, OptionType
from domain.contract import Quote
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType
from domain.refusals import Refusal, RefusalCode
from domain.settings import Mode
from domain.trade import TradeState, TradeView
from tests.fakes.broker import CONTRACT
from workers.follow import at_rest
from workers.ladder_view import ladder_table, trade_story

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ALERT = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=Decimal(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=Decimal("0.75"),
)


def order(order_id: int, action: LegAction, quantity: int, price: str, filled: int = 0) -> BrokerOrder:
    fills = (Fill(fill_id=f"F{order_id}", quantity=filled, price=Decimal(price)),) if filled else ()
    return BrokerOrder(
        order_id=order_id,
        status=OrderStatus.FILLED if filled == quantity else OrderStatus.LIVE,
        symbol=CONTRACT.symbol,
        action=action,
        order_type=OrderType.LIMIT,
        quantity=quantity,
        price=Decimal(price),
        fills=fills,
        identifier=f"al-1-2-0e0{order_id}",
    )


def view(state: TradeState = TradeState.WORKING, **changes: object) -> TradeView:
    fields: dict[str, object] = {
        "workflow_id": "alert-1-2",
        "state": state,
        "alert": ALERT,
        "mode": Mode.PAPER,
        "dry_run": False,
        "author_name": "ann",
    }
    return TradeView.model_validate(fields | changes)


def drawn(what: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=160)
    console.print(what)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_the_live_row_has_market_working_price_rung_countdown_and_fills() -> None:
    quote = Quote(symbol="x", bid=Decimal("0.70"), ask=Decimal("0.80"), at=NOW)
    live = view(
        contract=CONTRACT,
        quote=quote,
        sized=4,
        filled=1,
        average_price=Decimal("0.76"),
        working_price=Decimal("0.76"),
        rung=1,
        max_steps=3,
        next_rung_at=NOW + timedelta(seconds=12.34),
        exit_quantity=1,
        exit_price=Decimal("1.52"),
    )
    row = drawn(ladder_table([live], NOW))
    for word in ("UBER 78p 12/04", "working", "0.70 / 0.80", "0.76", "1/3", "12.3 s", "1/4 @ 0.760", "1 @ 1.52"):
        assert word in row


def test_a_countdown_never_goes_below_zero() -> None:
    late = view(next_rung_at=NOW - timedelta(seconds=5))
    assert "0.0 s" in drawn(ladder_table([late], NOW))


def test_the_story_names_orders_fills_and_exit() -> None:
    bought = order(1, LegAction.BUY_TO_OPEN, 4, "0.77", filled=4)
    sold = order(2, LegAction.SELL_TO_CLOSE, 2, "1.54")
    told = view(
        TradeState.HOLDING,
        entries=(bought,),
        exits=(sold,),
        sized=4,
        filled=4,
        average_price=Decimal("0.77"),
        exit_quantity=2,
        exit_price=Decimal("1.54"),
    )
    story = drawn(trade_story(told))
    for word in ("HOLDING", "PAPER", "Buy to Open 4 @ 0.77", "4 @ 0.77 (F1)", "Sell to Close 2 @ 1.54", "al-1-2-0e01"):
        assert word in story


def test_a_refusal_is_told_with_its_code_and_sentence() -> None:
    refusal = Refusal(code=RefusalCode.STRIKE_NOT_LISTED, detail="78; listed nearest: 77, 79")
    story = drawn(trade_story(view(TradeState.REFUSED, refusal=refusal)))
    assert "strike_not_listed" in story
    assert "The broker lists no such strike. (78; listed nearest: 77, 79)" in story


def test_a_dry_run_can_not_be_mistaken() -> None:
    assert "DRY RUN" in drawn(trade_story(view(dry_run=True)))


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    story = drawn(trade_story(view(author_name="\x1b[2J[red]x")))
    assert "\x1b[2J" not in story
    assert "[red]x" in story


def test_a_trade_that_only_holds_is_at_rest() -> None:
    standing = order(2, LegAction.SELL_TO_CLOSE, 2, "1.54")
    assert at_rest(view(TradeState.HOLDING, exits=(standing,), exit_quantity=2))
    assert not at_rest(view(TradeState.HOLDING, exits=(), exit_quantity=2))
    assert not at_rest(view(TradeState.WORKING))
    assert at_rest(view(TradeState.NO_FILL))


def test_a_futures_root_is_shown_with_the_month_it_became() -> None:
    month = CONTRACT.model_copy(
        update={"symbol": "/MESZ6", "strike": None, "option_type": None, "expiry": date(2026, 12, 18)}
    )
    alert = Alert(action=Action.BTO, symbol="/MES", quantity=2, price=Decimal(6700))
    assert "BTO 2 /MES @ 6700 (/MESZ6)  by ann" in drawn(trade_story(view(alert=alert, contract=month)))
    assert "(UBER" not in drawn(trade_story(view(contract=CONTRACT)))
