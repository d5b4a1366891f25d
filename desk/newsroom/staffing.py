"""Staffing: whether the people of a roster can fill the chains that calendar.yaml asks for.

Steps of a chain need distinct people, signers distinct leads (who may have approved), and none of
them the author. The roster's document is only read here; who may act is judged from signed acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.errors import Problem
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.document import dotted
from desk.phrase import phrase

People = Mapping[str, Mapping[str, Any]]
"""Person id -> entry of the roster document, with `roles` and `keys`."""


def chain_gaps(config: NewsroomConfig, roster_people: People) -> list[Problem]:
    """Every kind whose chain or sign-off cannot be filled, at the kind's place in the file.

    One problem per kind and reason, naming the agencies. Agencies for which nobody writes are
    left out (see `unstaffed`): nothing of theirs waits for an approval.
    """
    staff = _Staff(roster_people)
    writing = [one.id for one in config.agencies if staff.holders("author", one.id)]
    problems = []
    for kind_id, kind in config.kinds.items():
        reasons: dict[str, list[str]] = {}
        for agency in writing:
            reason = staff.gap(agency, kind.chain, config.releases.signers)
            if reason:
                reasons.setdefault(reason, []).append(agency)
        if not writing:
            reasons[phrase("nobody in the roster has the role author")] = []
        mark = config.marks.key(("kinds", kind_id))
        for reason, agencies in reasons.items():
            said = {"kind": kind_id, "chain": " → ".join(kind.chain), "reason": reason}
            what = phrase(
                "the chain of '{kind}' ({chain}) and its sign-off cannot be filled: {reason}",
                **said,
            )
            if agencies:
                what = phrase(
                    "the chain of '{kind}' ({chain}) and its sign-off cannot be filled "
                    "for {agencies}: {reason}",
                    agencies=_listed(agencies),
                    **said,
                )
            problems.append(
                Problem(
                    mark.line,
                    mark.column,
                    what,
                    "Give the role to another person (desk roster add), or shorten the chain",
                    dotted(("kinds", kind_id)),
                )
            )
    return problems


def unstaffed(config: NewsroomConfig, roster_people: People) -> list[str]:
    """Ids of the agencies for which nobody in the roster writes, in file order."""
    staff = _Staff(roster_people)
    return [one.id for one in config.agencies if not staff.holders("author", one.id)]


def _listed(agencies: list[str]) -> str:
    first, more = ", ".join(agencies[:4]), len(agencies) - 4
    return phrase("{first} and {more} more", first=first, more=more) if more > 0 else first


class _Staff:
    """Who of the roster, with a key in use, holds which role in which agency."""

    def __init__(self, people: People) -> None:
        self._roles = {
            person: {(str(role["role"]), str(role["agency"])) for role in entry["roles"]}
            for person, entry in sorted(people.items())
            if any(key["state"] == "active" for key in entry["keys"])
        }

    def holders(self, role: str, agency: str) -> list[str]:
        wanted = {(role, agency), (role, "*")}
        return [person for person, roles in self._roles.items() if roles & wanted]

    def gap(self, agency: str, chain: Iterable[str], signers: int) -> str:
        """Why nothing of that agency gets through, or ''. One author who can is enough."""
        reasons = [
            self._gap_beside(author, agency, tuple(chain), signers)
            for author in self.holders("author", agency)
        ]
        return "" if "" in reasons else reasons[0]

    def _gap_beside(self, author: str, agency: str, chain: tuple[str, ...], signers: int) -> str:
        options = {step: [p for p in self.holders(step, agency) if p != author] for step in chain}
        for step, people in options.items():
            if not people:
                return phrase("nobody but the author has the role {step}", step=step)
        if not _can_fill(chain, options):
            people = sorted({person for several in options.values() for person in several})
            return phrase(
                "{steps} steps need as many people, and there are {people}",
                steps=len(chain),
                people=len(people),
            )
        leads = [person for person in self.holders("lead", agency) if person != author]
        if len(leads) < signers:
            return phrase(
                "{signers} signers are needed, and the leads besides the author are {leads}",
                signers=signers,
                leads=len(leads),
            )
        return ""


def _can_fill(chain: tuple[str, ...], options: Mapping[str, list[str]]) -> bool:
    """Whether each step can have a person of its own (bipartite matching, augmenting paths)."""
    step_of: dict[str, str] = {}

    def place(step: str, tried: set[str]) -> bool:
        for person in options[step]:
            if person in tried:
                continue
            tried.add(person)
            if person not in step_of or place(step_of[person], tried):
                step_of[person] = step
                return True
        return False

    return all(place(step, set()) for step in chain)
