"""The demo: three alerts on real parts, watched live, and checked against the exchange's own book."""
