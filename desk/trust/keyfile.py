"""Key files: a 32-byte seed under a passphrase, and the bare seed of a service.

A person's key file is JSON: the derivation (Argon2id, RFC 9106), the cipher (AES-256-GCM, NIST
SP 800-38D) and the sealed seed. Everything but the seal is authenticated with it, so a file cannot
be passed off as another person's or made cheaper to guess.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desk import dumps
from desk.errors import Conflict, DeskError, NotFound, TrustError, Unavailable
from desk.phrase import phrase
from desk.settings import PERSON
from desk.trust.canonical import canonical, parse
from desk.trust.passphrase import Passphrase
from desk.trust.private_files import private_folder, read_private, write_private

SEED_BYTES = 32
LARGEST = 4096
CREDENTIAL = "desk-publisher"
SCRIPT = "desk-script"
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def clear(secret: bytes | bytearray) -> None:
    """Overwrite a secret that lies in a bytearray. Copies that Python made are beyond reach."""
    if isinstance(secret, bytearray):
        secret[:] = bytes(len(secret))


@dataclass(frozen=True)
class Cost:
    """What one guess of the passphrase costs: passes, lanes, and memory in KiB.

    The default takes about a second and 256 MiB, more than RFC 9106's second recommendation.
    """

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 262_144

    def check(self) -> None:
        """Refuse what a hostile file could ask for, and what protects nothing. TrustError."""
        if not (
            1 <= self.iterations <= 16
            and 1 <= self.lanes <= 16
            and 8_192 <= self.memory_kib <= 1_048_576
            and self.iterations * self.memory_kib <= 4_194_304
        ):
            raise TrustError(
                "The key file asks for an unreasonable derivation",
                phrase(
                    "{iterations} passes, {lanes} lanes, {memory_kib} KiB",
                    iterations=self.iterations,
                    lanes=self.lanes,
                    memory_kib=self.memory_kib,
                ),
            )


def seal_seed(
    newsroom: str, person: str, seed: bytes | bytearray, passphrase: bytearray, cost: Cost
) -> bytes:
    """The bytes of a key file."""
    cost.check()
    salt, nonce = os.urandom(16), os.urandom(12)
    header: dict[str, Any] = {
        "format": 1,
        "newsroom": newsroom,
        "person": person,
        "kdf": "argon2id",
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "memory_kib": cost.memory_kib,
        "salt": salt.hex(),
        "cipher": "AES-256-GCM",
        "nonce": nonce.hex(),
    }
    key = _derived(passphrase, salt, cost)
    try:
        sealed = AESGCM(key).encrypt(nonce, seed, canonical(header))
    finally:
        clear(key)
    return canonical({**header, "sealed": sealed.hex()}) + b"\n"


def open_seed(content: bytes, newsroom: str, person: str, passphrase: bytearray) -> bytearray:
    """The seed in a key file. Raises TrustError: not one, another's, altered, wrong passphrase."""
    header = _header(content)
    if (header["newsroom"], header["person"]) != (newsroom, person):
        raise TrustError(
            "This key file is another's",
            phrase("{person} in {newsroom}", person=header["person"], newsroom=header["newsroom"]),
        )
    sealed = bytes.fromhex(header.pop("sealed"))
    cost = Cost(header["iterations"], header["lanes"], header["memory_kib"])
    key = _derived(passphrase, bytes.fromhex(header["salt"]), cost)
    try:
        seed = AESGCM(key).decrypt(bytes.fromhex(header["nonce"]), sealed, canonical(header))
    except InvalidTag:
        raise TrustError(
            "The passphrase does not open this key",
            phrase("{person} in {newsroom}", person=person, newsroom=newsroom),
            "Type it again; if it is right, the file was altered: bring it back from a copy",
        ) from None
    finally:
        clear(key)
    return bytearray(seed)


class KeyFile:
    """Key files of one user: `FOLDER/NEWSROOM/PERSON.key`. `ask` gives the passphrase."""

    kind = "file"

    def __init__(self, folder: Path, ask: Passphrase, cost: Cost | None = None) -> None:
        self.folder = folder
        self._ask = ask
        self._cost = cost or Cost()

    def __repr__(self) -> str:
        return f"KeyFile({str(self.folder)!r})"

    def path(self, newsroom: str, person: str) -> Path:
        """Where that key lies. Raises TrustError for names that are no ids."""
        for name in (newsroom, person):
            if not PERSON.fullmatch(name):
                raise TrustError("Not an id", name[:40])
        return self.folder / newsroom / f"{person}.key"

    def load(self, newsroom: str, person: str) -> bytearray:
        """The seed; asks for the passphrase. Raises NotFound, TrustError, Unavailable."""
        path = self.path(newsroom, person)
        dumps.conceal()
        try:
            with private_folder(self.folder), private_folder(path.parent) as folder:
                content = read_private(folder, path.name, path, LARGEST)
        except NotFound:
            raise NotFound(
                phrase("No key of {person}", person=person),
                str(path),
                phrase("Make one: desk key new --person {person}", person=person),
            ) from None
        _header(content)  # before anybody types a passphrase into something odd
        passphrase = self._ask(phrase("the key of {person}", person=person), False)
        try:
            return open_seed(content, newsroom, person, passphrase)
        finally:
            clear(passphrase)

    def save(self, newsroom: str, person: str, seed: bytes | bytearray) -> None:
        """Write a new key file under a new passphrase. Raises Conflict, TrustError, Unavailable."""
        path = self.path(newsroom, person)
        if path.exists():
            raise Conflict(
                phrase("{person} has a key already", person=person),
                str(path),
                "It is never overwritten",
            )
        passphrase = self._ask(phrase("the new key of {person}", person=person), True)
        try:
            content = seal_seed(newsroom, person, seed, passphrase, self._cost)
        finally:
            clear(passphrase)
        with (
            private_folder(self.folder, create=True),
            private_folder(path.parent, create=True) as folder,
        ):
            write_private(folder, path.name, path, content)

    def delete(self, newsroom: str, person: str) -> None:
        """Remove a key file. Raises NotFound, TrustError."""
        path = self.path(newsroom, person)
        with private_folder(self.folder), private_folder(path.parent) as folder:
            try:
                os.unlink(path.name, dir_fd=folder)
            except FileNotFoundError:
                raise NotFound(phrase("No key of {person}", person=person), str(path)) from None
            os.fsync(folder)

    def list(self, newsroom: str) -> tuple[str, ...]:
        """Whose keys lie here, sorted."""
        folder = self.path(newsroom, "x").parent
        names = [each.stem for each in folder.glob("*.key")] if folder.is_dir() else []
        return tuple(sorted(name for name in names if PERSON.fullmatch(name)))


def load_service_seed(path: Path, credential: str = CREDENTIAL) -> bytearray:
    """The seed of a service such as the publisher: 64 hex digits in a file, no passphrase.

    From `$CREDENTIALS_DIRECTORY/credential` when systemd hands one over (LoadCredential=), else
    from `path`, which must be 0600 in a 0700 folder of the service's user.
    Raises NotFound, TrustError, Unavailable.
    """
    dumps.conceal()
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    if given and (Path(given) / credential).exists():
        path = Path(given) / credential
        content = _credential(path)
    else:
        with private_folder(path.parent) as folder:
            content = read_private(folder, path.name, path, LARGEST)
    text = content.strip()
    if len(text) != 2 * SEED_BYTES or not _HEX.fullmatch(text.decode("ascii", "replace")):
        raise TrustError(
            "Not a key",
            phrase("{path} holds no {size} hex digits", path=path, size=2 * SEED_BYTES),
        )
    return bytearray.fromhex(text.decode())


def save_service_seed(path: Path, seed: bytes | bytearray) -> None:
    """Write a service's seed, never over another. Raises Conflict, TrustError, Unavailable."""
    with private_folder(path.parent, create=True) as folder:
        write_private(folder, path.name, path, seed.hex().encode() + b"\n")


def _credential(path: Path) -> bytes:
    """systemd owns that folder (root, 0500 and ACLs); what counts is that no other can reach it."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with open(fd, "rb") as file:
            found = os.fstat(fd)
            if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o027:
                raise TrustError("Open to other users", str(path))
            return file.read(LARGEST)
    except OSError as error:
        raise Unavailable("Cannot read the credential", f"{path}: {error.strerror}") from None


def _derived(passphrase: bytearray, salt: bytes, cost: Cost) -> bytearray:
    cost.check()
    key = bytearray(SEED_BYTES)
    try:
        Argon2id(
            salt=salt,
            length=SEED_BYTES,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive_into(passphrase, key)  # type: ignore[arg-type]  # any buffer will do
    except MemoryError:
        raise Unavailable(
            "Not enough memory to unlock the key",
            phrase("{size} MiB", size=cost.memory_kib // 1024),
        ) from None
    return key


_FIELDS: dict[str, object] = {
    "format": 1,
    "newsroom": PERSON,
    "person": PERSON,
    "kdf": "argon2id",
    "iterations": int,
    "lanes": int,
    "memory_kib": int,
    "salt": 16,
    "cipher": "AES-256-GCM",
    "nonce": 12,
    "sealed": SEED_BYTES + 16,
}


def _header(content: bytes) -> dict[str, Any]:
    """The fields of a key file, checked by type and length. Raises TrustError."""
    try:
        found = parse(content.rstrip(b"\n"))
    except DeskError:
        found = None
    if not isinstance(found, dict) or set(found) != set(_FIELDS):
        raise TrustError("Not a key file of Desk")
    for name, wanted in _FIELDS.items():
        if not _fits(found[name], wanted):
            raise TrustError("Not a key file of Desk", phrase("its {name} is not right", name=name))
    Cost(found["iterations"], found["lanes"], found["memory_kib"]).check()
    return found


def _fits(value: object, wanted: object) -> bool:
    if wanted is int:
        return type(value) is int
    if isinstance(wanted, re.Pattern):
        return isinstance(value, str) and wanted.fullmatch(value) is not None
    if isinstance(wanted, int) and wanted != 1:  # so many bytes in hex
        return isinstance(value, str) and len(value) == 2 * wanted and bool(_HEX.fullmatch(value))
    return type(value) is type(wanted) and value == wanted
