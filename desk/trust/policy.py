"""The adopted policy: the signed projection of calendar.yaml that guards releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.trust.acts import LANGUAGE, NAME, ZONE, Check
from desk.trust.canonical import canonical, digest
from desk.trust.press import Press, read_press

FORMAT = 1
REQUIRED = "required"  # of a kind: nobody signs until a spokesperson can speak to it


@dataclass(frozen=True)
class Policy:
    """One adopted policy document with its version. Spans are whole seconds."""

    version: int
    document: Mapping[str, Any]
    digest: str = ""

    @property
    def kinds(self) -> Mapping[str, Mapping[str, Any]]:
        """Kind id -> {chain, gates, languages, urgent}, and spokesperson where it is required."""
        return self.document["kinds"]  # type: ignore[no-any-return]

    @property
    def channels(self) -> Mapping[str, Mapping[str, Any]]:
        """Channel id -> {driver, url or path, languages, required, key}."""
        return self.document["channels"]  # type: ignore[no-any-return]

    @property
    def signers(self) -> int:
        """How many distinct leads sign a release."""
        return int(self.document["releases"]["signers"])

    def span(self, name: str) -> int:
        """A span of the release rules in seconds: stage_ahead, publish_within, not_after."""
        return int(self.document["releases"][name])

    @property
    def press(self) -> Press | None:
        """What it tells reporters: whom to ask, the byline, the logo; None without it."""
        return read_press(self.document)

    def projection(self, kinds: Iterable[str], channels: Iterable[str]) -> str:
        """Digest of the part that concerns a release, so that other changes void nothing."""
        return digest(
            {
                "channels": {c: self.channels[c] for c in sorted(set(channels))},
                "kinds": {k: self.kinds[k] for k in sorted(set(kinds))},
                "newsroom": self.document["newsroom"],
                "releases": self.document["releases"],
                "zone": self.document["zone"],
            }
        )


SPANS = ("stage_ahead", "publish_within", "not_after", "clock_bound_ms")
LONGEST = 366 * 86_400  # seconds (and for the clock bound, milliseconds)
STEPS = ("appraise", "review", "check")


def _must(good: bool, what: str) -> None:
    if not good:
        raise TrustError("Malformed policy", what)


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _names(value: Any, check: Check = NAME, least: int = 1) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= least
        and all(check(entry) for entry in value)
        and len(set(value)) == len(value)
    )


def _check_rules(rules: Mapping[str, Any]) -> None:
    # A rule that this Desk does not know must not be passed over: it may forbid something.
    _must(rules.keys() == {"signers", *SPANS}, "releases: other fields than are known")
    _must(_whole(rules["signers"], 1, 64), "signers")
    for name in SPANS:
        _must(_whole(rules[name], 0, LONGEST), name)
    _must(rules["publish_within"] <= rules["not_after"], "publish_within is past not_after")


def _check_kind(name: str, kind: Mapping[str, Any]) -> None:
    known = {"chain", "gates", "languages", "urgent"}
    _must(known <= kind.keys() <= known | {"limits", "spokesperson"}, f"kind {name}: fields")
    _must(kind.get("spokesperson", REQUIRED) == REQUIRED, f"spokesperson of {name}")
    for of, span in kind.get("limits", {}).items():
        _must(of in ("headline", "summary", "body"), f"limits of {name}")
        _must(isinstance(span, list) and len(span) == 2, f"limits of {name}")
        _must(all(_whole(end, 0, 10_000_000) for end in span), f"limits of {name}")
    _must(_names(kind["chain"]) and set(kind["chain"]) <= set(STEPS), f"chain of {name}")
    _must(_names(kind["gates"], least=0), f"gates of {name}")
    _must(_names(kind["languages"], LANGUAGE), f"languages of {name}")
    _must(isinstance(kind["urgent"], bool), f"urgent of {name}")


def read_document(document: Mapping[str, Any], version: int, act_digest: str = "") -> Policy:
    """Check a policy document by itself. Raises TrustError for one that would guard nothing."""
    try:
        if document["format"] is True or document["format"] != FORMAT:
            raise TrustError("Malformed policy", "unknown format")
        _must(NAME(document["newsroom"]) and ZONE(document["zone"]), "newsroom or zone")
        _check_rules(document["releases"])
        for kind_id, kind in document["kinds"].items():
            _must(NAME(kind_id), "the id of a kind")
            _check_kind(kind_id, kind)
        for name, channel in document["channels"].items():
            _must(NAME(name) and NAME(channel["driver"]), f"channel {name[:40]!a}")
            _must(_names(channel["languages"], LANGUAGE), f"languages of {name}")
            _must(isinstance(channel["required"], bool), f"required of {name}")
        _must(_names(document["withdraw_roles"]), "withdraw_roles")
        read_press(document)
        canonical(dict(document))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrustError("Malformed policy", f"{type(error).__name__}: {error}") from None
    return Policy(version, document, act_digest)
