"""Measurements of the running system, each beside the same steps done by a plain script without durability."""
