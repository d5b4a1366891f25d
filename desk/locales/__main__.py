"""`python -m desk.locales update | compile | check`: tend the catalogues of the interface."""

from __future__ import annotations

import sys

USAGE = "usage: python -m desk.locales update|compile|check\n"


def main(arguments: list[str]) -> int:
    """Run one task. 0 done, 1 the catalogues have faults, 2 usage."""
    from desk.locales import files

    if arguments == ["update"]:
        files.update()
        files.compile_all()
    elif arguments == ["compile"]:
        files.compile_all()
    elif arguments != ["check"]:
        sys.stderr.write(USAGE)
        return 2
    faults = files.faults()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
