"""What words mean in an alert. A phrase is matched whole, longest first, whatever its case."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.alert import Action, OptionType
from domain.reading.expiry import DAY_WORDS


class Role(StrEnum):
    """The part that a piece of a message plays in an order."""

    VERB = "verb"
    IN = "in"  # "in SPY 600c", "SPY 600c .80 in"; elsewhere it says nothing
    SYMBOL = "symbol"
    FUTURE = "future"
    CODE = "code"  # a whole contract in one symbol
    STRIKE = "strike"
    RIGHT = "right"
    EXPIRY = "expiry"
    DAY = "day"  # 12/04; 1/2 may be a fraction
    AT = "at"  # a price follows
    MARKET = "market"
    NUMBER = "number"
    RANGE = "range"
    PERCENT = "percent"
    COUNT = "count"  # x2
    UNIT = "unit"  # contracts, shares
    PART = "part"  # of a position: half, all, some
    LEFT = "left"  # what follows, or came before, stays: "leaving 1/3 on"
    STOP = "stop"
    TARGET = "target"
    TRAIL = "trail"
    LABEL = "label"
    SHORT = "short"  # says that a sale opens: cash-secured, covered call
    FILLER = "filler"  # may stand in an order, and changes nothing
    REMARK = "remark"  # a comment field begins
    WORD = "word"
    MEASURE = "measure"
    MARK = "mark"
    NEWLINE = "newline"
    STRANGE = "strange"


class Meaning(NamedTuple):
    """A phrase's role, and what it says beyond that."""

    role: Role
    action: Action | None = None
    is_strong: bool = False  # names an order all by itself
    fraction: Decimal | None = None  # of the position; 1 is all of it
    is_part: bool = False  # a part, not said how much
    right: OptionType | None = None
    is_add: bool = False  # to a position that is held


def _words(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",")]


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for a table."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases of a text, with commas between them, for a table."""
    return frozenset(_words(text))


def _table(meaning: Meaning, phrases: str) -> dict[str, Meaning]:
    return dict.fromkeys(_words(phrases), meaning)


_ALL = Decimal(1)
_STRONG = {
    Action.BTO: "bto, buy to open, buying to open, bought to open, buy open",
    Action.STC: "stc, sell to close, selling to close, sold to close, sell close",
    Action.STO: "sto, sell to open, selling to open, sold to open, sell open",
    Action.BTC: "btc, buy to close, buying to close, bought to close, buy close",
}
_OPENING = """
    sniped, sniping, yolo'd, yoloed, yolo'd into, loaded the boat, loaded the boat on, loading the boat on, took
    a shot on, taking a shot on, got me some, bought me some, grabbed me some, nabbed me some, got myself, bought
    myself, grabbed myself, got myself some, grabbed myself some, bought myself some,
    buy, buying, bought, just bought, enter, entering, entered, just entered, entry, entries, new entry, open,
    opening, opened, opening trade, open trade, long, longing, going long, getting long, got long, entered long,
    entering long, long
    entry, i'm in, im in, i am in, we're in, all in on, grab, grabbing, grabbed, scooping, scooped, picking up,
    picked up, taking, got, new position, new trade, new signal, new long, position opened, starting, started,
    starting position, starting a position, opening a position, started a position, starter position, starter
    in, went long, going in, took, buyed, new swing, new scalp, new lotto, new day trade, new play, buying back
    in, bought back in, buy back in, back in, back into, getting back in, getting back into, got back in,
    rebought, rebuying, trade opened, jumping in, jumped in, hopping in, hopped in, snagged, snagging, nibbled,
    purchased, purchase, purchasing, acquired, nabbed, nabbing, jumping into, jumped into, hopping into, hopped
    into, got into, getting into, we're buying, we are buying, we're entering, we are entering, i am buying, i
    am entering, initiating, initiated, re-entering, re-entered, re-entry, reentry, reentering, long setup,
    entry alert, trade alert long, nibbling, bot, loading up on, buy alert, putting on, pulled the trigger on,
    pulling the trigger on, we're going long, we're going in, loaded, loaded up on, i have bought, i have
    entered, i have opened, we have bought, we have entered, we have opened, reloaded, reloading, filled on, got
    filled on, took a shot at, taking a shot at, took a stab at, taking a stab at, took a flyer on, taking a
    flyer on, took a starter in, taking a starter in, position started, trade started, trade entered, position
    entered, went ahead and bought, dipped into, dipping into, aped, aping, aped into, aping into, threw a
    little at, bougth, popped into, popping into, have bought, have entered, have now bought, stepped into,
    stepping into, going with, easing into, eased into, scooped up, scooping up, snatched, snatched up, went with,
    yolo'd,
    yolo'd into, yoloed, yoloed into, yoloing, yoloing into
"""
_ADDING = """
    doubled up, doubled up on, doubling up on,
    add, adding, added, averaging down, averaged down, adding to, added to, add to, adding more, added more,
    adding some, added some, added another, adding another, doubling down, doubled down, doubling up, doubling
    down on, doubled down on, avg down, average down, averaging, avging down, avg down on, dca, averaging down
    on, averaged down on, avg'd down, averaged into, averaging into, scaled into, scaling into, scale into
"""
_CLOSING = """
    sell, selling, sold, close, closing, closed, exit, exiting, exited, sell alert, exit alert, out, out of, i'm
    out, im out, i'm out of, im out of, got out, got out of, getting out, getting out of, got rid of, getting
    rid of, let go of, letting go of, gave up on, giving up on, threw in the towel on, we're out, we're out of,
    we are out, we are out of, stopped, stopped out, got stopped, got stopped out, stopped out of, cut, cutting,
    cut loose, taking the l, taking the l on, took the l on, taking the loss, taking the loss on, took the loss
    on, taking profit, taking profits, taking profit on, taking profits on, took profit, took profits, took
    profit on, took profits on, dumping, dumped, tp hit, cashing out, cashed out, cashed, locking in, locked in,
    unloading, unloaded, position closed, trade closed, trade ended, trade exited, position exited, sld,
    bailing, bailed, bailing on, bailed on, flattened, flattening, full close, liquidated, liquidating,
    offloaded, offloading, booked, booking, booked profits, booking profits, booked profits on, booking profits
    on, taking the w, taking the w on, took the w, took the w on, taking the win, taking the win on, took the win,
    took the win on, secured profits, securing profits, secured profits on, taking gains, taking gains on, took
    gains, took gains on, ringing the register, ringing the register on, rang the register, rang the register on,
    rang it up, rang it up on,
    ringing it up on, have sold, have closed
"""
_CLOSING_ALL = """
    all out, all out of, all out from, fully out, fully out of, full exit, flat, going flat, sold all, sell all,
    selling all,
    closed all, closing all, sold the rest, selling the rest, closing the rest, closed the rest, out all, fully
    closed, completely out, completely out of, out full, closing out, closed out, exit all, exited all, book
    full profit, booked full profit, clear position, cleared position
"""
_CLOSING_PART = """
    trim, trims, trimming, trimmed, scale-out, scaling-out, scaled-out, first trim, second trim, 1st trim, 2nd trim,
    third trim, 3rd trim, fourth trim, 4th trim,
    scale, scaling, scaled, scale
    out, scaling out, scaled out, scaling out of, scaled out of, options scale, partial exit, partial close,
    partial sell, trimming some, trimmed some, sold some, selling some, sell some, closing some, closed some,
    taking some off, took some off, taking some profit, taking some profits, took partials, taking partials,
    took partials on, taking partials on, took partial profits, taking partial profits, took partial profits on,
    taking partial profits on, partials on, partial on, partial profits on, reduce, book half, book partial,
    book partial profit, booked partial profit, took some profit, took some profits, took some profit on, took
    some profits on, taking some profit on, taking some profits on, reducing, reduced, peeling off, peeled off,
    trimming off, position reduced, peeling, peeled, lightening, lightening up, lightening up on, lightened,
    lightened up,
    lightened up on, lighten up on, peel, peel off, paring, pared, sold a few, selling a
    few, sold most, selling most, closed most
"""
VERBS = {
    **_table(Meaning(Role.VERB, Action.BTO), _OPENING),
    **_table(Meaning(Role.VERB, Action.BTO, is_add=True), _ADDING),
    **_table(Meaning(Role.VERB, Action.STC), _CLOSING),
    **_table(Meaning(Role.VERB, Action.STC, fraction=_ALL), _CLOSING_ALL),
    **_table(Meaning(Role.VERB, Action.STC, is_part=True), _CLOSING_PART),
    **_table(Meaning(Role.VERB, Action.STO), "wrote, writing"),
    **_table(Meaning(Role.VERB, Action.BTC), "bought back, buying back, buy back, cover, covering"),
}
for _action, _phrases in _STRONG.items():
    VERBS |= _table(Meaning(Role.VERB, _action, is_strong=True), _phrases)

_PARTS = {
    **_table(Meaning(Role.PART, fraction=Decimal("0.5")), "half, a half, one half, half off"),
    **_table(Meaning(Role.PART, fraction=Decimal(1) / 3), "third, a third, one third"),
    **_table(Meaning(Role.PART, fraction=Decimal(2) / 3), "two thirds, two-thirds"),
    **_table(Meaning(Role.PART, fraction=Decimal("0.25")), "quarter, a quarter, one quarter, one fourth, a fourth"),
    **_table(Meaning(Role.PART, fraction=Decimal("0.75")), "three quarters, three fourths"),
    **_table(
        Meaning(Role.PART, fraction=_ALL),
        """
        all, everything, rest, the rest, rest of, remaining, remainder, full, fully, full position, my last, the last,
        last, final, last piece, second half, last half, final half, other half, the other half, entire, entire
        position, whole, whole position, last of, completely,
        entirely, complete position, the complete position,
        balance of, the balance of
        """,
    ),
    **_table(
        Meaning(Role.PART, is_part=True),
        "partial, partials, partially, some, most, part, a part, part of, piece, few, a few",
    ),
}
_LEFTS = _table(
    Meaning(Role.LEFT),
    """
    leaving, leave, left, keeping, keep, kept, still have, still on, still running,
    still open, left on, stays on, holding, still holding, runner, runners, but, except, riding,
    remain, still in, letting
    """,
)
_FILLERS = """
    a, an, the, my, of, on, into, here, new, another, starter, starters, small, smaller, light, tiny, heavy,
    normal, swing, swings, swing trade, scalp, scalps, day trade, daytrade, daytrading, risky, high risk, low
    risk, risk, yolo, hedge, alert, alerts, action, order, signal, trade, trades, last one, another one, risky
    one, quick one, one more, high reward, high risk high reward, long term, long-term, short term, short-term,
    morning all, gm all, morning chaps, dear members, dear all, dear traders, dear friends, hi all, hello all,
    hey all, good morning, good afternoon, good evening, good morning all, good morning everyone, morning
    everyone, second buy, second entry, date, position, positions, option, options, strike, ticker, symbol, exp,
    exps, expiry, expiring, expires, expire, expiration, expiration date, dated, size, sized, full size, small size,
    long, i, i've, ive, i'm, im, am, just, now, quick, team, guys, gang, fam, account, challenge, challenge
    account, the other, worth, on the, premium, per, each, gm, ok, okay, here we go, type, from here, these,
    this, those, play, for a, as a, w, with, momo, earnings play, portfolio, card, for a loss, for a small loss,
    for a gain, for a small gain, for a profit, for a win, for profit, for a nice gain, for a nice profit, for
    breakeven, for break even, for be, for a scratch, couple, a couple, a couple of, couple of
"""
PHRASES: dict[str, Meaning] = {
    **_table(Meaning(Role.FILLER), _FILLERS),
    **_table(Meaning(Role.FILLER, fraction=Decimal("0.5")), "half size, half sized, half position, half the position"),
    **_table(Meaning(Role.FILLER, fraction=Decimal("0.25")), "quarter size, quarter position"),
    **_table(
        Meaning(Role.FILLER, is_add=True),
        "more, some more, additional",
    ),
    **_table(
        Meaning(Role.WORD),
        """
        open position, open positions, open order, open trades, open orders, open swings, order in, orders in, buy
        limit, limit buy, sell limit, limit sell, buy stop, sell stop, buying power, buy alert set, sell alert set,
        closed trades, closed positions, exit plan, exit target, exit targets, entry target, entry plan, long bias,
        short bias, closing in on, closing in, closed in on, locked in on, sold on, close call, close calls, out on,
        buy order, buy orders, sell order, sell orders
        """,
    ),
    **_table(Meaning(Role.LABEL), "lotto, lottos, lotto play, super lotto, super lottos"),
    **_table(
        Meaning(Role.SHORT),
        """
        csp, csps, cc, ccs, cash secured, cash-secured, cash secured put, cash-secured put, covered, covered call,
        covered calls, naked, naked put, naked call, premium sale
        """,
    ),
    **_table(Meaning(Role.SHORT, right=OptionType.PUT), "short put, short puts"),
    **_table(Meaning(Role.SHORT, right=OptionType.CALL), "short call, short calls"),
    **_table(
        Meaning(Role.UNIT),
        "contract, contracts, con, cons, cont, conts, ct, cts, lot, lots, share, shares, sh, shs,"
        "stock, commons, common, common stock",
    ),
    **_table(
        Meaning(Role.AT),
        """
        at, for, filled, filled at, fill, fills at, paid, avg, average, avg price, price, cost, entry price, fill
        price, filled avg, at about, avg fill, avg cost, limit price, credit of, got filled at, in at, out at, in
        for, out for,
        between, up to, cost me, costs me, costing me, paying, payed, pd, cr, db, credit, debit, debit of, cost basis,
        at around, at roughly, at approx
        """,
    ),
    **_table(Meaning(Role.MARKET), "at market, at the market, market, market price, market order, mkt, cmp"),
    **_table(
        Meaning(Role.STOP),
        "sl, stop, stops, stop loss, stop-loss, stoploss, st0p, hard stop, mental stop, stop at, sl at, stop loss at,"
        "risk to, risking to, risk down to, risk at",
    ),
    **_table(
        Meaning(Role.TRAIL),
        "trail, trailing, trailing stop, trailing stop loss, trailing stop-loss, trail stop, tsl, trailing sl",
    ),
    **_table(
        Meaning(Role.TARGET),
        """
        pt, pts, tp, tps, target, targets, tgt, tgts, take profit, take-profit, take profits, price target, targeting,
        profit target, profit targets, t1, t2, t3, t4, first target, second target, third target, final target, price
        targets, pt1, pt2, pt3, pt4, tp1, tp2, tp3, tp4, target 1, target 2, target 3, aim,
        aims, goal, goals, objective
        """,
    ),
    **_table(Meaning(Role.RIGHT, right=OptionType.CALL), "c, call, calls, calss, callls, cals, ce"),
    **_table(Meaning(Role.RIGHT, right=OptionType.PUT), "p, put, puts, ptus, pust, pe"),
    **_table(Meaning(Role.IN), "in"),
    **_table(Meaning(Role.EXPIRY), ",".join(DAY_WORDS)),
    **_PARTS,
    **_LEFTS,
    **VERBS,
}
LONGEST_FROM: dict[str, int] = {}  # how many words the longest phrase has that begins with that one
for _phrase in PHRASES:
    _first, *_others = _phrase.split()
    LONGEST_FROM[_first] = max(LONGEST_FROM.get(_first, 0), 1 + len(_others))
