"""The registry of gates: what goes in, what comes out, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from desk.errors import UsageError
from desk.items.body import Body, BodyProblem, parse
from desk.phrase import phrase
from desk.trust.canonical import digest

if TYPE_CHECKING:
    from desk.items.terminology import Terms

Severity = Literal["error", "warning", "info"]
Outcome = Literal["pass", "warn", "fail"]
_MODULES = ("writing", "sourcing", "languages", "files", "terms")


@dataclass(frozen=True)
class Limits:
    """How long things may be, in code points of plain text."""

    headline: int = 160
    summary_least: int = 40
    summary_most: int = 900
    body_least: int = 200
    body_most: int = 60_000


@dataclass(frozen=True)
class GateInput:
    """One content document, its kind's policy, and the same message in other languages.

    `counterparts` are content documents; `digests` may name their content digests where the
    caller has them, by item id, or they are computed. `terms` is what the gate of that name
    judges by; the others do not look at it.
    """

    content: Mapping[str, Any]
    kind_policy: Mapping[str, Any]
    counterparts: tuple[Mapping[str, Any], ...] = ()
    limits: Limits = field(default_factory=Limits)
    terms: Terms | None = None

    @property
    def language(self) -> str:
        """The language of the document."""
        return str(self.content.get("language", "vi"))

    @cached_property
    def body(self) -> Body:
        """The body, parsed once for all gates."""
        return parse(str(self.content.get("body", "")))

    def text(self, name: str) -> str:
        """A text field, "" where it is absent."""
        return str(self.content.get(name, ""))

    def entries(self, name: str) -> Sequence[Mapping[str, Any]]:
        """A list field (sources, legal, assets), empty where it is absent."""
        found = self.content.get(name, ())
        return found if isinstance(found, (list, tuple)) else ()

    def ids(self, name: str) -> list[str]:
        """The ids of the entries of a list field, in order."""
        return [str(entry.get("id", "")) for entry in self.entries(name)]


@dataclass(frozen=True)
class Finding:
    """One thing a gate saw. Offsets, line and column (from 1) are those of the field; 0 is none.

    `entry` names the rule of the termbase, `kept` the decision by which the finding stays,
    `suggestions` what to write instead, best first.
    """

    gate: str
    severity: Severity
    field: str
    message: str
    message_vi: str
    hint: str = ""
    start: int = 0
    end: int = 0
    line: int = 0
    column: int = 0
    entry: str = ""
    kept: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateResult:
    """What a gate said. `input_digest` binds it to the salted contents and rules it looked at."""

    id: str
    version: int
    outcome: Outcome
    input_digest: str
    findings: tuple[Finding, ...]


Check = Callable[[GateInput], Iterable[Finding]]


@dataclass(frozen=True)
class Gate:
    """A registered gate. The version rises when the same input may get another answer.

    `reads_terms`: its answer depends on the termbase and the decisions about its findings too.
    """

    id: str
    version: int
    check: Check
    reads_terms: bool = False


_GATES: dict[str, Gate] = {}


def gate(gate_id: str, version: int, *, reads_terms: bool = False) -> Callable[[Check], Check]:
    """Register the decorated function as the gate of that id. An id is given once."""

    def register(check: Check) -> Check:
        if gate_id in _GATES:
            raise ValueError(f"gate {gate_id} is registered twice")
        _GATES[gate_id] = Gate(gate_id, version, check, reads_terms)
        return check

    return register


def finding(
    severity: Severity,
    field: str,
    says: tuple[str, str],
    *,
    hint: str = "",
    at: tuple[int, int] | None = None,
    body: Body | None = None,
) -> Finding:
    """A finding; `says` is English and Vietnamese. With `body`, `at` gives line and column."""
    start, end = at or (0, 0)
    line, column = body.position(start) if body and at else (0, 0)
    return Finding("", severity, field, *says, hint, start, end, line, column)


def from_problem(problem: BodyProblem) -> Finding:
    """A problem of the body as a finding."""
    return Finding(
        "", problem.severity, "body", problem.message, problem.message_vi, "",
        problem.start, problem.end, problem.line, problem.column,
    )  # fmt: skip


def known() -> tuple[str, ...]:
    """The ids of all gates, in alphabetical order."""
    _load()
    return tuple(sorted(_GATES))


def run(gate_ids: Iterable[str], given: GateInput) -> list[GateResult]:
    """Run gates in the order asked for. Raises UsageError for an id that nobody registered."""
    _load()
    wanted = list(gate_ids)
    unknown = [one for one in wanted if one not in _GATES]
    if unknown:
        raise UsageError(
            "Unknown gate",
            ", ".join(unknown),
            phrase("Gates: {names}", names=", ".join(sorted(_GATES))),
        )
    return [_result(_GATES[one], given) for one in wanted]


def _load() -> None:
    for name in _MODULES:
        import_module(f"desk.gates.{name}")


def _result(one: Gate, given: GateInput) -> GateResult:
    findings = tuple(_named(one.id, one.check(given)))
    severities = {found.severity for found in findings}
    outcome: Outcome = "pass"
    if "error" in severities:
        outcome = "fail"
    elif "warning" in severities:
        outcome = "warn"
    return GateResult(one.id, one.version, outcome, input_digest(one, given), findings)


def _named(gate_id: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    for found in findings:
        yield Finding(gate_id, *[getattr(found, name) for name in _FIELDS])


_FIELDS = tuple(name for name in Finding.__dataclass_fields__ if name != "gate")


def input_digest(one: Gate, given: GateInput) -> str:
    """SHA-256 over the canonical form of all that a gate may look at.

    Contents enter by their digests, which are salted: the digest gives nothing of them away.
    """
    terms = {"terms": given.terms.document} if one.reads_terms and given.terms else {}
    return digest(
        {
            "gate": one.id,
            "version": one.version,
            "content": digest(given.content),
            "counterparts": sorted(digest(other) for other in given.counterparts),
            "kind": dict(given.kind_policy),
            "limits": dict(vars(given.limits)),
            **terms,
        }
    )
