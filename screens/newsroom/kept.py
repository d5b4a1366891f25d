"""Answers that are kept until the log moves: what took the whole calendar to find, asked again.

Everything that projections say comes from the log, so an answer about them holds as long as the
log's head does. What depends on the hour, or on sealed text that was opened, is not kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy import Connection

from desk.store import log

T = TypeVar("T")
MOST = 12  # answers; some hold a text for each of 100,000 items


@dataclass
class Kept:
    """The last answers by their questions. May be asked from several threads."""

    _head: str = ""
    _answers: dict[Hashable, object] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, connection: Connection, question: Hashable, find: Callable[[], T]) -> T:
        """The answer, found anew when the log has grown since, in the connection's transaction."""
        head = log.head(connection).hash
        with self._lock:
            if head == self._head and question in self._answers:
                return cast(T, self._answers[question])
        found = find()  # not under the lock: two who ask at once both find it
        with self._lock:
            if head != self._head:
                self._head, self._answers = head, {}
            while len(self._answers) >= MOST:
                self._answers.pop(next(iter(self._answers)))
            self._answers[question] = found
        return found

    def forget(self) -> None:
        """Find everything anew."""
        with self._lock:
            self._answers = {}
