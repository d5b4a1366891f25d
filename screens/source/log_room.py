"""The log's views and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class LogStretch:
    """How many acts a stretch of the log has; `after` is the cursor before its newest."""

    after: str
    count: int


@dataclass(frozen=True)
class LogRow:
    """One signed act in the list. `code`: the code name of the item or release that it is about.

    Of an act by several people `actor` is '', `signed` names whose keys are on this entry, and
    `open_ended` says that `at` is the earliest it can have been.
    """

    key: str
    seq: int
    at: datetime | None
    kind: str
    subject: str
    actor: str
    digest: str
    code: str = ""
    signed: tuple[str, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True)
class LogAct:
    """One act in full. `signed`: person (or "") and fingerprint of each key that signed.

    `fields` is the payload as indented JSON: of sealed words it holds the digest alone. `void`
    says why the act counts for nothing, `acknowledged` what the publisher answered. `stated`: the
    time that the act itself states; `not_after`: that of the next one, where the row's is open.
    """

    row: LogRow
    signed: tuple[tuple[str, str], ...]
    fields: str
    void: str
    acknowledged: str
    hash: str
    previous: str
    stated: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True)
class LogProof:
    """What verifying the whole log found."""

    ok: bool
    entries: int
    head: str
    checkpoints: int
    findings: tuple[str, ...]
    voids: int


class LogSource(Protocol):
    """The log of signed acts, newest first."""

    def log_stretches(self, query: str) -> Sequence[LogStretch]:
        """Where acts are that the filter lets through, newest first."""
        ...

    def log_page(self, after: str, limit: int, query: str) -> Sequence[LogRow]:
        """At most `limit` acts after a cursor ("" is the newest)."""
        ...

    def log_act(self, seq: int) -> LogAct:
        """One act. Raises NotFound, TrustError."""
        ...

    def log_verify(self) -> LogProof:
        """Prove the whole log against root and checkpoints; takes a while on a long one."""
        ...

    def log_export(self, query: str) -> str:
        """Write what the filter lets through to a new CSV file; its path. Raises Unavailable."""
        ...
