"""A seed and its passphrase for tests, and the real program's key commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from desk.trust.keyfile import Cost
from desk.trust.passphrase import checked

PROGRAM = [sys.executable, str(Path(__file__).parents[3] / "desk.py")]
CHEAP = Cost(iterations=1, lanes=1, memory_kib=8192)
SEED = bytes(range(32))
PHRASE = "một câu thật dài để nhớ"


def answers(text: str = PHRASE) -> Callable[[str, bool], bytearray]:
    return lambda what, new: checked(text, new)


def run_key(
    room: Path, *arguments: str, env: dict[str, str] | None = None, fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    (room / "calendar.yaml").write_text("newsroom: {id: desk-vn}\n", encoding="utf-8")
    return subprocess.run(
        [*PROGRAM, "key", *arguments, "--newsroom", str(room)],
        env={**os.environ, "LANG": "C.UTF-8", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        pass_fds=fds,
        timeout=60,
        check=False,
    )
