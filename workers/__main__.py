"""`python -m workers` is the command `alertladder`."""

from workers.cli import main

main()
