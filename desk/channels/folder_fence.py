"""The fence of a folder: which publisher may write there. A folder's answer to a portal's epochs.

    <path>/.desk/pen/<epoch>.<publisher>.<nonce>-<version>-<roster>/
                                      the pen: the only place that is written in

Whatever a publisher puts into the folder it writes in the pen first, and then gives it its name by
one link or rename. To take over is to rename the pen. From then on the paths of whoever had it
before lead nowhere, and the kernel itself refuses the link or rename, also of a process that was
stopped between its last look and that call. There is no lock, so nobody ever waits for a process
that is stopped while it holds one.

Its name says under which roster it was taken, by version and digest. Whoever does not know that
one, since the newsroom goes on elsewhere, does not take it: the rename is from the very name that
was read, so that nobody takes another pen than the one it looked at.

This holds where the kernel looks every path up anew, which is on local file systems. A network
file system may go by what its client remembers: there the last look before the call is all there
is, and a publisher that is stopped just after it writes when it goes on.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.channels.driver import FencedOff, OtherRoster
from desk.durable import sync_folder
from desk.errors import Unavailable
from desk.phrase import phrase

_TRIES = 100  # of taking a pen that others are taking too
_NOBODY = "-"


@dataclass(frozen=True)
class Pen:
    """The right to write in a folder, as long as its path is there."""

    path: Path

    @property
    def epoch(self) -> int:
        """Its number; each one who takes it has the next."""
        return int(self.path.name.partition(".")[0])

    @property
    def holder(self) -> str:
        """The publisher that took it, '' before the first one."""
        name = self.path.name.partition(".")[2].rpartition(".")[0]
        return "" if name == _NOBODY else name

    @property
    def roster(self) -> tuple[int, str]:
        """Version and digest of the newest roster that its holder knew; (0, '') when untold."""
        _, *told = self.path.name.rpartition(".")[2].split("-")
        return (int(told[0]), told[1]) if len(told) == 2 else (0, "")

    @property
    def held(self) -> bool:
        """Whether nobody has taken it since."""
        return self.path.is_dir()

    def check(self) -> None:
        """Raise FencedOff when somebody else has taken it."""
        if not self.held:
            raise FencedOff("Another publisher has taken over", str(self.path.parents[2]))

    def part(self) -> Path:
        """A path of its own to write at, until it is given its name."""
        return self.path / f"{secrets.token_hex(8)}.part"

    def give_once(self, part: Path, file: Path) -> bool:
        """Give what was written its name, which only succeeds once: False when it is taken.

        link(2) fails when the name is taken, on every POSIX file system. Raises FencedOff.
        """
        with self.fencing():
            try:
                os.link(part, file)
            except FileExistsError:
                return False
        return True

    def give(self, part: Path, file: Path) -> None:
        """Give what was written its name, in the place of what had it. Raises FencedOff."""
        with self.fencing():
            os.rename(part, file)

    @contextlib.contextmanager
    def fencing(self) -> Iterator[None]:
        """What fails because the pen is not there any more raises FencedOff."""
        try:
            yield
        except FileNotFoundError:
            self.check()
            raise


def current(folder: Path) -> Pen | None:
    """The pen of a folder, whoever has it; None before the first publisher."""
    try:
        pens = _pens(_top(folder))
    except FileNotFoundError:
        return None
    return max(pens, key=lambda pen: (pen.epoch, pen.path.name), default=None)


def take(folder: Path, publisher: str, rosters: Sequence[str] = ()) -> Pen:
    """Take the pen from whoever has it. Raises Unavailable, OSError, and OtherRoster when that one
    knew a roster that is not among `rosters` (digests, by their versions from 1).

    What was being written in it is thrown away: it never got a name.
    """
    own = f"-{len(rosters)}-{rosters[-1]}" if rosters else ""
    for _ in range(_TRIES):
        before = current(folder)
        if before is None:
            _found(folder)
            continue
        _check_roster(before, rosters)
        name = f"{before.epoch + 1:012d}.{publisher}.{secrets.token_hex(4)}{own}"
        pen = Pen(_top(folder) / name)
        try:
            os.rename(before.path, pen.path)
        except FileNotFoundError:
            continue  # somebody else has just taken it
        sync_folder(_top(folder))
        _clear(pen)
        return pen
    raise Unavailable("The folder cannot be taken over", "many publishers are trying")


def _check_roster(pen: Pen, rosters: Sequence[str]) -> None:
    version, digest = pen.roster
    if version and digest not in rosters[version - 1 : version]:
        raise OtherRoster(
            "The folder goes by a roster that is not known here",
            phrase(
                "v{version}, brought by {publisher}", version=version, publisher=pen.holder
            ),
        )  # fmt: skip


def _found(folder: Path) -> None:
    """The first pen, in one step: of two who found it, one is late."""
    made = folder / ".desk" / f".pen-{secrets.token_hex(4)}"
    (made / f"{0:012d}.{_NOBODY}.{secrets.token_hex(4)}").mkdir(mode=0o700, parents=True)
    try:
        os.rename(made, _top(folder))
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if current(folder) is None:
            raise


def _clear(pen: Pen) -> None:
    """Remove what others left in it, and older pens, which a copy that was put back may bring.

    Nothing of whoever takes it meanwhile: its path is another then, and its number higher.
    """
    older = [other for other in _pens(pen.path.parent) if other.epoch < pen.epoch]
    with contextlib.suppress(FileNotFoundError):
        for left in (*pen.path.iterdir(), *(other.path for other in older)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _pens(top: Path) -> list[Pen]:
    return [Pen(top / name) for name in os.listdir(top) if name[:1].isdigit()]


def _top(folder: Path) -> Path:
    return folder / ".desk" / "pen"
