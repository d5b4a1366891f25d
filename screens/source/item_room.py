"""The item screen's views and calls: one text being written, and everything beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.queue_room import Asked, DiffLine
from screens.source.shared import Gate, Outcome

Severity = Literal["error", "warning", "info"]
Keep = Literal["mine", "theirs", "both"]


@dataclass(frozen=True)
class Entry:
    """A source or a legal text. `id` is what `[^id]` cites; legal ones begin with `l`."""

    id: str
    title: str
    url: str = ""
    date: str = ""
    number: str = ""


@dataclass(frozen=True)
class ItemText:
    """The fields that a person writes."""

    headline: str = ""
    summary: str = ""
    body: str = ""
    sources: tuple[Entry, ...] = ()
    legal: tuple[Entry, ...] = ()
    edit_note: str = ""
    section: str = ""
    urgency: int = 0
    """1 is the most urgent, 9 the least; 0: nothing is said."""
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemFile:
    """A file of the draft. `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    role: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class ItemLimits:
    """How long the fields may be, in characters; 0 where nothing is said."""

    headline: int = 0
    summary: int = 0
    body: int = 0


@dataclass(frozen=True)
class ItemView:
    """One item opened: this reader's draft of it, or the newest revision.

    `version` is the stored draft's (0: there is none yet), `base` the digest of the revision it
    rests on, `number` that revision's. `refusals`: why this reader may not write; empty: they may.
    """

    item: str
    code: str
    language: str
    kind: str
    agency: str
    state: str
    text: ItemText
    files: tuple[ItemFile, ...]
    limits: ItemLimits
    version: int
    base: str
    number: int
    saved: datetime | None
    pair: tuple[str, str] | None = None
    """The item in the other language, and that language."""
    missing: tuple[str, ...] = ()
    """Languages of the kind in which nothing is written yet."""
    corrects: int = 0
    """The public revision that this one will correct; 0: none is public."""
    recovered: bool = False
    refusals: tuple[Reason, ...] = ()
    returned: str = ""
    """Why the newest revision was returned, when it was."""
    sections: tuple[tuple[str, str], ...] = ()
    """The sections of its agency's pages: ids with their names."""
    kind_name: str = ""
    agency_name: str = ""
    """What kind and agency are called; '' where nothing says."""
    asked: tuple[Asked, ...] = ()
    """The questions of journalists that it answers."""
    due: datetime | None = None
    """When the release that is to bring it goes out."""


@dataclass(frozen=True)
class ItemAround:
    """What others do with the item; asked for with every pulse, so it must be cheap."""

    open: tuple[str, ...] = ()
    """Who else has it open; this person's own name: on another desk."""
    drafts: tuple[str, ...] = ()
    """Who else has a draft of it."""
    newer: int = 0
    """The number of a newer revision than the draft rests on; 0: none."""
    newer_by: str = ""


@dataclass(frozen=True)
class ItemFinding:
    """One thing to mend. Offsets are code points in the field; line and column count from 1."""

    gate: str
    severity: Severity
    field: str
    message: str
    hint: str = ""
    start: int = 0
    end: int = 0
    line: int = 0
    column: int = 0
    entry: str = ""
    """The rule of the termbase, for what the terminology found."""
    kept: bool = False
    suggestions: tuple[str, ...] = ()
    """What to write instead, best first."""
    """Somebody decided, with a reason, that it stays."""


@dataclass(frozen=True)
class ItemCheck:
    """What the gates say of the text as it stands in the editor."""

    gates: tuple[Gate, ...] = ()
    findings: tuple[ItemFinding, ...] = ()


@dataclass(frozen=True)
class Saved:
    """The draft as it is stored now."""

    version: int
    at: datetime
    files: tuple[ItemFile, ...] = ()


@dataclass(frozen=True)
class Both:
    """Two versions of one text: what they began from, the stored one, who made it.

    `revision` is its number when somebody submitted it; 0: another desk of this person saved it.
    """

    base: ItemText
    theirs: ItemText
    by: str
    version: int
    revision: int = 0
    onto: str = ""


@dataclass(frozen=True)
class RevisionEntry:
    """One line of the history. `number` 0 is this reader's draft, -1 the words that gave way."""

    number: int
    by: str
    at: datetime | None
    state: str
    digest: str = ""

    @property
    def key(self) -> str:
        """Its number."""
        return str(self.number)


@dataclass(frozen=True)
class Preview:
    """What the public gets on one channel in one language."""

    channel: str
    name: str
    language: str
    text: ItemText | None
    """None: that language is not written yet."""
    at: datetime | None = None
    """When it goes out, where a release says so."""
    item: str = ""
    agency: str = ""
    kind: str = ""
    files: tuple[ItemFile, ...] = field(default=())


class ItemSource(Protocol):
    """One item: open, save, check, settle, submit."""

    def item_open(self, item: str) -> ItemView:
        """Open it, and tell others on this host. Raises NotFound, Refused for who may not read."""
        ...

    def item_leave(self, item: str) -> None:
        """It is closed here."""
        ...

    def item_around(self, item: str) -> ItemAround:
        """What others do with it."""
        ...

    def item_save(self, item: str, old: ItemText, new: ItemText, version: int, base: str) -> Saved:
        """Store what differs in this reader's sealed draft; version 0 begins one on `base`.

        Raises Conflict when the stored draft has another version, Refused.
        """
        ...

    def item_check(self, item: str, text: ItemText) -> ItemCheck:
        """What the gates say of that text, with the item's other facts."""
        ...

    def item_keep(self, item: str, finding: ItemFinding, reason: str, version: int) -> Saved:
        """Keep a finding of the terminology as it stands, for that reason, or no longer when it
        was kept. Raises UsageError, NotFound when the text has changed, Conflict."""
        ...

    def item_both(self, item: str, base: ItemText) -> Both | None:
        """The other version of the text: a newer revision, or what another desk saved."""
        ...

    def item_merge(self, base: ItemText, mine: ItemText, theirs: ItemText) -> ItemText:
        """Both brought together; what clashes stands there twice between marks."""
        ...

    def item_settle(self, item: str, both: Both, mine: ItemText, keep: Keep) -> Outcome:
        """Store the settled text; the words that give way are kept. Raises Conflict."""
        ...

    def item_attach(
        self, item: str, path: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Add a file. Raises UsageError, NotFound, Conflict."""
        ...

    def item_describe(
        self, item: str, file: str, role: str, alt: str, caption: str, version: int
    ) -> Saved:
        """Change a file's role and description. Raises UsageError, Conflict."""
        ...

    def item_detach(self, item: str, file: str, version: int) -> Saved:
        """Take a file off. Raises NotFound, Conflict."""
        ...

    def item_bytes(self, item: str, file: str) -> bytes:
        """The bytes of a file. Raises NotFound, Refused, TrustError."""
        ...

    def item_text(self, item: str) -> ItemText:
        """The newest text this reader has of an item: their draft, or the newest revision."""
        ...

    def item_revision(self, item: str, digest: str) -> ItemText:
        """The text of one revision, by its act's digest. Raises NotFound, Refused."""
        ...

    def item_history(self, item: str) -> Sequence[RevisionEntry]:
        """This reader's draft and every revision, newest first."""
        ...

    def item_diff(self, item: str, older: int, newer: int) -> tuple[DiffLine, ...]:
        """What changed between two entries of the history, by their numbers."""
        ...

    def item_put_back(self, item: str) -> Outcome:
        """Exchange the draft with the words that gave way. Raises NotFound."""
        ...

    def item_reset(self, item: str) -> Outcome:
        """Give the draft the text of the newest revision, keeping its words aside."""
        ...

    def item_previews(self, item: str) -> Sequence[Preview]:
        """What every channel would get, in each of its languages."""
        ...

    def item_serve(self, item: str) -> str:
        """Serve the preview to a browser on this machine. Returns the address, good once."""
        ...

    def item_submit(self, item: str, version: int, notes: str, passphrase: str) -> Outcome:
        """Hand exactly that version of the draft to its approvers. Raises Refused, Conflict."""
        ...
