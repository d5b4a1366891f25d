"""`python -m desk` does what `desk` does."""

from desk.cli import main

main()
