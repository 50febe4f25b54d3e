"""The names of everything that can go wrong or come between in a simulation, as its tables show them."""

# What keeps a trade from asking, being answered, or hearing.
HINDRANCES = (
    # processes
    "worker killed",
    "killed with a call under way",
    "stalled attempt",
    "nothing goes on",
    "the clock jumps",
    # requests
    "lost request",
    "lost answer",
    "late arrival",
    "error before",
    "error after",
    "throttled",
    "unauthorised",
    "margin_check_failed",
    "broker down",
    "listing fails",
    "read fails",
    "stale look-up",
    "sweep fails",
    # the stream
    "message lost",
    "message late",
    "message unreadable",
    "stream silent",
    # the venue
    "venue rejects",
    "venue cancels",
    "cancel by hand",
    "slow cancel",
    "filled before its last fill",
    "trading halt",
    "the market closes",
    # quotes
    "no quote",
    "stale quote",
    "one-sided quote",
    "crossed quote",
)
# What adds to the story, and keeps nobody from hearing of it or answering it.
TURNS = (
    "a message that starts nothing",
    "audit store down",
    "cancelled by an operator",
    "fill after cancel",
    "fill races cancel",
    "fill races replace",
    "filled in lots",
    "message repeated",
    "more filled than asked",
    "order by hand",
    "replacement too large",
    "the desk is halted",
    "the option expires",
    "the price doubles",
    "the tick changes",
)
ALL = (*HINDRANCES, *TURNS)
