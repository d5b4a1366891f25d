"""Where `desk terms` works: in a newsroom, signed, in a file of one's own, or nowhere but here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.cli.context import Run
from desk.errors import Reason, Refused

if TYPE_CHECKING:
    from desk.terms.change import Change
    from desk.terms.termbase import Termbase


def place(run: Run) -> tuple[Path | None, bool]:
    """The newsroom's folder, and whether it has a log in which changes are signed.

    No newsroom is no error, unless one was named. Raises NotFound.
    """
    from desk.cli.opened import database
    from desk.cli.terms import newsroom

    root = newsroom(run)
    if root is None:
        return None, False
    where = database(run)
    return root, not isinstance(where, Path) or where.exists()


def own_file(path: Path) -> Termbase:
    """The termbase in a file of one's own; empty while there is none."""
    from desk.terms.load import load_file
    from desk.terms.termbase import Termbase

    return Termbase(load_file(path).entries) if path.exists() else Termbase(())


def change_file(run: Run, path: Path, change: Change) -> None:
    """Change a termbase file that no newsroom signs for. Entries of severity error stay as they
    are there: without a roster nobody could be the second person.

    Raises Refused for those and for entries that are wrong, UsageError, NotFound.
    """
    from desk.errors import UsageError
    from desk.terms.diff import difference
    from desk.terms.overlay import Overlay, put
    from desk.terms.plain import file_text
    from desk.terms.saving import refuse_if_wrong
    from desk.terms.termbase import Termbase, shipped

    before = own_file(path)
    after = Termbase(change.applied(Overlay(before.entries), Termbase(())).entries)
    if errors := change.errors(before, after):
        raise Refused(
            "A change of error entries takes two people",
            [Reason("two-people", ", ".join(map(" ".join, errors)))],
            "Do it in a newsroom (desk newsroom init), or give it --severity warning",
        )
    if before.by_id == after.by_id:
        raise UsageError("That changes nothing", str(path))
    languages = sorted({entry.language for entry in after.entries})
    if len(languages) > 1:
        hint = "Keep a file for each; of a file with both take one: --language vi"
        raise UsageError("A file holds one language", ", ".join(languages), hint)
    # It is laid over what ships with Desk, and would be refused there.
    old, new = (Overlay(one.entries).over(shipped()) for one in (before, after))
    refuse_if_wrong(old, new, change.keys)
    found = difference(before, after)
    put(path, file_text(languages[0], after.entries) if languages else "")
    run.out.emit({"file": str(path), "changes": found},
                 lambda _: [line for one in found for line in one.lines()])  # fmt: skip
