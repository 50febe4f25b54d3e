"""The paper exchange: TastyTrade's wire protocol on the loopback address, over a simulated market.

A server of its own, which knows nothing of what trades on it. From the outside in:

    server, gate, control       the port, what every request passes, and the control plane beside the broker's paths
    rest_*, account_stream, dxlink   the broker's three faces; wire* and dx_events write their JSON
    exchange                    what a client may ask for, and the clock
    preflight, buying_power     the broker's checks
    venue, matching             the life of an accepted order
    book, account, store        what is on record, committed before it is told
    market, walks, pricing      the quotes
    instruments, catalogue, calendar, sessions   what is listed, and when it trades
"""
