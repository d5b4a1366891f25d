"""A text in somebody's own editor, and nothing of it left behind.

The file lies in a folder of its own (0700, file 0600) that is kept in memory (tmpfs), never on a
disk; it is overwritten and removed with everything an editor left beside it, however the editor
ends. What a desk that was killed leaves is removed by the next one. Where there is no such folder
the round trip is refused. Memory may still be swapped out: encrypt the swap.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from desk.errors import Reason, Refused, Unavailable, UsageError
from desk.phrase import phrase
from desk.text import nfc

PREFIX = "desk-text-"
NAME = "tin-bai.md"
LARGEST = 4_000_000  # bytes
_IN_MEMORY = ("tmpfs", "ramfs")
_OWN = re.compile(rf"{PREFIX}([0-9]+)-[^/]*")
# Registers, swap, backup and undo files would outlive the text.
_QUIET: Mapping[str, Sequence[str]] = {
    "vim": ("-n", "-i", "NONE", "-c", "set nobackup nowritebackup noundofile"),
    "nvim": ("-n", "-i", "NONE", "-c", "set nobackup nowritebackup noundofile"),
    "emacs": ("--eval", "(setq make-backup-files nil auto-save-default nil)"),
}


def editor(environment: Mapping[str, str] | None = None) -> list[str]:
    """The command of VISUAL or EDITOR, with what keeps it from writing elsewhere.

    Raises UsageError when neither says one that is installed.
    """
    found = os.environ if environment is None else environment
    named = found.get("VISUAL") or found.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command or shutil.which(command[0]) is None:
        raise UsageError(
            "No editor is named",
            named[:60],
            "Set VISUAL or EDITOR to the command of yours, for example: export EDITOR=nano",
        )
    return [*command, *_QUIET.get(Path(command[0]).name, ())]


def memory_folder(mounts: str | None = None, candidates: Sequence[str] | None = None) -> Path:
    """A folder that is kept in memory and that this user may write. Raises Refused."""
    text = mounts if mounts is not None else _mounts()
    places = candidates if candidates is not None else (
        os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm",  # noqa: S108 - memory, not a disk
    )  # fmt: skip
    for place in places:
        path = Path(place) if place else None
        if path and path.is_dir() and os.access(path, os.W_OK | os.X_OK) and _kind(path, text):
            return path
    raise Refused(
        "There is no folder in memory for the text",
        [Reason("plaintext", "an unreleased text is never written to a disk")],
        "Write it in the desk itself, or ask for a tmpfs at XDG_RUNTIME_DIR or /dev/shm.",
    )


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return ""


def _kind(path: Path, mounts: str) -> bool:
    """Whether the mount that holds the folder is kept in memory (the deepest one counts)."""
    real = path.resolve()
    best: tuple[int, str] = (-1, "")
    for row in mounts.splitlines():
        parts = row.split(" ")
        if len(parts) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), parts[1]))
        if real == point or point in real.parents:
            best = max(best, (len(point.parts), parts[2]))
    return best[1] in _IN_MEMORY


@contextmanager
def laid_out(text: str, folder: Path | None = None) -> Iterator[Path]:
    """The text as a file in a folder of its own; both are gone afterwards, whatever happened."""
    place = folder or memory_folder()
    sweep(place)
    own = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))  # 0700
    try:
        path = own / NAME
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n" if text else "")  # editors end the last line; `written` knows
        with _ended_by_signals():
            yield path
    finally:
        wipe(own)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal or a polite kill ends the desk by an exception, so that it cleans up."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before: dict[int, object] = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.signal(one, end) for one in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)  # type: ignore[arg-type]


def written(path: Path) -> str:
    """What the editor left in the file: NFC, without line ends of other systems.

    Raises UsageError for what is no text, Unavailable when the file is gone.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Unavailable("The editor left no file", error.strerror or "") from None
    if len(data) > LARGEST:
        raise UsageError("That text is too long", phrase("over {largest} bytes", largest=LARGEST))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            "Not UTF-8", phrase("byte {start}", start=error.start), "Save it as UTF-8."
        ) from None
    return nfc(text.replace("\r\n", "\n").replace("\r", "\n")).removesuffix("\n")


def round_trip(
    text: str, run: Callable[[list[str], Mapping[str, str]], int], folder: Path | None = None
) -> str:
    """The text as it comes back from the editor; `run` starts a command and gives its status.

    An editor that ends with another status than 0 changes nothing: Unavailable is raised.
    """
    command = editor()
    with laid_out(text, folder) as path:
        environment = {**os.environ, "TMPDIR": str(path.parent)}
        status = run([*command, str(path)], environment)
        if status:
            raise Unavailable(
                "The editor did not end well",
                phrase("status {status}", status=status),
                "The text in the desk is as it was.",
            )
        return written(path)


def sweep(place: Path) -> int:
    """Remove what desks of this user that were killed left there. Returns how many folders."""
    count = 0
    for entry in os.scandir(place):
        found = _OWN.fullmatch(entry.name)
        if found and _is_ours(entry) and not _runs(int(found[1])):
            wipe(Path(entry.path))
            count += 1
    return count


def _is_ours(entry: os.DirEntry[str]) -> bool:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False
    except PermissionError:
        return True
    return True


def wipe(folder: Path) -> None:
    """Overwrite every file below the folder, then remove it all. Links are not followed."""
    for root, _folders, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                _overwrite(Path(root) / name)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        size = os.fstat(descriptor).st_size
        for start in range(0, size, 65_536):
            os.pwrite(descriptor, b"\0" * min(65_536, size - start), start)
    finally:
        os.close(descriptor)
