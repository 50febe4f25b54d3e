import asyncio
import sys

from tastytrade import Account, Session
from tastytrade.instruments import NestedOptionChain, Option
from tastytrade.market_data import get_market_data
from tastytrade.order import InstrumentType, LimitOrder, OrderAction, OrderStatus, OrderTimeInForce


async def main(url: str = "http://127.0.0.1:8765") -> None:
    session = Session("any", "words", is_test=True, trust_env=False)
    session._client.base_url = url
    account = (await Account.get(session))[0]
    strikes = (await NestedOptionChain.get(session, "SPY"))[0].expirations[1].strikes
    call = await Option.get(session, strikes[len(strikes) // 2 + 6].call)  # a little out of the money
    quote = await get_market_data(session, call.symbol, InstrumentType.EQUITY_OPTION)
    mid, leg = round((quote.bid + quote.ask) / 2, 2), call.build_leg(1, OrderAction.BUY_TO_OPEN)
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg], price=-mid)
    placed = (await account.place_order(session, order, dry_run=False)).order
    while (placed := await account.get_order(session, placed.id)).status is not OrderStatus.FILLED:
        await asyncio.sleep(1)  # it rests at the mid until somebody sells to it
    print(f"bid {quote.bid}, ask {quote.ask}: bought at {placed.legs[0].fills[0].fill_price}")
    print([(held.symbol, held.quantity) for held in await account.get_positions(session)])


asyncio.run(main(*sys.argv[1:]))
