"""The real stack as processes, killed at random and at every step of a trade, and a checker that reads the books."""
