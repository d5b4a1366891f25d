"""The sealed bundle of one release for one channel, built from the signed bytes alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desk.errors import TrustError
from desk.portal.contract.bundle import Part, Plan, SealedBundle, build
from desk.portal.contract.stagecrypt import bundle_address
from desk.store import sealed
from desk.store.sealed import Opener
from desk.store.session import Store
from desk.trust.canonical import digest_bytes, parse
from desk.trust.record import Record
from desk.trust.seal import Name
from desk.trust.state import SignOff


@dataclass(frozen=True)
class Wanted:
    """What one channel is to get of one sign-off: plain facts, taken from the record."""

    newsroom: str
    release: str
    channel: str
    at: str
    not_after: str
    signoff: str
    base: str
    parts: tuple[tuple[str, str, int, str, str, str], ...]

    @property
    def firsts(self) -> dict[str, str]:
        """For items that were public before: the instant of their first release."""
        return {part[0]: part[5] for part in self.parts if part[5]}

    def with_firsts(self, firsts: Mapping[str, str]) -> Wanted:
        """The same with these instants: a bundle that is staged again is built as it was."""
        parts = tuple((*part[:5], firsts.get(part[0], "")) for part in self.parts)
        return replace(self, parts=parts)

    @property
    def address(self) -> str:
        """Where the bundle lies (64 hex)."""
        return bundle_address(self.newsroom, self.channel, self.signoff)

    @property
    def revisions(self) -> list[str]:
        """Digests of the acts of the revisions in it."""
        return [part[1] for part in self.parts]


def wanted(record: Record, signoff: SignOff, channel: str) -> Wanted:
    """The facts for one channel: the items in that channel's languages."""
    assert record.policy is not None
    entry = record.policy.channels[channel]
    fields = signoff.fields
    parts = []
    for chosen in fields["items"]:
        if chosen["language"] not in entry["languages"]:
            continue
        item = record.items[chosen["item"]]
        revision = item.revisions[chosen["revision"]]
        first = next((r for r in item.revisions.values() if r.released_in), None)
        first_at = ""
        if first is not None and first.released_in != fields["subject"]:
            first_at = record.releases[first.released_in].at
        parts.append(
            (item.id, revision.digest, revision.number, revision.id, revision.content, first_at)
        )
    return Wanted(
        str(fields["newsroom"]), str(fields["subject"]), channel, str(fields["at"]),
        str(fields["not_after"]), signoff.digest, str(entry.get("url", "")), tuple(parts),
    )  # fmt: skip


class Vault:
    """Opens sealed revisions of the newsroom's database with the publisher's reading key."""

    def __init__(self, store: Store, newsroom: str, opener: Opener) -> None:
        self._store = store
        self._newsroom = newsroom
        self._opener = opener

    def part(self, item: str, revision_id: str, part: str) -> bytes:
        """One part of a revision, in clear. Raises Refused, NotFound, TrustError."""
        name = Name(self._newsroom, "revision", item, revision_id)
        with self._store.read() as connection:
            key = sealed.key_for(connection, name, self._opener)
            return sealed.get(connection, key, part)

    def content(self, item: str, revision_id: str, digest: str) -> bytes:
        """The signed content. Raises TrustError when the bytes are not those signed."""
        data = self.part(item, revision_id, "content")
        if digest_bytes(data) != digest:
            raise TrustError("Not the signed bytes", f"{item} {revision_id}")
        return data


def build_bundle(facts: Wanted, vault: Vault, secret: bytes) -> SealedBundle:
    """Open the signed revisions and seal them for the channel. The same facts, the same bytes.

    Raises TrustError when any byte is not what was signed; then nothing goes out.
    """
    parts: list[Part] = []
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for item, act, number, revision_id, digest, first_at in facts.parts:
        content = vault.content(item, revision_id, digest)
        parts.append(Part(number, act, content, first_at))
        for asset in _assets(parse(content)):
            # By both: whoever gives an asset the id of another item's must not take its place.
            owners[str(asset["id"]), str(asset["sha256"])] = (item, revision_id)

    def open_asset(asset_id: str, digest: str) -> Iterator[bytes]:
        item, revision_id = owners[asset_id, digest]
        data = vault.part(item, revision_id, f"asset:{asset_id}")
        if digest_bytes(data) != digest:
            raise TrustError("An asset is not the signed one", f"{item} {asset_id}")
        yield data

    plan = Plan(
        facts.newsroom, facts.channel, facts.release, facts.at, facts.not_after, facts.signoff,
        facts.base,
    )  # fmt: skip
    return build(plan, parts, secret, open_asset)


def _assets(content: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    assets: Iterable[Mapping[str, Any]] = content.get("assets", [])
    return assets
