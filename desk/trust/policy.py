"""The adopted policy: the signed projection of calendar.yaml that guards releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.trust.canonical import canonical, digest

FORMAT = 1


@dataclass(frozen=True)
class Policy:
    """One adopted policy document with its version. Spans are whole seconds."""

    version: int
    document: Mapping[str, Any]
    digest: str = ""

    @property
    def kinds(self) -> Mapping[str, Mapping[str, Any]]:
        """Kind id -> {chain, gates, languages, urgent}."""
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


def read_document(document: Mapping[str, Any], version: int, act_digest: str = "") -> Policy:
    """Check a policy document by itself. Raises TrustError for one that would guard nothing."""
    try:
        if document["format"] != FORMAT:
            raise TrustError("Malformed policy", "unknown format")
        rules = document["releases"]
        if int(rules["signers"]) < 1 or int(rules["publish_within"]) > int(rules["not_after"]):
            raise TrustError("Malformed policy", "signers or spans")
        for name in ("stage_ahead", "publish_within", "not_after", "clock_bound_ms"):
            if not isinstance(rules[name], int) or rules[name] < 0:
                raise TrustError("Malformed policy", name)
        for kind_id, kind in document["kinds"].items():
            if not kind["chain"] or len(set(kind["chain"])) != len(kind["chain"]):
                raise TrustError("Malformed policy", f"chain of {kind_id}")
            _ = kind["gates"], kind["languages"], kind["urgent"]
        for channel in document["channels"].values():
            _ = channel["driver"], channel["languages"], channel["required"]
        _ = document["newsroom"], document["zone"], document["withdraw_roles"]
        canonical(dict(document))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrustError("Malformed policy", f"{type(error).__name__}: {error}") from None
    return Policy(version, document, act_digest)
