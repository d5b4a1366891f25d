"""Core dumps: a process that holds keys or unreleased text leaves none.

A crash, or a signal from anybody who may send one, would write the whole memory to a disk: drafts
in clear, unlocked keys, bundle keys before their instant.
"""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4  # prctl(2)


def forbid() -> None:
    """No core file of this process and of what it starts, an editor for example."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def conceal() -> None:
    """The same once keys are in memory; on Linux no program that collects dumps gets one either,
    whatever the limit says (core(5)), and no other process of the user reads this one's memory.
    """
    forbid()
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
