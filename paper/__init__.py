"""The paper exchange: TastyTrade's wire protocol on the loopback address, over a simulated market.

A server of its own, which knows nothing of what trades on it. From the outside in:

    server      the port, and everything that listens on it
    wire/       the broker's faces: what every request passes (gate), REST, the account stream, the quote stream
    control/    the side door: quotes, clock and faults on demand, and the page for people
    exchange    what a client may ask for, and the clock that moves the market
    trading/    the broker's checks, the venue, and the book: committed before it is told
    market/     the quotes
    listings/   what is listed, and when it trades
    faults      what can be made to go wrong
"""
