"""Trades in a simulated world: the real story and ladder against a broker, a stream and a market that go wrong.

- campaign: many seeds, on all cores, and what came of them
- run: one seed from its plan to its verdict
- plan, stage: what a seed draws: market, alerts, limits, and what goes wrong when; and what it is set up with
- misfortunes: the names of all that can go wrong
- sellers, people, closing_alerts, requests: who asks trades to sell, and how that reaches them
- surroundings, world, order_calls, watch: the story's world: calls that fail, outages, a stream that loses and repeats
- broker, market, underlying: the broker's book, with the life that orders have there, and the prices that meet it
- shorts, assignments, positions, assigning, reconciling, gone: what is sold first, goes from the account, and is told
- covered, writing_calls: shares that calls sold first are covered by
- checker, in_time, in_the_end: what must be true of the book after every step, within seconds, and once all is over;
  they know nothing of the story's own sums (promises has theirs)
- sales, served, sale_prices: the same of what is sold before the exit does
- virtual_time: an event loop whose clock jumps to the next thing that happens
"""
