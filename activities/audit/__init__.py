"""The audit store: one process that owns a DuckDB file of hash-chained rows, and the activities that serve it."""
