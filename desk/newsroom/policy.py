"""The policy: the part of calendar.yaml that guards releases, as the document people adopt.

A comment, a name, a slot or an alert is not in it; neither is the order of agencies, gates or
channels. The same rules always give the same document, so nothing is adopted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from desk.errors import Problem
from desk.locales.words import all_said, said
from desk.phrase import joined, phrase
from desk.trust.press import Press, read_press

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
        **({"press": press_of(config).document()} if config.press else {}),
    }


def press_of(config: NewsroomConfig) -> Press:
    """What the file tells reporters; empty where it says nothing."""
    given = config.press
    contact, logo = (given.contact, given.logo) if given else (None, None)
    return Press(
        contact.post if contact else {},
        (contact.phone or "") if contact else "",
        (contact.email or "") if contact else "",
        tuple(contact.languages) if contact else (),
        (given.byline or {}) if given else {},
        logo.alt if logo else {},
        logo.use if logo else {},
    )


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
        # Left out where it only warns, so that older policies keep their digest.
        **({"spokesperson": kind.spokesperson} if kind.spokesperson == "required" else {}),
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
            what = phrase(
                "channel '{channel}' has no key, so nobody could check its receipts",
                channel=channel.id,
            )
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
    for key in ("format", "newsroom", "zone"):
        _one(lines, key, old.get(key), new.get(key), weaker=key in old)
    _members(lines, phrase("languages"), old.get("languages", []), new.get("languages", []))
    _members(lines, phrase("agencies"), old.get("agencies", []), new.get("agencies", []))
    for kind_id in sorted({*old["kinds"], *new["kinds"]}):
        _diff_kind(lines, kind_id, old["kinds"].get(kind_id), new["kinds"].get(kind_id))
    for channel_id in sorted({*old["channels"], *new["channels"]}):
        before, after = old["channels"].get(channel_id), new["channels"].get(channel_id)
        _diff_channel(lines, channel_id, before, after)
    _diff_releases(lines, old["releases"], new["releases"])
    _diff_press(lines, read_press(old) or Press(), read_press(new) or Press())
    before, after = old.get("withdraw_roles"), new.get("withdraw_roles")
    text = phrase("roles that may withdraw")
    _one(lines, text, before, after, weaker=bool(before), about="role")
    return lines


def _diff_press(lines: list[str], old: Press, new: Press) -> None:
    """Whom reporters are sent to. Another number or address sends them elsewhere."""
    for name in ("phone", "email"):
        before, after = getattr(old, name) or None, getattr(new, name) or None
        said = _of(_of("press", "contact"), name)
        _one(lines, said, before, after, weaker=before is not None)
    for where, before, after in (
        ("contact: post", old.post, new.post),
        ("byline", old.byline, new.byline),
        ("logo: alt", old.logo_alt, new.logo_alt),
        ("logo: use", old.logo_use, new.logo_use),
    ):
        told = [" / ".join(names.values()) or None for names in (before, after)]
        _one(lines, _of("press", where), *told)
    spoken = [list(one.languages) or None for one in (old, new)]
    _one(lines, _of(_of("press", "contact"), "languages"), *spoken)


def _say(value: object, about: str = "") -> str:
    """A value as people read it. `about`: what its codes are about, see desk.locales.words."""
    if value is None:
        return phrase("nothing")
    if isinstance(value, (list, tuple)):
        listed = all_said(about, value) if about else ", ".join(map(str, value))
        return listed or phrase("nothing")
    if isinstance(value, bool):
        return phrase("yes") if value else phrase("no")
    return str(value)


def _line(lines: list[str], text: str, weaker: bool = False) -> None:
    lines.append(joined("", ("! " if weaker else "  ", text)))


def _one(
    lines: list[str], name: str, old: object, new: object, *, weaker: bool = False, about: str = ""
) -> None:
    if old is None and new is not None:
        _line(lines, phrase("{name}: {value}", name=name, value=_say(new, about)), weaker)
    elif old != new:
        before, after = _say(old, about), _say(new, about)
        text = phrase("{name}: {before} -> {after}", name=name, before=before, after=after)
        _line(lines, text, weaker)


def _of(where: str, name: str) -> str:
    """A setting of one entry. Keys of calendar.yaml stay as they are typed there."""
    return phrase("{where}: {name}", where=where, name=name)


def _members(lines: list[str], name: str, old: list[str], new: list[str]) -> None:
    if added := [one for one in new if one not in old]:
        _line(lines, phrase("{name} added: {listed}", name=name, listed=", ".join(added)))
    if removed := [one for one in old if one not in new]:
        _line(lines, phrase("{name} removed: {listed}", name=name, listed=", ".join(removed)))
    if not added and not removed and old != new:
        listed = ", ".join(new)
        _line(lines, phrase("{name} in another order: {listed}", name=name, listed=listed))


_Entry = Mapping[str, Any] | None


def _diff_kind(lines: list[str], kind_id: str, old: _Entry, new: _Entry) -> None:
    where = phrase("kind {kind}", kind=kind_id)
    if new is None:
        _line(lines, phrase("{name} removed", name=where), weaker=True)
    elif old is None:
        chain = joined(" → ", [said("step", step) for step in new["chain"]])
        gates = _say(new["gates"], "gate")
        added = phrase("{name} added: {chain}; gates {gates}", name=where, chain=chain, gates=gates)
        also = [phrase("urgent")] if new["urgent"] else []
        also += [phrase("a spokesperson is required")] if "spokesperson" in new else []
        _line(lines, joined(", ", (added, *also)))
    else:
        dropped = bool(set(old["chain"]) - set(new["chain"]))
        text = _of(where, phrase("chain"))
        _one(lines, text, old["chain"], new["chain"], weaker=dropped, about="step")
        dropped = bool(set(old["gates"]) - set(new["gates"]))
        text = _of(where, phrase("gates"))
        _one(lines, text, old["gates"], new["gates"], weaker=dropped, about="gate")
        dropped = bool(set(old["languages"]) - set(new["languages"]))
        _one(
            lines,
            _of(where, phrase("languages")),
            old["languages"],
            new["languages"],
            weaker=dropped,
        )
        _one(
            lines, _of(where, phrase("urgent")), old["urgent"], new["urgent"], weaker=new["urgent"]
        )
        before, after = (one.get("spokesperson", "warned") for one in (old, new))
        _one(lines, _of(where, "spokesperson"), before, after, weaker=after == "warned")


def _diff_channel(lines: list[str], channel_id: str, old: _Entry, new: _Entry) -> None:
    where = phrase("channel {channel}", channel=channel_id)
    if new is None:
        _line(lines, phrase("{name} removed", name=where), weaker=True)
    elif old is None:
        added = phrase(
            "{name} added: {driver} to {place}, {languages}, {need}",
            name=where,
            driver=new["driver"],
            place=new.get("url") or new.get("path") or phrase("nowhere"),
            languages=_say(new["languages"]),
            need=phrase("required") if new["required"] else phrase("optional"),
        )
        _line(lines, added)
        _one(lines, _of(where, "key"), None, new.get("key"))
    else:
        # Another driver, address or key sends content elsewhere or believes another portal.
        for key in ("driver", "url", "path", "key"):
            _one(lines, _of(where, key), old.get(key), new.get(key), weaker=True)
        _one(lines, _of(where, phrase("languages")), old["languages"], new["languages"])
        looser = bool(old["required"]) and not new["required"]
        _one(lines, _of(where, phrase("required")), old["required"], new["required"], weaker=looser)


def _diff_releases(lines: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        unit = "" if name == "signers" else " ms" if name.endswith("_ms") else " s"
        if before == after:
            continue
        looser = before is not None and after is not None and _looser(name, before, after)
        change = f"{after}{unit}" if before is None else f"{before}{unit} -> {after}{unit}"
        setting = said("policy", name)
        text = phrase("releases: {setting}: {change}", setting=setting, change=change)
        _line(lines, text, looser)


def _looser(name: str, before: int, after: int) -> bool:
    """Fewer signers, less time to look at the staged bundle, or more lateness and clock error."""
    return after < before if name in {"signers", "stage_ahead"} else after > before
