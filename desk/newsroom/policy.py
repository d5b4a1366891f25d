"""The policy: the part of calendar.yaml that guards releases, as the document people adopt.

A comment, a name, a slot or an alert is not in it; neither is the order of agencies, gates or
channels. The same rules always give the same document, so nothing is adopted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from desk.errors import Problem

if TYPE_CHECKING:
    from desk.newsroom.config import Channel, Kind, NewsroomConfig

FORMAT = 1
GATE_ORDER = ("summary", "sources", "legal", "terms", "translation", "assets", "length")


def policy_document(config: NewsroomConfig) -> dict[str, Any]:
    """The policy document (format 1); spans in whole seconds, absent things left out.

    A `desk` channel without a receipt key has no `key`: see `not_adoptable`.
    """
    rules = config.releases
    return {
        "format": FORMAT,
        "newsroom": config.newsroom.id,
        "zone": config.newsroom.zone,
        "languages": list(config.newsroom.languages),
        "agencies": sorted(agency.id for agency in config.agencies),
        "kinds": {
            kind_id: _kind(config, kind_id, kind) for kind_id, kind in sorted(config.kinds.items())
        },
        "channels": {
            channel.id: _channel(config, channel)
            for channel in sorted(config.channels, key=lambda channel: channel.id)
        },
        "releases": {
            "signers": rules.signers,
            "stage_ahead": rules.stage_ahead,
            "publish_within": rules.publish_within,
            "not_after": rules.not_after,
            "clock_bound_ms": rules.clock_bound_ms,
        },
        "withdraw_roles": sorted(rules.withdraw_roles),
    }


def _ordered(config: NewsroomConfig, languages: Iterable[str]) -> list[str]:
    return sorted(languages, key=config.newsroom.languages.index)


def _kind(config: NewsroomConfig, kind_id: str, kind: Kind) -> dict[str, Any]:
    rank = {gate: number for number, gate in enumerate(GATE_ORDER)}
    return {
        "chain": list(kind.chain),
        "gates": sorted(kind.gates, key=lambda gate: (rank.get(gate, len(rank)), gate)),
        "languages": _ordered(config, config.kind_languages(kind_id)),
        "limits": {
            name: list(getattr(kind.limits, name)) for name in ("headline", "summary", "body")
        },
        "urgent": kind.urgent,
    }


def _channel(config: NewsroomConfig, channel: Channel) -> dict[str, Any]:
    found: dict[str, Any] = {
        "driver": channel.driver,
        "languages": _ordered(config, channel.languages),
        "required": channel.required,
    }
    given = {"url": channel.url, "path": channel.path, "key": channel.key}
    return found | {name: value for name, value in given.items() if value is not None}


def not_adoptable(config: NewsroomConfig) -> list[Problem]:
    """Why this configuration cannot be adopted yet, with places: `desk` channels without a key."""
    found = []
    for index, channel in enumerate(config.channels):
        if channel.driver == "desk" and channel.key is None:
            mark = config.marks.value(("channels", index, "id"))
            what = f"channel '{channel.id}' has no key, so nobody could check its receipts"
            hint = "Copy it from the portal: desk portal status"
            path = f"channels[{index}].key"
            found.append(Problem(mark.line, mark.column, what, hint, path))
    return found


def policy_diff(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """What adopting `new` changes, one line each, for the people who sign it.

    Lines that lower the guard or send content elsewhere begin with `! `, the others with two
    blanks. No lines: the documents say the same. `old` is None for the first policy.
    """
    if old is None:
        old = {"format": FORMAT, "kinds": {}, "channels": {}, "releases": {}}
    lines: list[str] = []
    for name in ("format", "newsroom", "zone"):
        _one(lines, name, old.get(name), new.get(name), weaker=name in old)
    _members(lines, "languages", old.get("languages", []), new.get("languages", []))
    _members(lines, "agencies", old.get("agencies", []), new.get("agencies", []))
    for kind_id in sorted({*old["kinds"], *new["kinds"]}):
        _diff_kind(lines, kind_id, old["kinds"].get(kind_id), new["kinds"].get(kind_id))
    for channel_id in sorted({*old["channels"], *new["channels"]}):
        before, after = old["channels"].get(channel_id), new["channels"].get(channel_id)
        _diff_channel(lines, channel_id, before, after)
    _diff_releases(lines, old["releases"], new["releases"])
    before, after = old.get("withdraw_roles"), new.get("withdraw_roles")
    _one(lines, "roles that may withdraw", before, after, weaker=bool(before))
    return lines


def _say(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _line(lines: list[str], text: str, weaker: bool = False) -> None:
    lines.append(("! " if weaker else "  ") + text)


def _one(lines: list[str], name: str, old: object, new: object, *, weaker: bool = False) -> None:
    if old is None and new is not None:
        _line(lines, f"{name}: {_say(new)}", weaker)
    elif old != new:
        _line(lines, f"{name}: {_say(old)} -> {_say(new)}", weaker)


def _members(lines: list[str], name: str, old: list[str], new: list[str]) -> None:
    if added := [one for one in new if one not in old]:
        _line(lines, f"{name} added: {', '.join(added)}")
    if removed := [one for one in old if one not in new]:
        _line(lines, f"{name} removed: {', '.join(removed)}")
    if not added and not removed and old != new:
        _line(lines, f"{name} in another order: {', '.join(new)}")


_Entry = Mapping[str, Any] | None


def _diff_kind(lines: list[str], kind_id: str, old: _Entry, new: _Entry) -> None:
    where = f"kind {kind_id}"
    if new is None:
        _line(lines, f"{where} removed", weaker=True)
    elif old is None:
        chain = " → ".join(new["chain"])
        urgent = ", urgent" if new["urgent"] else ""
        _line(lines, f"{where} added: {chain}; gates {_say(new['gates'])}{urgent}")
    else:
        dropped = bool(set(old["chain"]) - set(new["chain"]))
        _one(lines, f"{where}: chain", old["chain"], new["chain"], weaker=dropped)
        dropped = bool(set(old["gates"]) - set(new["gates"]))
        _one(lines, f"{where}: gates", old["gates"], new["gates"], weaker=dropped)
        dropped = bool(set(old["languages"]) - set(new["languages"]))
        _one(lines, f"{where}: languages", old["languages"], new["languages"], weaker=dropped)
        _one(lines, f"{where}: urgent", old["urgent"], new["urgent"], weaker=new["urgent"])


def _diff_channel(lines: list[str], channel_id: str, old: _Entry, new: _Entry) -> None:
    where = f"channel {channel_id}"
    if new is None:
        _line(lines, f"{where} removed", weaker=True)
    elif old is None:
        place = new.get("url") or new.get("path") or "nowhere"
        need = "required" if new["required"] else "optional"
        _line(lines, f"{where} added: {new['driver']} to {place}, {_say(new['languages'])}, {need}")
        _one(lines, f"{where}: key", None, new.get("key"))
    else:
        # Another driver, address or key sends content elsewhere or believes another portal.
        for name in ("driver", "url", "path", "key"):
            _one(lines, f"{where}: {name}", old.get(name), new.get(name), weaker=True)
        _one(lines, f"{where}: languages", old["languages"], new["languages"])
        looser = bool(old["required"]) and not new["required"]
        _one(lines, f"{where}: required", old["required"], new["required"], weaker=looser)


def _diff_releases(lines: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        unit = "" if name == "signers" else " ms" if name.endswith("_ms") else " s"
        if before == after:
            continue
        looser = before is not None and after is not None and _looser(name, before, after)
        said = f"{after}{unit}" if before is None else f"{before}{unit} -> {after}{unit}"
        _line(lines, f"releases: {name}: {said}", looser)


def _looser(name: str, before: int, after: int) -> bool:
    """Fewer signers, less time to look at the staged bundle, or more lateness and clock error."""
    return after < before if name in {"signers", "stage_ahead"} else after > before
