"""Records that were folded before: a reading of the same acts is not verified a second time.

A record is a pure function of the pinned root and of the entries it is folded from, so it is kept
by those entries, byte for byte. They are read from the log in every reading's own transaction:
what another desk has appended is folded, and an entry that was altered, moved or taken away is
another question, which is asked anew and refused as it always was. The head alone would not do:
it says nothing of an entry that was changed below it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from desk.trust.record import Record

MOST = 24  # readings; one about a release has a few dozen entries of about 1 KB
LARGEST = 2_000  # entries; a longer reading is not kept
Rows = Sequence[tuple[int, bytes]]
"""Sequence and envelope of each entry, in order of the log."""


@dataclass
class Folded:
    """The records of one root's last readings. May be asked from several threads.

    Who gets a record reads it only: a transaction that appends acts folds its own.
    """

    pin: str
    _kept: OrderedDict[frozenset[str], tuple[Rows, Record]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def record(self, subjects: frozenset[str], rows: Rows) -> Record:
        """The record of exactly these entries. `subjects` says only where to look for it."""
        with self._lock:
            found = self._kept.get(subjects)
            if found is not None:
                self._kept.move_to_end(subjects)
        if found is not None and found[0] == rows:
            return found[1]
        record = fold(self.pin, rows)  # not under the lock: two who ask at once both fold
        if len(rows) <= LARGEST:
            with self._lock:
                self._kept[subjects] = (rows, record)
                self._kept.move_to_end(subjects)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return record


def fold(pin: str, rows: Rows) -> Record:
    """The record that follows from these entries. Raises Stopped."""
    record = Record(pin)
    for seq, envelope in rows:
        record.apply(envelope, seq)
    return record
