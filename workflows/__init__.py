"""The story of a trade, and of the desk and the account watch beside it."""
