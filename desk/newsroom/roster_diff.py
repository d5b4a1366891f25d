"""What a new roster changes, one line each, for the administrators who sign it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
            lines.append(f"  publisher {name} removed")
        elif before.get(name) != after[name]:
            verb = "added" if name not in before else "has another key"
            lines.append(f"! publisher {name} {verb}: {after[name]['sign'][:16]}…")
    orders, wanted = old.get("deputies", {}), new.get("deputies", {})
    lines += [
        f"  asked for {name}: {', '.join(wanted.get(name, [])) or 'nobody first'}"
        for name in sorted({*orders, *wanted})
        if orders.get(name) != wanted.get(name)
    ]
    if old.get("recovery") != new.get("recovery"):
        lines.append(f"! recovery key: {str(new.get('recovery', 'none'))[:16]}…")
    return lines


def takes_away(old: Document, new: Document) -> bool:
    """Whether anybody loses a role or a key in use: a change that must not come too late."""
    return bool(_powers(old) - _powers(new))


def roles_text(roles: Any) -> str:
    """Roles as people write them: `author:thong-ke, lead`."""
    return ", ".join(sorted(_role(entry) for entry in roles)) or "no role"


def _role(entry: Mapping[str, str]) -> str:
    role = entry["role"] if entry["agency"] == "*" else f"{entry['role']}:{entry['agency']}"
    return f"{role} until {entry['until']}" if "until" in entry else role


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
        lines.append(f"! root: {new['threshold']} signatures instead of {old['threshold']}")
    for name in sorted({*old["keys"], *new["keys"]}):
        before, after = old["keys"].get(name), new["keys"].get(name)
        if before != after:
            what = "removed" if after is None else f"{after[:16]}…"
            lines.append(f"! root key of {name}: {what}")


def _person(lines: list[str], person: str, old: Document | None, new: Document | None) -> None:
    if new is None:
        lines.append(f"  {person} removed")
        return
    if old is None:
        key = next((key["sign"] for key in new["keys"] if key["state"] == "active"), "none")
        lines.append(f"! {person} added: {roles_text(new['roles'])}; key {key[:16]}…")
        return
    if old["name"] != new["name"]:
        lines.append(f"  {person}: name {old['name']} -> {new['name']}")
    gained = [entry for entry in new["roles"] if entry not in old["roles"]]
    lost = [entry for entry in old["roles"] if entry not in new["roles"]]
    if gained:
        lines.append(f"! {person}: gains {roles_text(gained)}")
    if lost:
        lines.append(f"  {person}: loses {roles_text(lost)}")
    before = {key["sign"]: key["state"] for key in old["keys"]}
    for key in new["keys"]:
        if key["sign"] not in before:
            lines.append(f"! {person}: new key {key['sign'][:16]}… ({key['state']})")
        elif before[key["sign"]] != key["state"]:
            guard = "! " if key["state"] == "active" else "  "
            lines.append(f"{guard}{person}: key {key['sign'][:16]}… is {key['state']}")
    lines += [f"  {person}: key {sign[:16]}… removed"
              for sign in before if sign not in {key["sign"] for key in new["keys"]}]  # fmt: skip
