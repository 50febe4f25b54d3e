"""The processes: settings, wiring, supervision, and the command."""
