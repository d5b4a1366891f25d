"""Bundles: built from the signed bytes of each item, whatever another item calls its files."""

from __future__ import annotations

import hashlib

from desk.publisher.bundles import Vault, Wanted, build_bundle
from desk.trust.canonical import canonical, digest_bytes
from tests.portal.world import AT, Asset, World, ident

PICTURE = Asset("one.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "graphic")
OTHER = b"<svg xmlns='http://www.w3.org/2000/svg'><path/></svg>"


class Kept(Vault):
    """A vault whose parts are at hand."""

    def __init__(self, parts: dict[tuple[str, str], bytes]) -> None:
        self._parts = parts

    def part(self, item: str, revision_id: str, part: str) -> bytes:
        return self._parts[item, part]


def test_attack_11_an_asset_under_the_id_of_another_items_takes_no_ones_place() -> None:
    """An author with a program of his own could keep a whole release from being built."""
    world, parts, facts = World("ab" * 32), {}, []
    for name, data in (("one", PICTURE.data), ("two", OTHER)):
        item = ident("i", name)
        entry = PICTURE.entry() | {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        content = canonical(world.content(item) | {"assets": [entry]})
        parts |= {(item, "content"): content, (item, f"asset:{PICTURE.id}"): data}
        facts.append((item, "ab" * 32, 1, ident("v", name, 16), digest_bytes(content), ""))
    wanted = Wanted(world.uid, ident("r", "r"), "portal", AT, AT, "cd" * 32, "", tuple(facts))
    bundle = build_bundle(wanted, Kept(parts), bytes(32))
    assert [asset.size for asset in bundle.bundle.assets] == [len(PICTURE.data), len(OTHER)]
    for sealed in bundle.assets():
        assert sum(map(len, bundle.asset_chunks(sealed))) == sealed.size
