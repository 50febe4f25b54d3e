"""Trades in a simulated world: the real story and ladder against a broker, a stream and a market that go wrong.

- campaign: many seeds, on all cores, and what came of them
- run: one seed from its plan to its verdict
- plan: what a seed draws: market, alerts, and what goes wrong when
- world, watch: the story's surroundings: calls that fail, an outage, a stream that loses and repeats
- broker: the broker's book, with the life that orders have there
- checker: what must be true of the book after every step; it knows nothing of the story's own sums
- virtual_time: an event loop whose clock jumps to the next thing that happens
"""
