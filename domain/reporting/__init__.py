"""What a day, or some days, came to, by what is written down: spans of days, single trades, and their sums. Pure."""
