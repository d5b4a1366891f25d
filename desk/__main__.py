"""`python -m desk` does what `desk` does."""

from desk.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
