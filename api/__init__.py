"""The HTTP front door: what the command line can do, for programs, behind keys.

From the outside in:

    gate        what every request passes: headers, key, role, rate, size; and what no answer may lack
    app         the routes put together, and what the OpenAPI document says of all of them
    routes/     one area each: alerts, trades, desk, policy, account, audit, health
    doors       what the routes reach: the doors of workflows/, and the audit store
    errors      every refusal in one shape
    keys, rate  who asks, and how often

It starts, asks and tells workflows, and decides nothing itself: the desk does.
"""
