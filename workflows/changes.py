"""What trades, and the desk, came to do differently while others were open: each goes on as its code was at that point.

docs/changing-a-trade.md tells how to add one, and when it may go.
"""

from enum import StrEnum


class Change(StrEnum):
    """Each value stands in histories for ever: never use one again for something else."""

    CALLS_OPERATOR = "calls-operator"  # a trade that needs a person tells the desk, which calls one
    CHECKS_PRICE_AND_HOURS = "checks-price-and-hours"  # the smallest bid, the alert's price and the market's hours
    DESK_NOTES = "desk-notes"  # the desk's: a row a minute of how it stands, while alerts come
    DESK_WAITS_FOR_QUIET = "desk-waits-for-quiet"  # the desk's: it continues as new when nobody asks
    SHRINKS_AT_ONCE = "shrinks-at-once"  # a late fill shrinks the working entry order at once, not at its next rung
