"""Every error that Desk tells a person or a script, as one readable tree.

A `DeskError` has a title (what went wrong), a message (where, and with what), and a hint
(what to do next). Its `exit_code` is what the command line ends with:

    0 done   2 usage   3 refused by policy   4 not found or conflict   5 unavailable   6 trust
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from desk.phrase import Phrase, as_phrase, joined, phrase


class DeskError(Exception):
    """Something a user can read and act on. Never raised with secrets or embargoed text in it."""

    exit_code = 1
    code = "error"
    mendable: bool = False
    """Whether what was typed may be given again: in other words, or the same ones a little later.
    False: that is how things stand, and no other words would change it."""

    def __init__(
        self,
        title: str,
        message: str = "",
        hint: str = "",
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(title)
        self.title = title
        self.message = message
        self.hint = hint
        self.details = dict(details or {})

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> Phrase:
        """Title and message as one phrase, for `desk.locales.told`; the hint stands apart."""
        return joined(": ", (part for part in (self.title, self.message) if part))


class UsageError(DeskError):
    """The command or the input is malformed."""

    exit_code = 2
    code = "usage"
    mendable = True


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where (1-based line and column), what, and how to mend it."""

    line: int
    column: int
    what: str
    hint: str = ""
    path: str = ""

    def as_json(self) -> dict[str, object]:
        """The problem as plain values for `--json`, in English in every language."""
        return {
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "what": str(self.what),
            "hint": str(self.hint),
        }


_TOLD: Final = 100
"""How many problems of one file are told in words."""


class ConfigError(UsageError):
    """A configuration file has problems; `problems` holds all of them, in file order."""

    code = "config"

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        lines = [
            phrase("{place}: {what}", place=f"{file}:{p.line}:{p.column}", what=as_phrase(p.what))
            for p in self.problems[:_TOLD]
        ]
        if len(self.problems) > _TOLD:
            left = len(self.problems) - _TOLD
            lines.append(phrase("and {count} more; --json tells them all", count=left))
        super().__init__(
            phrase("{file} has mistakes: {count}", file=file, count=len(self.problems)),
            joined("\n", lines),
            "Mend the lines named above, then run: desk newsroom check",
            {"problems": [p.as_json() for p in self.problems]},
        )


@dataclass(frozen=True)
class Reason:
    """Why the judge says no: the rule's name, the explanation, and who could still act.

    `rule` is for programs and stays as it is; `text` is a phrase (`desk.phrase`).
    """

    rule: str
    text: str
    who: tuple[str, ...] = field(default=())

    @property
    def sentence(self) -> Phrase:
        """The explanation with the rule behind it."""
        return phrase("{text} [{rule}]", text=as_phrase(self.text), rule=self.rule)

    def as_json(self) -> dict[str, object]:
        """The reason as plain values for `--json`."""
        return {"rule": self.rule, "text": as_phrase(self.text), "who": list(self.who)}


def because(rule: str, template: str, *, who: Sequence[str] = (), **values: object) -> Reason:
    """A reason whose explanation is a phrase with these values."""
    return Reason(rule, phrase(template, **values), tuple(who))


_OTHER_WORDS: Final = frozenset({"past"})
"""Rules that speak of what was typed, not of how things stand."""


class Refused(DeskError):
    """The policy does not allow it. Names the rule and who could still act."""

    exit_code = 3
    code = "refused"

    def __init__(self, title: str, reasons: Sequence[Reason] = (), hint: str = "") -> None:
        self.reasons = tuple(reasons)
        self.mendable = bool(reasons) and {one.rule for one in reasons} <= _OTHER_WORDS
        who = sorted({person for reason in self.reasons for person in reason.who})
        self.hint_names_people = bool(who) and not hint  # each reason names them as well
        if self.hint_names_people:
            hint = phrase("Who could still act: {who}", who=", ".join(who))
        super().__init__(
            title,
            joined("; ", (reason.sentence for reason in self.reasons)),
            hint,
            {"reasons": [reason.as_json() for reason in self.reasons]},
        )


class NotFound(DeskError):
    """No such item, release, person, file."""

    exit_code = 4
    code = "not_found"


class Conflict(DeskError):
    """Somebody else changed it first, or the time and place are taken."""

    exit_code = 4
    code = "conflict"


class Unavailable(DeskError):
    """A database, portal, keyring or disk does not answer now; trying again may help."""

    exit_code = 5
    code = "unavailable"
    mendable = True


class TrustError(DeskError):
    """A signature, digest, chain or pin does not hold. Nothing goes on until a person looked."""

    exit_code = 6
    code = "trust"


class CanonicalError(TrustError):
    """A value that the canonical form does not admit: floats, null, non-NFC, duplicate keys."""

    code = "canonical"
