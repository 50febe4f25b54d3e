"""The names of a block's fields: what each one holds, and which say nothing to an order."""

from collections.abc import Mapping

from domain.profile import BlockField as Field
from domain.reading.vocabulary import phrase_set

_NAMES = {
    Field.ACTION: "action, side, order, order type, transaction, trade, accion, aktion",
    Field.SYMBOL: """
        symbol, sym, ticker, contract, contracts, underlying, stock, option, options contract, option contract, asset,
        instrument
    """,
    Field.STRIKE: "strike, strike price",
    Field.RIGHT: "type, contract type, direction, right, option type, call/put, c/p, put/call, bias, c or p, cp",
    Field.EXPIRY: """
        exp, exps, expiry, expiration, expires, expiration date, expiry date, exp date, exp., vencimiento, verfall
    """,
    Field.PRICE: """
        price, avg, average, avg price, average price, fill, fill price, filled, filled at, cost, premium, scaling
        price, credit, debit, px, contract price, option price, alert price, filled price, got, precio, preis, prix,
        limit, limit price, lmt, filled @, fill @, avg fill, average fill, executed at, execution price, avg px,
        fill px, avg cost, average cost
    """,
    Field.ENTRY: """
        entry, entry was, entry price, entry zone, avg entry, average entry, avg entry price, entry avg, buy price,
        bought at, open price, opening price, entered at, entry at, buy at, paid, price paid, bought, bought for, in
    """,
    Field.EXIT: """
        exit, exit price, sold at, sell price, close price, closing price, received, trim price, exited at,
        sold, sold for, price sold, closed at, out
    """,
    Field.COUNT: """
        qty, quantity, size, amount, lots, no of contracts, number of contracts, cantidad, menge, units, cons, cts,
        filled qty, qty filled, qty sold, quantity sold, contracts sold, qty closed, shares
    """,
    Field.PART: """
        closed, portion, size closed, amount closed, percent closed, trimmed, closed %, percent, percentage, pct,
        % closed, piece, part, fraction, share, share sold, sold %, cut, reduced, reduced by, reduction, taken off,
        took off, size out, exited
    """,
    Field.STOP: """
        sl, stop, stop loss, stoploss, stop-loss, stop price, hard stop, protect, protection, protective stop, stop at
    """,
    Field.TARGET: """
        tp, pt, target, targets, take profit, take-profit, price target, profit target, profit targets, t1, t2, t3,
        tp1, tp2, tp3, pt1, pt2, pt3, target 1, target 2, target 3, tp 1, tp 2, tp 3, pt 1, pt 2,
        pt 3, aim, aims, goal, goals, objective,
        objectives
    """,
    Field.REMARK: """
        comment, comments, note, notes, reason, thesis, strategy, setup, timeframe, time frame, style, confidence,
        rating, chart, catalyst, risk level, tags, trade type, message, details, rationale, conviction, horizon,
        account, id, alert id, signal id, time, timestamp, posted, disclaimer, footer, new avg, basis, new
        average, new avg price, updated avg, new cost, remarks, remark, why, context, commentary, trader note,
        analyst note, desk note, memo, new basis, new cost basis, avg now, average now, blended avg
    """,
    Field.SENDER: """
        author, trader, analyst, by, user, from, posted by, alerting user, alert from, alert by, name, caller
    """,
    Field.STATUS: "status, order status, tif, time in force",
}
# They tell when and where it was posted; their numbers are no order's.
QUIET = phrase_set("""
    id, alert id, signal id, order id, trade id, time, timestamp, date posted, posted, posted at, disclaimer, footer,
    chart, chart link, link, url, image, new avg, new average, new avg price, updated avg, new cost, version, currency,
    new basis, new cost basis, avg now, average now, blended avg, ref, reference, ticket, order no
""")
_IN_A_BLOCK = {
    Field.PRICE: "at",
    Field.REMARK: """
        alert type, tag, sentiment, outlook, sector, theme, pattern, grade, tier, chart pattern, reasoning, management,
        market, exchange, asset class, asset type, security type, instrument type, category, product, session, industry
    """,
    Field.SENDER: """
        acct, crew, team, desk, room, channel, server, source, platform, broker, bot, opened by, closed by, username,
        account type, account name, feed, provider, via
    """,
    Field.STATUS: """
        order state, state, trade status, fill status, alert status, signal status, execution, execution status,
        position, position status, event, event type, duration, stage
    """,
}


def _by_name(names: Mapping[Field, str]) -> dict[str, Field]:
    return {" ".join(name.split()): field for field, written in names.items() for name in written.split(",")}


FIELDS = _by_name(_NAMES)
# Only a block has these; before one line of talk they are words like any other.
FIELDS_OF_A_BLOCK = FIELDS | dict.fromkeys(QUIET, Field.REMARK) | _by_name(_IN_A_BLOCK)
ENVIRONMENTS = phrase_set("env, environment, mode, trading mode")
REASONS = phrase_set("reason, reasoning, rationale, thesis, catalyst")
RISKS = ("risk", "max risk", "risking", "account risk", "risk %")
# What a program posts of, and what of that is an order.
EVENTS = ("event", "event type")
SENT = phrase_set("alert, signal, trade, order, entry, exit, new alert, new signal, new trade, new entry, trade alert")
