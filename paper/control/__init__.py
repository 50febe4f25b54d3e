"""The exchange's own side door, beside the broker's paths: for tests, for the demo, and for people who look in."""
