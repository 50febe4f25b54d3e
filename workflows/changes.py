"""What trades, and the desk, came to do differently while others were open: each goes on as its code was at that point.

docs/changing-a-trade.md tells how to add one, and when it may go.
"""

from enum import StrEnum


class Change(StrEnum):
    """Each value stands in histories for ever: never use one again for something else."""

    CALLS_OPERATOR = "calls-operator"  # a trade that needs a person tells the desk, which calls one
    CHECKS_PRICE_AND_HOURS = "checks-price-and-hours"  # the smallest bid, the alert's price and the market's hours
    DESK_NOTES = "desk-notes"  # the desk's: a row a minute of how it stands, while alerts come
    DESK_HANDS_ON_EARLY = "desk-hands-on-early"  # the desk's: its history stays short enough to be replayed at once
    DESK_WAITS_FOR_QUIET = "desk-waits-for-quiet"  # the desk's: it continues as new when nobody asks
    DESK_LETS_DRY_RUNS_BE = "desk-lets-dry-runs-be"  # the desk's: a dry run counts in no limit and no window
    SHRINKS_AT_ONCE = "shrinks-at-once"  # a late fill shrinks the working entry order at once, not at its next rung
    EXPECTS_LATECOMERS = "expects-latecomers"  # an order thought absent is waited for, and taken off whenever it comes
    ASKS_THE_ORIGINAL = "asks-the-original"  # a replacement in doubt is looked for by its original's record as well
    VENUES_REFUSE_BY_CANCEL = "venues-refuse-by-cancel"  # a market order cancelled unasked becomes a limit order, too
    CLOSES = "closes"  # a closing alert asks open trades to sell; before, it was refused or traded as a sale
    LOOKS_BEFORE_ITS_END = "looks-before-its-end"  # a trade with something bought reads its dead orders before it ends
    SEES_SALES_THROUGH = "sees-sales-through"  # a sale at once outlasts an outage, and no sale is replaced
    ASKS_DESK_FIRST = "asks-desk-first"  # before the market is looked up; it was done side by side, for any alert
    STAYS_FOR_ITS_EXIT = "stays-for-its-exit"  # a trade ends when its exit stands, not while that is being taken off
    HEARS_OF_ASSIGNMENT = "hears-of-assignment"  # what is short no more needs no buy-back; asked when that is told
    KEEPS_COVER = "keeps-cover"  # shares that calls sold first need are not sold; asked only where shares are traded
    FOLLOWS_UNDERLYING = "follows-underlying"  # levels on the underlying sell; asked only where an alert has some
    # Until workers/timely.py came, a new worker's first task could begin by the clock of the task before it. What
    # depends on the clock must not ask for other requests then: how long an order was looked for is the sum of the
    # pauses, and a wait whose time has passed is a timer, too.
    COUNTS_ITS_PAUSES = "counts-its-pauses"
    WAITS_BY_TIMERS = "waits-by-timers"
