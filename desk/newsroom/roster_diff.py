"""What a new roster changes, one line each, for the administrators who sign it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.locales.words import role_phrase
from desk.phrase import joined, phrase

Document = Mapping[str, Any]


def roster_diff(old: Document | None, new: Document) -> list[str]:
    """The differences between two roster documents; none when they say the same.

    Lines that give somebody power or take a guard away begin with `! `, the others with two
    blanks. `old` is None for the first roster.
    """
    old = old or {"people": {}, "publishers": {}, "root": {"threshold": 0, "keys": {}}}
    lines: list[str] = []
    _root(lines, old["root"], new["root"])
    for person in sorted({*old["people"], *new["people"]}):
        _person(lines, person, old["people"].get(person), new["people"].get(person))
    before, after = old.get("publishers", {}), new.get("publishers", {})
    for name in sorted({*before, *after}):
        if name not in after:
            lines.append(phrase("  publisher {name} removed", name=name))
        elif before.get(name) != after[name]:
            key = f"{after[name]['sign'][:16]}…"
            lines.append(
                phrase("! publisher {name} added: {key}", name=name, key=key)
                if name not in before
                else phrase("! publisher {name} has another key: {key}", name=name, key=key)
            )
    orders, wanted = old.get("deputies", {}), new.get("deputies", {})
    lines += [
        phrase(
            "  asked for {name}: {people}",
            name=name,
            people=", ".join(wanted.get(name, [])) or phrase("nobody first"),
        )
        for name in sorted({*orders, *wanted})
        if orders.get(name) != wanted.get(name)
    ]
    if old.get("recovery") != new.get("recovery"):
        key = f"{str(new['recovery'])[:16]}…" if new.get("recovery") else phrase("none")
        lines.append(phrase("! recovery key: {key}", key=key))
    return lines


def takes_away(old: Document, new: Document) -> bool:
    """Whether anybody loses a role or a key in use: a change that must not come too late."""
    return bool(_powers(old) - _powers(new))


def roles_text(roles: Any) -> str:
    """Roles as people write them: `author:thong-ke, lead`."""
    return joined(", ", sorted(_role(entry) for entry in roles)) or phrase("no role")


def _role(entry: Mapping[str, str]) -> str:
    role = role_phrase(entry["role"], entry["agency"])
    if "until" in entry:
        return phrase("{role} until {time}", role=role, time=entry["until"])
    return role


def _powers(document: Document) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {("root", key) for key in document["root"]["keys"].values()}
    for person, entry in document["people"].items():
        found |= {
            (person, role["role"], role["agency"], role.get("until", "")) for role in entry["roles"]
        }
        found |= {(person, key["sign"]) for key in entry["keys"] if key["state"] == "active"}
    found |= {(name, entry["sign"]) for name, entry in document.get("publishers", {}).items()}
    return found


def _root(lines: list[str], old: Document, new: Document) -> None:
    if old["threshold"] != new["threshold"]:
        lines.append(
            phrase(
                "! root: {count} signatures instead of {before}",
                count=new["threshold"],
                before=old["threshold"],
            )
        )
    for name in sorted({*old["keys"], *new["keys"]}):
        before, after = old["keys"].get(name), new["keys"].get(name)
        if before != after:
            what = phrase("removed") if after is None else f"{after[:16]}…"
            lines.append(phrase("! root key of {name}: {key}", name=name, key=what))


def _person(lines: list[str], person: str, old: Document | None, new: Document | None) -> None:
    if new is None:
        lines.append(phrase("  {person} removed", person=person))
        return
    if old is None:
        held = [key["sign"] for key in new["keys"] if key["state"] == "active"]
        lines.append(
            phrase(
                "! {person} added: {roles}; key {key}",
                person=person,
                roles=roles_text(new["roles"]),
                key=f"{held[0][:16]}…" if held else phrase("none"),
            )
        )
        return
    if old["name"] != new["name"]:
        before, after = old["name"], new["name"]
        lines.append(
            phrase(
                "  {person}: name {before} -> {after}", person=person, before=before, after=after
            )
        )
    gained = [entry for entry in new["roles"] if entry not in old["roles"]]
    lost = [entry for entry in old["roles"] if entry not in new["roles"]]
    if gained:
        lines.append(phrase("! {person}: gains {roles}", person=person, roles=roles_text(gained)))
    if lost:
        lines.append(phrase("  {person}: loses {roles}", person=person, roles=roles_text(lost)))
    _keys(lines, person, old["keys"], new["keys"])


def _keys(lines: list[str], person: str, old: list[Document], new: list[Document]) -> None:
    before = {key["sign"]: key["state"] for key in old}
    for key in new:
        said = {"person": person, "key": f"{key['sign'][:16]}…", "state": _state(key["state"])}
        if key["sign"] not in before:
            lines.append(phrase("! {person}: new key {key} ({state})", **said))
        elif before[key["sign"]] != key["state"]:
            guard = "! " if key["state"] == "active" else "  "
            lines.append(joined("", (guard, phrase("{person}: key {key} is {state}", **said))))
    kept = {key["sign"] for key in new}
    lines += [
        phrase("  {person}: key {key} removed", person=person, key=f"{sign[:16]}…")
        for sign in before
        if sign not in kept
    ]


def _state(state: str) -> str:
    known = {
        "active": phrase("active"),
        "rotated": phrase("rotated"),
        "revoked": phrase("revoked"),
        "compromised": phrase("compromised"),
    }
    return known.get(state, state)
