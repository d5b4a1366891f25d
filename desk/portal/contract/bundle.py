"""The plaintext of a staged bundle: what the publisher builds and the portal opens and checks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.errors import DeskError, TrustError
from desk.phrase import phrase
from desk.portal.contract import stagecrypt
from desk.portal.contract.content import Content, check_digest, read_content
from desk.portal.contract.fields import Fields, Malformed
from desk.portal.contract.ninjs import Context, ninjs_payload
from desk.portal.contract.wire import MAX_ASSETS, MAX_BUNDLE, MAX_ITEMS, Sealed
from desk.trust.canonical import canonical, digest, parse
from desk.trust.envelope import Envelope


@dataclass(frozen=True)
class BundleItem:
    """One item in one language. `act` is the digest of the act that made the revision.

    `content` are the signed canonical bytes; `first_at` the instant of the item's first release,
    '' when this is it.
    """

    item: str
    language: str
    number: int
    act: str
    content: bytes = field(repr=False)
    ninjs: Mapping[str, Any] = field(repr=False)
    first_at: str = ""


@dataclass(frozen=True)
class BundleAsset:
    """One asset: digest and size of the plaintext, digest and size of its ciphertext."""

    id: str
    sha256: str
    size: int
    media_type: str
    name: str
    sealed: Sealed


@dataclass(frozen=True)
class Bundle:
    """Everything that one channel gets of one release."""

    newsroom: str
    channel: str
    release: str
    at: str
    not_after: str
    items: tuple[BundleItem, ...]
    assets: tuple[BundleAsset, ...]

    def to_bytes(self) -> bytes:
        """The canonical plaintext."""
        return canonical(
            {
                "format": 1,
                "newsroom": self.newsroom,
                "channel": self.channel,
                "release": self.release,
                "at": self.at,
                "not_after": self.not_after,
                "items": [_item_value(item) for item in self.items],
                "assets": [_asset_value(asset) for asset in self.assets],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Bundle:
        """Read the plaintext. Raises Malformed or CanonicalError."""
        f = Fields(parse(data), "bundle")
        if f.count("format", 1) != 1:
            raise Malformed("Malformed message", "bundle.format is unknown")
        bundle = cls(
            f.newsroom(), f.name("channel"), f.release(), f.instant("at"), f.instant("not_after"),
            tuple(_read_item(entry) for entry in f.each("items", MAX_ITEMS)),
            tuple(_read_asset(entry) for entry in f.each("assets", MAX_ASSETS)),
        )  # fmt: skip
        f.done()
        if len({item.item for item in bundle.items}) != len(bundle.items):
            raise Malformed("Malformed message", "bundle.items names one twice")
        return bundle


def _item_value(item: BundleItem) -> dict[str, Any]:
    value: dict[str, Any] = {
        "item": item.item,
        "language": item.language,
        "number": item.number,
        "act": item.act,
        "content": base64.b64encode(item.content).decode(),
        "ninjs": dict(item.ninjs),
        "ninjs_digest": digest(dict(item.ninjs)),
    }
    if item.first_at:
        value["first_at"] = item.first_at
    return value


def _read_item(f: Fields) -> BundleItem:
    ninjs = f.object("ninjs")
    item = BundleItem(
        f.item(), f.language(), f.count("number"), f.hex64("act"),
        f.base64("content", MAX_BUNDLE), ninjs, f.instant("first_at") if f.has("first_at") else "",
    )  # fmt: skip
    if f.hex64("ninjs_digest") != digest(ninjs):
        raise Malformed("Malformed message", "bundle: an item's ninjs digest differs")
    f.done()
    return item


def _asset_value(asset: BundleAsset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "sha256": asset.sha256,
        "size": asset.size,
        "media_type": asset.media_type,
        "name": asset.name,
        "ciphertext_sha256": asset.sealed.sha256,
        "ciphertext_size": asset.sealed.size,
    }


def _read_asset(f: Fields) -> BundleAsset:
    asset = BundleAsset(
        f.asset(), f.hex64("sha256"), f.count("size"), f.media_type(), f.text("name", 200),
        Sealed(f.hex64("ciphertext_sha256"), f.count("ciphertext_size")),
    )  # fmt: skip
    f.done()
    return asset


# -- building, at the publisher -------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One signed revision to go out: number, act digest, content bytes, first release if any."""

    number: int
    act: str
    content: bytes = field(repr=False)
    first_at: str = ""


@dataclass(frozen=True)
class Plan:
    """Where and when a bundle goes: the sign-off's digest, and the channel's public address."""

    newsroom: str
    channel: str
    release: str
    at: str
    not_after: str
    manifest: str
    base: str = ""

    @property
    def address(self) -> str:
        """The bundle's address (64 hex)."""
        return stagecrypt.bundle_address(self.newsroom, self.channel, self.manifest)


OpenAsset = Callable[[str, str], Iterable[bytes]]
"""The plaintext of an asset, by its id and digest: an id alone may stand in two items."""


@dataclass(frozen=True)
class SealedBundle:
    """A bundle ready to be staged: its ciphertext, and how to make each asset's ciphertext.

    Building it twice from the same plan, parts and secret gives the same bytes. `trigger`: the
    act with which a script opens it; added at the instant, when the release waits for one.
    """

    plan: Plan
    address: str
    key: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)
    bundle: Bundle = field(repr=False)
    open_asset: OpenAsset = field(repr=False)
    trigger: Envelope | None = field(default=None, repr=False)

    @property
    def cipher(self) -> Sealed:
        """Digest and size of the ciphertext."""
        return Sealed(hashlib.sha256(self.ciphertext).hexdigest(), len(self.ciphertext))

    def assets(self) -> tuple[Sealed, ...]:
        """Every ciphertext that must lie beside the bundle, each once."""
        return tuple(dict.fromkeys(asset.sealed for asset in self.bundle.assets))

    def asset_chunks(self, sealed: Sealed) -> Iterator[bytes]:
        """The ciphertext of one of `assets()`, in chunks."""
        asset = next(a for a in self.bundle.assets if a.sealed == sealed)
        chunks = self.open_asset(asset.id, asset.sha256)
        return stagecrypt.seal_asset(self.key, self.address, asset.sha256, chunks)


def build(plan: Plan, parts: Sequence[Part], secret: bytes, open_asset: OpenAsset) -> SealedBundle:
    """Build and seal the bundle of one channel from the signed bytes of its revisions.

    `secret`: 32 bytes shared by the newsroom's publishers. `open_asset(id, sha256)` gives the
    plaintext of an asset in chunks; it is called once here and once when the asset is staged.
    Raises TrustError when an asset is not the signed one, Malformed for a content that is none.
    """
    address = plan.address
    key = stagecrypt.bundle_key(secret, address)
    items, assets = [], []
    for part in parts:
        content = read_content(part.content)
        context = Context(
            plan.newsroom, plan.release, plan.at, part.number, plan.base, part.first_at
        )
        items.append(
            BundleItem(
                content.item, content.language, part.number, part.act, part.content,
                ninjs_payload(content, context), part.first_at,
            )
        )  # fmt: skip
        for asset in content.assets:
            plain = open_asset(asset.id, asset.sha256)
            sealed = _measure(stagecrypt.seal_asset(key, address, asset.sha256, plain))
            assets.append(
                BundleAsset(
                    asset.id, asset.sha256, asset.size, asset.media_type, asset.name, sealed
                )
            )
    bundle = Bundle(
        plan.newsroom, plan.channel, plan.release, plan.at, plan.not_after,
        tuple(items), tuple(assets),
    )  # fmt: skip
    ciphertext = stagecrypt.seal_bundle(key, address, bundle.to_bytes())
    if len(ciphertext) > MAX_BUNDLE:
        raise DeskError(
            "The release is too large for one bundle",
            phrase("{size} bytes", size=len(ciphertext)),
        )
    return SealedBundle(plan, address, key, ciphertext, bundle, open_asset)


def _measure(chunks: Iterable[bytes]) -> Sealed:
    hashed, size = hashlib.sha256(), 0
    for chunk in chunks:
        hashed.update(chunk)
        size += len(chunk)
    return Sealed(hashed.hexdigest(), size)


# -- opening and checking, at the portal ----------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """What the sign-off and the acts promise of one item: the revision's act and its content."""

    item: str
    language: str
    number: int
    act: str
    content: str
    kind: str
    agency: str
    message: str = ""


@dataclass(frozen=True)
class Checked:
    """One promised item after opening: its content when it is what was signed, or why not."""

    expected: Expected
    content: Content | None
    ninjs: Mapping[str, Any] | None
    plain: bytes = field(default=b"", repr=False)
    first_at: str = ""
    problem: str = ""


def check(bundle: Bundle, plan: Plan, expected: Sequence[Expected]) -> tuple[Checked, ...]:
    """Hold an opened bundle against what was signed, item by item.

    One entry for each promised item, in order. A bundle that is for another release, or holds
    what nobody promised, raises TrustError as a whole.
    """
    theirs = (bundle.newsroom, bundle.channel, bundle.release, bundle.at, bundle.not_after)
    if theirs != (plan.newsroom, plan.channel, plan.release, plan.at, plan.not_after):
        raise TrustError("The bundle is another's", "release, channel or instant differ")
    found = {item.item: item for item in bundle.items}
    if not found.keys() <= {entry.item for entry in expected}:
        raise TrustError(
            "The bundle holds what nobody signed", phrase("{count} items", count=len(found))
        )
    assets = {(asset.id, asset.sha256, asset.size): asset for asset in bundle.assets}
    return tuple(_check_one(found.get(entry.item), entry, plan, assets) for entry in expected)


def _check_one(
    item: BundleItem | None,
    expected: Expected,
    plan: Plan,
    assets: Mapping[tuple[str, str, int], BundleAsset],
) -> Checked:
    try:
        if item is None:
            raise TrustError("The item is missing from the bundle")
        check_digest(item.content, expected.content)
        content = read_content(item.content)
        names = (item.language, item.number, item.act, content.item, content.language)
        if names != (
            expected.language, expected.number, expected.act, expected.item, expected.language,
        ):  # fmt: skip
            raise TrustError("The item is another than the one signed")
        if (content.kind, content.agency, content.message) != (
            expected.kind, expected.agency, expected.message,
        ):  # fmt: skip
            # The chain was judged by what the act says; the text must not say otherwise.
            raise TrustError("The item is of another kind or agency than was judged")
        context = Context(
            plan.newsroom, plan.release, plan.at, item.number, plan.base, item.first_at
        )
        payload = ninjs_payload(content, context)
        if canonical(payload) != canonical(dict(item.ninjs)):
            raise TrustError("The ninjs object does not follow from the content")
        for asset in content.assets:
            if (asset.id, asset.sha256, asset.size) not in assets:
                raise TrustError("An asset is missing from the bundle")
        return Checked(expected, content, payload, item.content, item.first_at)
    except DeskError as error:
        return Checked(expected, None, None, problem=str(error))
