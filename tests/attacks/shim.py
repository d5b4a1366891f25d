"""A wall clock that a test can step under a running process; see clockshim.c."""

from __future__ import annotations

import functools
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.founded import kept_folder

HERE = Path(__file__).resolve().parent


@dataclass
class Shifted:
    """The clock of one process: an offset in seconds that can be changed while it runs."""

    file: Path
    library: Path

    def __post_init__(self) -> None:
        self.file.write_bytes(struct.pack("=q", 0))

    def set(self, seconds: int) -> None:
        """Step the wall clock of the process."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("=q", seconds))

    @property
    def environment(self) -> dict[str, str]:
        """What the process needs to start under it."""
        return {"LD_PRELOAD": str(self.library), "DESK_CLOCK": str(self.file)}


@functools.lru_cache(maxsize=1)
def clockshim() -> Path:
    """The compiled library; skips the test where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler here to build the clock shim with")
    library = kept_folder() / "clockshim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", library, HERE / "clockshim.c", "-ldl"],
        check=True,
    )
    return library
