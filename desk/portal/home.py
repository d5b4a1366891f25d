"""The portal's own directory: who it is, whose it is, and the files of what is staged.

portal.json   newsroom uid, root fingerprint, hash of the bearer token
portal.key    32-byte seed of the key that signs receipts, 0600
portal.db     everything small
sealed/       ciphertexts of bundles and assets, and the acts that justify them
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desk import dumps
from desk.durable import sync_folder
from desk.errors import Conflict, NotFound, TrustError, UsageError
from desk.phrase import phrase
from desk.trust.keys import Identity
from desk.trust.roster import uid

_ADDRESS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Home:
    """An opened state directory. `newsroom` is the uid, `root` the pinned fingerprint (64 hex)."""

    path: Path
    newsroom: str
    root: str
    token_hash: str
    identity: Identity

    @property
    def key(self) -> str:
        """The public key (64 hex) under which the policy names this portal."""
        return self.identity.sign_public

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "portal.db"

    def token_is(self, token: str) -> bool:
        """Whether that is the bearer token, compared in constant time."""
        return hmac.compare_digest(_hash(token), self.token_hash)

    def bundle_file(self, address: str) -> Path:
        """Where the ciphertext of a bundle lies."""
        return self._folder(address) / "bundle"

    def acts_file(self, address: str) -> Path:
        """Where the acts that justify a bundle lie."""
        return self._folder(address) / "acts.json"

    def asset_file(self, address: str, sha256: str) -> Path:
        """Where the ciphertext of an asset lies: named by its digest, never by a sender."""
        if not _ADDRESS.fullmatch(sha256):
            raise NotFound("No such asset")
        return self._folder(address) / sha256

    def _folder(self, address: str) -> Path:
        if not _ADDRESS.fullmatch(address):
            raise NotFound("No such bundle")
        return self.path / "sealed" / address


def _hash(token: str) -> str:
    return hashlib.sha256(b"desk portal token v1\n" + token.encode("utf-8", "replace")).hexdigest()


def init(path: Path, newsroom: str, root: str) -> tuple[Home, str]:
    """Make a state directory and answer it with the bearer token, which is kept nowhere else.

    `newsroom`: the newsroom's id; `root`: the fingerprint of its root (64 hex digits, spaces
    allowed), compared by voice with an administrator. Raises Conflict when there is one already.
    """
    root = "".join(root.split()).lower()
    if not _ADDRESS.fullmatch(root):
        raise UsageError(
            "Not a fingerprint",
            phrase("{count} characters", count=len(root)),
            "Give the 64 hex digits that `desk newsroom show` prints as root",
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", newsroom):
        raise UsageError("Not a newsroom id", newsroom[:70])
    if (path / "portal.json").exists():
        raise Conflict("There is a portal already", str(path), "Choose another folder")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(path, 0o700)
    (path / "sealed").mkdir(mode=0o700, exist_ok=True)
    token = secrets.token_urlsafe(32)
    write_whole(path / "portal.key", [os.urandom(32)])
    config = {"newsroom": uid(newsroom, root), "root": root, "token_sha256": _hash(token)}
    write_whole(path / "portal.json", [json.dumps(config, indent=1).encode() + b"\n"])
    return open_home(path), token


def open_home(path: Path) -> Home:
    """Open a state directory. Raises NotFound, or TrustError when others can read it."""
    dumps.conceal()
    try:
        config = json.loads((path / "portal.json").read_bytes())
        seed = (path / "portal.key").read_bytes()
    except FileNotFoundError:
        raise NotFound("No portal here", str(path), "Make one: desk portal init --help") from None
    for file in (path, path / "portal.key"):
        if file.stat().st_mode & 0o077:
            raise TrustError(
                "Others can read the portal's key", str(file), phrase("chmod go= {file}", file=file)
            )
    return Home(
        path, config["newsroom"], config["root"], config["token_sha256"], Identity.from_seed(seed)
    )


def keep_token(file: Path, token: str) -> None:
    """Write the bearer token to a file of its own, 0600. Raises Conflict rather than overwrite."""
    if file.exists():
        raise Conflict("There is a file already", str(file), "Choose another name")
    write_whole(file, [token.encode() + b"\n"])


class Draft:
    """A file being written: it gets its name whole and durable, or never. Mode 0600."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._part = file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._handle = os.fdopen(os.open(self._part, flags, 0o600), "wb")

    def write(self, chunk: bytes) -> None:
        """Add bytes."""
        self._handle.write(chunk)

    def sync(self) -> None:
        """Have what was written on the disk."""
        self._handle.flush()
        os.fsync(self._handle.fileno())

    def keep(self) -> None:
        """Give the file its name, replacing an older one."""
        self.sync()
        self._handle.close()
        os.replace(self._part, self._file)
        sync_folder(self._file.parent)

    def drop(self) -> None:
        """Leave no trace; after `keep` this does nothing."""
        self._handle.close()
        self._part.unlink(missing_ok=True)


def write_whole(file: Path, chunks: Iterable[bytes]) -> None:
    """Write a file so that it is there whole and durable, or not at all."""
    draft = Draft(file)
    try:
        for chunk in chunks:
            draft.write(chunk)
        draft.keep()
    finally:
        draft.drop()
