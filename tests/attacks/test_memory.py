"""Attack 14: what stands in the memory of programs that hold keys is dumped nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios import scenario

from .harness import PROJECT, desk

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="prctl and /proc are Linux's")
ASK = (
    "import ctypes, resource, sys; sys.path.insert(0, sys.argv[1]); "
    "from pathlib import Path; {load}; "
    "print(ctypes.CDLL(None).prctl(3), *resource.getrlimit(resource.RLIMIT_CORE))"
)
PORTAL = "from desk.portal.home import open_home; open_home(Path(sys.argv[2]))"
PUBLISHER = "from desk.publisher.home import Home; Home(Path(sys.argv[2])).identity()"


@LINUX
@scenario
def test_attack_14_portal_and_publisher_leave_no_core_file() -> None:
    """Ended by a signal that dumps: the kernel was told to write nothing."""
    with desk() as d:
        d.start_publisher()
        for name in ("portal", "publisher"):
            process = d.processes[name]
            (line,) = [
                line
                for line in Path(f"/proc/{process.pid}/limits").read_text().splitlines()
                if line.startswith("Max core file size")
            ]
            assert line.split()[4:6] == ["0", "0"]
            os.kill(process.pid, signal.SIGABRT)
            assert process.wait(90) == -signal.SIGABRT
        assert not list(d.root.rglob("core*"))


@LINUX
@pytest.mark.parametrize("load", [PORTAL, PUBLISHER])
def test_attack_14_no_collector_of_dumps_gets_one_once_a_key_is_loaded(
    tmp_path: Path, load: str
) -> None:
    """A core_pattern with a pipe disregards the limit (core(5)); not that a process is private."""
    from desk.portal.home import init
    from desk.publisher.home import Home

    folder = tmp_path / "state"
    if load == PORTAL:
        init(folder, "desk-vn", "0" * 64)
    else:
        Home.create(folder)
    told = subprocess.run(
        [sys.executable, "-c", ASK.format(load=load), str(PROJECT), str(folder)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stdout.split() == ["0", "0", "0"]
