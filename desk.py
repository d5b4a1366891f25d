"""Entry script: `python desk.py` is the `desk` command. The package beside it wins the import."""

from desk.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
