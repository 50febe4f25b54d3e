import asyncio
import sys
from decimal import Decimal

from tastytrade import Account, Session
from tastytrade.instruments import NestedOptionChain, Option
from tastytrade.market_data import get_market_data
from tastytrade.order import InstrumentType, LimitOrder, OrderAction, OrderTimeInForce


async def main(url: str = "http://127.0.0.1:8765") -> None:
    session = Session("any", "words", is_test=True, trust_env=False)
    session._client.base_url = url
    account = (await Account.get(session))[0]
    strikes = (await NestedOptionChain.get(session, "SPY"))[0].expirations[1].strikes
    call = await Option.get(session, strikes[len(strikes) // 2].call)
    quote = await get_market_data(session, call.symbol, InstrumentType.EQUITY_OPTION)
    buy, limit = [call.build_leg(1, OrderAction.BUY_TO_OPEN)], -(quote.ask + Decimal("0.05"))
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=buy, price=limit)
    placed = (await account.place_order(session, order, dry_run=False)).order
    while not (held := await account.get_positions(session)):
        await asyncio.sleep(1)  # the broker's limit for positions
    print(
        f"bid {quote.bid}, ask {quote.ask}: order {placed.id} bought {held[0].symbol} at {held[0].average_open_price}"
    )


asyncio.run(main(*sys.argv[1:]))
