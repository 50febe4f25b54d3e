"""The subcommands of `alertladder`."""
