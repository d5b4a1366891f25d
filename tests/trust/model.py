"""A simple model of when a release may go out, written from the design and not from the judge.

It reads the raw log (payload type, payload, signatures, in order) and the roster that was in force
at each place, and says what is wrong with a release that somebody claims is good. It is slow and
plain on purpose, and imports nothing of Desk.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

REPLAN = {f"release.{w}" for w in ("edit", "move", "confirm", "postpone", "cancel", "recall")}


@dataclass(frozen=True)
class Line:
    """One entry of the log as it came, with the roster document in force when it came."""

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]
    roster: dict[str, Any]

    @property
    def kind(self) -> str:
        head, tail = "application/vnd.desk.act.", ".v1+json"
        name = self.payload_type.removeprefix(head).removesuffix(tail)
        return name if self.fields["kind"] == name else ""  # one relabelled is nothing

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def signed(self) -> bytes:
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.signed).hexdigest()

    def good_keys(self) -> set[str]:
        """The keys whose signature holds."""
        good = set()
        for key, sig in self.signatures:
            try:
                Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(sig, self.signed)
            except (InvalidSignature, ValueError):
                continue
            good.add(key)
        return good


def keys_of(roster: dict[str, Any], person: str, *states: str) -> set[str]:
    entry = roster["people"].get(person, {"keys": []})
    return {key["sign"] for key in entry["keys"] if key["state"] in states}


def holds(roster: dict[str, Any], person: str, role: str, agency: str) -> bool:
    entry = roster["people"].get(person, {"roles": []})
    return any(r["role"] == role and r["agency"] in ("*", agency) for r in entry["roles"])


def signed_by(line: Line) -> str:
    """The person who signed this act with a key in use when it came; '' if nobody did."""
    person = str(line.fields.get("actor", ""))
    return person if line.good_keys() & keys_of(line.roster, person, "active") else ""


def apart(options: Sequence[set[frozenset[str]]]) -> bool:
    """Whether each may have a seat so that no two share a person."""
    return any(
        all(not one & other for one, other in itertools.combinations(way, 2))
        for way in itertools.product(*options)
    )


def seconds(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


class Model:
    """The log so far, the policy, and the roster of now."""

    def __init__(self, lines: Sequence[Line], policy: dict[str, Any], roster: dict[str, Any],
                 released: set[str]) -> None:  # fmt: skip
        self.lines = lines
        self.policy = policy
        self.roster = roster
        self.released = released  # revisions that truly went out
        self.place = {id(line): place for place, line in enumerate(lines)}
        self.lent = [line for line in lines if line.kind == "people.delegate"]

    def by(self, line: Line, role: str, agency: str) -> str:
        """Who validly made this act when it came, in a role of their own or as a deputy."""
        person = signed_by(line)
        if person and not holds(line.roster, person, role, agency):
            place, time = self.place[id(line)], line.fields["time"]
            if not self.givers(person, role, agency, time, line.roster, place):
                return ""
        return person

    def givers(self, person: str, role: str, agency: str, time: str, roster: dict[str, Any],
               place: int) -> set[str]:  # fmt: skip
        """Who had lent that role to the person, at that place of the log, under that roster."""
        found = set()
        for line in self.lent:
            f, giver = line.fields, signed_by(line)
            if (
                giver
                and self.place[id(line)] < place
                and (f["to"], f["role"]) == (person, role)
                and f["agency"] in ("*", agency)
                and f["from"] <= time <= f["until"]
                and f["time"] <= f["until"]
                and seconds(f["until"]) - seconds(f["from"]) <= timedelta(days=31)
                and role != "admin"
                and giver != person
                and keys_of(line.roster, person, "active")
                and all(self._lends(then, giver, line) for then in (line.roster, roster))
                and not self._ended(line, giver, person, place)
            ):
                found.add(giver)
        return found

    def _lends(self, roster: dict[str, Any], giver: str, line: Line) -> bool:
        role, agency = line.fields["role"], line.fields["agency"]
        wide = holds(roster, giver, role, "*") if agency == "*" else True
        keys = keys_of(roster, giver, "active", "rotated")
        return wide and holds(roster, giver, role, agency) and bool(line.good_keys() & keys)

    def _ended(self, lent: Line, giver: str, person: str, place: int) -> bool:
        return any(
            line.kind == "people.undelegate"
            and line.fields["delegation"] == lent.digest
            and signed_by(line) in (giver, person)
            and self._first(lent) < self.place[id(line)] < place
            for line in self.lines
        )

    def _first(self, line: Line) -> int:
        """Where an act stands for the first time: played again it is nothing new."""
        return min(self.place[id(other)] for other in self.lines if other.digest == line.digest)

    def seats(self, person: str, role: str, agencies: set[str], time: str, place: int,
              ) -> set[frozenset[str]]:  # fmt: skip
        """Whom a signature uses up, under the roster of now: its person and who lent the role."""
        missing = [a for a in agencies if not holds(self.roster, person, role, a)]
        if not missing:
            return {frozenset({person})}
        lent = [self.givers(person, role, a, time, self.roster, place) for a in missing]
        return {frozenset({person, giver}) for giver in set.intersection(*lent)}

    def find(self, digest: str) -> Line | None:
        return next((line for line in self.lines if line.digest == digest), None)

    def authors(self, revision: str) -> set[str]:
        """All who signed a revision since the last released one."""
        people: set[str] = set()
        line, first = self.find(revision), True
        while line is not None and (first or line.digest not in self.released):
            people.add(str(line.fields["actor"]))
            line, first = self.find(line.fields.get("parent", "")), False
        return people

    def wrong(self, release: str, signoff: str) -> list[str]:
        """Everything that forbids this release under this sign-off."""
        line = self.find(signoff)
        if line is None or line.kind != "release.sign" or line.fields["subject"] != release:
            return ["there is no such sign-off"]
        fields = line.fields
        found = [*self._plan(release, fields), *self._holds(release)]
        agencies, authors = set(), set()
        for entry in fields["items"]:
            revision = self.find(entry["revision"])
            if revision is None or revision.kind != "item.revise":
                found.append("a revision that nobody signed")
                continue
            agencies.add(revision.fields["agency"])
            authors |= self.authors(revision.digest)
            found += self._revision(entry["item"], revision)
        return found + self._signers(signoff, agencies, authors)

    def _signers(self, signoff: str, agencies: set[str], authors: set[str]) -> list[str]:
        keys: set[str] = set()
        for line in self.lines:
            if line.digest == signoff:
                keys |= line.good_keys()
        signed = self.find(signoff)
        assert signed is not None
        signers = [
            {seat for seat in self.seats(person, "lead", agencies, signed.fields["at"],
                                         len(self.lines)) if not seat & authors}
            for person in self.roster["people"]
            if keys & keys_of(self.roster, person, "active", "rotated")
        ]  # fmt: skip
        needed = self.policy["releases"]["signers"]
        enough = any(apart(some) for some in itertools.combinations(filter(None, signers), needed))
        return [] if enough else ["too few signers"]

    def _plan(self, release: str, fields: dict[str, Any]) -> list[str]:
        """The sign-off rests on the last step of the plan, and says the same."""
        steps, digest = [], fields["parent"]
        while (line := self.find(digest)) is not None:
            steps.append(line)
            digest = line.fields.get("parent", "")
        if not steps or steps[-1].kind != "release.plan":
            return ["it rests on no plan"]
        found = []
        if any(line.fields["subject"] != release for line in steps):
            found.append("it rests on another release's plan")
        for line in self.lines:
            if (
                line.kind in REPLAN
                and line.fields["parent"] == fields["parent"]
                and self.by(line, "lead", "thong-ke")
            ):
                found.append(f"{line.kind} came after it")
        newest_first = [line.fields for line in steps]
        for name in ("at", "channels", "items"):
            planned = next(f[name] for f in newest_first if name in f)
            signed = fields[name]
            if name == "items":
                signed = [entry["item"] for entry in signed]
            if sorted(planned) != sorted(signed):
                found.append(f"signed for another {name}")
        kinds = [line.kind for line in steps]
        if "release.confirm" not in kinds or "release.cancel" in kinds:
            found.append("not confirmed, or cancelled")
        if "release.postpone" in kinds:
            after = kinds[: kinds.index("release.postpone")]
            if "release.move" not in after or "release.confirm" not in after:
                found.append("postponed")
        return found

    def _planned(self, release: str, place: int) -> bool:
        """Whether that release was there already (nothing that is not can be held)."""
        return release == "*" or any(
            line.kind == "release.plan"
            and line.fields["subject"] == release
            and (self.by(line, "author", "thong-ke") or self.by(line, "lead", "thong-ke")
                 or self.by(line, "lead", "y-te"))
            for line in self.lines[:place]
        )  # fmt: skip

    def _holds(self, release: str) -> list[str]:
        found, known = [], set()
        for place, line in enumerate(self.lines):
            if line.kind != "release.hold" or line.fields["subject"] not in (release, "*"):
                continue
            if not signed_by(line) or not self._planned(line.fields["subject"], place):
                continue
            if line.digest in known:
                continue  # played again
            known.add(line.digest)
            lifts = [
                self._lift(other)
                for other in self.lines[place:]
                if other.kind == "release.lift" and other.fields["hold"] == line.digest
                and self.by(other, "lead", "thong-ke")
            ]  # fmt: skip
            if not any(apart(two) for two in itertools.combinations(lifts, 2)):
                found.append("held")
        return found

    def _lift(self, line: Line) -> set[frozenset[str]]:
        person, time = line.fields["actor"], line.fields["time"]
        if holds(line.roster, person, "lead", "thong-ke"):
            return {frozenset({person})}
        place = self.place[id(line)]
        lent = self.givers(person, "lead", "thong-ke", time, line.roster, place)
        return {frozenset({person, giver}) for giver in lent}

    def _revision(self, item: str, revision: Line) -> list[str]:
        found = []
        fields, digest = revision.fields, revision.digest
        if fields["subject"] != item:
            found.append("a revision of another item")
        for line in self.lines:
            if line.kind == "item.return" and line.fields["revision"] == digest:
                roles = [*self.policy["kinds"][fields["item_kind"]]["chain"], "lead"]
                if any(self.by(line, role, fields["agency"]) for role in roles):
                    found.append("returned")
            withdraws = line.kind == "item.withdraw" and line.fields["revision"] == digest
            if withdraws and holds(line.roster, signed_by(line), "lead", fields["agency"]):
                found.append("withdrawn")
        if "quick_fix" in fields:
            found += self._mended(item, revision)
        return found + self._steps(revision)

    def _mended(self, item: str, revision: Line) -> list[str]:
        """A quick fix stands on an approved revision that is not public, three deep at most."""
        below = self.find(revision.fields.get("parent", ""))
        if below is None or below.digest in self.released:
            return ["a quick fix of nothing, or of a public text"]
        if len(self._stack(revision)) > 4:
            return ["too many quick fixes in a row"]
        return ["a quick fix of what is not approved"] if self._revision(item, below) else []

    def _stack(self, revision: Line) -> list[Line]:
        """A revision and what its quick fixes stand on."""
        stack = [revision]
        while "quick_fix" in stack[-1].fields:
            below = self.find(stack[-1].fields.get("parent", ""))
            if below is None:
                break
            stack.append(below)
        return stack

    def _steps(self, revision: Line) -> list[str]:
        """Some way must exist to give each step a person of its own who validly approved it."""
        fields, authors = revision.fields, self.authors(revision.digest)
        chain = self.policy["kinds"][fields["item_kind"]]["chain"]
        options = []
        for step in chain:
            on = revision if step == chain[-1] else self._stack(revision)[-1]
            mends = "quick_fix" in on.fields
            seats: set[frozenset[str]] = set()
            for line in self.lines:
                if line.kind != "item.approve" or line.fields["revision"] != on.digest:
                    continue
                f = line.fields
                if mends and not any(
                    gate["id"] == "quick-fix" and gate["outcome"] != "fail" for gate in f["gates"]
                ):
                    continue
                person = str(f["actor"])
                now = line.good_keys() & keys_of(self.roster, person, "active", "rotated")
                if (
                    f["step"] == step
                    and f["subject"] == fields["subject"]
                    and now
                    and self.by(line, step, fields["agency"])
                ):
                    place = self.place[id(line)]
                    found = self.seats(person, step, {fields["agency"]}, f["time"], place)
                    seats |= {seat for seat in found if not seat & authors}
            options.append(seats)
        if apart(options):
            return []
        return ["a step has no approver of its own"]
