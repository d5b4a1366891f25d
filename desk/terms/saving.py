"""The gate before saving: entries that fail their examples or contradict others are refused."""

from __future__ import annotations

from collections.abc import Collection

from desk.errors import Reason, Refused
from desk.terms.overlay import Key
from desk.terms.termbase import Termbase


def refuse_if_wrong(before: Termbase, after: Termbase, keys: Collection[Key]) -> None:
    """Raise Refused, naming each entry that is wrong and why.

    Told are the entries of `keys`, and any other that the change makes wrong: one whose example
    is now found by another entry, say. What was wrong elsewhere before is not this change's doing.
    """
    from desk.terms.validate import problems

    wrong = problems(after)
    if any((one.language, one.id) not in keys for one in wrong):
        known = frozenset(problems(before))
        wrong = tuple(one for one in wrong if (one.language, one.id) in keys or one not in known)
    if wrong:
        raise Refused(
            "Not saved: entries are wrong",
            [Reason("terms", one.sentence) for one in wrong],
            next((one.hint for one in wrong if one.hint), "Mend them, then try again"),
        )
